"""Bytes to entries: every sample beside what it must give, damage of every kind, and never fewer than feedparser."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.model import Entry
from bot.reading.feeds.parse import ParsedFeed, parse_feed
from bot.reading.text.extract import to_document

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parents[1] / "data" / "feeds"
CASES = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".xml", ".feed"))
GOOD = [path for path in CASES if path.stem in ("rss2", "atom", "rdf", "rss091", "cp1251")]


def read(body: bytes, content_type: str = "") -> ParsedFeed:
    return parse_feed(body, content_type, "https://base.example/feed", NOW)


def body_of(entry: Entry) -> str:
    return to_document(entry, feed_title="", feed_url="", now=NOW).body


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_sample_gives_what_stands_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    parsed = read(path.read_bytes())
    assert parsed.kind == expected["kind"]
    if "title" in expected:
        assert parsed.title == expected["title"]
    if "note" in expected:
        assert expected["note"] in parsed.note if expected["note"] else parsed.note == ""
    if "wait_minutes" in expected:
        assert parsed.wait == timedelta(minutes=expected["wait_minutes"])
    if "at_least" in expected:
        assert len(parsed.entries) >= expected["at_least"]
    else:
        assert len(parsed.entries) == len(expected["entries"])
    for entry, wanted in zip(parsed.entries, expected["entries"], strict=False):
        assert entry.title == wanted["title"]
        assert entry.url == wanted["url"]
        assert (entry.published_at.isoformat() if entry.published_at else None) == wanted["date"]
        assert body_of(entry) == wanted["body"]
        if "id" in wanted:
            assert entry.id == wanted["id"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
@given(data=st.data())
def test_damage_never_gives_fewer_entries_than_feedparser(path: Path, data: st.DataObject) -> None:
    import feedparser

    body = bytearray(path.read_bytes())
    at = data.draw(st.integers(len(body) // 3, len(body)))
    kind = data.draw(st.sampled_from(["cut", "control", "byte", "tag"]))
    if kind == "cut":
        del body[at:]
    elif kind == "control":
        body[at:at] = b"\x0b\x00"
    elif kind == "byte":
        body[at:at] = b"\xff\xfe"
    else:
        body[at:at] = b"<b>"
    try:
        entries = feedparser.parse(bytes(body)).entries
        wanted = sum(any(one.get(name) for name in ("title", "summary", "content")) for one in entries)
    except Exception:  # it raises on some of these; then there is nothing to be compared with
        wanted = 0
    try:
        got = len(read(bytes(body)).entries)
    except UserError:
        got = 0
    assert got >= wanted


ITEM = "<item><title>Title%d</title><link>http://n.example/%d</link><description>Words%d</description></item>"
FEED = "<rss version='2.0'><channel><title>N</title>" + "".join(ITEM % (n, n, n) for n in range(4)) + "</channel></rss>"


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("</link><description>Words1", "<guid></link><description>Words1"),  # swallows the words behind it
        ("<title>Title1</title>", "<title>Title1"),
        ("<title>Title1</title>", "Title1</title>"),
        ("<description>Words1", "<description><![CDATA[Words1"),
        ("http://n.example/1</link>", "http://n.example/1"),
        ("</item><item><title>Title2", "<item><title>Title2"),
        ("Words1</description>", "Words1"),
        ("Words1</description></item>", "Words1</description><title>"),
        ("Words1", "<p>Words1 <br> and more</p>"),
        ("<item><title>Title1", "<item\xff><title>Title1"),
        ("Title1", "Title1 AT&T caf&eacute; &bogus; &#xD800;"),
    ],
)
def test_no_words_are_lost_to_a_missing_end_tag(sound: str, broken: str) -> None:
    assert FEED.count(sound) == 1
    parsed = read(FEED.replace(sound, broken).encode())
    told = " ".join(entry.title + " " + body_of(entry) for entry in parsed.entries)
    assert [f"Words{number}" for number in range(4) if f"Words{number}" not in told] == []


def test_a_feed_that_breaks_the_rules_of_xml_says_where() -> None:
    assert read(FEED.encode()).note == ""
    note = read(FEED.replace("Words1</description>", "Words1").encode()).note
    assert "not well-formed" in note
    assert "line" in note


def test_what_only_one_of_the_two_parsers_has_is_kept() -> None:
    torn = FEED.replace("Words1</description></item>", "Words1</description><title>")
    assert {entry.url[-1] for entry in read(torn.encode()).entries} >= {"0", "1", "3"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><head><title>Our news</title></head><body>hi</body></html>", "Our news"),
        (b"", "not a feed"),
        (b"just text", "text"),
        (b'{"a": 1}', "JSON"),
        (b'{"items": [', "damaged"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", ""),
    ],
)
def test_what_is_no_feed_is_told_for_what_it_is(body: bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read(body)
    assert words.lower() in str(caught.value).lower()


def test_entities_are_not_expanded_into_a_bomb() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(8)
    )
    body = bomb + b"]><rss version='2.0'><channel><title>&i;</title><item><title>&i;</title></item></channel></rss>"
    try:
        parsed = read(body)
    except UserError:
        return
    assert sum(len(entry.title) for entry in parsed.entries) < 10_000


def test_times_far_ahead_are_brought_back() -> None:
    (entry,) = read((SAMPLES / "odd.xml").read_bytes()).entries
    assert entry.published_at is None or entry.published_at <= NOW + timedelta(days=1)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_a_user_error(body: bytes) -> None:
    for one in (body, b"<rss><channel><item>" + body + b"</item></channel></rss>"):
        with suppress(UserError):
            for entry in read(one).entries:
                to_document(entry, feed_title="", feed_url="", now=NOW)
