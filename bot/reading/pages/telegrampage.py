"""A public Telegram channel as its web preview (https://t.me/s/<name>) shows it. Runs in the worker.

The preview's markup is not documented; the class names are those that its pages have.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import PermanentError
from bot.model import Entry
from bot.reading.text.encoding import decode
from bot.reading.text.htmltext import html_to_text, plain_line
from bot.reading.text.times import clamp, parse_time

MOST_POSTS = 100  # a preview shows about twenty
MAX_TEXT = 20_000  # characters; Telegram allows 4,096
_TITLE = 120
_NAME = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?|telegram:\s*@?)(?P<name>[A-Za-z]\w{3,31})(?:[/?#]\S*)?",
    re.I,
)
_INVITE = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:joinchat/|\+|c/)\S+", re.I)
_NO_CHANNEL = frozenset(("joinchat", "addstickers", "share", "proxy", "socks", "login", "iv", "setlanguage"))
_POST = re.compile(r"[A-Za-z]\w{3,31}/(\d{1,12})")
_MEDIA = {
    "photo": "tgme_widget_message_photo_wrap",
    "video": "tgme_widget_message_video_player",
    "voice message": "tgme_widget_message_voice_player",
    "video message": "tgme_widget_message_roundvideo_player",
    "file": "tgme_widget_message_document_wrap",
    "sticker": "tgme_widget_message_sticker_wrap",
    "poll": "tgme_widget_message_poll",
    "place": "tgme_widget_message_location_wrap",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`entries`: the posts, the oldest first; each has its number in the channel as the last part of its id."""

    title: str
    entries: tuple[Entry, ...]


def channel_name(text: str) -> str:
    """The channel's name in an address or in `telegram:@name`, in lower case; empty when it is none."""
    match = _NAME.fullmatch(text.strip())
    name = match["name"].lower() if match else ""
    return "" if name in _NO_CHANNEL else name


def is_invitation(text: str) -> bool:
    """Whether it is an address that lets people into a private chat."""
    return _INVITE.fullmatch(text.strip()) is not None


def parse_preview(body: bytes, content_type: str, name: str, now: datetime) -> Channel:
    """Raises PermanentError, in words, when the page is no preview of the channel."""
    from resiliparse.parse.html import HTMLTree

    tree: Any = HTMLTree.parse(decode(body, content_type))
    if tree.document is None:
        raise PermanentError(f"There is nothing at the address of @{name}.")
    posts = tree.document.query_selector_all(".tgme_widget_message[data-post]")
    title = _line(tree.document.query_selector(".tgme_channel_info_header_title")) or f"@{name}"
    if not len(posts) and tree.document.query_selector(".tgme_channel_info") is None:
        raise PermanentError(_what_else(tree, name))
    entries = [entry for post in list(posts)[:MOST_POSTS] if (entry := _entry(post, name, title, now)) is not None]
    return Channel(title=title, entries=tuple(entries))


def _what_else(tree: Any, name: str) -> str:
    """What the page is instead, for whoever pasted the address."""
    extra = _line(tree.document.query_selector(".tgme_page_extra")).lower()
    if "subscriber" in extra:
        return f"@{name} is a channel without a preview on the web: its owner has turned it off, or Telegram has."
    if "member" in extra:
        return f"@{name} is a group. Only public channels can be read."
    if tree.document.query_selector(".tgme_page_title") is not None:
        return f"@{name} is a person or a bot. Only public channels can be read."
    return f"There is no public channel @{name}. Check its name; private channels cannot be read."


def _entry(post: Any, name: str, title: str, now: datetime) -> Entry | None:
    number = _POST.fullmatch(post.getattr("data-post") or "")
    if number is None:
        return None
    text = _text(post)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    stamp = post.query_selector("time[datetime]")
    return Entry(
        id=f"{name}/{number[1]}",
        url=f"https://t.me/{name}/{number[1]}",
        title=first if len(first) <= _TITLE else first[: _TITLE - 1].rsplit(" ", 1)[0] + "…",
        content=text,
        is_html=False,
        author=_line(post.query_selector(".tgme_widget_message_from_author")),
        outlet=title,
        published_at=clamp(parse_time(stamp.getattr("datetime") or "") if stamp else None, now),
    )


def _text(post: Any) -> str:
    """What it says, who said it first, and what it shows besides."""
    # A reply shows the start of what it answers to under the same class, inside its own element.
    texts = [text for text in post.query_selector_all(".tgme_widget_message_text") if "reply" not in _around(text)]
    parts = [html_to_text(text.html[:MAX_TEXT]) for text in texts[:1]]
    shown = [name for name, css in _MEDIA.items() if post.query_selector(f".{css}") is not None]
    if "poll" in shown:
        question = _line(post.query_selector(".tgme_widget_message_poll_question"))
        options = [_line(option) for option in post.query_selector_all(".tgme_widget_message_poll_option_text")]
        parts.append("\n".join([question, *(f"• {option}" for option in options[:12])]))
    if not any(part.strip() for part in parts) and shown:
        parts.append(f"[{', '.join(shown)}]")
    origin = _line(post.query_selector(".tgme_widget_message_forwarded_from_name"))
    if origin:
        parts.append(f"Forwarded from {origin}")
    return "\n\n".join(part for part in parts if part.strip())


def _around(node: Any) -> str:
    parent = node.parent
    return f"{node.getattr('class') or ''} {(parent.getattr('class') or '') if parent is not None else ''}"


def _line(node: Any) -> str:
    return plain_line(node.html[:2_000]) if node is not None else ""
