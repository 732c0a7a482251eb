"""WebSub: a feed that announces a hub is subscribed to, and what the hub pushes is taken when it is signed."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.config import Settings
from bot.model import Feed, content_id
from bot.ports import Kit
from bot.reading.feeds.hublinks import HubLinks, hub_links
from bot.sources import websub
from tests.bot.farm import Farm, farm
from tests.bot.push_house import PushHouse, push_house
from tests.fakes import FakeClock, FakeWorker
from tests.waiting import LONG


def rss(*titles: str, hub: str = "", topic: str = "") -> bytes:
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{topic}"/>' if hub else ""
    items = "".join(
        f"<item><title>{one}</title><link>https://x.example/{one.replace(' ', '-')}</link>"
        f"<description>{one}: troops near the border of Ukraine.</description></item>"
        for one in titles
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Wire</title>{links}{items}</channel></rss>"
    ).encode()


@dataclass
class Hub:
    """A hub that asks back while the subscription request is still open, as most do."""

    farm: Farm
    forms: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    mode: str = "subscribe"
    lease: str = "864000"
    status: int = 202

    @property
    def url(self) -> str:
        return self.farm.base + "/hub"

    async def subscribe(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await _form(request)).items()}
        self.forms.append(form)
        if self.status < 300:
            await self.ask({"hub.mode": self.mode, "hub.topic": form["hub.topic"]})
        return web.Response(status=self.status)

    async def ask(self, query: dict[str, str], callback: str = "") -> tuple[int, str]:
        sent = {"hub.challenge": "ch-1", "hub.lease_seconds": self.lease, "hub.reason": "no room", **query}
        where = callback or self.forms[-1]["hub.callback"]
        async with aiohttp.ClientSession() as http, http.get(where, params=sent) as answer:
            self.answers.append((answer.status, await answer.text()))
        return self.answers[-1]

    async def publish(self, body: bytes, *, secret: str = "", method: str = "sha256", **headers: str) -> int:
        key = (secret or self.forms[-1]["hub.secret"]).encode()
        signed = f"{method}={hmac.new(key, body, getattr(hashlib, method)).hexdigest()}"
        sent = {"X-Hub-Signature": signed, "Content-Type": "application/rss+xml", **headers}
        where = self.forms[-1]["hub.callback"]
        async with aiohttp.ClientSession() as http, http.post(where, data=body, headers=sent) as answer:
            return answer.status


async def _form(request: web.Request) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl((await request.read()).decode()))


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with farm() as it:
        made = Hub(it)
        it.routes["/hub"] = made.subscribe
        yield made


@pytest.fixture
async def house(tmp_path: Path, hub: Hub) -> AsyncIterator[PushHouse]:
    async with push_house(tmp_path, "websub") as it:
        await it.say("watch troops AND Ukraine")
        yield it


async def added(house: PushHouse, hub: Hub) -> Feed:
    url = hub.farm.base + "/feed"
    hub.farm.serve("/feed", rss("Old", hub=hub.url, topic=url))
    answer = await house.say(f"source add {url}")
    assert "Added: Wire" in answer
    await house.settle()
    return stored(house, url)


def stored(house: PushHouse, url: str, kind: str = "websub") -> Feed:
    feed = house.store.feed(content_id("feed", kind, url))
    assert feed is not None
    return feed


async def test_a_feed_with_a_hub_is_subscribed_to_and_then_polled_once_an_hour(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    form = hub.forms[0]
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", feed.url)
    assert form["hub.callback"].startswith(f"{house.base}/in/websub/{feed.id}?key=")
    assert hub.answers == [(200, "ch-1")]
    assert feed.interval >= timedelta(minutes=59)
    assert (feed.note, feed.last_error) == ("", "")


async def test_what_the_hub_pushes_alerts_at_once_and_once(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    before = len(house.chat.posts)
    assert await hub.publish(rss("Convoy")) == 202
    assert await hub.publish(rss("Convoy")) == 202
    await house.settle()
    assert len(house.chat.posts) == before + 1
    hub.farm.serve("/feed", rss("Convoy", "Old", hub=hub.url, topic=feed.url))
    house.clock.forward(hours=2)
    await house.settle()
    assert len(house.chat.posts) == before + 1  # the poll brings the same


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_the_signatures_that_hubs_use_are_known(house: PushHouse, hub: Hub, method: str) -> None:
    await added(house, hub)
    assert await hub.publish(rss("Convoy"), method=method) == 202


@pytest.mark.parametrize("signed", ["", "sha256=", "sha256=" + "0" * 64, "md5=" + "0" * 32, "sha256=é", "x" * 7000])
async def test_what_is_not_signed_by_the_hub_is_refused(house: PushHouse, hub: Hub, signed: str) -> None:
    await added(house, hub)
    count = house.store.count_documents()
    assert await hub.publish(rss("Fake"), **{"X-Hub-Signature": signed}) == 401
    assert await hub.publish(rss("Fake"), secret="guessed") == 401
    assert house.store.count_documents() == count


async def test_only_what_was_asked_for_is_confirmed(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    for query in (
        {"hub.mode": "subscribe", "hub.topic": "https://other.example/feed"},
        {"hub.mode": "unsubscribe", "hub.topic": feed.url},
        {"hub.mode": "subscribe", "hub.topic": feed.url, "hub.challenge": ""},
        {"hub.mode": "subscribe", "hub.topic": feed.url, "hub.challenge": "x" * 3000},
        {"hub.mode": "", "hub.topic": ""},
    ):
        assert (await hub.ask(query))[0] == 404
    guessed = f"{house.base}/in/websub/{feed.id}"
    assert (await hub.ask({"hub.mode": "denied", "hub.topic": feed.url}, guessed))[0] == 401
    for lease in ("soon", "-1", "9" * 50, "٣"):
        hub.lease = lease
        assert (await hub.ask({"hub.mode": "subscribe", "hub.topic": feed.url}))[0] == 200


async def test_a_challenge_is_answered_as_plain_text(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    query = {"hub.mode": "subscribe", "hub.topic": feed.url, "hub.challenge": "<script>alert(1)</script>"}
    where = hub.forms[-1]["hub.callback"]
    async with aiohttp.ClientSession() as http, http.get(where, params=query) as answer:
        assert (await answer.text(), answer.content_type) == (query["hub.challenge"], "text/plain")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_lease_is_renewed_before_it_ends_even_after_a_restart(house: PushHouse, hub: Hub) -> None:
    await added(house, hub)
    house.clock.forward(days=5)
    await house.settle()
    assert len(hub.forms) == 1
    house.restart()
    house.clock.forward(days=4, hours=2)
    await house.settle()
    assert len(hub.forms) == 2
    assert hub.forms[1] == hub.forms[0]


async def test_a_hub_that_refuses_is_a_note_and_the_feed_is_polled_as_usual(house: PushHouse, hub: Hub) -> None:
    hub.mode = "denied"
    feed = await added(house, hub)
    house.clock.forward(hours=2)
    await house.settle()
    feed = stored(house, feed.url)
    assert feed.note == "the hub does not serve us: it refuses: no room"
    assert feed.interval < timedelta(minutes=30)
    assert len(hub.forms) == 1  # asked again after a day
    hub.mode = "subscribe"
    house.clock.forward(days=1)
    await house.settle()
    assert stored(house, feed.url).note == ""


@pytest.mark.parametrize("status", [400, 404, 500, 302])
async def test_a_hub_that_fails_does_not_fail_the_feed(house: PushHouse, hub: Hub, status: int) -> None:
    hub.status = status
    feed = await added(house, hub)
    assert feed.failures == 0
    assert feed.note.startswith("the hub does not serve us: 127.0.0.1 ")
    assert feed.interval < timedelta(minutes=30)


async def test_a_push_that_is_no_feed_makes_us_look_at_once(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    hub.farm.serve("/feed", rss("Convoy", "Old", hub=hub.url, topic=feed.url))
    before = len(house.chat.posts)
    assert await hub.publish(b"there is news") == 202
    await house.settle()
    assert len(house.chat.posts) == before + 1


async def test_a_removed_feed_tells_the_hub_that_it_is_gone(house: PushHouse, hub: Hub) -> None:
    await added(house, hub)
    await house.say("source remove 1")
    assert await hub.publish(rss("Convoy")) == 410


async def test_a_feed_without_a_hub_is_a_common_feed(house: PushHouse, hub: Hub) -> None:
    url = hub.farm.serve("/plain", rss("Old"))
    sources = house.pipeline.push._sources
    assert await sources["websub"].discover(url) == []


async def test_a_feed_whose_hub_went_away_is_polled_alone(house: PushHouse, hub: Hub) -> None:
    feed = await added(house, hub)
    hub.farm.serve("/feed", rss("New", "Old"))
    house.clock.forward(hours=2)
    await house.settle()
    assert await hub.publish(rss("Fake")) == 401
    assert stored(house, feed.url).interval < timedelta(minutes=59)


def test_without_a_public_address_no_hub_is_asked(tmp_path: Path) -> None:
    class Unused:
        async def close(self) -> None:
            return

    kit = Kit(settings=Settings(data=tmp_path), clock=FakeClock(), http=Unused(), worker=FakeWorker())  # type: ignore[arg-type]
    assert not websub.connect(kit).accepts("https://x.example/feed")


async def test_hostile_pushes_are_never_an_error_of_ours(house: PushHouse, hub: Hub) -> None:
    await added(house, hub)
    for body in (b"", b"\x00" * 1000, b"<rss>" * 10_000, b"\xff\xfe", b'{"items": 1}', b"<rss><channel><item>"):
        assert await hub.publish(body) == 202
    await asyncio.wait_for(house.settle(), LONG)


# --------------------------------------------------------------------------------------------------------- pure parts

BOTH = HubLinks(hub="https://hub.example/", topic="https://x.example/feed")


@pytest.mark.parametrize(
    ("headers", "body", "found"),
    [
        ({}, rss("A", hub=BOTH.hub, topic=BOTH.topic), BOTH),
        ({}, b'<feed><link href="https://hub.example/" rel="hub"/><link rel=\'self\' href=\'/feed\'/></feed>', BOTH),
        ({}, b'<rss><channel><a10:link rel="hub" href="https://hub.example/?a=1&amp;b=2"/></channel></rss>',
         HubLinks(hub="https://hub.example/?a=1&b=2", topic="https://x.example/feed.xml")),
        ({"link": '<https://hub.example/>; rel="hub", <https://x.example/feed>; rel=self'}, b"<rss/>", BOTH),
        ({"link": '</feed>; rel="self alternate"; type="x", <https://hub.example/>;rel="x hub"'}, b"", BOTH),
        ({}, b'{"hubs": [{"type": "rssCloud", "url": "x"}, {"type": "WebSub", "url": "https://hub.example/"}], '
             b'"feed_url": "https://x.example/feed"}', BOTH),
        ({}, b"<rss><channel><item><link rel='hub' href='https://evil.example/'/></item></channel></rss>", None),
        ({}, b'<link rel="hub" href="javascript:alert(1)"/>', None),
        ({}, b'{"hubs": 3}', None),
        ({}, b"{" * 100_000, None),
        ({"link": "<" * 20_000}, b"<link " * 10_000, None),
        ({"link": "<a>" + ";rel=" * 20_000}, b'<link rel="' * 10_000, None),
    ],
    ids=range(12),
)  # fmt: skip
def test_hubs_are_found_where_the_recommendation_says(
    headers: dict[str, str], body: bytes, found: HubLinks | None
) -> None:
    assert hub_links("https://x.example/feed.xml", headers, body) == found
