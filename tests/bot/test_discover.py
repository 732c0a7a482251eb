"""Who is asked about a pasted address, and in which order."""

from bot import registry
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.pipeline.discover import discover, in_order, inquire
from bot.ports import Kit
from tests.bot.pageweb import PageWeb
from tests.conftest import ROOT
from tests.fakes import NOON, BusyWorker, FakeWorker

BODY = (ROOT / "tests/data/sources/mastodon/harbour.rss").read_bytes()


def kit(web: PageWeb) -> Kit:
    return Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=FakeWorker())


async def test_a_kind_of_one_site_is_asked_before_the_common_feed() -> None:
    made = kit(PageWeb(pages={"https://social.example/@harbour.rss": BODY}))
    sources = {name: registry.module("bot.sources", name).connect(made) for name in ("feed", "mastodon")}
    found, failure = await discover(sources, "https://social.example/@harbour")
    assert failure is None
    assert [one.kind for one in found] == ["mastodon"]
    asked = in_order(sources, "https://social.example/@harbour")
    assert [source.kind for _, source in asked] == ["mastodon", "feed"]


async def test_what_no_kind_takes_is_told() -> None:
    sources = {"feed": registry.module("bot.sources", "feed").connect(kit(PageWeb()))}
    found, failure = await discover(sources, "two words")
    assert not found
    assert "cannot watch “two words”" in str(failure)


def test_any_page_is_asked_last_and_first_where_a_part_of_it_is_named() -> None:
    settings = Settings(public_url="https://us.example")
    made = Kit(settings=settings, clock=lambda: NOON, http=PageWeb(), worker=FakeWorker())
    sources = {name: module.connect(made) for name, module in registry.modules("bot.sources")}
    asked = [source.kind for _, source in in_order(sources, "https://x.example/sitemap.xml")]
    assert asked == ["websub", "feed", "sitemap", "page"]
    asked = [source.kind for _, source in in_order(sources, "https://www.reddit.com/r/news#links=main")]
    assert asked[0] == "page"


async def test_a_channel_that_is_not_there_is_not_taken_for_a_page() -> None:
    page = b'<html><body><div class="tgme_page"><a href="/dl">Download it for all devices</a></div></body></html>'
    made = kit(PageWeb(pages={"https://t.me/s/nosuchone": page, "https://t.me/nosuchone": page}))
    sources = {name: registry.module("bot.sources", name).connect(made) for name in ("feed", "page", "telegram")}
    found, failure = await discover(sources, "https://t.me/nosuchone")
    assert not found
    assert str(failure).startswith("There is no public channel @nosuchone.")
    assert "As a page" not in str(failure)


async def test_a_feed_with_a_hub_is_taken_by_websub_where_the_internet_reaches_us() -> None:
    feed = b"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Harbour</title>
    <atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://harbour.example/rss"/>
    <item><title>Ferry</title><link>https://harbour.example/1</link></item></channel></rss>"""
    web = PageWeb(pages={"https://harbour.example/rss": feed})
    for public_url, kind in (("https://us.example", "websub"), ("", "feed")):
        made = Kit(settings=Settings(public_url=public_url), clock=lambda: NOON, http=web, worker=FakeWorker())
        sources = {name: registry.module("bot.sources", name).connect(made) for name in ("feed", "websub", "page")}
        found, _ = await discover(sources, "https://harbour.example/rss")
        assert [one.kind for one in found] == [kind]


FEED = b"<rss><channel><title>Harbour</title><item><title>Ferry</title></item></channel></rss>"


async def test_what_this_machine_had_no_time_to_read_is_not_called_no_feed_nor_taken_for_something_else() -> None:
    busy = TransientError("Reading it took too long on this machine", unread=True)
    for address in ("https://harbour.example/rss", "https://social.example/@harbour"):
        web = PageWeb(pages={"https://harbour.example/rss": FEED, "https://social.example/@harbour.rss": BODY})
        worker = BusyWorker(busy, "parse_feed")
        made = Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=worker)
        names = ("feed", "page", "mastodon")
        sources = {name: registry.module("bot.sources", name).connect(made) for name in names}
        inquiry = await inquire(sources, worker, address)
        assert not inquiry.lookups[0].discoveries
        assert str(inquiry.lookups[0].failure).startswith("Reading it took too long on this machine")
        assert "No feed found" not in str(inquiry.lookups[0].failure)


async def test_what_takes_too_much_to_read_is_not_called_no_feed() -> None:
    heavy = PermanentError("Reading it took longer than 0.9 seconds of processor time.", unread=True)
    web = PageWeb(pages={"https://harbour.example/rss": FEED})
    made = Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=BusyWorker(heavy, "parse_feed"))
    _, failure = await discover({"feed": registry.module("bot.sources", "feed").connect(made)}, "harbour.example/rss")
    assert str(failure).startswith("I cannot tell whether this is a feed. Reading it took longer")
