"""What of a watched page is news, measured: most kinds of noise raise nothing, nearly all real changes are seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Entry, Feed
from bot.sources.page import PageSource
from tests.bot import watched_pages as made
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeClock, FakeWorker

URL = "https://harbour.example/news"


async def news_of(address: str, bodies: list[bytes]) -> list[Entry]:
    """What the visits after the first give."""
    clock, web = FakeClock(NOON), PageWeb()
    pages, feed, entries = (
        PageSource(web, FakeWorker(), clock, timedelta(minutes=1)),
        Feed(id="f", kind="page", url=address),
        list[Entry](),
    )
    for number, body in enumerate(bodies):
        web.pages[URL] = body
        poll = await pages.poll(feed)
        entries += poll.entries if number else ()
        feed = replace(feed, cursor=poll.cursor, polled_at=clock())
        clock.now += timedelta(minutes=10)
    return entries


@pytest.mark.parametrize("part", ["#text", "#text=%23m"])
async def test_noise_of_a_text_raises_nothing(part: str) -> None:
    raised = [
        name
        for name, box in made.TEXT_NOISE.items()
        if await news_of(URL + part, [made.text_page(box(visit)) for visit in range(made.VISITS)])
    ]
    assert len(made.TEXT_NOISE) == 20
    assert len(raised) <= 2, raised


@pytest.mark.parametrize("part", ["#text", "#text=%23m"])
async def test_changes_of_a_text_are_seen(part: str) -> None:
    missed = []
    for name, (before, now, words) in made.TEXT_NEWS.items():
        entries = await news_of(URL + part, [made.text_page(before), made.text_page(now)])
        if not any(words in entry.content for entry in entries):
            missed.append(name)
    assert len(made.TEXT_NEWS) == 16
    assert len(missed) <= 1, missed


async def test_noise_of_links_raises_nothing() -> None:
    raised = [
        name
        for name, items in made.LINK_NOISE.items()
        if await news_of(URL + "#links", [made.link_page(items(visit)) for visit in range(made.VISITS)])
    ]
    assert len(made.LINK_NOISE) == 16
    assert len(raised) <= 1, raised


@pytest.mark.parametrize("part", ["#links", "#links=%23m"])
async def test_new_links_are_seen(part: str) -> None:
    plain, missed = "".join(f"<p><a href={to}>{title}</a></p>" for to, title in made.LINKS), []
    for name, (item, title, to) in made.LINK_NEWS.items():
        entries = await news_of(URL + part, [made.link_page(plain), made.link_page(item + plain)])
        if [(entry.title, entry.url) for entry in entries] != [(title, f"https://harbour.example{to}")]:
            missed.append(name)
    assert len(made.LINK_NEWS) == 14
    assert len(missed) <= 1, missed
