"""The quick ways to read texts and addresses give what the slow ones gave."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import canonical_url
from bot.cleantext import clean_text
from bot.errors import UserError
from bot.reading.feeds.parse import _absolute, parse_feed
from bot.reading.text import htmltext
from bot.reading.text.htmltext import html_to_text
from rules.words import words
from tests.bot import slow_reading

DATA = Path(__file__).parents[1] / "data"
MARKUP = (
    *(
        "<p>",
        "</p>",
        "<br/>",
        "<BR>",
        "<b",
        ">",
        '"',
        "'",
        "=",
        ' a="x>y"',
        " a='<i>'",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
    ),
    *("<script>", "</script>", "<svg ", "<LI>", "</li>", "<td>", "<x:y>", "</h1>", "<", "</", "<?", "<!d", "/>", "&&"),
    *(
        "&amp;",
        "&lt;",
        "&gt",
        "&#10;",
        "&#x9;",
        "&#13;",
        "&nbsp;",
        "&T",
        "&",
        "&#",
        "&notit;",
        "&#12ab;",
        "&#xD800;",
        ";",
    ),
    *(
        "&#128;",
        "&lt;p&gt;",
        "&CounterClockwiseContourIntegral;",
        " ",
        "  ",
        "\n",
        "\t",
        "\f",
        "\v",
        "\r",
        "\x1c",
        "\xa0",
    ),
    *("word", "•", "“ü”", "🪖", "\u2028", "\u0301"),
)
PARTS = (
    *("http://", "https://", "HTTPS://", "a.b", "m.", "amp.", "en.m.wikipedia.org", "m.co.uk", "www.google.com/amp/s/"),
    *("x.cdn.ampproject.org", "/c/s/", "/", "//", "?", "#", "@", ":80", ":443", ":8080", "utm_source=x", "&", "amp=1"),
    *(
        "a=b",
        "/amp",
        ".amp.html",
        ".",
        "..",
        "é",
        "[",
        "]",
        "%20",
        " ",
        "\t",
        "A",
        "-",
        "_",
        "\\",
        "|",
        ";",
        "\x85",
        "\xad",
    ),
)
markup = st.lists(st.sampled_from(MARKUP), max_size=14).map("".join)
links = st.lists(st.sampled_from(PARTS), max_size=9).map("".join)


@given(markup | st.text())
def test_markup_is_read_as_the_slow_way_reads_it(html: str) -> None:
    assert html_to_text(html) == slow_reading.html_to_text(html)
    assert clean_text(html) == slow_reading.clean_text(html)


@given(links | links.map(lambda rest: f"https://{rest}"))
def test_addresses_are_shortened_as_the_slow_way_shortens_them(url: str) -> None:
    assert canonical_url(url) == slow_reading.canonical_url(url)


@given(links | links.map(lambda rest: f"https://a.b{rest}"))
def test_links_are_made_whole_as_the_slow_way_makes_them(link: str) -> None:
    assert _absolute("https://base.example/x", link) == slow_reading.absolute("https://base.example/x", link)


@given(st.text(st.characters(max_codepoint=0x530) | st.sampled_from("ab ½ŀ“—中")))
def test_words_are_found_as_the_slow_way_finds_them(text: str) -> None:
    assert words(text) == slow_reading.words(text)


def entries() -> list[str]:
    found = []
    for path in sorted(DATA.rglob("*")):
        try:
            feed = parse_feed(path.read_bytes(), "", "https://x.example/", datetime(2026, 3, 2, tzinfo=UTC))
        except (UserError, IsADirectoryError):
            continue
        found += [entry.content for entry in feed.entries]
    return found


def test_real_feeds_are_read_as_the_slow_way_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, slow = entries(), htmltext._strip
    left = []
    monkeypatch.setattr(htmltext, "_strip", lambda html: left.append(html) or slow(html))
    assert [html_to_text(text) for text in texts] == [slow_reading.html_to_text(text) for text in texts]
    assert len(left) < len(texts) / 4, "and few need the slow way"
