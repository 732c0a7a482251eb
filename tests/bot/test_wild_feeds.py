"""Feeds as they are found in the wild: each reads right, and no oddity makes old entries news or loses new ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.model import Entry, Feed, Poll
from bot.ports import Kit
from bot.sources import feed as feed_source
from tests.fakes import FakeClock, FakeWeb, FakeWorker
from tests.house import House, open_store

WILD = Path(__file__).parents[1] / "data" / "wild"
URL = "https://harbour.example/feeds/news.xml"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Bytes(str):
    """A page that is not UTF-8: FakeWeb encodes what it serves."""

    raw: bytes

    def encode(self, *_: object) -> bytes:  # type: ignore[override]
        return self.raw


def served(name: str) -> str:
    page = Bytes(name)
    page.raw = (WILD / name).read_bytes()
    return page


async def visits(name: str) -> list[Poll]:
    """What each visit gives, with the cursor of the one before."""
    web, polls, cursor = FakeWeb(), [], ""
    source = feed_source.connect(Kit(settings=Settings(), clock=lambda: NOW, http=web, worker=FakeWorker()))
    for number in (1, 2):
        path = WILD / f"{name}.{number}.xml"
        if path.exists():
            web.pages[URL] = served(path.name)
            polls.append(await source.poll(Feed(id="f", kind="feed", url=URL, cursor=cursor)))
            cursor = polls[-1].cursor
    return polls


async def entries(name: str, visit: int = 1) -> list[Entry]:
    return list((await visits(name))[visit - 1].entries)


async def test_without_dates_what_is_new_is_known_by_itself() -> None:
    assert [entry.published_at for entry in await entries("no-dates")] == [None]
    assert [entry.title for entry in await entries("no-dates", 2)] == ["Divers look at hull"]


async def test_a_date_in_the_future_becomes_now() -> None:
    (entry,) = await entries("future-dates")
    assert entry.published_at == NOW


async def test_relative_links_are_made_whole() -> None:
    found = await entries("relative-links")
    assert {entry.url for entry in found} == {"https://harbour.example/sea/1?from=rss", "https://harbour.example/sea/2"}


async def test_html_in_titles_is_read_and_what_only_looks_like_it_stays() -> None:
    titles = {entry.title for entry in await entries("html-titles")}
    assert titles == {"Ferry strikes pier & leaves", "Divers look at 5 < 6 hulls"}


async def test_text_that_was_escaped_twice_is_read(tmp_path: Path) -> None:
    house, found = await archived("double-escaped", tmp_path)
    assert [(one.title, one.body) for one in found] == [("Café pier", "The café was closed.")]
    house.store.close()


async def test_a_wrong_encoding_is_found_out() -> None:
    (entry,) = await entries("wrong-encoding")
    assert (entry.title, entry.content) == (
        "Fähre rammt Pier", "Zwölf Menschen wurden verletzt, sagte „die Küstenwache“.",
    )  # fmt: skip


async def test_items_without_links_are_kept_apart(tmp_path: Path) -> None:
    house, found = await archived("no-links", tmp_path)
    assert {(one.title, one.url) for one in found} == {("Ferry strikes pier", ""), ("Divers look at hull", "")}
    house.store.close()


async def test_five_thousand_items_are_read_and_more_are_said() -> None:
    web = FakeWeb()
    source = feed_source.connect(Kit(settings=Settings(), clock=lambda: NOW, http=web, worker=FakeWorker()))
    item = "<item><title>Report {0}</title><link>https://harbour.example/{0}</link></item>"
    for count, note in ((5000, ""), (5001, "Only the first 5000 of its 5001 entries were read.")):
        items = "".join(item.format(number) for number in range(count))
        web.pages[URL] = f"<rss version='2.0'><channel><title>Many</title>{items}</channel></rss>"
        poll = await source.poll(Feed(id="f", kind="feed", url=URL))
        assert (len(poll.entries), poll.note) == (5000, note)


# ------------------------------------------------------------------------------------------------- through the pipeline


async def archived(name: str, folder: Path):  # type: ignore[no-untyped-def]
    """(the house after all visits, its documents)."""
    clock, web = FakeClock(), FakeWeb()
    kit = Kit(settings=Settings(), clock=clock, http=web, worker=FakeWorker())
    house = House(open_store("sqlite", folder), clock=clock, web=web)
    house.kinds = {"feed": feed_source.connect(kit)}
    house.restart()
    web.pages[URL] = "<rss version='2.0'><channel><title>Harbour Times</title></channel></rss>"
    await house.say(f"source add {URL}")
    await house.settle()
    await house.say("watch ferry OR museum OR divers")
    for number in (1, 2):
        path = WILD / f"{name}.{number}.xml"
        if path.exists():
            web.pages[URL] = served(path.name)
            clock.forward(hours=2)
            await house.settle()
    return house, [stored.document for stored in house.store.documents()]


@pytest.mark.parametrize(
    ("name", "alerts"), [("changing-guids", 1), ("reused-ids", 2), ("no-dates", 2), ("future-dates", 1)]
)
async def test_what_alerts(name: str, alerts: int, tmp_path: Path) -> None:
    house, _ = await archived(name, tmp_path)
    assert len([post for post in house.chat.posts if post.alert_key]) == alerts
    house.clock.forward(hours=9)
    await house.settle()
    assert len([post for post in house.chat.posts if post.alert_key]) == alerts
    assert house.clock() - NOW > timedelta(hours=9)
    house.store.close()
