"""The article behind a feed's few words: matched on all of its page, alerted only when the article itself matches."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from bot.errors import PermanentError, TransientError
from bot.pipeline.articles import GIVEN_UP
from bot.reading.text.extract import Article, glimpse, with_article
from bot.reading.text.language import language_of
from rules import Document
from tests.fakes import NOON, entry, text_of
from tests.house import House, open_store

ADDRESS, URL = "https://feed.example/rss", "https://daily-courier.example/1"
SENTENCES = (
    "The ferry struck a pier at the harbour on Monday, and twelve people were hurt.",
    "Divers look at the hull, the owners said, and service resumes on Tuesday at the earliest.",
    "The coast guard has closed the northern basin and sends a second ship from the island.",
    "A witness said that fog had come up within minutes and that horns were heard for an hour.",
)
PAGE = (
    '<html lang="en"><head><title>Accident</title><link rel="canonical" href="{canonical}">'
    '<meta name="author" content="Harbour desk"></head><body>'
    "<nav><a href='/s'>Sport</a> <a href='/e'>Earthquake appeal</a> <a href='/w'>Weather</a></nav>"
    "<article><h1>Accident</h1>{text}</article>"
    "<aside><h2>Most read</h2><ul><li><a href='/q'>Earthquake in Crete</a></li><li>Zoo</li></ul></aside>"
    "<footer>Imprint and privacy</footer></body></html>"
)


def page(*sentences: str, canonical: str = "") -> str:
    return PAGE.format(text="".join(f"<p>{one}</p>" for one in sentences or SENTENCES), canonical=canonical)


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    it = House(store)
    it.source.links_articles = True
    yield it
    store.close()


async def published(house: House, rule: str, body: str = "A short word.", **more: str) -> list[str]:
    """What is posted when an entry of few words comes."""
    await house.add_feed(ADDRESS)
    await house.say(f"watch {rule}")
    posts = await house.publish([entry(1, "Accident at sea", body, **more)], ADDRESS)
    return [text_of(post.message) for post in posts if post.alert_key]


async def test_a_word_of_the_article_alerts_and_is_quoted_from_the_archive(house: House) -> None:
    house.web.pages[URL] = page()
    (alert,) = await published(house, "divers")
    assert "[Divers] look at the hull, the owners said" in alert
    (stored,) = house.store.documents()
    assert SENTENCES[3] in stored.document.body
    assert "Sport" not in stored.document.body
    assert (stored.document.author, stored.document.lang) == ("Harbour desk", "en")


async def test_a_word_that_only_stands_beside_the_article_does_not(house: House) -> None:
    house.web.pages[URL] = page()
    assert await published(house, "earthquake") == []
    (stored,) = house.store.documents()
    assert "Earthquake" not in stored.document.body


async def test_a_feed_that_says_enough_is_not_asked_for_more(house: House) -> None:
    house.web.pages[URL] = page()
    assert len(await published(house, "divers", " ".join(SENTENCES * 4))) == 1
    assert house.web.visits == []


async def test_the_stock_of_a_first_visit_and_what_is_known_are_not_fetched(house: House) -> None:
    house.web.pages[URL] = page()
    house.source.entries[ADDRESS] = [entry(1, "Accident at sea", "A short word.")]
    await house.add_feed(ADDRESS)
    assert house.web.visits == []
    await house.publish([entry(2, "Other", "Word.", outlet="Post")], ADDRESS)
    assert house.web.visits == ["https://post.example/2"]
    await house.publish([], ADDRESS)
    assert house.web.visits == ["https://post.example/2"]


@pytest.mark.parametrize("trouble", [TransientError("busy"), PermanentError("robots.txt says no")])
async def test_without_its_page_the_feeds_own_words_serve(house: House, trouble: Exception) -> None:
    house.web.pages[URL] = trouble
    (alert,) = await published(house, "accident", "Two ships were hurt.")
    assert "Two ships were hurt." in alert or "[Accident] at sea" in alert


async def test_after_failures_in_a_row_one_page_of_a_visit_is_tried_until_one_can_be_had(house: House) -> None:
    await house.add_feed(ADDRESS)
    lost = [entry(number, f"Lost {number}", "Word.") for number in range(GIVEN_UP)]
    await house.publish(lost, ADDRESS)
    assert len(house.web.visits) == GIVEN_UP
    more = [entry(number, f"More {number}", "Word.") for number in range(10, 14)]
    house.web.pages[str(more[-1].url)] = page()
    await house.publish(more, ADDRESS)
    assert house.web.visits[GIVEN_UP:] == [more[-1].url]
    await house.publish([entry(number, f"Again {number}", "Word.") for number in range(20, 24)], ADDRESS)
    assert len(house.web.visits) == GIVEN_UP + 1 + 4


async def test_what_is_no_page_and_a_watched_page_itself_are_left(house: House) -> None:
    house.web.pages[ADDRESS] = page()
    await house.add_feed(ADDRESS)
    await house.publish([entry(1, "Changed", "Word.", url=ADDRESS)], ADDRESS)
    assert house.web.visits == []


async def test_the_language_is_told_where_nobody_says_it(house: House) -> None:
    await house.add_feed()
    await house.say("watch lang:uk причал")
    body = "Паром врізався в причал у порту, дванадцять людей постраждали, повідомила берегова охорона."
    (post,) = await house.publish([entry(1, "Аварія", body)])
    assert "[причал]" in text_of(post.message)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (SENTENCES[0], "en"),
        ("Die Fähre rammte am Montag einen Pier im Hafen, zwölf Menschen wurden verletzt.", "de"),
        ("Паром врезался в причал в порту, пострадали двенадцать человек, сообщили спасатели.", "ru"),
        ("Le ferry a heurté un quai du port lundi, douze personnes ont été blessées.", "fr"),
        ("12 43 99 — 1/2", ""),
        ("Ferry", ""),
        ("", ""),
    ],
)
def test_languages(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_two_looks_at_a_page() -> None:
    seen = glimpse(page().encode(), URL)
    assert "Earthquake appeal" in seen.whole
    assert SENTENCES[0] in seen.whole
    assert SENTENCES[0] in seen.article.text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://daily-courier.example/sea/accident", "https://daily-courier.example/sea/accident"),
        ("https://www.daily-courier.example/x", "https://www.daily-courier.example/x"),
        ("https://copyist.example/1", URL),
        ("https://example/1", URL),
        ("", URL),
    ],
)
def test_a_pages_word_on_its_address_counts_on_its_own_site(said: str, kept: str) -> None:
    one = Document(id="d", title="T", body="few", url=URL, received_at=NOON)
    assert with_article(one, Article(title="P", text="longer text", url=said)).url == kept


def test_a_page_adds_and_never_takes_away() -> None:
    one = Document(id="d", title="T", body="long enough", url=URL, author="A", lang="de", received_at=NOON)
    after = with_article(one, Article(title="P", text="short", author="B", lang="en", published_at=NOON))
    assert after == replace(one, published_at=NOON)
