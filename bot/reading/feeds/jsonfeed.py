"""JSON Feed 1.0 and 1.1, taken leniently: what has the wrong type is passed over."""

import json
import re
from collections.abc import Mapping
from typing import Any

# As the XML parsers name things, so that one function makes entries of all of them.
RawEntry = dict[str, Any]
_HTTP = re.compile(r"\s*https?://", re.I)


def looks_like_json(text: str) -> bool:
    """Whether the text is an object or list of JSON rather than markup."""
    return text.lstrip()[:1] in ("{", "[")


def parse_json(text: str) -> tuple[dict[str, str], list[RawEntry]] | None:
    """(feed fields, raw entries), or None for JSON that is not a feed. Raises ValueError for text that is not JSON."""
    try:
        data = json.loads(text, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return None
    if "jsonfeed.org" not in _text(data.get("version")) and "title" not in data:
        return None
    feed = {"title": _text(data.get("title")), "link": _text(data.get("home_page_url"))}
    feed["lang"] = _text(data.get("language"))
    author = _author(data)
    entries = [_entry(item, author) for item in data["items"] if isinstance(item, dict)]
    return feed, entries


def _entry(item: Mapping[str, Any], feed_author: str) -> RawEntry:
    html = _text(item.get("content_html"))
    text = _text(item.get("content_text")) or _text(item.get("summary"))
    tags, identity = item.get("tags"), _text(item.get("id"))
    links = [_text(item.get(name)) for name in ("url", "external_url")]
    return {
        "id": identity,
        "link": next((link for link in links if link.strip()), "") or (identity if _HTTP.match(identity) else ""),
        "title": _text(item.get("title")),
        "content": html or text,
        "is_html": bool(html),
        "author": _author(item) or feed_author,
        "lang": _text(item.get("language")),
        "tags": [_text(tag) for tag in tags] if isinstance(tags, list) else [],
        "date": _text(item.get("date_published")) or _text(item.get("date_modified")),
    }


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    names = (_text(person.get("name")) for person in people if isinstance(person, dict))
    return ", ".join(name for name in names if name)


def _text(value: object) -> str:
    """Ids may be numbers; all else must be strings."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
