"""The text of a page, or of a part of it, and what changed in it. It runs in the worker."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cleantext import clean_text
from bot.errors import UserError
from bot.model import Entry, content_id
from bot.reading.pages.pagelinks import ADVERTS, chosen, getattr_of, node_text, parse_page
from bot.reading.pdf import is_pdf, pdf_text
from bot.reading.text.htmltext import plain_line
from bot.reading.text.pagenoise import meaning

MAX_LINES = 3_000
MAX_TEXT = 100_000  # characters: all of it is kept until the next visit, to tell what went
MAX_SEEN = 2_000  # lines that were there once
_MAX_LINE = 2_000
_MAX_TITLE = 200
_HEADLINE = 120
_MOST_BOXES = 2_000
_BANNERS = "[id*=cookie], [class*=cookie], [id*=consent], [class*=consent], [id^=onetrust], [hidden], button"
_FURNITURE = (
    "nav, footer, aside, [role=navigation], [role=contentinfo], [role=search], [role=banner], body > header"
    ", [class*=breadcrumb], [class*=newsletter], [class~=share], [class~=social], [class~=sidebar], [id=sidebar]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """`lines` are paragraphs, list items and rows as they stand; `parts` is how many parts the selector chose."""

    title: str
    lang: str
    lines: tuple[str, ...]
    parts: int
    cut: bool = False  # there was more than is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Lines that are new and lines that went, in the page's order; clocks and counters are not among them."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def page_text(body: bytes, content_type: str, url: str, select: str) -> PageText:
    """The page's main text, or all text of the chosen parts. Raises UserError when it is no page."""
    if is_pdf(body):
        if select:
            raise UserError("A PDF has no parts to choose.", cure="Leave the selector out.")
        pdf = pdf_text(body)
        return _kept(pdf.title, "", pdf.text, 1)
    tree = parse_page(body, content_type, url)
    parts = chosen(tree, select)
    for part in parts:
        _without(part, f"{ADVERTS}, {_BANNERS}")
    text = "\n".join(node_text(part) for part in parts) if select else _main(tree)
    lang = getattr_of(tree.document.query_selector("html"), "lang").lower().partition("-")[0]
    return _kept(tree.title or "", lang, text, len(parts))


def _kept(title: str, lang: str, text: str, parts: int) -> PageText:
    """The page with as much of its text as is remembered."""
    lines = [" ".join(line.split())[:_MAX_LINE] for line in clean_text(text).split("\n")]
    lines = [line for line in lines if line]
    kept, size = list[str](), 0
    for line in lines[:MAX_LINES]:
        size += len(line) + 1
        if size > MAX_TEXT:
            break
        kept.append(line)
    return PageText(
        title=plain_line(title[: _MAX_TITLE * 4])[:_MAX_TITLE],
        lang=lang,
        lines=tuple(kept),
        parts=parts,
        cut=len(kept) < len(lines),
    )


def _main(tree: Any) -> str:
    """Without menus, footers and the like. An extractor of articles would leave out lists, leads and tables."""
    _without(tree.body, _FURNITURE)
    mains = tree.body.query_selector_all("main, [role=main]")
    main = node_text(mains[0]) if len(mains) == 1 else ""
    return main if main.strip() else node_text(tree.body)


def _without(part: Any, boxes: str) -> None:
    """Take the boxes out; not those that hold most of the text: some sites call the whole page "cookie-page"."""
    most = len(part.text) / 2
    for box in part.query_selector_all(boxes)[:_MOST_BOXES]:
        if box.parent is not None and len(box.text) <= most:
            box.parent.remove_child(box)


def marks(lines: Iterable[str], *, whole: bool = False) -> list[str]:
    """What each line is known by again, empty for mere noise: eight hexadecimal digits of what it means."""
    return [content_id(words)[:8] if (words := meaning(line, whole=whole)) else "" for line in lines]


def change(
    old: Sequence[str],
    new: Sequence[str],
    seen: Collection[str] = (),
    again: Collection[str] = (),
    *,
    whole: bool = False,
) -> Change:
    """From the lines of the last visit to those of this one. What is `seen` (marks) is not new unless it is `again`.

    Lines that only moved are no change; nor is one that stands there twice.
    """
    before, now = marks(old, whole=whole), marks(new, whole=whole)
    known, left = {*before, *({*seen} - {*again}), ""}, {*now, ""}
    return Change(
        added=tuple(line for line, mark in zip(new, now, strict=True) if mark not in known),
        removed=tuple(line for line, mark in zip(old, before, strict=True) if mark not in left),
    )


def remembered(seen: Sequence[str], lines: Iterable[str]) -> list[str]:
    """`seen` with the marks of `lines`, the latest MAX_SEEN of them."""
    now = list(dict.fromkeys(mark for mark in marks(lines, whole=True) if mark))
    present = set(now)
    return [*(mark for mark in seen if mark not in present), *now][-MAX_SEEN:]


def entry_of(page: PageText, change: Change, url: str) -> Entry:
    """The change as something that can be matched: new lines as they stand, those that went each marked as such.

    Its title leads with the change, so that two changes of a page are two stories.
    """
    gone = [f"Removed: {line}" for line in change.removed]
    lines = [*change.added, *gone]
    name = page.title or url
    title = f"{shortened(lines[0])} · {name}" if lines else name
    text = "\n\n".join(lines)
    return Entry(id=content_id(url, text), url=url, title=title, content=text, is_html=False, lang=page.lang)


def whole_of(page: PageText, url: str) -> Entry:
    """The page as it was first found."""
    text, title = "\n\n".join(page.lines), page.title or url
    return Entry(id=content_id(url, text), url=url, title=title, content=text, is_html=False, lang=page.lang)


def shortened(line: str) -> str:
    """At most a headline's length of it."""
    return line if len(line) <= _HEADLINE else line[: _HEADLINE - 1].rstrip() + "…"
