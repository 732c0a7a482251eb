"""Pages: which links and which changes of text count, and which never do."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PermanentError, UserError
from bot.model import Feed, Poll, Response
from bot.reading.pages import pagewatch
from bot.reading.pages.linkidentity import link_identity
from bot.reading.pages.pagewatch import Watch
from bot.reading.text.pagenoise import meaning, without_counters
from bot.sources.page import PageSource
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeWorker

URL = "https://harbour.example/news"


def source(web: PageWeb) -> PageSource:
    return PageSource(web, FakeWorker(), lambda: NOON, timedelta(minutes=1))


def after(feed: Feed, poll: Poll) -> Feed:
    return replace(feed, cursor=poll.cursor, url=poll.moved_to or feed.url, polled_at=NOON)


async def seen_twice(before: str, now: str, address: str) -> Poll:
    """What a second visit finds, when the page went from `before` to `now`."""
    web = PageWeb({URL: before.encode()})
    pages, feed = source(web), Feed(id="f", kind="page", url=address)
    feed = after(feed, await pages.poll(feed))
    web.pages[URL] = now.encode()
    return await pages.poll(feed)


def listing(*articles: tuple[str, str]) -> str:
    items = "".join(f'<li><a href="{href}">{title}</a></li>' for href, title in articles)
    return (
        "<html lang=en-GB><head><title>Harbour news</title></head><body>"
        "<nav><a href=/all>All of our sections here</a></nav>"
        f"<main><ul class=list>{items}</ul></main><footer><a href=/about-this-site>About this site and us</a></footer>"
    )


STORM = ("/2026/storm", "Storm closes the harbour for two days")
FERRY = ("/2026/ferry", "Ferry to the islands runs again on Monday")
CRANE = ("/2026/crane", "New crane lifts its first container today")


# ------------------------------------------------------------------------------------------------------------ links


async def test_links_that_were_not_there_before_are_entries_oldest_first() -> None:
    poll = await seen_twice(listing(STORM), listing(CRANE, FERRY, STORM), URL + "#links")
    assert [entry.title for entry in poll.entries] == [FERRY[1], CRANE[1]]
    assert poll.entries[0].url == "https://harbour.example/2026/ferry"
    assert poll.entries[0].lang == "en"


async def test_menus_footers_and_links_to_the_page_itself_are_no_articles() -> None:
    web = PageWeb(
        {URL: listing(STORM, ("#top", "Back to the top of this page"), ("/news", "All of the news here")).encode()}
    )
    poll = await source(web).poll(Feed(id="f", kind="page", url=URL + "#links"))
    assert [entry.title for entry in poll.entries] == [STORM[1]]


async def test_a_link_that_comes_back_is_not_new() -> None:
    web = PageWeb({URL: listing(STORM, FERRY).encode()})
    pages, feed = source(web), Feed(id="f", kind="page", url=URL + "#links")
    for articles in ((STORM, FERRY), (CRANE, FERRY)):
        web.pages[URL] = listing(*articles).encode()
        feed = after(feed, await pages.poll(feed))
    web.pages[URL] = listing(STORM, CRANE).encode()
    assert (await pages.poll(feed)).entries == ()


async def test_session_ids_tracking_and_counters_make_no_new_link() -> None:
    before = listing(("/a;jsessionid=12AB?id=7", "Storm closes the harbour (12 comments)"))
    now = listing(("/a;jsessionid=99ZZ?id=7&utm_source=x&PHPSESSID=1", "Storm closes the harbour (13 comments)"))
    poll = await seen_twice(before, now, URL + "#links")
    assert poll.entries == ()


async def test_a_chosen_part_gives_short_links_too_and_nothing_beside_it() -> None:
    html = "<title>T</title><p><a href=/x>A long headline outside of it</a></p><div id=n><a href=/y>Ferry</a></div>"
    web = PageWeb({URL: html.encode()})
    poll = await source(web).poll(Feed(id="f", kind="page", url=URL + "#links=%23n"))
    assert [(entry.title, entry.url) for entry in poll.entries] == [("Ferry", "https://harbour.example/y")]


async def test_date_and_teaser_come_from_the_article_box() -> None:
    html = (
        "<article><h2><a href=/s>Storm closes the harbour</a></h2><time datetime=2026-03-01T08:00:00Z>1 March</time>"
        "<p>No ship leaves before Tuesday.</p></article>"
    )
    poll = await source(PageWeb({URL: html.encode()})).poll(Feed(id="f", kind="page", url=URL + "#links"))
    assert poll.entries[0].published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert "No ship leaves before Tuesday." in poll.entries[0].content


async def test_a_lost_cursor_brings_no_flood() -> None:
    web = PageWeb({URL: listing(STORM, FERRY).encode()})
    feed = Feed(id="f", kind="page", url=URL + "#links", cursor="damaged", polled_at=NOON)
    poll = await source(web).poll(feed)
    assert poll.entries == ()
    web.pages[URL] = listing(CRANE, STORM).encode()
    assert [entry.title for entry in (await source(web).poll(after(feed, poll))).entries] == [CRANE[1]]


async def test_a_page_that_moved_keeps_its_part_and_its_memory() -> None:
    new = "https://www.harbour.example/news"
    web = PageWeb({URL: listing(STORM).encode()})
    pages, feed = source(web), Feed(id="f", kind="page", url=URL + "#links=main")
    feed = after(feed, await pages.poll(feed))
    body = listing(("https://harbour.example/2026/storm", STORM[1]), CRANE).encode()
    web.pages[URL] = Response(url=new, status=200, headers={}, body=body, moved_to=new)
    poll = await pages.poll(feed)
    assert poll.moved_to == new + "#links=main"
    assert [entry.title for entry in poll.entries] == [CRANE[1]]
    web.pages[new] = body + b"<!-- -->"
    assert (await pages.poll(after(feed, poll))).entries == ()


# ------------------------------------------------------------------------------------------------------------- text


def state(text: str) -> str:
    return f"<title>Port state</title><body><p>Menu of this day</p><div id=state>{text}</div></body>"


async def test_changed_text_of_a_part_tells_what_came_and_what_went() -> None:
    poll = await seen_twice(
        state("<p>Open</p><p>Depth 9 m</p>"), state("<p>Closed</p><p>Depth 9 m</p>"), URL + "#text=%23state"
    )
    (entry,) = poll.entries
    assert entry.content == "Closed\n\nRemoved: Open"
    assert entry.title == "Closed · Port state"
    assert entry.url == URL


async def test_a_part_that_changes_back_is_news_again() -> None:
    web = PageWeb({URL: state("<p>Open</p>").encode()})
    pages, feed = source(web), Feed(id="f", kind="page", url=URL + "#text=%23state")
    told = []
    for word in ("Open", "Closed", "Open"):
        web.pages[URL] = state(f"<p>{word}</p>").encode()
        poll = await pages.poll(feed)
        told += [entry.content for entry in poll.entries]
        feed = after(feed, poll)
    assert told == ["Open", "Closed\n\nRemoved: Open", "Open\n\nRemoved: Closed"]


async def test_a_box_that_rotates_on_a_whole_page_falls_silent() -> None:
    web = PageWeb()
    pages, feed = source(web), Feed(id="f", kind="page", url=URL + "#text")
    story = (
        "<article>"
        + "".join(f"<p>Paragraph {n} of the long report on the harbour.</p>" for n in range(9))
        + "</article>"
    )
    counts = []
    for quote in ("first", "second", "first", "second", "first"):
        web.pages[URL] = f"<title>Port</title><body>{story}<p>Quote: the {quote} wise word.</p></body>".encode()
        poll = await pages.poll(feed)
        counts.append(len(poll.entries))
        feed = after(feed, poll)
    assert counts == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Last updated: 2 March 2026, 12:00", "Last updated: 3 March 2026, 9:15"),
        ("5 minutes ago", "2 hours ago"),
        ("vor 5 Minuten", "vor 2 Stunden"),
        ("1,204 views", "1,377 views"),
        ("Harbour closed · 12 comments", "Harbour closed · 31 comments"),
        ("Monday 2 March 2026", "Tuesday 3 March 2026"),
        ("12:00:01", "12:00:59"),
    ],
)
async def test_clocks_and_counters_are_no_news(before: str, now: str) -> None:
    assert (await seen_twice(state(before), state(now), URL + "#text=%23state")).entries == ()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Tenders close on 5 March 2026", "Tenders close on 9 March 2026"),
        ("Price: 10", "Price: 12"),
        ("Berths free: 4", "Berths free: 0"),
    ],
)
async def test_dates_and_numbers_that_are_the_message_are_news(before: str, now: str) -> None:
    (entry,) = (await seen_twice(state(before), state(now), URL + "#text=%23state")).entries
    assert entry.content == f"{now}\n\nRemoved: {before}"


async def test_lines_that_only_move_are_no_news() -> None:
    poll = await seen_twice(state("<p>One ship<p>Two boats"), state("<p>Two boats<p>One ship"), URL + "#text=%23state")
    assert poll.entries == ()


# --------------------------------------------------------------------------------------------------------- the visit


async def test_an_unchanged_page_is_asked_for_politely_and_not_read() -> None:
    web = PageWeb({URL: listing(STORM).encode()}, validating=True)
    pages, feed = source(web), Feed(id="f", kind="page", url=URL + "#links")
    feed = after(feed, await pages.poll(feed))
    poll = await pages.poll(feed)
    assert poll.unchanged
    assert "if-none-match" in web.visits[-1][1]
    assert all(robots for _, _, robots in web.visits)


async def test_the_crawl_delay_is_the_least_pause() -> None:
    answer = Response(
        url=URL, status=200, headers={"crawl-delay": "900", "cache-control": "max-age=60"}, body=listing(STORM).encode()
    )
    poll = await source(PageWeb({URL: answer})).poll(Feed(id="f", kind="page", url=URL + "#links"))
    assert poll.wait == timedelta(minutes=15)


async def test_a_part_that_is_gone_is_an_error_and_not_silence() -> None:
    with pytest.raises(PermanentError, match=r"“\.list” of .* is not there"):
        await seen_twice(listing(STORM), "<title>New look</title><body><p>Hello</p>", URL + "#links=.list")


async def test_discovery_offers_links_and_text_and_shows_the_newest() -> None:
    web = PageWeb({URL: listing(STORM, FERRY, CRANE).encode()})
    found = await source(web).discover(URL)
    assert [one.url for one in found] == [URL + "#links", URL + "#text"]
    assert (found[0].newest_title, found[0].entries) == (STORM[1], 3)


@pytest.mark.parametrize("typed", ["https://harbour.example/news links main .list", URL + "#links=main%20.list"])
async def test_a_chosen_part_is_discovered_as_typed_and_as_kept(typed: str) -> None:
    found = await source(PageWeb({URL: listing(STORM).encode()})).discover(typed)
    assert [one.url for one in found] == [URL + "#links=main%20.list"]


@pytest.mark.parametrize(
    ("body", "typed", "words"),
    [
        (b"<body><p>Hi", "links .nothing", "The part “.nothing” of .* is not there"),
        (b"<body><p>Hi", "links p[", "“p\\[” is not a CSS selector"),
        (b"%PDF-1.4 \0", "text", "The PDF is damaged"),
        (b"%PDF-1.4 \0", "links", "not a web page: it looks like a PDF file"),
        (b"", "text", "not a web page"),
        (b"<?xml version='1.0'?><!-- x --><urlset><url/></urlset>", "", "looks like a sitemap"),
        (b"<rss><channel><title>A feed of news", "", "not a web page"),
        (b'{"html": "<p>x"}', "", "not a web page"),
        (b"<body><div id=app></div><script>x</script>", "", "shows nothing without JavaScript"),
        (b"<body><div id=app></div>", "", "has no links to articles and no text"),
    ],
)
async def test_what_cannot_be_watched_is_told_with_a_cure(body: bytes, typed: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        await source(PageWeb({URL: body})).discover(f"{URL} {typed}")
    assert caught.value.cure


# --------------------------------------------------------------------------------------------------- address and noise


@pytest.mark.parametrize(
    ("text", "watch"),
    [
        ("https://x.example/a links main .list", Watch(url="https://x.example/a", mode="links", select="main .list")),
        ("https://x.example/a text .price", Watch(url="https://x.example/a", mode="text", select=".price")),
        ("https://x.example/a select #n li", Watch(url="https://x.example/a", select="#n li")),
        ("https://x.example/a#links=main%20.list", Watch(url="https://x.example/a", mode="links", select="main .list")),
        ("https://x.example/a#text", Watch(url="https://x.example/a", mode="text")),
        ("https://x.example/a#comments", Watch(url="https://x.example/a")),
        ("x.example/a links", Watch(url="https://x.example/a", mode="links")),
    ],
)
def test_addresses_of_watched_pages(text: str, watch: Watch) -> None:
    assert pagewatch.read(text)[0] == watch
    assert pagewatch.read(pagewatch.written(watch))[0] == (watch if watch.mode else Watch(url=watch.url))


@pytest.mark.parametrize(
    "text", ["https://x.example/a selects p", "https://x.example/a select", "links main", "", "@x text"]
)
def test_what_is_no_watched_page(text: str) -> None:
    assert pagewatch.read(text) == []


@pytest.mark.parametrize(
    "line", ["mar1" + "marmar" * 30_000, "1 " * 50_000, "updated " * 20_000 + "1", "1.,' " * 30_000]
)
def test_noise_is_found_in_little_time(line: str) -> None:
    began = time.process_time()
    meaning(line)
    assert time.process_time() - began < 0.5


def test_a_headline_keeps_its_own_numbers() -> None:
    assert without_counters("12 comments that changed the harbour") != ""
    assert without_counters("Storm closes harbour (12 comments)") == "Storm closes harbour"
    assert without_counters("7 ships wait") == "7 ships wait"
    assert link_identity("https://x.example/a;jsessionid=1?id=2&sid=9") == "https://x.example/a?id=2"


def test_the_cursor_stays_small() -> None:
    from bot.reading.pages.pagetext import MAX_SEEN, remembered

    seen = remembered([], [f"Line number {n} of the harbour" for n in range(5_000)])
    assert len(seen) == MAX_SEEN
    assert len(json.dumps(seen)) < 30_000


def test_an_address_says_itself_whether_a_page_is_meant() -> None:
    chosen = [
        "https://x.example/a links",
        "https://x.example/a select p",
        "https://x.example/a#text",
        "x.example#links=p",
    ]
    assert all(pagewatch.is_chosen(text) for text in chosen)
    assert not any(
        pagewatch.is_chosen(text) for text in ("https://x.example/a", "https://x.example/a#links-of-today", "@x")
    )
