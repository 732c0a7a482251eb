"""A check for robots in place of a page is named for what it is: at `source add`, at later visits, and nowhere else."""

from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import PermanentError, TransientError
from bot.http import GuardedHttp
from bot.reading.walls.robotchecks import MOST_LOOKED_AT, UNNAMED, wall_of
from tests.bot.farm import Farm, farm
from tests.bot.test_http import LOOPBACK
from tests.bot.test_source_refusals import asked

HTML = "text/html; charset=utf-8"
ARTICLE = b"<p>" + b"The harbour council voted on the new mole on Tuesday evening. " * 20 + b"</p>"


def page(title: str, body: str = "", script: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title><script>{script}</script></head>{body}</html>".encode()


WALLS: list[tuple[int, dict[str, str], bytes, str]] = [
    (403, {"cf-mitigated": "challenge"}, b"", "Cloudflare"),
    (200, {}, page("Just a moment...", script="window._cf_chl_opt={cvId:'3'}"), "Cloudflare"),
    (503, {}, page("Einen Moment …", "<p>Wird geprüft", "window._cf_chl_opt={}"), "Cloudflare"),
    (403, {"server": "cloudflare"}, b"error code: 1020", "Cloudflare"),
    (403, {}, page("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>"), "Cloudflare"),
    (403, {"x-datadome": "protected"}, page("news.example"), "DataDome"),
    (200, {}, page("news.example", "", "var dd={'host':'geo.captcha-delivery.com'}"), "DataDome"),
    (403, {}, page("Access Denied", "Reference #18.2 https://errors.edgesuite.net/18.2"), "Akamai"),
    (200, {}, page(" ", "<div id='sec-if-cpt-container'></div>"), "Akamai"),
    (403, {}, page("Access to this page has been denied", "<div id='px-captcha'></div>"), "PerimeterX"),
    (429, {}, page("Access denied", "<div id=px-captcha></div>"), "PerimeterX"),
    (200, {}, page("Pardon Our Interruption", "<p>something made us think you are a bot"), UNNAMED),
    (403, {}, page("", "Request unsuccessful. Incapsula incident ID: 443"), "Imperva"),
    (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF"),
    (405, {}, page("Human Verification", "", "window.gokuProps = {}"), "AWS WAF"),
    (429, {"x-vercel-mitigated": "challenge"}, b"", "Vercel"),
    (200, {}, page("Making sure you're not a bot!", '<script id="anubis_challenge">{}</script>'), "Anubis"),
    (403, {"server": "ddos-guard"}, b"", "DDoS-Guard"),
    (429, {"x-kpsdk-ct": "1"}, b"", "Kasada"),
    (403, {}, page("Forbidden", "<p>Please enable JavaScript and cookies to continue"), UNNAMED),
    (503, {}, page("Shop", "<h4>Are you a robot?</h4>"), UNNAMED),
    (429, {}, page("Sorry", "Our systems have detected unusual traffic from your computer network"), UNNAMED),
]
PAGES: list[tuple[int, dict[str, str], bytes]] = [  # and these are none
    (404, {"server": "cloudflare"}, page("Not found")),
    (200, {"server": "cloudflare"}, page("Harbour", script="s.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'")),
    (200, {"x-datadome": "protected"}, page("Harbour", "<script src=https://js.datadome.co/tags.js></script>")),
    (200, {}, page("Are you a robot? The harbour's cranes are", ARTICLE.decode())),
    (200, {}, page("Just a moment", ARTICLE.decode())),
    (200, {}, page("Harbour", ARTICLE.decode() + "<p>They met a wall of captcha-delivery.com")),
    (200, {}, page("Just a moment...", "_cf_chl_opt" + "x" * MOST_LOOKED_AT)),
    (200, {"content-type": "application/rss+xml"}, b"<rss><title>Just a moment...</title>_cf_chl_opt</rss>"),
    (200, {}, page("Contact", "<form class=g-recaptcha></form>")),
    (503, {}, page("Maintenance", "<p>We are back at nine.")),
    (403, {"server": "nginx"}, page("403 Forbidden", "<center>nginx</center>")),
    (500, {}, page("Oops", "<div class=h-captcha>")),
]


@pytest.mark.parametrize(("status", "headers", "body", "maker"), WALLS)
def test_a_check_for_robots_is_known_by_its_marks(
    status: int, headers: dict[str, str], body: bytes, maker: str
) -> None:
    assert wall_of(status, {"content-type": HTML, **headers}, body) == maker


@pytest.mark.parametrize(("status", "headers", "body"), PAGES)
def test_a_page_that_only_speaks_of_one_is_a_page(status: int, headers: dict[str, str], body: bytes) -> None:
    assert wall_of(status, {"content-type": HTML, **headers}, body) == ""


def walled(site: Farm, path: str, status: int, **headers: str) -> str:
    async def answer(_: web.Request) -> web.Response:
        body = page("Just a moment...", "<p>Enable JavaScript and cookies to continue", "window._cf_chl_opt={}")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, content_type="text/html", headers=named)

    site.routes[path] = answer
    return site.base + path


@pytest.mark.parametrize("status", [200, 403, 429, 503])
async def test_at_source_add_it_is_named_once_with_what_to_try(status: int, tmp_path: Path) -> None:
    async with farm() as site, asked(tmp_path, walled(site, "/news", status)) as answer:
        said = answer.partition("You typed: ")[0]
        assert said.count("shows a check for robots (Cloudflare) in place of what is there") == 1, said
        assert "Try its feed, its sitemap or its Telegram channel" in said
        assert "Check the address" not in said
        assert "Added" not in said


async def test_at_later_visits_it_is_a_fault_and_no_news() -> None:
    async with farm() as site:
        http = GuardedHttp(LOOPBACK)
        with pytest.raises(PermanentError, match="a check for robots"):
            await http.get(walled(site, "/news", 200))
        with pytest.raises(TransientError, match="a check for robots") as caught:
            await http.get(walled(site, "/busy", 429, Retry_After="60"))
        assert caught.value.retry_after is not None
        assert "Telegram channel" in caught.value.cure
        await http.close()
