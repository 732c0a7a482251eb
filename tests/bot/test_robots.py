"""robots.txt: asked once before pages, obeyed, never a way to hurt us."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from yarl import URL

from bot import robots as robots_module
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.http import GuardedHttp
from bot.model import Response
from bot.reading.pages.robotstxt import MAX_BYTES, parse, sitemaps_of
from bot.robots import Robots
from tests.bot.farm import Farm, farm

LOOPBACK = Settings(allow_networks=(ip_network("127.0.0.0/8"),))
SITE = "https://harbour.example"


@pytest.fixture
async def site() -> AsyncIterator[tuple[Farm, GuardedHttp]]:
    async with farm() as it:
        http = GuardedHttp(LOOPBACK)
        it.serve("/news", b"<p>news", "text/html")
        it.serve("/private/news", b"<p>news", "text/html")
        yield it, http
        await http.close()


def asked(it: Farm) -> list[str]:
    return [visit.path for visit in it.visits]


# ------------------------------------------------------------------------------------------------------- over the web


async def test_a_page_is_asked_for_and_a_feed_is_not(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.serve("/robots.txt", b"User-agent: *\nDisallow: /private", "text/plain")
    await http.get(it.base + "/private/news")
    assert asked(it) == ["/private/news"]
    await http.get(it.base + "/news", robots=True)
    await http.get(it.base + "/news", robots=True)
    assert asked(it)[1:] == ["/robots.txt", "/news", "/news"]
    with pytest.raises(PermanentError, match=r"robots.txt of 127.0.0.1 says no: .* /private/news\. Look for a feed"):
        await http.get(it.base + "/private/news", robots=True)
    assert len(it.visits) == 4


async def test_many_pages_at_once_ask_once(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.serve("/robots.txt", b"", "text/plain")
    await asyncio.gather(*(http.get(it.base + "/news", robots=True) for _ in range(5)))
    assert asked(it).count("/robots.txt") == 1


async def test_a_redirect_does_not_lead_round_it(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.serve("/robots.txt", b"User-agent: *\nDisallow: /private", "text/plain")
    it.redirect("/open", "/private/news")
    with pytest.raises(PermanentError, match="says no"):
        await http.get(it.base + "/open", robots=True)
    assert "/private/news" not in asked(it)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_none_there_forbids_nothing(site: tuple[Farm, GuardedHttp], status: int) -> None:
    it, http = site
    it.status("/robots.txt", status)
    assert (await http.get(it.base + "/private/news", robots=True)).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_one_that_cannot_be_had_now_means_wait(site: tuple[Farm, GuardedHttp], status: int) -> None:
    it, http = site
    it.status("/robots.txt", status)
    for _ in range(2):
        with pytest.raises(TransientError, match=r"robots\.txt of 127.0.0.1 cannot be read now") as caught:
            await http.get(it.base + "/news", robots=True)
        assert caught.value.retry_after is not None
        assert timedelta(minutes=9) < caught.value.retry_after <= timedelta(minutes=10)
    assert asked(it) == ["/robots.txt"]


async def test_a_page_instead_of_it_forbids_nothing(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.serve("/robots.txt", b"<!doctype html><title>Not found</title><p>Disallow: /", "text/html")
    assert (await http.get(it.base + "/news", robots=True)).status == 200


async def test_an_endless_redirect_of_it_forbids_nothing(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.redirect("/robots.txt", "/robots.txt")
    assert (await http.get(it.base + "/news", robots=True)).status == 200


async def test_the_crawl_delay_is_kept_and_told(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site
    it.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3", "text/plain")
    began = time.monotonic()
    answers = [await http.get(it.base + "/news", robots=True) for _ in range(3)]
    assert time.monotonic() - began >= 0.59
    assert answers[0].headers["crawl-delay"] == "0.3"


async def test_a_server_cannot_speak_in_the_name_of_its_robots_txt(site: tuple[Farm, GuardedHttp]) -> None:
    it, http = site

    async def boastful(_: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Crawl-Delay": "not a number"})

    it.routes["/boast"] = boastful
    assert (await http.get(it.base + "/boast", robots=True)).headers["crawl-delay"] == ""


# ------------------------------------------------------------------------------------------------------ as time goes by


class Library:
    """Gives a robots.txt, or an error, and counts."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers, self.count = list(answers), 0

    async def __call__(self, url: str) -> Response:
        self.count += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Response(url=url, status=200, headers={}, body=answer)


async def test_it_is_asked_again_after_a_day_and_its_word_holds_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(robots_module, "_now", lambda: now)
    library = Library(b"User-agent: *\nDisallow: /", TransientError("down"), b"")
    robots = Robots(library)
    for later, count, allowed in ((0, 1, False), (86_000, 1, False), (86_500, 2, False), (87_200, 3, True)):
        now = 1000.0 + later
        if allowed:
            await robots.enter(URL(SITE + "/a"))
        else:
            with pytest.raises(PermanentError):
                await robots.enter(URL(SITE + "/a"))
        assert library.count == count


async def test_who_would_wait_long_is_put_off() -> None:
    robots = Robots(Library(b"User-agent: watchword\nCrawl-delay: 600"))
    assert await robots.enter(URL(SITE + "/a")) == timedelta(minutes=10)
    with pytest.raises(TransientError, match="600 seconds between two visits") as caught:
        await robots.enter(URL(SITE + "/b"))
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > timedelta(minutes=9)


async def test_each_origin_has_its_own_and_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots_module, "MOST_HOSTS", 3)
    library = Library(b"")
    robots = Robots(library)
    for number in (1, 2, 3, 4, 4, 1):
        await robots.enter(URL(f"https://h{number}.example/a"))
    await robots.enter(URL("http://h1.example/a"))
    assert library.count == 6


# ------------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php5", True),
        ("User-agent: Watchword\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: watchword/2.0\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Watchword\nAllow: /", "/a", True),
        ("User-agent: Googlebot\nDisallow: /", "/a", True),
        ("User-agent: Googlebot\nUser-agent: *\nDisallow: /", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("user-agent:*\rdisallow:/a", "/a", False),
        ("User-agent: * # all\nDisallow: /a # this", "/a", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /café", "/caf%C3%A9", False),
        ("Disallow: /", "/a", True),
        ("\0\0nonsense", "/a", True),
    ],
)
def test_what_it_says_to_us(text: str, path: str, allowed: bool) -> None:
    assert parse(text.encode()).allow(SITE + path) is allowed


def test_the_sitemaps_that_it_names() -> None:
    assert sitemaps_of(b"Sitemap: https://a.example/s.xml\nsitemap:https://a.example/n.xml\nUser-agent: x") == (
        "https://a.example/s.xml",
        "https://a.example/n.xml",
    )


@pytest.mark.parametrize("value", ["inf", "nan", "-5", "1e400", "9" * 400, "x", "5; 6"])
def test_an_odd_crawl_delay_is_no_endless_wait(value: str) -> None:
    delay = parse(f"User-agent: *\nCrawl-delay: {value}".encode()).delay
    assert delay is None or timedelta() < delay <= timedelta(hours=1)


HOSTILE = {
    "robots and rules": "".join(f"User-agent: r{n}\n" for n in range(3_000)) + "Disallow: /a\n" * 3_000,
    "wildcards": "User-agent: *\n" + "Disallow: /" + "*a" * 3_000 + "b$\n",
    "many wildcards": "User-agent: *\n" + "".join(f"Disallow: /*{n}*a*a*a*b$\n" for n in range(15_000)),
    "one long line": "User-agent: *\nDisallow: /" + "x" * MAX_BYTES,
    "empty lines": "\n" * MAX_BYTES,
    "percent signs": "User-agent: *\nDisallow: /" + "%" * MAX_BYTES,
    "groups of ours": "User-agent: watchword\nDisallow: /x\n" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one_is_read_and_asked_in_little_time(name: str) -> None:
    began = time.process_time()
    parse(HOSTILE[name].encode()).allow(SITE + "/" + "a1" * 2_000)
    assert time.process_time() - began < 2.5
