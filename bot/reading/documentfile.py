"""Text, Markdown and JSON Lines files as entries.

Text and Markdown may begin with front matter: lines `title: ...`, `outlet:`, `author:`, `date:` (ISO 8601), `lang:`,
`url:`, `tags: a, b` between two lines of `---`. Without it the first line is the title.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.model import Entry, content_id
from bot.reading.text.times import clamp, parse_time

_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|$)", re.S)
_HEADING = re.compile(r"#{1,6}\s+")
MAX_TITLE = 300
_MAX_WRONG = 3  # lines named in a note


def entries_of(name: str, text: str, now: datetime) -> tuple[list[Entry], str]:
    """(entries, what could not be read in words) of the file `name`, relative to its folder."""
    if name.lower().endswith(".jsonl"):
        return _json_lines(name, text, now)
    front, body = _front_matter(text)
    title = front.get("title", "")
    if not title:
        first, _, rest = body.strip().partition("\n")
        title, body = _HEADING.sub("", first, count=1).strip(), rest
        if len(title) > MAX_TITLE:  # a text without line breaks: its beginning is the title, all of it the text
            title, body = title[:MAX_TITLE].rpartition(" ")[0] or title[:MAX_TITLE], text
    if not title and not body.strip():
        return [], f"{name} is empty"
    return [_entry({**front, "title": title, "text": body.strip()}, name, now)], ""


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    pairs = (line.partition(":") for line in match[1].splitlines())
    return {key.strip().lower(): _unquoted(value.strip()) for key, colon, value in pairs if colon}, text[match.end() :]


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _json_lines(name: str, text: str, now: datetime) -> tuple[list[Entry], str]:
    entries, wrong = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            wrong.append(number)
            continue
        if isinstance(item, dict) and (item.get("title") or item.get("text")):
            # Without an id it is known by what it says: the number of a line is another's when one is added above.
            known_by = item.get("id") or content_id(_text(item.get("title")), _text(item.get("text")))
            entries.append(_entry(item, f"{name}:{known_by}", now))
        else:
            wrong.append(number)
    lines = ", ".join(str(number) for number in wrong[:_MAX_WRONG]) + (", ..." if len(wrong) > _MAX_WRONG else "")
    return entries, f'{name}: line {lines} is not {{"id", "title", "text"}} in JSON' if wrong else ""


def _entry(item: Mapping[str, Any], name: str, now: datetime) -> Entry:
    tags = item.get("tags") or ()
    names = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else ()
    return Entry(
        id=name,
        url=_text(item.get("url")),
        title=_text(item.get("title")),
        content=_text(item.get("text")),
        is_html=False,
        author=_text(item.get("author")),
        lang=_text(item.get("lang")).lower(),
        tags=tuple(_text(tag).strip() for tag in names if _text(tag).strip()),
        outlet=_text(item.get("outlet")) or _text(item.get("site")),
        published_at=clamp(parse_time(_text(item.get("date")) or _text(item.get("published_at"))), now),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
