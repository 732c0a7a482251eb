"""What every source must do, run on each one that is found in bot/sources, unasked."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Feed, Response
from bot.ports import Export, Kit, KnownByName, Reach, Source
from tests.fakes import NOON, FakeWorker

ODD = (
    "",
    " ",
    "\x00",
    "http://",
    "//",
    "x" * 5000,
    "javascript:alert(1)",
    "file://host/etc",
    "@name",
    "mailto:a@b.example",
)

WEB_ADDRESSES = (
    "https://news.example/feed.xml",
    "https://news.example/sitemap.xml",
    "https://t.me/durov",
    "https://t.me/durov/5?single",
    "https://bsky.app/profile/harbour.bsky.social",
    "https://social.example/@harbour",
    "https://www.youtube.com/@harbour",
    "https://www.reddit.com/r/europe",
    "https://news.ycombinator.com/news",
    "https://api.gdeltproject.org/api/v2/doc/doc?query=floods",
)


class NoHttp:
    """A web on which nothing answers."""

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        raise TransientError(f"{url} does not answer")

    async def close(self) -> None:
        return


@pytest.fixture(params=registry.names("bot.sources"))
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    kit = Kit(settings=Settings(data=tmp_path), clock=lambda: NOON, http=NoHttp(), worker=FakeWorker())
    made: Source = registry.module("bot.sources", request.param).connect(kit)
    assert made.kind == request.param
    return made


def test_it_says_how_it_is_exported_and_how_far_it_reaches(source: Source) -> None:
    """`source export` keeps quiet about kinds that do not say, and the reach is the order of asking."""
    assert isinstance(source.export, Export)
    for address in (*ODD, "https://nowhere.example/feed", "/nowhere"):
        assert isinstance(source.accepts(address), Reach)


@pytest.mark.parametrize("name", ["harbour", "har_bour", "h", "news.example", "1-2", "joinchat", "x" * 250, "ünï", ""])
def test_what_a_bare_name_means_is_an_address_of_its_own(source: Source, name: str) -> None:
    if isinstance(source, KnownByName):
        for meaning in source.meanings(name):
            assert source.accepts(meaning.address)
            assert meaning.place
            assert name in meaning.elsewhere or not meaning.elsewhere


@pytest.mark.parametrize("address", WEB_ADDRESSES)
def test_two_web_addresses_are_not_taken_for_one(source: Source, address: str) -> None:
    assert not source.accepts(f"{address} https://other.example/feed")


def test_it_waits_between_two_visits(source: Source) -> None:
    assert source.least_interval >= timedelta(seconds=1)


@pytest.mark.parametrize("address", ODD)
async def test_an_odd_address_is_not_taken_or_refused_in_words(source: Source, address: str) -> None:
    if source.accepts(address):
        with pytest.raises(UserError) as caught:
            await source.discover(address)
        assert str(caught.value)


async def test_a_feed_that_cannot_be_read_is_an_error_in_words(source: Source, tmp_path: Path) -> None:
    for url in ("https://nowhere.example/feed", str(tmp_path / "nowhere"), "odd", "/nowhere"):
        for cursor in ("", "not ours", "{}", "[1]"):
            with pytest.raises((TransientError, PermanentError)) as caught:
                await source.poll(Feed(id="f", kind=source.kind, url=url, cursor=cursor))
            assert isinstance(caught.value, WatchwordError)
            assert len(str(caught.value)) > 10
