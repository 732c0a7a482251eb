"""GDELT's list of articles: its addresses, its JSON and its refusals, which come as plain text with status 200.

https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ describes both.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Entry
from bot.reading.pages.linkidentity import link_identity
from bot.reading.text.encoding import decode
from bot.reading.text.htmltext import plain_line
from bot.reading.text.times import clamp

SCHEME = "gdelt:"
HOST = "api.gdeltproject.org"
MAX_QUERY = 500
MAX_RECORDS = 250  # the most that it gives
_MAX_TITLE = 1_000
_API = f"https://{HOST}/api/v2/doc/doc?query={{}}&mode=artlist&format=json&sort=datedesc&timespan=1d&maxrecords=250"
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
_PACE = re.compile(r"limit requests|too many|rate.limit|timed? ?out|try again", re.I)
_BEFORE = re.compile(r" +([,.;:!?%)\]])")
_APOSTROPHE = re.compile(r"(?<=\w) (['’]) (?=(?:s|t|re|ve|ll|d|m)\b)", re.I)
_NAMES = (
    "afrikaans:af albanian:sq arabic:ar armenian:hy azerbaijani:az bengali:bn bosnian:bs bulgarian:bg catalan:ca "
    "chinese:zh croatian:hr czech:cs danish:da dutch:nl english:en estonian:et finnish:fi french:fr galician:gl "
    "georgian:ka german:de greek:el gujarati:gu hebrew:he hindi:hi hungarian:hu icelandic:is indonesian:id italian:it "
    "japanese:ja kannada:kn kazakh:kk korean:ko latvian:lv lithuanian:lt macedonian:mk malay:ms malayalam:ml "
    "marathi:mr mongolian:mn nepali:ne norwegian:no persian:fa polish:pl portuguese:pt punjabi:pa romanian:ro "
    "russian:ru serbian:sr sinhalese:si slovak:sk slovenian:sl somali:so spanish:es swahili:sw swedish:sv tamil:ta "
    "telugu:te thai:th tibetan:bo turkish:tr ukrainian:uk urdu:ur vietnamese:vi"
)
_LANGUAGES = dict(pair.split(":") for pair in _NAMES.split())


def query_of(text: str) -> str:
    """The query in "gdelt:floods sourcecountry:PK", or in a pasted address of its interface; empty in others."""
    text = text.strip()
    if text.lower().startswith(SCHEME):
        return " ".join(text[len(SCHEME) :].split())
    if len(text.split()) != 1:
        return ""
    try:
        parts = urlsplit(text)
        given = parse_qs(parts.query).get("query", [])
    except ValueError:
        return ""
    return " ".join(given[0].split()) if parts.hostname == HOST and given else ""


def address(query: str) -> str:
    """Where the newest articles of a day that fit `query` are listed."""
    return _API.format(quote(query, safe=""))


def parse_articles(body: bytes, now: datetime) -> tuple[Entry, ...]:
    """Articles, newest first. Raises UserError with GDELT's own words where it does not take the query.

    Raises TransientError where it asks for patience, PermanentError for what is no answer of it.
    """
    text = decode(body, "").strip()
    if not text.startswith("{"):
        words = plain_line(text[:300])
        if _PACE.search(words):
            raise TransientError(f"GDELT asks for patience: {words}")
        if not words or words.startswith("<"):
            raise PermanentError("GDELT answers with something that is not a list of articles.")
        raise UserError(
            f"GDELT does not take the query: {words}",
            cure='Write it like: gdelt:"port strike" sourcelang:english, or gdelt:(flood OR landslide)',
        )
    try:
        # It quotes titles without care: "\'" and bare control characters are in them.
        answer = json.loads(_ESCAPE.sub(lambda match: match[0] if match[1] else "", text), strict=False)
    except (ValueError, RecursionError):
        raise TransientError("GDELT's answer is damaged; it is asked again.") from None
    articles = answer.get("articles") if isinstance(answer, dict) else None
    rows = [row for row in articles if isinstance(row, dict)] if isinstance(articles, list) else []
    entries = [entry for row in rows[:MAX_RECORDS] if (entry := _entry(row, now))]
    return tuple({entry.id: entry for entry in reversed(entries)}.values())[::-1]


def _entry(row: dict[str, Any], now: datetime) -> Entry | None:
    url, title, seen, domain, language = (
        value if isinstance(value := row.get(name), str) else ""
        for name in ("url", "title", "seendate", "domain", "language")
    )
    identity = link_identity(url)
    if not identity or not title.strip():
        return None
    return Entry(
        id=identity,
        url=url,
        title=_joined(plain_line(title[: _MAX_TITLE * 4])[:_MAX_TITLE]),
        is_html=False,
        lang=_LANGUAGES.get(language.strip().lower(), ""),
        outlet=plain_line(domain[:200]),
        published_at=clamp(_time(seen), now),
    )


def _joined(title: str) -> str:
    """GDELT sets spaces around marks: "Mayor ' s plan , explained"."""
    return _APOSTROPHE.sub(r"\1", _BEFORE.sub(r"\1", title))


def _time(text: str) -> datetime | None:
    """When GDELT saw it, which is within minutes of its publication: 20260302T114500Z."""
    try:
        return datetime.strptime(text.strip(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
