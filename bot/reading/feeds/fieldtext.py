"""The text in one element of a feed: escaped HTML, plain, in base64, or markup that stands there unescaped."""

import base64
import binascii
import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

_TAG = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"[^\W_]+")
_DECLARED = re.compile(r"\sxmlns(?::[\w.-]{1,40})?=\"[^\"]*\"")
_FIELDS = frozenset(
    ["link", "description", "guid", "pubdate", "updated", "published", "summary", "content", "encoded", "id"]
)
_TEXT_TYPES = ("text", "text/plain")
_OTHER_TYPES = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
# What a teaser says beside the words of its article.
_TEASER = frozenset(
    [
        "the",
        "post",
        "appeared",
        "first",
        "on",
        "read",
        "more",
        "continue",
        "reading",
        "full",
        "article",
        "story",
        "here",
    ]
)
_MOST_COMPARED = 20_000  # characters of a summary


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the feed gives it."""

    value: str = ""
    is_html: bool = True


def inner(element: Any) -> str:
    """What stands in an element: its text, or the markup that nobody escaped, without prefixes."""
    if not len(element):
        text = element.text or ""
        return _unpacked(text) if (element.get("mode") or "") == "base64" else text
    from lxml import etree

    for child in element.iter():
        tag = child.tag
        if isinstance(tag, str) and ("}" in tag or ":" in tag) and child is not element:
            child.tag = tag.rpartition("}")[2].rpartition(":")[2] or "span"
    parts = [etree.tostring(child, encoding="unicode", with_tail=True) for child in element]
    return escape(element.text or "", quote=False) + _DECLARED.sub("", "".join(parts))


def title_of(element: Any) -> str:
    """A title; one that was never closed ends where the next field of its item begins."""
    if any(isinstance(child.tag, str) and child.tag.rpartition("}")[2].lower() in _FIELDS for child in element):
        return element.text or ""
    return inner(element)


def text_of(element: Any, may_be_whole: bool = False) -> Text:
    """The text of a summary or content. `may_be_whole`: its type can say that it is no text at all."""
    kind = (element.get("type") or "").lower()
    if may_be_whole and kind.startswith(_OTHER_TYPES):
        packed, value = element.text or "", _unpacked(element.text or "")
        return Text(value if value != packed else "")
    return Text(inner(element), kind not in _TEXT_TYPES or len(element) > 0)


def joined(summary: Text, content: Text) -> Text:
    """Both, where the summary says what the content does not; else the content, or the summary when it is alone."""
    if not content.value.strip() or not summary.value.strip():
        return content if content.value.strip() else summary
    if summary.value.strip() in content.value or not _adds(summary.value, content.value):
        return content
    if len(content.value) < 2 * len(summary.value) and not _adds(content.value, summary.value):
        return summary
    return Text(f"<div>{_html(summary)}</div>\n\n<div>{_html(content)}</div>")


def _adds(text: str, to: str) -> bool:
    """Whether `text` has a word that `to` has not."""
    mine = set(_words(text[:_MOST_COMPARED])) - _TEASER
    if not mine:
        return False
    if (last := _last_word(text)) in mine and text.rstrip().endswith(("…", "...", "…]", "...]", "…</p>", "...</p>")):
        mine.discard(last)  # it may be cut off in the middle
    spelt = _spelt(to)
    return any(word not in spelt for word in mine) or not mine <= set(_WORDS.findall(spelt))


def _words(text: str) -> list[str]:
    return _WORDS.findall(_spelt(text))


def _spelt(text: str) -> str:
    """What people read of it, in small letters."""
    text = _TAG.sub(" ", unescape(text) if "&lt;" in text else text)
    return (unescape(text) if "&" in text else text).casefold()


def _last_word(text: str) -> str:
    words = _words(text[-200:])
    return words[-1] if words else ""


def _html(text: Text) -> str:
    return text.value if text.is_html else escape(text.value, quote=False).replace("\n", "<br>")


def _unpacked(text: str) -> str:
    """Base64 as Atom 0.3 has it; what is none stays as it is."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return text
