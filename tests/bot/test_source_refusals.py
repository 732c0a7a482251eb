"""What `source add` says when it does not work: what is wrong, and what to do. Real requests to a farm on loopback."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web

import bot.http
from bot import registry
from bot.config import Settings
from bot.http import GuardedHttp
from bot.pipeline import Pipeline
from bot.ports import MOST_REQUESTS, Kit
from bot.reading.walls.pagewalls import needs_scripts
from tests.bot.farm import Farm, farm, raw_server
from tests.fakes import FakeWorker
from tests.house import House, open_store, write_here
from tests.servers import certificate

LOOPBACK = (ip_network("127.0.0.0/8"),)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
HTML = b"<html><head><title>Welcome</title></head><body></body></html>"


@asynccontextmanager
async def asked(folder: Path, address: str, *, guarded: bool = False) -> AsyncIterator[str]:
    """What the chat is told about an address, by every kind of source there is."""
    settings = Settings(data=folder, allow_networks=() if guarded else LOOPBACK)
    house, http = House(store=open_store("memory", folder)), GuardedHttp(settings)
    kit = Kit(settings=settings, clock=house.clock, http=http, worker=FakeWorker())
    sources = [module.connect(kit) for _, module in registry.modules("bot.sources")]
    house.pipeline = Pipeline(
        store=house.store,
        sources={source.kind: source for source in sources},
        chats={house.chat.platform: house.chat},
        worker=FakeWorker(),
        http=http,
        write=write_here,
        clock=house.clock,
        steady=house.clock.steady,
        retention=timedelta(days=90),
    )
    try:
        yield await house.say(f"source add {address}")
    finally:
        await http.close()
        house.store.close()


def statuses(it: Farm, status: int) -> str:
    return it.status("/feed.xml", status)


def robots(it: Farm) -> str:
    it.serve("/robots.txt", b"User-agent: *\nDisallow: /", "text/plain")
    return it.serve("/news", HTML, "text/html")


CASES = {
    "not found": (lambda it: statuses(it, 404), ["answers 404: not found", "Check the address"]),
    "gone": (lambda it: statuses(it, 410), ["gone for good", "look for it anew on their front page"]),
    "forbidden": (lambda it: statuses(it, 403), ["forbidden", "Look for a feed of theirs that is open to all"]),
    "a login": (lambda it: statuses(it, 401), ["needs a login", "Paste an address that opens without one"]),
    "a name in it": (lambda it: it.base.replace("//", "//me:secret@"), ["holds a login", "Take the part before the @"]),
    "its own fault": (lambda it: statuses(it, 503), ["answers 503: it has a fault of its own", "Try again later"]),
    "no feed": (
        lambda it: it.serve("/", HTML, "text/html"),
        [
            "No feed found",
            "a web page titled “Welcome”",
            "there is none at /feed, /rss.xml",
            "Look for “RSS” or “Feed”",
        ],
    ),
    "robots": (robots, ["robots.txt of 127.0.0.1 says no", "Look for a feed of theirs, or ask them"]),
    "too large": (
        lambda it: it.serve("/feed.xml", b"<rss>" + b" " * (11 << 20)),
        ["larger than 10 MiB", "Look for a shorter feed"],
    ),
    "not text": (lambda it: it.serve("/a.pdf", PDF, "application/pdf"), ["looks like a PDF file", "Look for “RSS”"]),
    "a picture": (
        lambda it: it.serve("/a", b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png"),
        ["is not a feed: it looks like a picture.", "Look for “RSS”"],
    ),
    "an archive": (lambda it: it.serve("/a", b"7z\xbc\xaf\x27\x1c" + bytes(99), "x/y"), ["looks like a 7z archive."]),
    "a calendar": (
        lambda it: it.serve("/a.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "text/plain"),
        ["looks like a calendar (iCalendar)."],
    ),
    "a table": (lambda it: it.serve("/a", b"a;b\n1;2\n3;4\n", "text/plain"), ["looks like a table (CSV)."]),
    "consent": (
        lambda it: it.serve("/", b"<html><title>Before you continue</title><p>Cookies", "text/html"),
        ["shows a consent wall (a question about cookies)", "Look for a feed or a sitemap of theirs"],
    ),
    "only scripts": (
        lambda it: it.serve("/", b'<html><title>Harbour</title><div id="root"></div><script src="/a.js"></script>'),
        ["shows nothing without JavaScript", "a sitemap or another page", "Look for “RSS” or “Feed”"],
    ),
    "a notice that asks for scripts": (
        lambda it: it.serve("/", b"<html><script></script><p>You need to enable JavaScript to run this."),
        ["shows nothing without JavaScript"],
    ),
    "too often": (
        lambda it: it.status("/feed.xml", 429, Retry_After="150"),
        ["answers 429: too many requests. It wants to be left alone for 3 minutes.", "Try again later"],
    ),
    "not a network": (
        lambda it: "ftp://a.example/feed",
        ["I cannot watch “ftp://a.example/feed”", "Paste a web address"],
    ),
    "redirects": (lambda it: it.redirect("/a", "/a"), ["sends us on more than 5 times", "Check the address"]),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_is_wrong_and_what_to_do_once_and_in_six_requests(name: str, tmp_path: Path) -> None:
    make, words = CASES[name]
    async with farm() as it, asked(tmp_path, make(it)) as answer:
        said = answer.partition("You typed: ")[0]
        assert len(it.visits) <= MOST_REQUESTS or name == "redirects"
        assert "Connect call failed" not in said
        assert all(said.count(words) == 1 for words in ("is not a feed", "answers 4", "consent wall") if words in said)
        assert [word for word in words if word not in said] == [], said
        assert "Added" not in said


async def test_a_private_network(tmp_path: Path) -> None:
    async with farm() as it, asked(tmp_path, it.serve("/feed", b"<rss/>"), guarded=True) as answer:
        assert "is not on the public internet" in answer
        assert "the operator can allow its network with WATCHWORD_ALLOW_NETWORKS" in answer
        assert it.visits == []


async def test_too_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.http, "TOTAL_SECONDS", 0.2)
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    async with raw_server(half, hang=True) as (url, _), asked(tmp_path, url) as answer:
        assert "is too slow: it did not answer in full within 0.2 seconds. Try it later." in answer


@pytest.mark.needs("openssl")
async def test_an_invalid_certificate(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        async with asked(tmp_path, site.name.replace(":0", f":{runner.addresses[0][1]}")) as answer:
            assert "The certificate of 127.0.0.1 is not valid" in answer
            assert "Check the host's name; if that is right, they have to renew it." in answer
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        (b"<html><body><div id=app>Loading...</div><script></script>", True),
        (b"<html><body><script></script><noscript>" + b"Please enable JavaScript. " * 40 + b"</noscript>", True),
        (b"<html><body><header>Harbour</header><div id=root></div><script></script>", True),
        (b"<html><body><p>The harbour is closed.</p>", False),
        (b"<html><body><script></script><p>Closed</p>", False),
        (b"<html><body><script></script><div id=app>Closed</div>", False),
        (b"<html><body><script></script><p>" + b"The harbour is closed to all ships today. " * 3, False),
        (b"<html><body><script></script><p>" + b"JavaScript turns thirty, its makers said. " * 20, False),
        (b"%PDF-1.7\n", False),
    ],
)
def test_a_page_that_is_empty_without_its_scripts(body: bytes, needed: bool) -> None:
    assert needs_scripts(body, "text/html", "https://harbour.example/") is needed
