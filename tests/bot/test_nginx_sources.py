"""Sources against a real web server: conditions, moves, Cache-Control, packed sitemaps."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from bot.config import Settings
from bot.http import GuardedHttp
from bot.model import Feed
from bot.ports import Kit
from bot.sources import feed as feed_source
from bot.sources import sitemap as sitemap_source
from tests.fakes import FakeWorker
from tests.servers import Nginx, nginx

pytestmark = pytest.mark.needs("nginx")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOOPBACK = Settings(allow_networks=(ip_network("127.0.0.0/8"),))  # type: ignore[arg-type]
ITEM = (
    "<item><title>Ferry hits pier {}</title><link>https://n.example/{}</link><description>Words.</description></item>"
)
LOCATIONS = """
location = /moved { return 301 /feed.xml; }
location = /old.xml { expires 2h; }
"""


def rss(count: int) -> str:
    items = "".join(ITEM.format(n, n) for n in range(count))
    return f"<rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>"


@pytest.fixture(scope="module")
def site() -> Iterator[Nginx]:
    with nginx(LOCATIONS) as running:
        (running.root / "feed.xml").write_text(rss(40))
        (running.root / "old.xml").write_text(rss(2))
        addresses = "".join(f"<url><loc>https://n.example/{n}</loc></url>" for n in range(9))
        (running.root / "map.xml.gz").write_bytes(gzip.compress(f"<urlset>{addresses}</urlset>".encode()))
        yield running


@pytest.fixture
async def http():  # type: ignore[no-untyped-def]
    opened = GuardedHttp(LOOPBACK, lambda: NOON)
    yield opened
    await opened.close()


def kit(http: GuardedHttp) -> Kit:
    return Kit(settings=LOOPBACK, clock=lambda: NOON, http=http, worker=FakeWorker())


async def test_an_unchanged_feed_costs_a_304_and_a_changed_one_gives_the_news(site: Nginx, http: GuardedHttp) -> None:
    source = feed_source.connect(kit(http))
    first = await source.poll(Feed(id="f", kind="feed", url=f"{site.base}/feed.xml"))
    assert len(first.entries) == 40
    again = await source.poll(Feed(id="f", kind="feed", url=f"{site.base}/feed.xml", cursor=first.cursor))
    assert (again.unchanged, again.entries) == (True, ())
    (site.root / "feed.xml").write_text(rss(41))
    changed = await source.poll(Feed(id="f", kind="feed", url=f"{site.base}/moved", cursor=again.cursor))
    assert [entry.title for entry in changed.entries] == ["Ferry hits pier 40"]
    assert changed.moved_to == f"{site.base}/feed.xml"
    (site.root / "feed.xml").write_text(rss(40))


async def test_a_cache_control_is_a_wish_to_wait(site: Nginx, http: GuardedHttp) -> None:
    poll = await feed_source.connect(kit(http)).poll(Feed(id="f", kind="feed", url=f"{site.base}/old.xml"))
    assert poll.wait is not None
    assert poll.wait.total_seconds() == 7200


async def test_a_packed_sitemap_is_read(site: Nginx, http: GuardedHttp) -> None:
    found = await sitemap_source.connect(kit(http)).discover(f"{site.base}/map.xml.gz")
    assert found[0].entries == 9
