"""What a page says of its article, at both looks: when to the minute, its title without the site, and who wrote it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.reading.articles.bylines import people, without_site
from bot.reading.text.extract import Article, main_text, with_article
from rules import Document

URL = "https://daily-courier.example/ferry"
TEXT = "<p>Two tugboats freed the ferry near Kessendorf on Sunday night, the harbour master said to reporters.</p>" * 4
EXACT = datetime(2026, 11, 29, 20, 40, tzinfo=UTC)
DAY = datetime(2026, 11, 29, tzinfo=UTC)
AT, DATE = "2026-11-29T21:40:00+01:00", "2026-11-29"


def page(head: str = "", before: str = "", title: str = "Ferry runs aground") -> str:
    return (
        f'<html lang="en"><head><title>{title}</title>{head}</head><body><article><h1>Ferry runs aground</h1>{before}'
        f"{TEXT}</article></body></html>"
    )


def linked(thing: object) -> str:
    return f'<script type="application/ld+json">{thing if isinstance(thing, str) else json.dumps(thing)}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta {"property" if ":" in name else "name"}="{name}" content="{value}">'


NEWS = {"@type": "NewsArticle", "datePublished": AT}
OTHER = {"@type": "NewsArticle", "url": "https://daily-courier.example/zoo", "datePublished": "2026-11-20T08:00:00Z"}
BYLINE = NEWS | {"author": [{"@type": "Person", "name": "Ada Kruse"}]}
EXACTLY = {
    "JSON-LD": page(linked(NEWS)),
    "in a graph": page(linked({"@graph": [{"@type": "WebSite", "datePublished": "2001-01-01T10:00Z"}, NEWS]})),
    "in an array": page(linked([{"@type": "Organization", "name": "Courier"}, NEWS])),
    "of two types": page(linked({"@type": ["Thing", "https://schema.org/NewsArticle"], "datePublished": AT})),
    "the page's subject": page(linked({"@type": "WebPage", "mainEntity": NEWS})),
    "the article, not its page": page(linked([{"@type": "WebPage", "datePublished": "2020-01-01T08:00Z"}, NEWS])),
    "the article with this address": page(linked([OTHER, NEWS | {"mainEntityOfPage": {"@id": URL}}])),
    "published, not changed": page(linked({"dateModified": "2026-11-30T09:00:00Z"} | NEWS)),
    "JSON with a wrong comma": page(linked(f'{{"@type":"NewsArticle","datePublished":"{AT}",}}')),
    "JSON in a comment": page(linked(f"<!-- {json.dumps(NEWS)} -->")),
    "JSON as CDATA": page(linked(f"//<![CDATA[\n{json.dumps(NEWS)}\n//]]>")),
    "a line break in a text": page(linked(json.dumps(NEWS)[:-1] + ',"description":"two\nlines"}')),
    "the hour in a meta tag": page(linked(NEWS | {"datePublished": DATE}) + meta("article:published_time", AT)),
    "midnight is a day": page(meta("article:published_time", DATE + "T00:00:00Z") + meta("parsely-pub-date", AT)),
    "the zone elsewhere": page(linked(NEWS | {"datePublished": DATE + "T21:40:00"}) + meta("parsely-pub-date", AT)),
    "another day elsewhere": page(linked(NEWS) + meta("date", "2026-12-04T10:00:00Z")),
    "microdata": page(before=f'<meta itemprop="datePublished" content="{AT}">'),
    "microdata of time": page(before=f'<span itemprop="datePublished" datetime="{AT}">Sunday</span>'),
    "time": page(before=f'<p class="byline">By Ada Kruse, <time datetime="{AT}">Sunday</time></p>'),
    "seconds": page(meta("sailthru.date", str(int(EXACT.timestamp())))),
    "changed, as nothing else is said": page(meta("article:modified_time", AT)),
} | {
    f"meta {name}": page(meta(name, AT))
    for name in ("article:published_time", "date", "DC.date", "DC.date.issued", "dcterms.created", "pubdate", "PubDate")
}


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize("html", EXACTLY.values(), ids=EXACTLY)
def test_the_hour_is_read_wherever_a_page_says_it(html: str, thorough: bool) -> None:
    assert main_text(html.encode(), URL, thorough).published_at == EXACT


ROUGHLY = {
    "a day alone": page(linked(NEWS | {"datePublished": DATE})),
    "an hour of another day": page(linked(NEWS | {"datePublished": DATE}) + meta("date", "2026-12-04T10:00:00Z")),
    "changed later that day": page(linked({"datePublished": DATE, "dateModified": AT})),
}


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize("html", ROUGHLY.values(), ids=ROUGHLY)
def test_without_an_hour_that_fits_the_day_serves(html: str, thorough: bool) -> None:
    assert main_text(html.encode(), URL, thorough).published_at == DAY


ELSEWHERE = {
    "in a sentence": page(before=f'<p>The case is of <time datetime="{AT}">29 November</time>{TEXT[3:]}'),
    "of a comment": page(before=f'<div class="comment"><time datetime="{AT}">Sunday</time></div>'),
    "in a list": page(before=f'<ul><li>Zoo <time datetime="{AT}">Sunday</time></li></ul>'),
    "of a product": page(linked({"@type": "Product", "datePublished": AT})),
    "of other articles": page(linked({"@type": "ItemList", "itemListElement": [NEWS]})),
    "so deep that it breaks": page(linked("[" * 100_000)),
    "so many spaces that a pattern would try them all": page(linked("[" + " " * 250_000 + "1]")),
    "no text": page(linked({"@type": "NewsArticle", "datePublished": {"@value": [1]}, "author": [None, {"name": 3}]})),
}


@pytest.mark.parametrize("html", ELSEWHERE.values(), ids=ELSEWHERE)
def test_dates_of_something_else_are_left(html: str) -> None:
    assert main_text(html.encode(), URL, False).published_at is None


@pytest.mark.parametrize(
    ("fed", "shown", "kept"),
    [
        (DAY, EXACT, EXACT),
        (DAY + timedelta(hours=3), EXACT, DAY + timedelta(hours=3)),
        (DAY - timedelta(days=3), EXACT, DAY - timedelta(days=3)),
        (DAY, None, DAY),
        (None, EXACT, EXACT),
    ],
)
def test_the_page_adds_the_hour_to_a_feeds_day(fed: datetime | None, shown: datetime | None, kept: datetime) -> None:
    known = Document(id="d", title="Ferry", url=URL, published_at=fed, received_at=DAY + timedelta(days=2))
    assert with_article(known, Article(title="", text="", published_at=shown)).published_at == kept


@pytest.mark.parametrize(
    ("title", "site", "bare"),
    [
        ("Ferry aground | Daily Courier", "", "Ferry aground"),
        ("Ferry aground - Daily Courier", "Daily Courier", "Ferry aground"),
        ("Ferry aground \N{EN DASH} The Harbour Post", "Harbour Post", "Ferry aground"),
        ("Ferry aground :: daily-courier.example", "", "Ferry aground"),
        ("Ferry aground - Daily Courier | Daily Courier", "", "Ferry aground"),
        ("Ferry aground - all we know | Daily Courier", "", "Ferry aground - all we know"),
        ("Ferry aground - all we know", "Daily Courier", "Ferry aground - all we know"),
        ("Who reads the Daily Courier", "Daily Courier", "Who reads the Daily Courier"),
        ("Daily Courier", "Daily Courier", "Daily Courier"),
        ("Ferry | Zoo", "", "Ferry | Zoo"),
    ],
)
def test_a_title_loses_its_sites_name(title: str, site: str, bare: str) -> None:
    assert without_site(title, site, "daily-courier.example") == bare


@pytest.mark.parametrize("thorough", [True, False])
def test_a_page_gives_title_and_author_bare(thorough: bool) -> None:
    head = meta("og:site_name", "Courier") + meta("author", "Admin") + linked(BYLINE)
    read = main_text(page(head, title="Ferry runs aground :: Courier").encode(), URL, thorough)
    assert (read.title, read.author, read.site) == ("Ferry runs aground", "Ada Kruse", "Courier")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Kruse", "Ada Kruse"),
        ("By Ada Kruse and Jo Berg", "Ada Kruse and Jo Berg"),
        ("Ada Kruse, 29 November 2026, 21:40 CET", "Ada Kruse"),
        ("Ada Kruse November 29, 2026", "Ada Kruse"),
        ("Von Ada Kruse am 29.11.2026 um 21:40 Uhr", "Ada Kruse"),
        ("Ada Kruse | 2026-11-29T21:40:00Z", "Ada Kruse"),
        ("Ada Kruse, Reuters", "Ada Kruse"),
        ("dpa/AFP", ""),
        ("Reuters Staff", ""),
        ("Admin", ""),
        ("Redaktion", ""),
        ("Редакция", ""),
        ("Staff Writer", ""),
        ("29.11.2026", ""),
        ("https://daily-courier.example/ada", ""),
        ("Adele Admin-Berg", "Adele Admin-Berg"),
        ("Harbour desk", "Harbour desk"),
        ("Jo Berg, Jr.", "Jo Berg, Jr."),
        ("", ""),
    ],
)
def test_an_author_is_a_person(author: str, names: str) -> None:
    assert people(author) == names
