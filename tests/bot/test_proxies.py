"""The operator's proxies: real requests through a proxy on loopback, with the guard before it is asked."""

import base64
import logging
import ssl
from ipaddress import ip_network
from pathlib import Path

import aiohttp.connector
import pytest
from aiohttp import web
from pydantic import SecretStr, ValidationError

from bot.config import Settings
from bot.errors import TransientError, UserError
from bot.http import GuardedHttp
from bot.proxies import proxy_for
from tests.bot.farm import farm
from tests.bot.proxying import Proxy, proxying
from tests.bot.test_http import FlippingResolver
from tests.servers import certificate

LOOPBACK = (ip_network("127.0.0.0/8"),)


def through(proxy: Proxy, *, allow: bool = True, login: str = "", no_proxy: str = "") -> Settings:
    address = SecretStr(f"http://{login}127.0.0.1:{proxy.port}")
    allowed = LOOPBACK if allow else ()
    return Settings(http_proxy=address, https_proxy=address, no_proxy=no_proxy, allow_networks=allowed)


async def test_a_plain_request_goes_through_it_and_each_redirect_too() -> None:
    async with farm() as site, proxying() as proxy:
        http = GuardedHttp(through(proxy))
        site.serve("/feed", b"<rss/>")
        answer = await http.get(site.redirect("/old", site.base + "/feed", 301))
        await http.close()
        assert (answer.body, answer.moved_to) == (b"<rss/>", site.base + "/feed")
        assert proxy.asked == [f"GET {site.base}/old", f"GET {site.base}/feed"]
        assert len(site.visits) == 2


async def test_its_login_goes_to_it_alone() -> None:
    async with farm() as site, proxying() as proxy:
        http = GuardedHttp(through(proxy, login="desk:s%40cret@"))
        await http.get(site.serve("/feed", b"<rss/>"))
        await http.close()
        assert proxy.logins == ["Basic " + base64.b64encode(b"desk:s@cret").decode()]
        assert "Proxy-Authorization" not in site.visits[0].headers


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "https://rebind.example/", "http://0:9/"]
)
async def test_what_is_not_public_is_refused_before_it_is_asked(url: str) -> None:
    async with proxying() as proxy:
        resolver = FlippingResolver("192.0.2.1,127.0.0.1" if "rebind" in url else "127.0.0.1")
        http = GuardedHttp(through(proxy, allow=False), resolver=resolver)
        with pytest.raises(UserError, match="not on the public internet"):
            await http.get(url)
        await http.close()
        assert proxy.asked == []


async def test_a_redirect_to_a_private_address_is_refused_before_it_is_asked() -> None:
    async with farm() as site, proxying() as proxy:
        http = GuardedHttp(through(proxy))
        with pytest.raises(UserError, match="not on the public internet"):
            await http.get(site.redirect("/old", "http://10.0.0.1/"))
        await http.close()
        assert proxy.asked == [f"GET {site.base}/old"]


async def test_a_name_that_cannot_be_looked_up_is_not_asked_for() -> None:
    async with proxying() as proxy:
        http = GuardedHttp(through(proxy))
        with pytest.raises(TransientError, match="There is no host called nowhere"):
            await http.get("http://nowhere.invalid/")
        await http.close()
        assert proxy.asked == []


@pytest.mark.needs("openssl")
async def test_https_goes_through_a_tunnel_to_the_address_that_was_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    asked: list[tuple[str, str]] = []

    async def hello(request: web.Request) -> web.Response:
        asked.append((request.host, request.path))
        return web.Response(text="hello")

    site = web.Application()
    site.router.add_get("/feed", hello)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    port = runner.addresses[0][1]
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ssl.create_default_context(cafile=cert))
    try:
        async with proxying() as proxy:
            http = GuardedHttp(through(proxy, login="desk:secret@"), resolver=FlippingResolver("127.0.0.1", "10.0.0.1"))
            try:
                answer = await http.get(f"https://localhost:{port}/feed")
            finally:
                await http.close()
            assert answer.body == b"hello"
            assert answer.url == f"https://localhost:{port}/feed"
            assert proxy.asked == [f"CONNECT 127.0.0.1:{port}"]
            assert len(proxy.logins) == 1
            assert asked == [(f"localhost:{port}", "/feed")]
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(("refuses", "words"), [(407, "wants a login"), (502, "answers 502"), (0, "cannot be reached")])
async def test_its_faults_are_named_without_its_login(
    scheme: str, refuses: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with proxying() as proxy:
        proxy.refuses = refuses
        settings = through(proxy if refuses else Proxy(port=1), login="desk:s3cret@")
        http = GuardedHttp(settings)
        with pytest.raises(Exception, match=words) as caught:
            await http.get(f"{scheme}://127.0.0.1:9/")
        await http.close()
    assert "s3cret" not in str(caught.value) + caplog.text
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "exceptions", "is_used"),
    [
        ("http://news.example/", "", True),
        ("http://news.example/", "other.example", True),
        ("http://news.example/", "news.example", False),
        ("https://www.news.example/", "a.example, News.example", False),
        ("https://www.news.example/", ".news.example", False),
        ("https://www.news.example/", "*.news.example", False),
        ("https://mynews.example/", "news.example", True),
        ("http://10.1.2.3/", "10.0.0.0/8", False),
        ("http://[fd00::1]/", "fd00::/8", False),
        ("http://11.1.2.3/", "10.0.0.0/8", True),
        ("http://news.example/", "*", False),
    ],
)
def test_what_is_asked_without_one(url: str, exceptions: str, is_used: bool) -> None:
    address = SecretStr("http://proxy.example:3128")
    settings = Settings(http_proxy=address, https_proxy=address, no_proxy=exceptions)
    assert (proxy_for(settings, url) is not None) is is_used


def test_each_scheme_has_its_own() -> None:
    settings = Settings(https_proxy=SecretStr("http://proxy.example:3128"))
    assert proxy_for(settings, "http://news.example/") is None
    assert proxy_for(settings, "wss://slack.example/") == "http://proxy.example:3128"


@pytest.mark.parametrize("address", ["socks5://a:1", "proxy.example:3128", "http://desk:p4ss@", "http://a:1/path"])
def test_an_address_that_is_no_proxy_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ValidationError, match="write it like http://proxy") as caught:
        Settings(http_proxy=SecretStr(address))
    assert "p4ss" not in str(caught.value)


def test_its_password_is_cut_out_of_logs_by_itself() -> None:
    settings = Settings(http_proxy=SecretStr("http://desk:s%40cret@proxy.example:3128"))
    assert {"s%40cret", "s@cret"} <= {*settings.secrets()}
