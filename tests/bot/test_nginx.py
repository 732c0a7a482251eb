"""A real web server, Debian's nginx: compression, redirects, conditional requests, as the sources meet them."""

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network

import pytest

from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.http import CAP_BYTES, GuardedHttp
from bot.model import Feed
from bot.ports import Kit
from bot.sources._feeds import FeedReader
from bot.sources.feed import connect
from tests.fakes import FakeClock, FakeWorker
from tests.servers import Nginx, nginx

pytestmark = pytest.mark.needs("nginx")

RSS = b"<rss version='2.0'><channel><title>Wire</title><item><title>Ships leave</title></item></channel></rss>"
LOCATIONS = """
location = /moved { return 301 /feed.xml; }
location = /later { return 302 /feed.xml; }
location = /kept { return 308 /feed.xml; }
location = /loop { return 302 /loop; }
location = /busy { add_header Retry-After 120 always; return 503; }
location = /gone { return 410; }
location = /limited { return 429; }
location = /form { if ($request_method != POST) { return 405; } return 202; }
location = /sent-on { return 307 /form; }
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Nginx]:
    with nginx(LOCATIONS) as running:
        (running.root / "feed.xml").write_bytes(RSS)
        (running.root / "bomb.xml").write_bytes(RSS + b" " * (CAP_BYTES + 1))
        yield running


@pytest.fixture
async def http() -> AsyncIterator[GuardedHttp]:
    made = GuardedHttp(Settings(allow_networks=(ip_network("127.0.0.0/8"),)))
    yield made
    await made.close()


def source(http: GuardedHttp) -> FeedReader:
    made = connect(Kit(settings=Settings(), clock=FakeClock(), http=http, worker=FakeWorker()))
    assert isinstance(made, FeedReader)
    return made


async def test_a_feed_comes_compressed_and_is_read(server: Nginx, http: GuardedHttp) -> None:
    answer = await http.get(server.base + "/feed.xml")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.body == RSS


async def test_the_second_visit_is_answered_304(server: Nginx, http: GuardedHttp) -> None:
    reader, url = source(http), server.base + "/feed.xml"
    first = await reader.poll(Feed(id="f", kind="feed", url=url))
    assert [entry.title for entry in first.entries] == ["Ships leave"]
    again = await http.get(url, headers={"If-None-Match": (await http.get(url)).headers["etag"]})
    assert again.status == 304
    second = await reader.poll(Feed(id="f", kind="feed", url=url, cursor=first.cursor))
    assert (second.unchanged, second.entries) == (True, ())


@pytest.mark.parametrize(("path", "moves"), [("/moved", True), ("/kept", True), ("/later", False)])
async def test_redirects_are_followed_and_only_permanent_ones_stored(
    server: Nginx, http: GuardedHttp, path: str, moves: bool
) -> None:
    poll = await source(http).poll(Feed(id="f", kind="feed", url=server.base + path))
    assert len(poll.entries) == 1
    assert poll.moved_to == (server.base + "/feed.xml" if moves else "")


async def test_a_redirect_without_end_is_given_up(server: Nginx, http: GuardedHttp) -> None:
    with pytest.raises(PermanentError, match="without an end"):
        await http.get(server.base + "/loop")


async def test_a_compressed_answer_is_measured_unpacked(server: Nginx, http: GuardedHttp) -> None:
    with pytest.raises(PermanentError, match="larger than 10 MiB"):
        await http.get(server.base + "/bomb.xml")


async def test_refusals_say_whether_and_when_to_come_again(server: Nginx, http: GuardedHttp) -> None:
    with pytest.raises(TransientError) as busy:
        await http.get(server.base + "/busy")
    assert busy.value.retry_after is not None
    assert busy.value.retry_after.total_seconds() == 120
    with pytest.raises(TransientError, match="too many requests"):
        await http.get(server.base + "/limited")
    with pytest.raises(PermanentError) as gone:
        await http.get(server.base + "/gone")
    assert gone.value.gone


async def test_a_form_is_sent_and_not_sent_on(server: Nginx, http: GuardedHttp) -> None:
    assert (await http.post(server.base + "/form", {"a": "b"})).status == 202
    with pytest.raises(PermanentError, match="stays with its receiver"):
        await http.post(server.base + "/sent-on", {"a": "b"})
