"""The local page: what it shows, how it stays live, and whom it does not answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import aiohttp
import pytest
from yarl import URL

from bot import say
from bot.errors import StoreError, TransientError
from bot.model import Command, Delivery
from tests.talk import Talk, alert_message
from tests.waiting import LONG

# ---------------------------------------------------------------------------------------------------------- the page


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONG)) as session:
        yield session


async def test_the_page_shows_the_conversation_the_commands_and_both_looks(
    talk: Talk, http: aiohttp.ClientSession
) -> None:
    async with talk.page() as address:
        await talk.post("a1", alert_message("Troops & <b>tanks</b>"), alert=True)
        async with http.post(f"{address}/say", json={"text": "rules"}) as answer:
            assert (answer.status, await answer.json()) == (202, {"ok": True})
        async with http.get(address) as answer:
            html = await answer.text()
    assert "Troops &amp; &lt;b&gt;tanks&lt;/b&gt;" in html
    assert "<b>tanks" not in html
    assert '<div class="bubble"><span class="sr">You: </span>rules</div>' in html
    assert html.count('class="look telegram"') == html.count('class="look slack"') >= 1
    assert "watch &lt;rule&gt;" in html
    assert " style=" not in html
    assert "<script>" not in html


async def test_every_asset_of_the_page_is_served_from_here(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        async with http.get(address) as answer:
            page = AssetParser(await answer.text())
        for name in page.assets:
            assert name.startswith("/static/")
            async with http.get(address + name) as answer:
                assert answer.status == 200, name
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(page.assets) >= 4


class AssetParser(HTMLParser):
    """Addresses that the browser loads by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.assets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"script": "src", "img": "src", "link": "href"}.get(tag)
        self.assets |= {value for name, value in attrs if name == wanted and value}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[]", "not a command"),
        ('"help"', "not a command"),
        ("{", "not JSON"),
        ("[" * 50_000, "not JSON"),
        (b"\xff", "not JSON"),
        ("{}", "not a command"),
        ('{"text": 7}', "not a command"),
        ('{"text": "help", "reply_to": 7}', "not a command"),
        ('{"text": "help", "reply_to": "%s"}' % ("x" * 300), "not a command"),
        ('{"text": "  "}', "Nothing was typed"),
        ('{"text": "%s"}' % ("x" * 32_001), "32,001 characters"),
    ],
)
async def test_what_is_not_a_command_is_refused_in_words(
    talk: Talk, http: aiohttp.ClientSession, body: str | bytes, says: str
) -> None:
    async with (
        talk.page() as address,
        http.post(f"{address}/say", data=body, headers={"Content-Type": "application/json"}) as answer,
    ):
        assert answer.status == 400
        assert says in (await answer.json())["error"]
    assert talk.items == []


async def test_a_command_that_cannot_be_kept_is_told(talk: Talk, http: aiohttp.ClientSession) -> None:
    talk.failure = TransientError("the disk is full")
    async with talk.page() as address, http.post(f"{address}/say", json={"text": "help"}) as answer:
        assert answer.status == 503
        assert "the disk is full" in (await answer.json())["error"]


async def test_health(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        async with http.get(f"{address}/health") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True, "lines": ["all is well"]})
        talk.sound = False
        async with http.get(f"{address}/health") as answer:
            assert (answer.status, await answer.json()) == (503, {"ok": False, "lines": ["the disk is full"]})


class Broken(Talk):
    """Its store cannot be read."""

    async def health(self) -> tuple[bool, list[str]]:
        raise StoreError("the database is damaged")

    async def history(self, limit: int) -> list[Delivery | Command]:
        raise StoreError("the database is damaged")


async def test_a_page_without_a_readable_store_says_so(http: aiohttp.ClientSession) -> None:
    async with Broken().page() as address, http.get(address) as answer:
        assert answer.status == 503
        assert await answer.text() == "The conversation cannot be read: the database is damaged\n"


async def test_health_of_a_broken_store_is_503_and_not_a_crash(http: aiohttp.ClientSession) -> None:
    async with Broken().page() as address, http.get(f"{address}/health") as answer:
        assert (answer.status, (await answer.json())["lines"]) == (503, ["the database is damaged"])


# --------------------------------------------------------------------------------------------------------------- live


class Stream:
    """Reads server-sent events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> tuple[str, dict[str, str]]:
        """(event, data with its id)."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(LONG):
            while True:
                line = (await self.response.content.readline()).decode()
                if not line:
                    raise EOFError
                if line == "\n" and "data" in fields:
                    return fields["event"], {**json.loads(fields["data"]), "id": fields.get("id", "")}
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value

    async def until_current(self) -> list[dict[str, str]]:
        """The lines of the history."""
        lines: list[dict[str, str]] = []
        while True:
            event, data = await self.next()
            if event == "current":
                return lines
            lines.append(data)


@asynccontextmanager
async def listening(http: aiohttp.ClientSession, address: str, **headers: str) -> AsyncIterator[Stream]:
    async with http.get(f"{address}/events", headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(response)


async def test_deliveries_arrive_live_on_every_page_and_edits_keep_their_key(
    talk: Talk, http: aiohttp.ClientSession
) -> None:
    async with talk.page() as address, listening(http, address) as one, listening(http, address) as two:
        assert await one.until_current() == await two.until_current() == []
        await talk.post("a1", alert=True)
        await talk.change("a1", alert_message(words="soldiers"))
        for stream in (one, two):
            _, first = await stream.next()
            _, second = await stream.next()
            assert first["key"] == second["key"] == "a1"
            assert first["version"] != second["version"]
            assert "<mark>soldiers</mark>" in second["html"]
            assert 'class="look telegram"' in second["html"]
            assert 'class="look slack"' in second["html"]


async def test_what_was_typed_is_shown_before_its_answer(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address, listening(http, address) as stream:
        await stream.until_current()
        async with http.post(f"{address}/say", json={"text": "why", "reply_to": "a1"}) as answer:
            assert answer.status == 202
        await talk.chat.submit("typed in the terminal")
        shown: list[str] = []
        while len(shown) < 4:
            _, data = await stream.next()
            if data["key"] not in shown:
                shown.append(data["key"])
    commands = [item.id for item in talk.items if item.id.startswith("local-")]
    for command in commands:
        assert shown.index(command) < shown.index(f"answer to {command}")


async def test_a_page_that_was_away_gets_what_it_missed(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        await talk.post("a1", alert=True)
        async with listening(http, address) as stream:
            seen = (await stream.until_current())[-1]
        await talk.change("a1", alert_message(words="soldiers"))
        for number in range(100):
            await talk.post(f"m{number}", say.message(say.text(f"number {number}")))
        async with listening(http, address, **{"Last-Event-ID": seen["id"]}) as stream:
            lines = await stream.until_current()
    assert [line["key"] for line in lines] == ["a1", *(f"m{number}" for number in range(100))]
    assert "<mark>soldiers</mark>" in lines[0]["html"]


async def test_open_pages_do_not_hold_up_the_end(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        response = await http.get(f"{address}/events")
        await Stream(response).until_current()
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 1
    assert b"bye" in await response.content.read()


# ----------------------------------------------------------------------------------------------- who is not answered


async def test_every_answer_forbids_scripts_of_others_frames_and_guessing(
    talk: Talk, http: aiohttp.ClientSession
) -> None:
    async with talk.page() as address:
        for path in ("/", "/health", "/static/page.js", "/nothing-here"):
            async with http.get(address + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "script-src 'self';" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                assert "Access-Control-Allow-Origin" not in answer.headers
        async with listening(http, address) as stream:
            assert "frame-ancestors 'none'" in stream.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/events", "/health", "/static/page.js"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8484", "127.0.0.1.evil.example", "localhost@evil.example", "192.0.2.7", "", "a b"],
)
async def test_a_rebound_name_reads_nothing(talk: Talk, http: aiohttp.ClientSession, path: str, host: str) -> None:
    async with talk.page() as address, http.get(address + path, headers={"Host": host}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("host", ["localhost:8484", "LOCALHOST", "127.0.0.1:80", "[::1]:8484"])
async def test_loopback_has_three_names(talk: Talk, http: aiohttp.ClientSession, host: str) -> None:
    async with talk.page() as address, http.get(address, headers={"Host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("hosts", "host", "status"),
    [
        (["news.internal"], "news.internal:8484", 200),
        (["news.internal"], "other.internal", 403),
        (["0.0.0.0"], "192.0.2.7:8484", 200),
        (["::"], "[2001:db8::1]:8484", 200),
        (["0.0.0.0"], "evil.example", 403),
    ],
)
async def test_a_configured_address_is_answered(
    talk: Talk, http: aiohttp.ClientSession, hosts: list[str], host: str, status: int
) -> None:
    async with talk.page(hosts=hosts) as address, http.get(address, headers={"Host": host}) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data"}, 415),
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({"Content-Type": "application/json; charset=utf-8"}, 202),
    ],
)
async def test_only_this_page_can_say_something(
    talk: Talk, http: aiohttp.ClientSession, headers: Mapping[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    async with talk.page() as address, http.post(f"{address}/say", data='{"text": "help"}', headers=sent) as answer:
        assert answer.status == status
    assert bool(talk.items) == (status == 202)


async def test_the_pages_own_origin_is_answered(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        async with http.post(f"{address}/say", json={"text": "help"}, headers={"Origin": address}) as answer:
            assert answer.status == 202
        async with http.options(f"{address}/say", headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "mode", "dest", "status"),
    [
        ("/", "navigate", "document", 200),  # somebody followed a link to the page
        ("/", "navigate", "iframe", 403),
        ("/", "no-cors", "script", 403),
        ("/events", "navigate", "document", 403),
        ("/static/page.js", "no-cors", "script", 403),
    ],
)
async def test_other_sites_may_link_here_and_no_more(
    talk: Talk, http: aiohttp.ClientSession, path: str, mode: str, dest: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    async with talk.page() as address, http.get(address + path, headers=headers) as answer:
        assert answer.status == status


async def test_bodies_have_a_limit(talk: Talk, http: aiohttp.ClientSession) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    async with talk.page() as address:
        headers = {"Content-Type": "application/json"}
        async with http.post(f"{address}/say", data=b"x" * (200 << 10), headers=headers) as answer:
            assert answer.status == 413
        async with http.post(f"{address}/say", data=endless(), headers=headers) as answer:
            assert answer.status == 413
    assert talk.items == []


async def test_the_folder_of_assets_cannot_be_left(talk: Talk, http: aiohttp.ClientSession) -> None:
    async with talk.page() as address:
        for path in ("/static/../__init__.py", "/static/%2e%2e/__init__.py", "/static/..%2f__init__.py", "/static/"):
            async with http.get(URL(address + path, encoded=True)) as answer:
                assert answer.status in (403, 404), path


class Receiver:
    """A chat that takes its events over HTTP and proves its callers itself."""

    path = "/fake/events"

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        self.got.append((headers.get("x-signature", ""), body))
        return 401, {"Content-Type": "text/plain", "X-Why": "signature"}, b"who?"


async def test_a_receiver_is_reached_through_another_name(talk: Talk, http: aiohttp.ClientSession) -> None:
    receiver = Receiver()
    headers = {"Host": "tunnel.example", "X-Signature": "v0=1", "Origin": "https://platform.example"}
    async with talk.page(receivers=[receiver]) as address:
        async with http.post(address + receiver.path, data=b"event", headers=headers) as answer:
            assert (answer.status, await answer.read(), answer.headers["X-Why"]) == (401, b"who?", "signature")
        async with http.post(f"{address}/say", json={"text": "help"}, headers={"Host": "tunnel.example"}) as answer:
            assert answer.status == 403
    assert receiver.got == [("v0=1", b"event")]
