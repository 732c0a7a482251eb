"""Who is asked about a pasted address, and in which order."""

from bot import registry
from bot.config import Settings
from bot.pipeline.discover import LAST, discover, in_order
from bot.ports import Kit
from tests.bot.pageweb import PageWeb
from tests.conftest import ROOT
from tests.fakes import NOON, FakeWorker

BODY = (ROOT / "tests/data/sources/mastodon/harbour.rss").read_bytes()


def kit(web: PageWeb) -> Kit:
    return Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=FakeWorker())


async def test_a_kind_of_one_site_is_asked_before_the_common_feed() -> None:
    made = kit(PageWeb(pages={"https://social.example/@harbour.rss": BODY}))
    sources = {name: registry.module("bot.sources", name).connect(made) for name in ("feed", "mastodon")}
    found, failure = await discover(sources, "https://social.example/@harbour")
    assert failure is None
    assert [one.kind for one in found] == ["mastodon"]
    assert [source.kind for source in in_order(sources)] == ["mastodon", "feed"]


async def test_what_no_kind_takes_is_told() -> None:
    sources = {"feed": registry.module("bot.sources", "feed").connect(kit(PageWeb()))}
    found, failure = await discover(sources, "two words")
    assert not found
    assert "cannot watch “two words”" in str(failure)


def test_the_kinds_that_take_anything_exist() -> None:
    assert set(LAST) <= set(registry.names("bot.sources"))
