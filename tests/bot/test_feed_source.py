"""Feeds over real HTTP: discovery, conditional requests, moves, and what goes wrong in words."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError
from bot.http import GuardedHttp
from bot.model import Feed
from bot.ports import Kit, Source
from bot.sources.feed import connect
from tests.fakes import NOON, FakeWorker


def rss(*titles: str, more: str = "") -> str:
    items = "".join(f"<item><title>{one}</title><link>https://n.example/{one}</link></item>" for one in titles)
    return f"<rss version='2.0'><channel><title>News</title>{more}{items}</channel></rss>"


@dataclass
class Site:
    """Answers by path; remembers what it was asked."""

    pages: dict[str, web.Response | str] = field(default_factory=dict)
    asked: list[web.BaseRequest] = field(default_factory=list)
    etag: str = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        if isinstance(page, web.Response):
            return web.Response(status=page.status, body=page.body, headers=page.headers)
        headers = {"ETag": self.etag} if self.etag else {}
        return web.Response(text=page, content_type="text/html", headers=headers)


@asynccontextmanager
async def site() -> AsyncIterator[tuple[Site, Source, str]]:
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    http = GuardedHttp(Settings(allow_networks=(ip_network("127.0.0.0/8"),)))
    settings = Settings(poll_min_seconds=60)
    async with TestServer(app) as server:
        source = connect(Kit(settings=settings, clock=lambda: NOON, http=http, worker=FakeWorker()))
        yield made, source, str(server.make_url("")).rstrip("/")
        await http.close()


async def test_an_address_of_a_feed_is_that_feed() -> None:
    async with site() as (made, source, base):
        made.pages["/feed"] = rss("One", "Two")
        (found,) = await source.discover(f"{base}/feed")
        assert (found.url, found.title, found.newest_title, found.entries) == (f"{base}/feed", "News", "One", 2)


async def test_the_feeds_that_a_page_names_are_found() -> None:
    async with site() as (made, source, base):
        made.pages["/"] = (
            "<html><link rel=alternate type=application/rss+xml href=/world.xml>"
            "<link rel=alternate type=application/rss+xml href=/sport.xml></html>"
        )
        made.pages["/world.xml"], made.pages["/sport.xml"] = rss("World"), rss("Sport")
        assert [one.url for one in await source.discover(base)] == [f"{base}/world.xml", f"{base}/sport.xml"]


async def test_a_well_known_place_is_tried_and_else_all_that_was_tried_is_told() -> None:
    async with site() as (made, source, base):
        made.pages["/"] = "<html><title>Shop</title></html>"
        with pytest.raises(UserError) as caught:
            await source.discover(base)
        assert "Shop" in str(caught.value)
        assert "/feed" in str(caught.value)
        assert caught.value.cure
        made.pages["/rss.xml"] = rss("One")
        assert [one.url for one in await source.discover(base)] == [f"{base}/rss.xml"]


async def test_only_new_entries_come_and_an_unchanged_feed_costs_a_304() -> None:
    async with site() as (made, source, base):
        made.pages["/feed"], made.etag = rss("One", "Two"), '"v1"'
        feed = Feed(id="f", kind="feed", url=f"{base}/feed")
        first = await source.poll(feed)
        assert [entry.title for entry in first.entries] == ["Two", "One"], "oldest first"
        feed = Feed(id="f", kind="feed", url=feed.url, cursor=first.cursor)
        assert (await source.poll(feed)).unchanged
        assert made.asked[-1].headers["If-None-Match"] == '"v1"'
        made.pages["/feed"], made.etag = rss("Three", "One", "Two"), '"v2"'
        assert [entry.title for entry in (await source.poll(feed)).entries] == ["Three"]


async def test_the_same_bytes_without_validators_are_unchanged_too() -> None:
    async with site() as (made, source, base):
        made.pages["/feed"] = rss("One")
        first = await source.poll(Feed(id="f", kind="feed", url=f"{base}/feed"))
        assert (await source.poll(Feed(id="f", kind="feed", url=f"{base}/feed", cursor=first.cursor))).unchanged


async def test_a_cursor_that_is_not_ours_is_begun_anew() -> None:
    async with site() as (made, source, base):
        made.pages["/feed"] = rss("One")
        for cursor in ('{"seen":5}', '{"seen":[{}]}', '{"etag":5}', "null", '{"url":7,"etag":[],"seen":null}'):
            poll = await source.poll(Feed(id="f", kind="feed", url=f"{base}/feed", cursor=cursor))
            assert [entry.title for entry in poll.entries] == ["One"]


class TiredWorker(FakeWorker):
    """Gives up on everything, as the real one does on hostile pages."""

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        raise PermanentError("Reading it took too long")


async def test_a_page_that_cannot_be_read_in_time_is_the_users_to_know() -> None:
    async with site() as (made, _, base):
        made.pages["/"] = "<html></html>"
        http = GuardedHttp(Settings(allow_networks=(ip_network("127.0.0.0/8"),)))
        source = connect(Kit(settings=Settings(), clock=lambda: NOON, http=http, worker=TiredWorker()))
        with pytest.raises(UserError, match="took too long"):
            await source.discover(base)
        await http.close()


async def test_a_move_for_good_is_told_and_a_wish_to_wait_passed_on() -> None:
    async with site() as (made, source, base):
        made.pages["/old"] = web.Response(status=301, headers={"Location": "/new"})
        made.pages["/new"] = rss("One", more="<ttl>90</ttl>")
        poll = await source.poll(Feed(id="f", kind="feed", url=f"{base}/old"))
        assert poll.moved_to == f"{base}/new"
        assert poll.wait == timedelta(minutes=90)


async def test_what_goes_wrong_says_whether_waiting_helps() -> None:
    async with site() as (made, source, base):
        made.pages["/busy"] = web.Response(status=503, headers={"Retry-After": "120"})
        made.pages["/gone"] = web.Response(status=410)
        made.pages["/page"] = "<html><title>A page now</title></html>"
        with pytest.raises(TransientError) as busy:
            await source.poll(Feed(id="f", kind="feed", url=f"{base}/busy"))
        assert busy.value.retry_after == timedelta(minutes=2)
        with pytest.raises(PermanentError) as gone:
            await source.poll(Feed(id="f", kind="feed", url=f"{base}/gone"))
        assert gone.value.gone
        with pytest.raises(PermanentError, match="A page now"):
            await source.poll(Feed(id="f", kind="feed", url=f"{base}/page"))


async def test_a_private_address_is_refused_with_the_setting_that_allows_it() -> None:
    http = GuardedHttp(Settings())
    source = connect(Kit(settings=Settings(), clock=lambda: NOON, http=http, worker=FakeWorker()))
    for address in ("http://127.0.0.1:1/", "http://localhost/feed", "http://[::1]/", "http://169.254.169.254/latest"):
        with pytest.raises(UserError) as caught:
            await source.discover(address)
        assert "WATCHWORD_ALLOW_NETWORKS" in caught.value.cure
    await http.close()
