"""The documents in a webhook's body: one JSON object, or a list of them. All are taken, or none and it says why."""

import difflib
import json
from collections.abc import Mapping
from datetime import datetime

from bot.errors import UserError
from bot.model import Entry, content_id
from bot.reading.text.times import clamp, parse_time

MAX_DOCUMENTS = 100  # in one request
FIELDS = ("id", "title", "text", "html", "url", "author", "lang", "site", "date", "tags")
_FORM = '{"title": "...", "text": "..."}'
_MAX_TAGS = 50


def entries_of(body: bytes, now: datetime) -> tuple[Entry, ...]:
    """Raises UserError with the place and the cure."""
    try:
        value = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise UserError("The body is not UTF-8.") from None
    except RecursionError:
        raise UserError("The body is nested too deeply.") from None
    except ValueError as error:
        raise UserError(f"The body is not JSON: {error}.", cure=f"Send {_FORM}.") from None
    items = value if isinstance(value, list) else [value]
    if not items:
        raise UserError("The list is empty.", cure=f"Send [{_FORM}].")
    if len(items) > MAX_DOCUMENTS:
        raise UserError(f"{len(items):,} documents are too many.", cure=f"Send at most {MAX_DOCUMENTS} in one request.")
    several = isinstance(value, list)
    return tuple(_entry(item, f"[{number}]" if several else "", now) for number, item in enumerate(items))


def _entry(item: object, place: str, now: datetime) -> Entry:
    if not isinstance(item, dict):
        raise UserError(f"{place or 'The body'} is not an object.", cure=f"Send {_FORM}.")
    for name in item:
        if name not in FIELDS:
            near = difflib.get_close_matches(str(name)[:40], FIELDS, n=1)
            cure = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(FIELDS)}."
            raise UserError(f"{place}.{str(name)[:40]}: there is no such field.", cure=cure)
    fields = {name: _text(item, name, place) for name in FIELDS if name != "tags"}
    if fields["text"] and fields["html"]:
        raise UserError(f"{place or 'It'} has both “text” and “html”.", cure="Send one of them.")
    content = fields["html"] or fields["text"]
    if not fields["title"].strip() and not content.strip():
        raise UserError(f"{place or 'It'} has neither a “title” nor a “text”.", cure=f"Send {_FORM}.")
    return Entry(
        id=fields["id"] or content_id(fields["url"], fields["title"], content),
        url=_url(fields["url"], place),
        title=fields["title"],
        content=content,
        is_html=bool(fields["html"]),
        author=fields["author"],
        lang=fields["lang"].lower(),
        tags=_tags(item, place),
        outlet=fields["site"],
        published_at=_date(fields["date"], place, now),
    )


def _text(item: Mapping[str, object], name: str, place: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:500]
    if not isinstance(value, str):
        raise UserError(f"{place}.{name} is not a string.", cure='Put it in quotes: "...".')
    return value[:500] if name == "id" else value


def _tags(item: Mapping[str, object], place: str) -> tuple[str, ...]:
    tags = item.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list) or len(tags) > _MAX_TAGS or not all(isinstance(tag, str) for tag in tags):
        raise UserError(f"{place}.tags is not a list of at most {_MAX_TAGS} strings.", cure='Write ["one", "two"].')
    return tuple(tags)


def _url(url: str, place: str) -> str:
    if url and not url.lower().startswith(("http://", "https://")):
        raise UserError(f"{place}.url is not a web address.", cure="Write it like https://news.example/article.")
    return url


def _date(date: str, place: str, now: datetime) -> datetime | None:
    if not date:
        return None
    when = parse_time(date)
    if when is None:
        raise UserError(f"{place}.date is not a date as in ISO 8601.", cure="Write it like 2026-03-02T12:00:00Z.")
    return clamp(when, now)
