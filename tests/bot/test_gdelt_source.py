"""GDELT: its odd JSON, its refusals in plain text, its pace."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed
from bot.reading.pages import gdelt
from bot.sources.gdelt import GdeltSource
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeWorker

QUERY = '"port strike" sourcelang:english'
FEED = Feed(id="f", kind="gdelt", url=gdelt.SCHEME + QUERY)
WHERE = gdelt.address(QUERY)


def source(web: PageWeb, spacing: float = 0) -> GdeltSource:
    return GdeltSource(web, FakeWorker(), lambda: NOON, timedelta(minutes=15), timedelta(seconds=spacing))


def row(number: int, **more: object) -> dict[str, object]:
    return {
        "url": f"https://harbour.example/{number}?utm_source=gdelt",
        "url_mobile": "",
        "title": f"Dockers walk out , day {number}",
        "seendate": f"20260302T{10 + number % 2}{number % 60:02}00Z",
        "socialimage": "",
        "domain": "harbour.example",
        "language": "English",
        "sourcecountry": "Ireland",
        **more,
    }


def answer(*rows: dict[str, object]) -> bytes:
    return json.dumps({"articles": rows}).encode()


async def test_articles_are_entries_oldest_first_with_outlet_language_and_date() -> None:
    poll = await source(PageWeb({WHERE: answer(row(2), row(1))})).poll(FEED)
    assert [entry.title for entry in poll.entries] == ["Dockers walk out, day 1", "Dockers walk out, day 2"]
    assert poll.entries[0].id == "https://harbour.example/1"
    assert (poll.entries[0].outlet, poll.entries[0].lang) == ("harbour.example", "en")
    assert poll.entries[0].published_at == datetime(2026, 3, 2, 11, 1, tzinfo=UTC)


async def test_what_was_listed_before_is_no_news() -> None:
    web = PageWeb({WHERE: answer(row(1))})
    gdelts = source(web)
    feed = replace(FEED, cursor=(await gdelts.poll(FEED)).cursor, polled_at=NOON)
    web.pages[WHERE] = answer(row(3), row(1, title="The same with another headline"))
    assert [entry.id for entry in (await gdelts.poll(feed)).entries] == ["https://harbour.example/3"]


async def test_more_than_it_lists_at_once_is_told() -> None:
    web = PageWeb({WHERE: answer(row(1))})
    gdelts = source(web)
    feed = replace(FEED, cursor=(await gdelts.poll(FEED)).cursor, polled_at=NOON)
    web.pages[WHERE] = answer(*(row(n) for n in range(1_000, 1_250)))
    assert "narrow the query" in (await gdelts.poll(feed)).note


@pytest.mark.parametrize(
    "body",
    [
        b'{"articles":[{"url":"https://x.example/1","title":"A \\\\\\\\x Mayor\\\'s \\x plan\nnow","seendate":"?"}]}',
        b'\xef\xbb\xbf{"articles":[{"url":"https://x.example/1","title":"T","language":7},5,{},{"url":[]}]}',
    ],
)
def test_its_careless_json_is_read(body: bytes) -> None:
    (entry,) = gdelt.parse_articles(body, NOON)
    assert entry.url == "https://x.example/1"


@pytest.mark.parametrize(
    "body", [b"{}", b'{"articles":[]}', b'{"articles":7}', b'{"articles":[{"url":"javascript:x","title":"T"}]}']
)
def test_no_articles_are_no_error(body: bytes) -> None:
    assert gdelt.parse_articles(body, NOON) == ()


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"Your query was too short or too long.", UserError, "GDELT does not take the query: Your query was"),
        (b"Please limit requests to one every 5 seconds", TransientError, "asks for patience"),
        (b"<!DOCTYPE html><html>", PermanentError, "not a list of articles"),
        (b"", PermanentError, "not a list of articles"),
        (b'{"articles":[{"url":', TransientError, "damaged"),
        (b'{"a":' * 50_000, TransientError, "damaged"),
    ],
)
def test_refusals_are_told_in_words(body: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        gdelt.parse_articles(body, NOON)


async def test_questions_wait_for_each_other() -> None:
    gdelts = source(PageWeb({WHERE: answer(row(1))}), spacing=0.2)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(gdelts.poll(FEED) for _ in range(3)))
    assert loop.time() - began >= 0.39


async def test_who_would_wait_long_is_put_off() -> None:
    gdelts = source(PageWeb({WHERE: answer(row(1))}), spacing=3600)
    await gdelts.poll(FEED)
    with pytest.raises(TransientError, match="others wait already") as caught:
        await gdelts.poll(FEED)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > timedelta(minutes=50)


async def test_discovery_takes_a_query_and_a_pasted_address() -> None:
    gdelts = source(PageWeb({WHERE: answer(row(2), row(1))}))
    for typed in (f"gdelt: {QUERY} ", f"GDELT:{QUERY}", gdelt.address(QUERY)):
        assert gdelts.accepts(typed)
        (found,) = await gdelts.discover(typed)
        assert (found.url, found.newest_title, found.entries) == (FEED.url, "Dockers walk out, day 2", 2)


@pytest.mark.parametrize(("typed", "words"), [("gdelt:", "no query"), ("gdelt:" + "x" * 600, "has 600 characters")])
async def test_queries_that_cannot_be_asked_are_refused(typed: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        await source(PageWeb()).discover(typed)
    assert caught.value.cure


@pytest.mark.parametrize(
    "url", ["https://x.example/?query=a", "https://[::1", "", "gdel:x", "https://api.gdeltproject.org/"]
)
def test_other_addresses_are_not_taken(url: str) -> None:
    assert not source(PageWeb()).accepts(url)
