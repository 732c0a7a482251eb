"""Where feeds keep what an item says: each odd place is read, and nothing swallows the words behind it."""

import gzip
from datetime import UTC, datetime

import pytest

from bot.model import Entry
from bot.reading.feeds.parse import ParsedFeed, parse_feed
from bot.reading.feeds.targets import target_of
from bot.reading.text.extract import to_document
from bot.reading.text.htmltext import html_to_text

NOW = datetime(2026, 12, 3, tzinfo=UTC)
SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:a10='http://www.w3.org/2005/Atom' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
)


def read(body: str | bytes) -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, "", "https://quay.example/feed", NOW)


def rss(fields: str) -> Entry:
    feed = f"<rss version='2.0' {SPACES}><channel><title>Quay</title><item>{fields}</item></channel></rss>"
    (entry,) = read(feed).entries
    return entry


def atom(fields: str, head: str = "") -> Entry:
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title>{head}<entry>{fields}</entry></feed>"
    (entry,) = read(feed).entries
    return entry


def text(entry: Entry) -> str:
    return to_document(entry, feed_title="", feed_url="", now=NOW).body


@pytest.mark.parametrize(
    "fields",
    [
        "<description>Tug.</description><content:encoded>Tug. Crane fell.</content:encoded>",
        "<description>Crane fell.</description><content:encoded>Tug.</content:encoded>",
        "<atom:content type='html'>&lt;p&gt;Crane fell.&lt;/p&gt;</atom:content>",
        "<a10:content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Crane fell.</p></div></a10:content>",
        "<atom:summary>Crane fell.</atom:summary>",
        "<body xmlns='http://www.w3.org/1999/xhtml'><p>Crane fell.</p></body>",
        "<description><p>Crane <b>fell</b>.</p></description>",
        "<media:group><media:description>Crane fell.</media:description></media:group>",
        "<description><![CDATA[<iframe src='v'/>Crane fell.]]></description>",
        "<title>Pier</title><content:encoded/><description>Crane fell.</description>",
    ],
)
def test_the_text_of_an_rss_item_is_read_wherever_it_stands(fields: str) -> None:
    assert "Crane fell." in text(rss(fields))


def test_a_teaser_that_the_article_repeats_is_not_told_twice() -> None:
    entry = rss("<description>Crane fe...</description><content:encoded>Crane fell. Tug.</content:encoded>")
    assert text(entry) == "Crane fell. Tug."


def test_xhtml_with_a_prefix_is_html() -> None:
    feed = (
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns:h='http://www.w3.org/1999/xhtml'><a:title>Quay</a:title>"
        "<a:entry><a:title>Pier</a:title><a:content type='xhtml'><h:div><h:p>Tug.</h:p><h:script src='w.js'/>"
        "<h:p>Crane.</h:p></h:div></a:content></a:entry></a:feed>"
    )
    parsed = read(feed)
    assert (parsed.title, parsed.entries[0].title) == ("Quay", "Pier")
    assert text(parsed.entries[0]) == "Tug.\n\nCrane."


@pytest.mark.parametrize(
    "name", ["iframe", "script", "svg", "object", "select", "textarea", "noscript", "template", "style", "head"]
)
def test_what_is_empty_or_never_closed_swallows_nothing(name: str) -> None:
    for tag in (f"<{name}/>", f"<{name} src='x' />", f"<{name}></{name}>", f"<{name}>", f"<{name} src='x'>"):
        assert "Crane" in html_to_text(f"<p>Tug.</p>{tag}<p>Crane.</p>"), tag
        assert "Crane" in html_to_text(f"<p>Tug.</p>{tag}<p>Crane.</p><{name}>x</{name}>"), tag
    assert "var" not in html_to_text("<p>Tug.</p><script>var x = 1; <p>Crane.</p>")


def test_controls_that_are_windows_signs_are_read_as_such() -> None:
    entry = rss("<title>Kyiv\x96Lviv</title><description>They don\x92t</description>")
    assert (entry.title, text(entry)) == ("Kyiv\u2013Lviv", "They don\u2019t")


def test_base64_of_atom_03_is_unpacked() -> None:
    entry = atom(
        "<title mode='base64'>Q3JhbmU=</title><content mode='base64' type='text/html'>PHA+VHVnPC9wPg==</content>"
    )
    assert (entry.title, text(entry)) == ("Crane", "Tug")


def test_plain_entities_of_the_feed_itself_are_known_and_no_others() -> None:
    dtd = "<!DOCTYPE rss [<!ENTITY port 'Oststadt'><!ENTITY file SYSTEM 'file:///x'><!ENTITY deep '&port;'>]>"
    items = "<item><title>&port; &file; &deep;</title></item>"
    (entry,) = read(f"<?xml version='1.0'?>{dtd}<rss version='2.0'><channel>{items}</channel></rss>").entries
    assert entry.title == "Oststadt &file; &deep;"


def test_entities_that_would_make_a_feed_much_longer_stay_as_they_are() -> None:
    dtd = f"<!DOCTYPE rss [<!ENTITY a '{'x' * 900}'>]>"
    (entry,) = read(
        f"{dtd}<rss version='2.0'><channel><item><title>{'&a;' * 5_000}</title></item></channel></rss>"
    ).entries
    assert "xxx" not in entry.title


FEED = "<rss version='2.0'><channel><title>Quay</title><item><title>Crane</title></item></channel></rss>"
ENTRY = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Crane</title><link href='https://quay.example/1'/></entry>"


@pytest.mark.parametrize(
    "body",
    [
        FEED.encode("utf-32"),
        FEED.encode("utf-32-le"),
        FEED.encode("utf-32-be"),
        FEED.encode("utf-16-le"),
        gzip.compress(FEED.encode()),
        ENTRY.encode(),
        b"<?xml version='1.0'?>\n" + ENTRY.encode(),
        f"<html><body><feed xmlns='http://www.w3.org/2005/Atom'>{ENTRY}</feed></body></html>".encode(),
    ],
)
def test_a_feed_is_known_in_any_wrapping(body: bytes) -> None:
    assert [entry.title for entry in read(body).entries] == ["Crane"]


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ("<atom:link rel='self' href='https://q.example/s'/><link>https://q.example/1</link>", "https://q.example/1"),
        ("<atom:link href='https://q.example/a'/><link>https://q.example/1</link>", "https://q.example/1"),
        ("<a10:link href='https://q.example/1'/>", "https://q.example/1"),
        ("<guid>https://q.example/1</guid>", "https://q.example/1"),
        ("<guid isPermaLink='false'>https://q.example/1</guid>", ""),
        ("<link>https://q.example/a b.html</link>", "https://q.example/a%20b.html"),
        ("<link>\n https://q.example/\n  1 </link>", "https://q.example/1"),
        ("<link>/#/news/1</link>", "https://quay.example/#/news/1"),
        (
            "<link>https://f.example/~r/1</link><feedburner:origLink>https://q.example/1</feedburner:origLink>",
            "https://q.example/1",
        ),
        ("<guid isPermaLink='false'>1</guid><enclosure url='https://q.example/1.mp3'/>", "https://q.example/1.mp3"),
        ("<link>https://www.google.com/url?sa=t&amp;url=https://q.example/1&amp;ct=ga</link>", "https://q.example/1"),
    ],
)
def test_the_link_of_an_rss_item(fields: str, link: str) -> None:
    assert rss(f"<title>Crane</title>{fields}").url == link


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ("<link rel='alternate' type='application/json' href='/1.json'/><link type='text/html' href='/1'/>", "/1"),
        ("<link rel='edit' href='/edit'/><link rel='replies' href='/r'/><link href='/1'/>", "/1"),
        ("<link rel='enclosure' href='/1.mp3'/><link rel='alternate' href='/1'/>", "/1"),
        ("<id>https://quay.example/1</id>", "/1"),
        ("<id>tag:quay.example,2026:1</id><link rel='self' href='/1.atom'/>", ""),
    ],
)
def test_the_link_of_an_atom_entry(fields: str, link: str) -> None:
    assert atom(f"<title>Crane</title>{fields}").url == (f"https://quay.example{link}" if link else "")


def test_the_base_of_an_entry_goes_before_that_of_its_feed() -> None:
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://quay.example/'><title>Quay</title>"
        "<entry xml:base='2026/'><title>Crane</title><link href='one.html'/></entry>"
        "<entry><title>Tug</title><link xml:base='https://old.example/' href='two.html'/></entry></feed>"
    )
    assert [entry.url for entry in read(feed).entries] == [
        "https://quay.example/2026/one.html",
        "https://old.example/two.html",
    ]


@pytest.mark.parametrize(
    ("wrapper", "page"),
    [
        ("https://www.google.com/url?rct=j&url=https://q.example/a%3Fb%3D1&ct=ga", "https://q.example/a?b=1"),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fq.example%2f1&c=2",
            "https://q.example/1",
        ),
        ("https://duckduckgo.com/l/?uddg=https%3A%2F%2Fq.example%2F1", "https://q.example/1"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fq.example%2F1&h=x", "https://q.example/1"),
        (
            "https://www.google.com/url?q=https://n.example/go?to=https%253A%252F%252Fq.example%252F1",
            "https://q.example/1",
        ),
        (
            "https://r.search.yahoo.com/_ylt=A0/RV=2/RE=17/RO=10/RU=https%3a%2f%2fq.example%2f1/RK=2/RS=x-",
            "https://q.example/1",
        ),
        ("https://q.example/share?url=https://other.example/1", ""),
        ("https://q.example/story?ref=https://other.example/1", ""),
        ("https://q.example/url?url=nothing", ""),
        ("https://q.example/login/go?next=/1", ""),
    ],
)
def test_the_page_behind_a_link_that_leads_on(wrapper: str, page: str) -> None:
    assert target_of(wrapper) == (page or wrapper)


def test_an_address_keeps_its_route_and_its_part_of_the_page() -> None:
    made = to_document(Entry(id="1", url="https://spa.example/#/news/1"), feed_title="", feed_url="", now=NOW)
    assert made.url == "https://spa.example/#/news/1"
    made = to_document(Entry(id="1", url="https://spa.example/1#comments"), feed_title="", feed_url="", now=NOW)
    assert made.url == "https://spa.example/1#comments"


def test_who_wrote_an_entry() -> None:
    name = "<author><name>Ada Kruse</name></author>"
    assert atom("<title>Crane</title>", head=name).author == "Ada Kruse"
    assert atom("<title>Crane</title><author><name>Bo</name></author>", head=name).author == "Bo"
    assert rss("<title>Crane</title><a10:author><a10:name>Ada</a10:name></a10:author>").author == "Ada"
    assert rss("<title>Crane</title><author>desk@q.example</author><dc:creator>Ada</dc:creator>").author == "Ada"


@pytest.mark.parametrize(
    ("space", "channel", "items"),
    [
        ("http://my.netscape.com/rdf/simple/0.9/", "<channel><title>Quay</title></channel>{}", "rdf:RDF"),
        ("http://purl.org/rss/1.0/", "<channel><title>Quay</title></channel>{}", "rdf:RDF"),
        ("http://purl.org/net/rss1.1#", "<title>Quay</title><items>{}</items>", "Channel"),
    ],
)
def test_what_an_old_feed_is_called(space: str, channel: str, items: str) -> None:
    item = "<item><title>Crane</title><link>https://q.example/1</link></item>"
    names = f"xmlns='{space}' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    parsed = read(f"<{items} {names}>{channel.format(item)}</{items}>")
    assert (parsed.title, [entry.url for entry in parsed.entries]) == ("Quay", ["https://q.example/1"])


def test_a_guid_is_no_date_and_a_date_that_nobody_knows_hides_no_other() -> None:
    assert rss("<title>Crane</title><guid>tag:q.example,2026-11-29:1</guid>").published_at is None
    entry = rss("<title>Crane</title><pubDate>soon</pubDate><dc:date>2026-11-29T09:05:00Z</dc:date>")
    assert entry.published_at == datetime(2026, 11, 29, 9, 5, tzinfo=UTC)


def test_a_broken_feed_of_more_items_than_are_kept_is_read_in_part_and_says_so() -> None:
    parsed = read("<rss version='2.0'><channel><title>Quay</title>" + "<item><title>Crane" * 6_000 + "</channel></rss>")
    assert len(parsed.entries) == 5_000
    assert "5000 of about 6000" in parsed.note


def test_a_bomb_is_unpacked_no_further_than_a_feed_may_be_long() -> None:
    feed = gzip.compress(FEED.replace("Crane", "x" * 50_000_000).encode())
    assert "breaks off" in read(feed).note
