import asyncio
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

import bot.http as http_module
from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError
from bot.http import GuardedHttp
from bot.statuses import retry_after
from tests.bot.farm import Farm, bomb, farm, packed, raw_server
from tests.waiting import LONG

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOOPBACK = Settings(allow_networks=(ip_network("127.0.0.0/8"),))


@pytest.mark.parametrize(
    ("value", "date", "expected"),
    [
        ("120", "", timedelta(minutes=2)),
        ("0", "", timedelta()),
        ("99999999999999", "", timedelta(days=1)),
        ("Mon, 02 Mar 2026 12:05:00 GMT", "", timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 12:05:00 GMT", "Mon, 02 Mar 2026 12:04:00 GMT", timedelta(minutes=1)),
        ("Mon, 02 Mar 2020 12:05:00 GMT", "", timedelta()),
        ("soon", "", None),
        ("-5", "", None),
        ("", "", None),
    ],
)
def test_retry_after_in_seconds_and_dates(value: str, date: str, expected: timedelta | None) -> None:
    assert retry_after(value, date, lambda: NOON) == expected


HOSTILE_URLS = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127.0.0.1:{port}#@news.example/",
    "http://127.0.0.1:{port}\\@news.example/",
]


async def test_no_spelling_of_loopback_is_connected_to() -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as (url, seen):
        port = url.rstrip("/").rpartition(":")[2]
        http = GuardedHttp(Settings())
        for hostile in HOSTILE_URLS:
            with pytest.raises((UserError, TransientError)):
                await http.get(hostile.format(port=port))
        await http.close()
        assert seen == []


async def test_the_refusal_names_the_cure_for_operators() -> None:
    http = GuardedHttp(Settings())
    with pytest.raises(UserError, match="not on the public internet") as caught:
        await http.get("http://127.0.0.1:9/")
    assert "WATCHWORD_ALLOW_NETWORKS" in caught.value.cure
    await http.close()


class FlippingResolver(AbstractResolver):
    """DNS rebinding: a public address first, loopback from then on."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0)
            for one in found.split(",")
        ]

    async def close(self) -> None:
        return


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["127.0.0.1,10.0.0.1"], ["192.0.2.1", "127.0.0.1"]])
async def test_a_name_that_leads_to_loopback_is_refused_whenever_it_does(answers: list[str]) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n") as (url, seen):
        port = url.rstrip("/").rpartition(":")[2]
        http = GuardedHttp(Settings(), resolver=FlippingResolver(*answers))
        for _ in range(3):
            with pytest.raises(UserError, match="not on the public internet"):
                await http.get(f"http://rebind.example:{port}/")
        await http.close()
        assert seen == []


async def get(url: str, settings: Settings = LOOPBACK, **headers: str):  # type: ignore[no-untyped-def]
    http = GuardedHttp(settings, lambda: NOON)
    try:
        return await http.get(url, headers=headers)
    finally:
        await http.close()


async def test_a_plain_answer_and_what_is_sent() -> None:
    async with farm() as site:
        url = site.serve("/feed", b"<rss/>", ETag='"1"')
        answer = await get(url + "#part", **{"If-None-Match": '"0"'})
        assert (answer.url, answer.status, answer.body, answer.moved_to) == (url, 200, b"<rss/>", "")
        assert answer.headers["etag"] == '"1"'
        sent = site.visits[0].headers
        assert sent["User-Agent"].startswith("Watchword/")
        await get(url, Settings(allow_networks=LOOPBACK.allow_networks, contact="https://desk.example"))
        assert site.visits[1].headers["User-Agent"].endswith("(news alerting bot; https://desk.example)")
        assert sent["If-None-Match"] == '"0"'
        assert "Cookie" not in sent


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
async def test_redirects_are_followed_and_permanent_ones_told(status: int, moved: bool) -> None:
    async with farm() as site:
        there = site.serve("/new", b"here")
        answer = await get(site.redirect("/old", "/new", status))
        assert (answer.url, answer.body, answer.moved_to) == (there, b"here", there if moved else "")


async def test_a_move_is_only_as_permanent_as_the_first_steps() -> None:
    async with farm() as site:
        site.serve("/c", b"x")
        site.redirect("/b", "/c", 302)
        assert (await get(site.redirect("/a", "/b", 301))).moved_to == site.base + "/b"


async def test_endless_redirects_end() -> None:
    async with farm() as site:
        for number in range(20):
            site.redirect(f"/{number}", f"/{number + 1}")
        with pytest.raises(PermanentError, match="more than 5 times"):
            await get(site.base + "/0")
        assert len(site.visits) == 6


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fec0::1]/"]
)
async def test_a_redirect_into_a_private_network_is_refused(target: str) -> None:
    async with farm() as site:
        with pytest.raises(UserError, match="public internet"):
            await get(site.redirect("/r", target))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "http://u:p@news.example/", "http://[", "ftp://x/", "data:,x"]
)
async def test_a_redirect_to_what_is_no_web_address_is_refused(target: str) -> None:
    async with farm() as site:
        with pytest.raises(PermanentError, match="where we do not go"):
            await get(site.redirect("/r", target))


async def test_secrets_do_not_follow_to_another_host() -> None:
    async with farm() as site:
        site.serve("/there", b"x")
        port = site.base.rpartition(":")[2]
        url = site.redirect("/r", f"http://localhost:{port}/there")
        http = GuardedHttp(Settings(allow_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128"))))
        await http.get(url, headers={"Authorization": "secret"})
        await http.close()
        assert ["Authorization" in visit.headers for visit in site.visits] == [True, False]


async def test_cookies_are_not_kept() -> None:
    async with farm() as site:
        url = site.serve("/c", b"x", Set_Cookie="a=b")
        http = GuardedHttp(LOOPBACK)
        await http.get(url)
        await http.get(url)
        await http.close()
        assert all("Cookie" not in visit.headers for visit in site.visits)


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw", "br"])
async def test_a_bomb_is_refused_within_the_cap(kind: str) -> None:
    async with farm() as site:
        encoding = "deflate" if kind == "raw" else kind
        url = site.serve("/bomb", bomb(kind, 256 << 20), Content_Encoding=encoding)
        with pytest.raises(PermanentError, match="larger than 10 MiB"):
            await get(url)


async def test_gzip_is_unpacked() -> None:
    async with farm() as site:
        assert (await get(site.serve("/gz", packed(b"text" * 100), Content_Encoding="gzip"))).body == b"text" * 100


async def test_a_large_answer_is_refused_before_and_while_it_is_read() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65536)

    async with farm() as site:
        url = site.serve("/big", b"x" * (11 << 20))
        with pytest.raises(PermanentError, match="larger than 10 MiB"):
            await get(url)
        site.routes["/endless"] = endless
        with pytest.raises(PermanentError, match="larger than 10 MiB"):
            await get(site.base + "/endless")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "TOTAL_SECONDS", 0.4)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow"])
async def test_a_slow_answer_is_given_up(start: bytes) -> None:
    async with raw_server(start, hang=True) as (url, _):
        async with asyncio.timeout(LONG / 2):  # the server would hang for LONG
            with pytest.raises(TransientError, match="did not answer in full"):
                await get(url)


@pytest.mark.usefixtures("hasty")
async def test_the_time_limit_holds_over_all_redirects() -> None:
    async def slowly(_: web.Request) -> web.Response:
        await asyncio.sleep(0.15)
        return web.Response(status=302, headers={"Location": "/again"})

    async with farm() as site:
        site.routes["/again"] = slowly
        with pytest.raises(TransientError, match="did not answer in full"):
            await get(site.base + "/again")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA" + b"a" * 100_000 + b": b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
    ],
)
async def test_malformed_answers_are_transient_and_told_in_words(answer: bytes) -> None:
    async with raw_server(answer) as (url, _):
        with pytest.raises(TransientError) as caught:
            await get(url)
        assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
async def test_faults_that_pass_carry_their_pause(status: int) -> None:
    async with farm() as site:
        with pytest.raises(TransientError, match=str(status)) as caught:
            await get(site.status("/x", status, Retry_After="30"))
        assert caught.value.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("status", "gone"), [(400, False), (401, False), (403, False), (404, False), (410, True), (451, False)]
)
async def test_refusals_stand_and_410_is_for_good(status: int, gone: bool) -> None:
    async with farm() as site:
        with pytest.raises(PermanentError, match=str(status)) as caught:
            await get(site.status("/x", status))
        assert caught.value.gone is gone


async def test_not_modified_is_an_answer() -> None:
    async with farm() as site:
        assert (await get(site.status("/x", 304))).status == 304


async def test_a_closed_port_and_an_unknown_host_are_told_in_words() -> None:
    with pytest.raises(TransientError, match=r"No connection to 127\.0\.0\.1: connection refused\."):
        await get("http://127.0.0.1:9/")
    with pytest.raises(TransientError, match=r"no host called nowhere\.invalid"):
        await get("http://nowhere.invalid/")


async def test_at_most_two_visits_to_a_host_at_once() -> None:
    site_visits = 6

    async def slowly(_: web.Request) -> web.Response:
        await asyncio.sleep(0.05)
        return web.Response(text="x")

    async with farm() as site:
        await _many(site, slowly, site_visits)
        assert site.most_at_once == 2


async def _many(site: Farm, handler, count: int) -> None:  # type: ignore[no-untyped-def]
    http = GuardedHttp(LOOPBACK)
    for number in range(count):
        site.routes[f"/{number}"] = handler
    await asyncio.gather(*(http.get(f"{site.base}/{number}") for number in range(count)))
    assert http._hosts == {}
    await http.close()
