"""A tiny job of each kind that the worker runs: doing it once loads all that the real ones need.

Its parsers load the half of what they use with their first job only (trafilatura 0.4 s, the model of languages 0.7 s).
`tests/bot/test_doors.py` holds this list against the jobs.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.model import Entry

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_URL = "https://news.example/"
_HTML = b"<html><head><title>Harbour</title></head><body><p><a href=/a>Storm closes the harbour today</a></body></html>"
_RSS = b"<rss><channel><title>News</title><item><title>Storm</title><link>https://news.example/a</link></item>"
_TEXT = "The storm has closed the harbour, and nobody knows when the first ship will leave it again. " * 3

# "module:function" -> its arguments. By name, so that who reads this list loads no parser.
TINY: Mapping[str, tuple[object, ...]] = {
    "bot.reading.feeds.parse:parse_feed": (_RSS + b"</channel></rss>", "", _URL, _NOW),
    "bot.reading.text.language:languages_of": ([_TEXT],),
    "bot.reading.text.extract:glimpse": (_HTML, _URL),
    "bot.reading.text.extract:main_text": (_HTML, _URL),
    "bot.reading.text.extract:extract_entry": (Entry(id="a", title="a", content=_TEXT), "News", _URL, _NOW),
    "bot.reading.feeds.feedlinks:page_links": (_HTML, "text/html", _URL),
    "bot.reading.feeds.opml:read_opml": (b"<opml><body><outline xmlUrl='https://news.example/'/></body></opml>",),
    "bot.reading.pages.pagelinks:page_entries": (_HTML, "text/html", _URL, "", _NOW),
    "bot.reading.pages.pagetext:page_text": (_HTML, "text/html", _URL, ""),
    "bot.reading.walls.pagewalls:needs_scripts": (_HTML, "text/html", _URL),
    "bot.reading.pages.sitemaps:parse_sitemap": (b"<urlset><url><loc>/a</loc></url></urlset>", "", _URL, _NOW),
    "bot.reading.pages.robotstxt:sitemaps_of": (b"Sitemap: https://news.example/sitemap.xml",),
    "bot.reading.pages.telegrampage:parse_preview": (_HTML, "text/html", "news", _NOW),
    "bot.reading.pages.gdelt:parse_articles": (b'{"articles":[]}', _NOW),
    "bot.reading.mail:entries_of": ([(1, b"Subject: Storm\n\nIt closes the harbour.")], _NOW),
}
