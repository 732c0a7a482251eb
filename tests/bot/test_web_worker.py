"""Pages, sitemaps and GDELT's answers through the real worker: results come back, hostile ones are given up in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.errors import PermanentError, UserError
from bot.model import Feed
from bot.ports import Source
from bot.reading.pages.pagelinks import page_entries
from bot.reading.warmup import TINY
from bot.sources.gdelt import GdeltSource
from bot.sources.page import PageSource
from bot.sources.sitemap import SitemapSource
from bot.worker import ProcessWorker
from tests.bot.pageweb import PageWeb
from tests.bot.test_gdelt_source import WHERE, answer, row
from tests.fakes import NOON
from tests.waiting import LONG

URL = "https://harbour.example/sitemap.xml"


@pytest.fixture
async def worker() -> AsyncIterator[ProcessWorker]:
    it = ProcessWorker()
    yield it
    await it.close()


async def test_results_and_refusals_come_back(worker: ProcessWorker) -> None:
    web, least = PageWeb(), timedelta(minutes=1)
    sources: dict[str, Source] = {
        URL + "#links": PageSource(web, worker, lambda: NOON, least),
        URL + "#text": PageSource(web, worker, lambda: NOON, least),
        URL: SitemapSource(web, worker, lambda: NOON, least),
        "gdelt:" + '"port strike" sourcelang:english': GdeltSource(web, worker, lambda: NOON, least),
    }
    web.pages[WHERE] = answer(row(1))
    for url, source in sources.items():
        xml = b"<urlset><url><loc>/a</loc></url></urlset>"
        web.pages[URL] = xml if source.kind == "sitemap" else b"<p><a href=/a>Storm closes the harbour</a>"
        poll = await source.poll(Feed(id="f", kind=source.kind, url=url))
        assert len(poll.entries) == 1, url
    web.pages[URL] = b"\0"
    with pytest.raises(UserError, match="not a web page"):
        await sources[URL + "#text"].discover(URL)


HOSTILE = {
    "attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(150_000)) + b">x",
    "depth": b"<div>" * 300_000 + b"<a href=/x>Storm closes the harbour</a>",
    "anchors": b"<li><a href=/x>Storm closes the harbour<li>" * 100_000,
    "nested boxes": b"<article><p>a<a href=/x>Storm closes the harbour</a>" * 3_000,
    "unclosed": b"<" * 2_000_000,
    "selector": b"<div class=a>" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_page_costs_little_time(worker: ProcessWorker, name: str) -> None:
    part = "#links=.a .a .a .a .a .b" if name == "selector" else "#links"
    source = PageSource(PageWeb({URL: HOSTILE[name]}), worker, lambda: NOON, timedelta(minutes=1))
    await worker.run(page_entries, *TINY["bot.reading.pages.pagelinks:page_entries"])
    async with asyncio.timeout(LONG):
        with suppress(PermanentError):  # given up
            await source.poll(Feed(id="f", kind="page", url=URL + part))
