from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import canonical_url, opened_url
from bot.core.visits.items import told_apart
from bot.model import Entry
from bot.reading.text.extract import CUT_MARK, MAX_BODY, main_text, to_document
from rules import Document
from tests.fakes import NOON

ENTRY = Entry(
    id="1",
    url="https://A.example:443/x?utm_source=r&id=3#top",
    title="Ships &amp; <b>docks</b>",
    content="<p>One.</p><p>Two &lt;3</p>",
)


def document(entry: Entry = ENTRY, feed_title: str = "Feed", feed_url: str = "https://f.example/") -> Document:
    return to_document(entry, feed_title=feed_title, feed_url=feed_url, now=NOON)


def test_an_entry_becomes_plain_text_with_its_paragraphs() -> None:
    made = document()
    assert (made.title, made.body, made.url, made.site) == (
        "Ships & docks",
        "One.\n\nTwo <3",
        "https://a.example/x?id=3",
        "a.example",
    )


def test_the_same_text_at_the_same_address_is_the_same_document() -> None:
    assert document().id == document(replace(ENTRY, id="other guid", url=ENTRY.url + "x"), feed_title="Y").id
    assert document().id != document(replace(ENTRY, content="<p>One, corrected.</p>")).id
    assert document().id != document(replace(ENTRY, url="https://b.example/")).id


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://a.example/live#post-7", "https://a.example/live#post-7"),
        ("https://a.example/?utm_source=r#comment-7", "https://a.example/#comment-7"),
        ("https://a.example/#/news/1", "https://a.example/#/news/1"),
        ("https://a.example/x#xtor=RSS-3208", "https://a.example/x"),
        ("https://a.example/x#:~:text=docks", "https://a.example/x"),
        ("https://a.example/x#" + "y" * 501, "https://a.example/x"),
        ("mailto:a@a.example#b", ""),
    ],
)
def test_what_people_open_is_the_part_of_the_page(url: str, opened: str) -> None:
    assert document(replace(ENTRY, url=url)).url == opened
    assert opened_url(opened) == opened


def test_the_part_of_the_page_is_no_other_document_unless_nothing_else_tells_it() -> None:
    first, second = replace(ENTRY, url="https://a.example/#a"), replace(ENTRY, url="https://a.example/#b")
    assert document(first).id == document(second).id == document(replace(ENTRY, url="https://a.example/")).id
    alone, (one, other) = told_apart([first]), told_apart([first, second])
    assert document(alone[0]).id == document(first).id
    assert document(one).id != document(other).id
    assert told_apart([first, replace(second, title="Other")]) == [first, replace(second, title="Other")]


def test_scripts_and_styles_are_not_text() -> None:
    made = document(replace(ENTRY, content="<style>p{}</style><script>alert('x')</script><p>Seen</p><!-- not -->"))
    assert made.body == "Seen"


def test_what_no_chat_and_no_store_can_bear_is_cleaned_at_the_door() -> None:
    made = document(replace(ENTRY, title="a\ud800b\x00c\u202ed", content="x\x07y\u2066z", is_html=False))
    assert not set(made.title + made.body) & set("\ud800\x00\u202e\x07\u2066")


def test_a_text_without_end_is_cut_and_says_so() -> None:
    made = document(replace(ENTRY, content="word " * MAX_BODY, is_html=False))
    assert len(made.body) <= MAX_BODY
    assert made.body.endswith(CUT_MARK)


def test_the_outlet_is_named_by_item_then_host_then_feed() -> None:
    assert document(replace(ENTRY, outlet="Courier")).site == "Courier"
    assert document(replace(ENTRY, url="")).site == "Feed"
    assert document(replace(ENTRY, url=""), feed_title="").site == "f.example"


def test_dates_are_brought_within_reason() -> None:
    assert document(replace(ENTRY, published_at=NOON + timedelta(days=400))).published_at == NOON
    assert document(replace(ENTRY, published_at=NOON.replace(year=1970))).published_at is None


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Www.Example.org:80", "http://www.example.org/"),
        ("https://x.example/a?fbclid=1&b=2&gclid=3", "https://x.example/a?b=2"),
        ("https://user:pass@x.example/", "https://x.example/"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("not an address", ""),
        ("https://[::1", ""),
    ],
)
def test_addresses_are_made_comparable(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(st.text(max_size=300), st.text(max_size=300), st.booleans())
def test_any_entry_becomes_a_document(title: str, content: str, is_html: bool) -> None:
    made = document(replace(ENTRY, title=title, content=content, is_html=is_html))
    assert "\x00" not in made.title + made.body
    made.title.encode()
    made.body.encode()


ARTICLE = "<p>The bridge was opened on Monday after two years of work by three hundred people from the region.</p>" * 6
PAGE = (
    '<html lang="en-GB"><head><title>Bridge opens</title><meta name="author" content="Desk">'
    '<meta property="og:site_name" content="Courier">'
    '<meta property="article:published_time" content="2026-03-01T08:00:00Z">'
    f"</head><body><nav>Home Sport Weather</nav><article><h1>Bridge opens</h1>{ARTICLE}</article>"
    "<footer>Imprint and privacy</footer></body></html>"
)


@pytest.mark.parametrize("thorough", [True, False])
def test_the_article_on_a_page(thorough: bool) -> None:
    page = main_text(PAGE.encode(), "https://courier.example/bridge", thorough)
    assert "The bridge was opened" in page.text
    assert "Imprint" not in page.text
    assert (page.title, page.lang, page.site, page.author) == ("Bridge opens", "en", "Courier", "Desk")
    assert page.published_at is not None
    assert page.published_at.day == 1


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize("body", [b"", b"<", b"\x00\xff", b"<html></html>", b"<title>Only"])
def test_an_odd_page_is_no_error(body: bytes, thorough: bool) -> None:
    main_text(body, "", thorough)
