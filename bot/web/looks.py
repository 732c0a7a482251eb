"""How a message looks: as a bubble here, and, from the very payloads that are sent, on Telegram and on Slack.

Everything is escaped (Jinja2 autoescape, `Markup` for what is composed here); only http(s) addresses become links.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape

from bot.model import Command, Delivery, Message, content_id
from bot.writing import slack as slack_form
from bot.writing import telegram as telegram_form

Payload = Mapping[str, Any]

_HOME = Path(__file__).parent
_TAGS = {  # Bot API entity type -> (element, class)
    "bold": ("strong", ""),
    "italic": ("em", ""),
    "underline": ("u", ""),
    "strikethrough": ("s", ""),
    "spoiler": ("span", "spoiler"),
    "code": ("code", ""),
    "pre": ("pre", ""),
    "blockquote": ("blockquote", ""),
    "expandable_blockquote": ("blockquote", "expandable"),
    "mention": ("span", "mention"),
    "text_mention": ("span", "mention"),
    "hashtag": ("span", "mention"),
    "bot_command": ("span", "mention"),
}
_PARAGRAPHS = {"pre", "blockquote", "expandable_blockquote"}
_MRKDWN = re.compile(
    r"<(?P<url>https?://[^|<>\s]+)(?:\|(?P<label>[^<>]*))?>|`(?P<code>[^`\n]+)`|(?<!\w)\*(?P<bold>[^*\n]+)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)|<!date\^\d+\^[^|<>]*\|(?P<date>[^<>]*)>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of the conversation as HTML. `key` stays over edits; `version` changes with the content."""

    key: str
    version: str
    html: str


def shown(item: Delivery | Command) -> Shown:
    """A delivery as a bubble with its two looks, or a command as what the user said."""
    if isinstance(item, Command):
        return _shown("said.html", item.id, item=item)
    looks = {"telegram": _markup(telegram_of, item.message), "slack": _markup(slack_of, item.message)}
    key = item.message_id or item.id
    kinds = ["alert"] * bool(item.alert_key) + ["threaded"] * (bool(item.alert_key) and item.message.silent)
    return _shown("message.html", key, kinds=kinds, item=item, message=item.message, **looks)


def _shown(template: str, key: str, *, kinds: Sequence[str] = (), **values: Any) -> Shown:
    body = render(template, **values)
    version = content_id(body, *kinds)
    names = " ".join([template.removesuffix(".html"), *kinds])
    line = render("line.html", key=key, version=version, body=Markup(body), kinds=names)
    return Shown(key=key, version=version, html=line)


def _markup(form: Callable[[Message], Markup], message: Message) -> Markup:
    """A platform's look; a message that its formatter cannot take is told instead of taking the page down."""
    try:
        return form(message)
    except (ValueError, LookupError, TypeError) as error:
        return Markup('<p class="odd">This message cannot be shown here: {}</p>').format(error)


def telegram_of(message: Message) -> Markup:
    """The Telegram look of what `telegram_format` makes of it."""
    return telegram(telegram_form.format_message(message))


def slack_of(message: Message) -> Markup:
    """The Slack look of what `slack_format` makes of it."""
    return slack(slack_form.format_message(message))


def telegram(payload: Payload) -> Markup:
    """A `sendMessage` payload (`text`, `entities` in UTF-16 units, `reply_markup`) as a Telegram client shows it."""
    rows = (payload.get("reply_markup") or {}).get("inline_keyboard", [])
    text = entities_html(str(payload.get("text", "")), payload.get("entities") or ())
    return Markup(render("telegram.html", text=text, rows=rows))  # rendered with autoescape


def slack(payload: Payload) -> Markup:
    """A `chat.postMessage` payload (`blocks`, or only `text`) as a Slack client shows it."""
    blocks = payload.get("blocks") or [{"type": "section", "text": {"type": "mrkdwn", "text": payload.get("text", "")}}]
    return Markup(render("slack.html", blocks=blocks))  # rendered with autoescape


# ------------------------------------------------------------------------------------------------- Telegram's entities


@dataclass(frozen=True, slots=True)
class _Entity:
    start: int
    end: int
    raw: Payload


def entities_html(text: str, entities: Iterable[Payload]) -> Markup:
    """`text` with its entities as nested elements. Those that cross are cut in two; what is out of range is ignored."""
    units = text.encode("utf-16-le", "surrogatepass")
    elements = [_Entity(int(raw["offset"]), int(raw["offset"]) + int(raw["length"]), raw) for raw in entities]
    elements.sort(key=lambda entity: (entity.start, -entity.end))
    return _nested(units, 0, len(units) // 2, elements)


def _nested(units: bytes, start: int, end: int, entities: Sequence[_Entity]) -> Markup:
    parts: list[Markup] = []
    at = start
    after_paragraph = False
    while entities:
        first, *rest = entities
        low, high = max(first.start, at), min(first.end, end)
        if low >= high:
            entities = rest
            continue
        parts.append(_plain(units, at, low, after_paragraph))
        inner = [entity for entity in rest if entity.start < high]
        parts.append(_element(first.raw, _nested(units, low, high, inner)))
        entities = [replace(entity, start=max(entity.start, high)) for entity in rest if entity.end > high]
        at, after_paragraph = high, first.raw["type"] in _PARAGRAPHS
    parts.append(_plain(units, at, end, after_paragraph))
    return Markup("").join(parts)


def _plain(units: bytes, start: int, end: int, after_paragraph: bool) -> Markup:
    text = units[2 * start : 2 * end].decode("utf-16-le", "replace")
    return escape(text.removeprefix("\n") if after_paragraph else text)  # the paragraph ends its line by itself


def _element(raw: Payload, inner: Markup) -> Markup:
    kind = str(raw["type"])
    if kind in ("text_link", "url"):
        return _link(str(raw.get("url", "")) if kind == "text_link" else inner.striptags(), inner)
    tag, name = _TAGS.get(kind, ("span", ""))
    tag = Markup(tag)  # from the table above
    named = Markup(' class="{}"').format(name) if name else ""
    return Markup("<{0}{1}>{2}</{0}>").format(tag, named, inner)


# ---------------------------------------------------------------------------------------------------------- small parts


def safe_href(url: object) -> str:
    """`url` when it is a plain http(s) address, else an empty string."""
    text = str(url or "")
    if any(character <= " " for character in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def _link(url: object, inner: str | Markup) -> Markup:
    href = safe_href(url)
    if not href:
        return escape(inner)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(href, inner)


def mrkdwn(text: object) -> Markup:
    """Slack's markup, as far as our formatter uses it: links, bold, italic, code, dates."""
    source, parts, at = str(text), [], 0
    for match in _MRKDWN.finditer(source):
        parts += [_unescaped(source[at : match.start()]), _marked(match)]
        at = match.end()
    return Markup("").join([*parts, _unescaped(source[at:])])


def _marked(match: re.Match[str]) -> Markup:
    kind = match.lastgroup or ""
    if match["url"]:
        return _link(match["url"].replace("&amp;", "&"), _unescaped(match["label"] or match["url"]))
    if kind == "date":
        return _unescaped(match["date"])
    tag = Markup({"code": "code", "bold": "strong", "italic": "em"}[kind])  # from this table
    return Markup("<{0}>{1}</{0}>").format(tag, _unescaped(match[kind]))


def _unescaped(text: str) -> Markup:
    """Slack escapes three characters; the page escapes them anew, its own way."""
    return escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HOME / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(href=safe_href, mrkdwn=mrkdwn)
    made.globals.update(link=_link)
    return made


_ENVIRONMENT = _environment()


def render(template: str, **values: Any) -> str:
    """A template of this folder, filled."""
    return _ENVIRONMENT.get_template(template).render(**values)
