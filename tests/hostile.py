"""Inputs that were made to hurt a parser, and every job by which outside input is parsed."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.model import Entry
from bot.reading import mail
from bot.reading.feeds.feedlinks import page_links
from bot.reading.feeds.opml import read_opml
from bot.reading.feeds.parse import parse_feed
from bot.reading.pages import gdelt
from bot.reading.pages.pagelinks import page_entries
from bot.reading.pages.pagetext import page_text
from bot.reading.pages.robotstxt import sitemaps_of
from bot.reading.pages.sitemaps import parse_sitemap
from bot.reading.pages.telegrampage import parse_preview
from bot.reading.text.extract import extract_entry, glimpse, main_text
from bot.reading.text.language import languages_of
from bot.reading.walls.pagewalls import needs_scripts

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://hostile.example/x"


def _entry(body: bytes) -> tuple[object, ...]:
    return Entry(id="x", title="x", content=body.decode("utf-8", "replace")), "Feed", URL, NOW


# Every function that the worker runs on outside input, and its arguments for a body.
JOBS: dict[Callable[..., Any], Callable[[bytes], tuple[object, ...]]] = {
    parse_feed: lambda body: (body, "", URL, NOW),
    main_text: lambda body: (body, URL),
    glimpse: lambda body: (body, URL),
    page_links: lambda body: (body, "text/html", URL),
    page_entries: lambda body: (body, "text/html", URL, "", NOW),
    page_text: lambda body: (body, "text/html", URL, ""),
    needs_scripts: lambda body: (body, "text/html", URL),
    parse_sitemap: lambda body: (body, "", URL, NOW),
    parse_preview: lambda body: (body, "text/html", "hostile", NOW),
    sitemaps_of: lambda body: (body,),
    read_opml: lambda body: (body,),
    gdelt.parse_articles: lambda body: (body, NOW),
    mail.entries_of: lambda body: ([(1, body)], NOW),
    languages_of: lambda body: ([body.decode("utf-8", "replace")],),
    extract_entry: _entry,
}

_ITEM = "<item><title>t</title><link>https://h.example/{n}</link><description>{body}</description></item>"
_OPEN, _MIXED = "<rss><channel>", "Content-Type: multipart/mixed; boundary=b"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
_MAKERS: tuple[Callable[[int], str | bytes], ...] = (
    lambda n: "<rss><channel><item " + " ".join(f"a{each}=''" for each in range(n // 8)) + "><title>x</title></item>",
    lambda n: "<html><p " + " ".join(f"a{each}=''" for each in range(n // 8)) + ">x</p></html>",
    lambda n: "<html><body>" + "<div>" * (n // 5) + "x",
    lambda n: "<rss><channel>" + "<item>" * (n // 6),
    lambda n: "<rss>" + "<a>" * (n // 3) + "</rss>",
    lambda n: "<rss><channel><item><description>" + "<![CDATA[" * (n // 9),
    lambda n: "<rss><channel><item><title>" + "<!--" * (n // 4),
    lambda n: f'<!DOCTYPE rss [<!ENTITY l0 "lol">{_LAUGHS}]>{_OPEN}<item><title>&l11;</title></item></channel></rss>',
    lambda n: f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>{_OPEN}<item><title>&x;</title></item></rss>',
    lambda n: "<rss><channel>" + "".join(_ITEM.format(n=each, body="x") for each in range(n // 90)) + "</channel>",
    lambda n: "<rss><channel>" + _ITEM.format(n=1, body="&amp;" * (n // 5)) + "</channel></rss>",
    lambda n: "<rss><channel>" + _ITEM.format(n=1, body="&#x110000;&#xD800;" * (n // 18)),
    lambda n: "<urlset>" + "<url><loc>https://h.example/x</loc></url>" * (n // 42) + "</urlset>",
    lambda n: "<sitemapindex>" + "<sitemap><loc>https://h.example/x</loc>" * (n // 40),
    lambda n: gzip.compress(b"<urlset>" + b"<url><loc>https://h.example/</loc></url>" * n),
    lambda n: "User-agent: *\n" + "Disallow: /*a*a*a*a*a*b$\n" * (n // 25),
    lambda n: "[" * n,
    lambda n: '{"articles":' + "[{" * (n // 2),
    lambda n: '{"version":"https://jsonfeed.org/version/1.1","items":[' + '{"id":"\\ud800"},' * (n // 16) + "{}]}",
    lambda n: json.dumps({"articles": [{"url": "x" * n, "title": 10**300}]}),
    lambda n: f"{_MIXED}\n\n" + f"--b\n{_MIXED}\n\n" * (n // 45),
    lambda n: "Subject: " + "=?utf-8?q?x?= " * (n // 14) + "\n\nx",
    lambda n: "Content-Transfer-Encoding: base64\n\n" + "A" * n,
    lambda n: "<html><a href='/" + "a/" * (n // 2) + "'>x</a></html>",
    lambda n: "<html>" + "<a href='/x'>Eleven words are enough to look like a headline</a>" * (n // 64),
    lambda n: "<table>" * (n // 7) + "<td>x",
    lambda n: "<html><body>" + "<b><i>" * (n // 6) + "</b>" * (n // 12),
    lambda n: "<opml><body>" + "<outline text='x' xmlUrl='https://h.example/'>" * (n // 50),
    lambda n: "<div class='tgme_widget_message' data-post='hostile/1'>" * (n // 56),
    lambda n: "a" * n,
    lambda n: " \n" * (n // 2),
    lambda n: "<" * n,
    lambda n: "&" * n,
    lambda n: "\x00\ud800\u202e".encode("utf-8", "surrogatepass") * (n // 8),
    lambda n: "֏" * (n // 2) + "ㅀ" * (n // 9),
    lambda n: "<svg>" + "<g>" * (n // 3),
)  # fmt: skip


def hostile_inputs(count: int, seed: int = 1) -> Iterator[bytes]:
    """Up to a megabyte each: every shape at some size, whole, cut off, with noise, or two in one."""
    dice = random.Random(seed)
    for number in range(count):
        maker = _MAKERS[number % len(_MAKERS)]
        size = 1_000_000 if number < len(_MAKERS) else int(10 ** dice.uniform(1, 6))
        body = _bytes(maker(size))
        if number >= len(_MAKERS):
            body = _damaged(body, dice)
        yield body[:1_000_000]


def _damaged(body: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    kind = dice.randrange(4)
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + dice.randbytes(dice.randrange(50)) + body[at:]
    if kind == 2:
        return body[:at] + _bytes(dice.choice(_MAKERS)(1000)) + body[at:]
    return dice.choice((b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"")) + body


def _bytes(made: str | bytes) -> bytes:
    return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
