"""What an article's page must never do: take a hit away, bring noise in, or stop its feed."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.addresses import canonical_url
from bot.errors import TransientError
from bot.model import Entry, Feed, Response
from bot.pipeline.articles import GIVEN_UP, Articles
from bot.pipeline.ingest import Ingest
from bot.pipeline.match import Matcher
from bot.pipeline.render import Renderer
from bot.reading.text.encoding import decode
from bot.reading.text.extract import MAX_BODY, Article, glimpse, main_text, with_article
from rules import Document
from tests.bench.extraction import pages
from tests.bot.test_articles import ADDRESS, SENTENCES, URL, house, page, published
from tests.fakes import NOON, BusyWorker, FakeWeb, FakeWorker, entry
from tests.house import House, write_here

__all__ = ["house"]


class Served(FakeWeb):
    """One answer to everything."""

    def __init__(self, body: bytes, kind: str = "text/html") -> None:
        super().__init__()
        self.body, self.kind = body, kind

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        return Response(url=url, status=200, headers={"content-type": self.kind}, body=self.body)


class Breaks(FakeWorker):
    """A worker in which one function meets a library's own surprise."""

    def __init__(self, where: str) -> None:
        self.where = where

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        if function.__name__ == self.where:
            raise ValueError("surprise")
        return function(*args)


def ingest_of(house: House) -> Ingest:
    matcher = Matcher(house.store)
    return Ingest(house.store, matcher, Renderer(house.store, matcher))


async def served(house: House, rule: str, body: bytes, kind: str = "text/html", said: str = "A short word.") -> int:
    """How many alerts come of an entry whose page is this."""
    house.web = Served(body, kind)
    house.restart()
    return len(await published(house, rule, said))


async def test_a_hit_in_the_feeds_own_words_alerts_though_the_article_says_it_otherwise(house: House) -> None:
    house.web.pages[URL] = page()
    (alert,) = await published(house, "collision", "A collision at sea.")
    assert "[collision]" in alert


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "video/mp4; x=text/html"])
async def test_what_is_no_page_is_not_taken_for_text(house: House, kind: str) -> None:
    assert await served(house, "divers", b"%PDF-1.7 " + b"obj stream divers endobj " * 200, kind) == 0
    (stored,) = house.store.documents()
    assert stored.document.body == "A short word."


async def test_the_servers_word_on_the_encoding_counts(house: House) -> None:
    text = "잠수부들이 선체를 살펴보고 있다고 선주가 말했다. 여객선은 화요일에 다시 다닌다."
    body = f"<html><body><article><p>{text}</p></article></body></html>".encode("euc-kr")
    assert await served(house, "선주가", body, "text/html; charset=euc-kr") == 1


@pytest.mark.parametrize("codec", ["rot13", "idna", "undefined", "hex"])
async def test_an_encoding_that_is_none_of_text_does_not_stop_the_feed(house: House, codec: str) -> None:
    body = f'<html lang="\xff"><meta charset={codec}><article>{SENTENCES[1]}</article></html>'.encode("latin-1")
    assert await served(house, "divers", body) == 1
    assert "Divers" in decode(body, f"charset={codec}")


@pytest.mark.parametrize("where", ["glimpse", "main_text", "languages_of"])
async def test_a_library_that_breaks_at_a_page_does_not_stop_the_feed(house: House, where: str) -> None:
    web = Served(page().encode())
    reader = Articles(house.store, web, Breaks(where), ingest_of(house), write_here)
    feed = Feed(id="f", kind="fake", url=ADDRESS, polled_at=NOON)
    await house.say("watch ferry")
    one = Document(id="d", title="Ferry accident at the northern pier of the harbour", url=URL, received_at=NOON)
    read = await reader.read(feed, [one], pages_failed=0, patience=5)
    assert ([one.id for one in read.documents], read.pages_failed) == (["d"], int(where == "glimpse"))
    (after,) = await reader.in_languages(feed, [one])
    assert after.lang == ("" if where == "languages_of" else "en")


async def test_a_rule_that_excludes_a_word_of_the_menu_is_held_against_the_article(house: House) -> None:
    """All of the page has "podcasts", so such a rule is false of it, though true of what would be archived."""
    it, beside = pages()[33].html, "newsletter"
    assert beside in glimpse(it, "").article.text.lower()
    assert beside not in main_text(it, "").text.lower()
    assert await served(house, f"{beside} NOT podcasts", it) == 0


async def test_pages_that_cannot_be_had_are_told_by_sources(house: House) -> None:
    await house.add_feed(ADDRESS)
    await house.publish([entry(number, f"Lost {number}", "Word.") for number in range(GIVEN_UP)], ADDRESS)
    assert "5 articles could not be had" in await house.say("sources")


def test_a_date_in_the_text_is_not_the_date_of_publication() -> None:
    text = "".join(f"<p>{one}</p>" for one in SENTENCES)
    old = f"<html><body><article><h1>Bridge</h1><p>It was built on 5 May 1998.</p>{text}</article></body></html>"
    assert main_text(old.encode(), URL).published_at is None
    dated = old.replace("<body>", '<script type="application/ld+json">{"datePublished":"2026-03-01"}</script><body>')
    found = main_text(dated.encode(), URL).published_at
    assert found is not None
    assert found.isoformat()[:10] == "2026-03-01"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://m.news.co.uk/a", "https://news.co.uk/a"),
        ("https://en.m.wiki.example/a", "https://en.wiki.example/a"),
    ],
)
def test_only_a_site_of_another_loses_its_m(url: str, kept: str) -> None:
    assert canonical_url(url) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("The ferry struck a pier […] Read more", False),
        ("The  FERRY struck a pi...", False),
        ("A collision at sea.", True),
        ("", False),
    ],
)
def test_the_feeds_own_words_stay_unless_the_article_repeats_them(said: str, kept: bool) -> None:
    article = " ".join(SENTENCES)
    after = with_article(Document(id="d", body=said, url=URL, received_at=NOON), Article(title="", text=article)).body
    assert after == (f"{said}\n\n{article}" if kept else article)
    long = with_article(Document(id="d", body=said, url=URL), Article(title="", text="x" * MAX_BODY)).body
    assert len(long) <= MAX_BODY


async def test_entries_that_the_machine_had_no_time_for_come_with_the_next_visit(house: House) -> None:
    busy = BusyWorker(TransientError("Reading it took too long on this machine.", unread=True), "extract_entry")
    house.worker = busy
    house.restart()
    await house.say("watch bridge")
    await house.add_feed()
    long = Entry(id="long", title="Ferry", content="<p>The bridge is open.</p>" * 4000, published_at=house.clock.now)
    house.source.entries["fake:news"] = [long]
    house.clock.forward(hours=2)
    await house.settle()
    assert "took too long on this machine" in await house.say("sources")
    busy.fault = None
    house.clock.forward(hours=7)
    await house.settle()
    assert [one for one in house.chat.posts if one.alert_key]


async def test_a_page_that_the_machine_had_no_time_for_is_no_failure_of_the_page(house: House) -> None:
    house.worker = BusyWorker(TransientError("Reading it took too long on this machine.", unread=True), "glimpse")
    assert await served(house, "word", b"<p>A page.</p>") == 1  # by the feed's own words


async def test_a_page_that_the_machine_had_no_time_for_does_not_count_against_the_pages(house: House) -> None:
    busy = BusyWorker(TransientError("Reading it took too long on this machine.", unread=True), "glimpse")
    reader = Articles(house.store, Served(page().encode()), busy, ingest_of(house), write_here)
    one = Document(id="d", title="Ferry", url=URL, received_at=NOON)
    feed = Feed(id="f", kind="fake", url=ADDRESS, polled_at=NOON)
    read = await reader.read(feed, [one], pages_failed=0, patience=5)
    assert (read.documents, read.pages_failed) == ([one], 0)
