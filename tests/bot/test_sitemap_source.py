"""Sitemaps: what is news in them, indexes, packed and hostile files."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed, Poll
from bot.ports import Reach
from bot.reading.pages.sitemaps import MAX_KEPT, MAX_URLS, parse_sitemap, words_of
from bot.reading.pages.sitemapwatch import MAX_VISITS
from bot.sources.sitemap import SitemapSource
from tests.bot.farm import bomb
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeWorker

HOME = "https://harbour.example"
URL = HOME + "/sitemap.xml"
FEED = Feed(id="f", kind="sitemap", url=URL)


def source(web: PageWeb) -> SitemapSource:
    return SitemapSource(web, FakeWorker(), lambda: NOON, timedelta(minutes=1))


def urlset(*items: str | tuple[str, str]) -> bytes:
    """`items` are paths, or (path, lastmod)."""
    rows = [item if isinstance(item, tuple) else (item, "") for item in items]
    urls = "".join(
        f"<url><loc>{HOME}{path}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</url>" for path, date in rows
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(*items: str | tuple[str, str]) -> bytes:
    return urlset(*items).replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>")


def after(feed: Feed, poll: Poll) -> Feed:
    return replace(feed, cursor=poll.cursor, polled_at=NOON)


def parse(body: bytes) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in parse_sitemap(body, "", URL, NOON).entries]


def paths(poll: Poll) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in poll.entries]


# ----------------------------------------------------------------------------------------------------------- reading


def test_a_news_sitemap_gives_headline_outlet_language_and_date() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><image:image><image:loc>/p.jpg</image:loc><image:title>A picture</image:title></image:image>
      <loc> https://harbour.example/s </loc><news:news><news:publication><news:name>Harbour Post</news:name>
      <news:language>en-GB</news:language></news:publication>
      <news:publication_date>2026-03-02T09:30:00+01:00</news:publication_date>
      <news:title>Storm &amp; tide caf&eacute; closes</news:title>
      <news:keywords>storm, harbour</news:keywords></news:news>
      </url></urlset>"""
    (entry,) = parse_sitemap(body, "", URL, NOON).entries
    assert (entry.url, entry.title) == ("https://harbour.example/s", "Storm & tide café closes")
    assert (entry.outlet, entry.lang, entry.tags) == ("Harbour Post", "en", ("storm", "harbour"))
    assert entry.published_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/2026/03/storm-closes-harbour-4711.html", "storm closes harbour"),
        ("/news/storm_closes/123456", "storm closes"),
        ("/%C3%BCber-den-hafen/", "über den hafen"),
        ("/4711", "harbour.example"),
        ("/", "harbour.example"),
    ],
)
def test_words_of_an_address_stand_in_for_a_headline(path: str, words: str) -> None:
    assert words_of(HOME + path) == words


def test_plain_lists_packed_files_and_namespaces_of_any_kind_are_read() -> None:
    assert parse(f"{HOME}/a-b\n{HOME}/c-d\n".encode()) == ["/a-b", "/c-d"]
    assert parse(gzip.compress(urlset("/a", "/b"))) == ["/a", "/b"]
    assert parse(b"<s:urlset xmlns:s='x'><s:url><s:loc>/a</s:loc></s:url></s:urlset>") == ["/a"]
    assert parse(
        "<?xml version='1.0' encoding='utf-16'?><urlset><url><loc>/ä</loc></url></urlset>".encode("utf-16")
    ) == ["/ä"]


def test_only_web_addresses_are_taken_and_each_once() -> None:
    body = "".join(
        f"<url><loc>{one}</loc></url>" for one in ("javascript:alert(1)", "file:///etc", "/a", "/a", "", "//")
    )
    assert parse(f"<urlset>{body}</urlset>".encode()) == ["/a"]


def test_a_file_that_breaks_off_gives_what_is_whole_and_says_so() -> None:
    body = urlset("/first", "/second", "/third")
    found = parse_sitemap(body[: body.index(b"/third") + 3], "", URL, NOON)
    assert [entry.url for entry in found.entries] == [HOME + "/first", HOME + "/second"]
    assert "breaks off" in found.note


@pytest.mark.parametrize("padding", [0, 6_000_000])
def test_entities_of_its_own_are_never_filled_in(padding: int) -> None:
    evil = (
        b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<urlset><url><loc>/&b;</loc></url><url><loc>/&f;</loc></url><url><loc>/fine</loc></url>"
    )
    found = parse_sitemap(evil + b" " * padding + b"</urlset>", "", URL, NOON)
    assert "aaaa" not in repr(found)
    assert "root:" not in repr(found)
    assert HOME + "/fine" in [entry.url for entry in found.entries]


def test_a_bomb_is_unpacked_to_the_limit_only() -> None:
    assert parse_sitemap(gzip.compress(b"<urlset>" + b" " * (60 << 20)), "", URL, NOON).note
    with pytest.raises(UserError, match="not a sitemap"):
        parse_sitemap(bomb("gzip", 200 << 20), "", URL, NOON)


def test_of_a_very_long_one_the_newest_are_watched() -> None:
    body = urlset(*((f"/a-{n}", f"2026-02-{1 + n % 28:02}") for n in range(MAX_URLS + 10)))
    found = parse_sitemap(body, "", URL, NOON)
    assert len(found.entries) == MAX_KEPT
    assert {entry.published_at for entry in found.entries} == {
        datetime(2026, 2, day, tzinfo=UTC) for day in (26, 27, 28)
    }
    assert "larger than sitemaps may be" in found.note
    assert "Only 5,000 of its 50,000" in found.note


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><title>Hello</title><body>", "a web page titled “Hello”"),
        (b"<rss><channel/></rss>", "XML of another kind"),
        (b"", "something else"),
        (b"\x1f\x8bdamaged", "something else"),
        (b"hello", "something else"),
    ],
)
def test_what_is_no_sitemap_is_told_with_a_cure(body: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        parse_sitemap(body, "", URL, NOON)
    assert caught.value.cure


# ---------------------------------------------------------------------------------------------------------- watching


async def test_new_addresses_are_entries_oldest_first_and_a_newer_date_is_no_news() -> None:
    web = PageWeb({URL: urlset(("/a", "2026-03-01"))})
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    web.pages[URL] = urlset(("/c", "2026-03-02T11:00:00Z"), ("/a", "2026-03-02"), ("/b", "2026-03-02T10:00:00Z"))
    assert paths(await sitemap.poll(feed)) == ["/b", "/c"]


async def test_undated_addresses_count_when_they_were_not_there() -> None:
    web = PageWeb({URL: urlset("/a")})
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    web.pages[URL] = urlset("/a", "/b")
    assert paths(await sitemap.poll(feed)) == ["/b"]


async def test_what_is_long_past_is_no_news_when_it_turns_up() -> None:
    web = PageWeb({URL: urlset(("/a", "2026-03-01"))})
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    web.pages[URL] = urlset(("/a", "2026-03-01"), ("/from-the-archive", "2019-05-05"), ("/of-yesterday", "2026-03-01"))
    assert paths(await sitemap.poll(feed)) == ["/of-yesterday"]


async def test_an_empty_sitemap_that_fills_gives_news() -> None:
    web = PageWeb({URL: b"<urlset></urlset>"})
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    web.pages[URL] = urlset("/a")
    assert paths(await sitemap.poll(feed)) == ["/a"]


async def test_a_lost_cursor_brings_no_flood() -> None:
    web = PageWeb({URL: urlset("/a", "/b")})
    sitemap = source(web)
    feed = replace(FEED, cursor="damaged", polled_at=NOON)
    poll = await sitemap.poll(feed)
    assert paths(poll) == []
    web.pages[URL] = urlset("/a", "/b", "/c")
    assert paths(await sitemap.poll(after(feed, poll))) == ["/c"]


async def test_an_unchanged_one_is_asked_for_politely_and_not_read() -> None:
    web = PageWeb({URL: urlset("/a")}, validating=True)
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    poll = await sitemap.poll(feed)
    assert poll.unchanged
    assert "if-none-match" in web.visits[-1][1]
    web.pages[URL] = urlset("/a", "/b")
    assert paths(await sitemap.poll(after(feed, poll))) == ["/b"]


# ------------------------------------------------------------------------------------------------------------ indexes


async def test_of_an_index_the_files_that_changed_are_visited() -> None:
    web = PageWeb({URL: index(("/jan.xml", "2026-01-31"), ("/mar.xml", "2026-03-01"))})
    web.pages |= {HOME + "/jan.xml": urlset("/old"), HOME + "/mar.xml": urlset("/new")}
    sitemap = source(web)
    first = await sitemap.poll(FEED)
    assert sorted(paths(first)) == ["/new", "/old"]
    web.visits.clear()
    web.pages[URL] = index(("/jan.xml", "2026-01-31"), ("/mar.xml", "2026-03-02"))
    web.pages[HOME + "/mar.xml"] = urlset("/new", "/newer")
    assert paths(await sitemap.poll(after(FEED, first))) == ["/newer"]
    assert web.asked == [URL, HOME + "/mar.xml"]


async def test_all_of_a_file_that_is_named_later_is_news() -> None:
    web = PageWeb({URL: index("/one.xml"), HOME + "/one.xml": urlset("/a"), HOME + "/two.xml": urlset("/b", "/c")})
    sitemap = source(web)
    feed = after(FEED, await sitemap.poll(FEED))
    web.pages[URL] = index("/one.xml", "/two.xml")
    assert paths(await sitemap.poll(feed)) == ["/b", "/c"]


async def test_files_without_dates_take_turns_and_what_they_held_before_is_no_news() -> None:
    names = [f"/part-{n}.xml" for n in range(15)]
    web = PageWeb({URL: index(*names)})
    web.pages |= {HOME + name: urlset(f"/of{name[:-4]}") for name in names}
    sitemap, feed = source(web), FEED
    told = []
    for _ in range(6):
        poll = await sitemap.poll(feed)
        assert len(web.visits) <= MAX_VISITS + 1
        web.visits.clear()
        told.append(len(poll.entries))
        feed = after(feed, poll)
    assert told == [MAX_VISITS, 0, 0, 0, 0, 0]
    for name in names:
        web.pages[HOME + name] = urlset(f"/of{name[:-4]}", f"/newly{name[:-4]}")
    found = []
    for _ in range(4):
        poll = await sitemap.poll(feed)
        found += paths(poll)
        feed = after(feed, poll)
    assert sorted(found) == sorted(f"/newly{name[:-4]}" for name in names)


async def test_an_index_within_an_index_is_read_and_one_deeper_is_not() -> None:
    web = PageWeb({URL: index("/inner.xml"), HOME + "/inner.xml": index("/leaf.xml", "/deep.xml")})
    web.pages |= {HOME + "/leaf.xml": urlset("/a"), HOME + "/deep.xml": index("/deeper.xml")}
    poll = await source(web).poll(FEED)
    assert paths(poll) == ["/a"]
    assert HOME + "/deeper.xml" not in web.asked
    assert "that deep is not read" in poll.note


async def test_indexes_that_name_each_other_end() -> None:
    web = PageWeb({URL: index("/b.xml"), HOME + "/b.xml": index("/sitemap.xml", "/b.xml")})
    feed = FEED
    for _ in range(3):
        feed = after(feed, await source(web).poll(feed))
    assert len(web.visits) <= 3 * (MAX_VISITS + 1)


async def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    web = PageWeb({URL: index("/gone.xml", "/there.xml"), HOME + "/there.xml": urlset("/a")})
    poll = await source(web).poll(FEED)
    assert paths(poll) == ["/a"]
    assert "1 of the 2 files" in poll.note
    web = PageWeb({URL: index("/x.xml"), HOME + "/x.xml": TransientError("it is slow")})
    with pytest.raises(TransientError, match="it is slow"):
        await source(web).poll(FEED)


async def test_a_giant_index_makes_a_small_cursor() -> None:
    names = [f"/p{n}.xml" for n in range(2_000)]
    web = PageWeb({URL: index(*names)})
    web.pages |= {HOME + name: urlset(*(f"/{n}{name}" for n in range(2_000))) for name in names[-60:]}
    feed = FEED
    for _ in range(9):
        poll = await source(web).poll(feed)
        feed = after(feed, poll)
    assert len(feed.cursor) < 250_000
    assert "files" in poll.note


# ---------------------------------------------------------------------------------------------------------- discovery


async def test_discovery_shows_the_newest_item_even_behind_an_index() -> None:
    web = PageWeb({URL: index(("/a.xml", "2026-01-01"), ("/b.xml", "2026-03-01"))})
    web.pages[HOME + "/b.xml"] = urlset(("/storm-closes-harbour", "2026-03-01"))
    (found,) = await source(web).discover(URL)
    assert (found.kind, found.url, found.newest_title) == ("sitemap", URL, "storm closes harbour")
    assert found.newest_at == datetime(2026, 3, 1, tzinfo=UTC)


async def test_a_robots_txt_leads_to_the_sitemaps_that_it_names() -> None:
    robots = f"User-agent: *\nDisallow: /x\nSitemap: {HOME}/news-sitemap.xml\nsitemap: {HOME}/gone.xml\n"
    web = PageWeb({HOME + "/robots.txt": robots.encode(), HOME + "/news-sitemap.xml": urlset("/a-b")})
    assert [one.url for one in await source(web).discover(HOME + "/robots.txt")] == [HOME + "/news-sitemap.xml"]
    with pytest.raises(UserError, match="names no sitemap"):
        await source(PageWeb({HOME + "/robots.txt": b"User-agent: *"})).discover(HOME + "/robots.txt")


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        (URL, True),
        ("harbour.example/sitemap_index.xml", True),
        (HOME + "/map.xml.gz", True),
        (HOME + "/robots.txt", True),
        (HOME + "/feed.xml", False),
        ("https://sitemap.example/", False),
        ("https://[::1", False),
    ],
)
def test_only_addresses_that_look_like_sitemaps_are_taken(url: str, taken: bool) -> None:
    assert source(PageWeb()).accepts(url) == (Reach.LISTS if taken else Reach.NONE)


async def test_an_address_that_became_something_else_is_an_error_in_words() -> None:
    with pytest.raises(PermanentError, match="not a sitemap: it looks like a web page"):
        await source(PageWeb({URL: b"<html><body>Hi"})).poll(FEED)
