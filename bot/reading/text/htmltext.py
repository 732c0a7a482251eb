"""HTML to plain text in one pass, in time that grows with the input's length whatever the input is.

A DOM parser is not used here on purpose: one element with 100,000 attributes (1.1 MB) costs resiliparse 36 s and
lxml 26 s. Whole pages go through a real parser, in the worker (`bot.reading.text.extract.main_text`).
"""

import re
from html import unescape

from bot.cleantext import clean_text

_MARKUP = re.compile(r"[<&]|  ")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)")
_TAG_STOP = re.compile(r"[>\"']")
_OTHER_SPACES = "\t\r\n\f\v"
_BREAKS = re.compile(r"\n{3,}")
_ESCAPED_TAG = re.compile(r"</?(?:p|br|div|a|b|i|em|strong|span|ul|ol|li|img|h[1-6]|blockquote)\b[^<>]{0,500}>", re.I)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|br|cite|code|del|em|font|i|img|ins|mark|nobr|p|q|s|small|span|strong|sub|sup|tt|u|wbr|div)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.I,
)
_PARAGRAPHS = re.compile(
    r"address|article|aside|blockquote|body|center|details|dl|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr"
    r"|html|main|nav|ol|p|pre|section|summary|table|title|ul"
)
# What `_tidy` takes in one go: comments; tags whose quotes stand behind a "=" and are closed; entities that are ended;
# a lone "&". Whatever else begins with "<" or "&" is the last branch, and sends the whole text to `_strip`.
_STEP = re.compile(
    r"""<(/?[a-zA-Z][a-zA-Z0-9:-]*+)(?:[^"'>]*+(?<==)(?:"[^"]*+"|'[^']*+'))*+[^"'>]*+>"""
    r"|&(\#?[a-zA-Z0-9]{1,31};|(?=[ <]))|<!--.*?-->()|<|&",
    re.S,
)
_TAG_NAME, _, _COMMENT = 1, 2, 3  # the groups of _STEP
_LINES = frozenset(("br", "dd", "dt", "option", "tr", "caption"))
_SILENT = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "head")
)

_ENDS = {name: re.compile(f"</?{name}(?![a-z0-9-])", re.I) for name in _SILENT}


def html_to_text(html: str) -> str:
    """Visible text of an HTML fragment: one blank line between paragraphs, "• " before list items, no markup."""
    if "<" not in html:
        text = _collapse(unescape(html)) if "&" in html else _collapse(html)
        # "&lt;p&gt;" where "<p>" was meant: somebody escaped twice
        return _without_markup(text) if _ESCAPED_TAG.search(text) else text.strip()
    return _without_markup(html)


def plain_line(text: str) -> str:
    """A title or name as one line of plain text, whatever mixture of tags and entities it came in.

    Unescaped at most twice (`AT&amp;amp;T`); only tags that HTML has are taken for tags, so "5 < 6 and b > 4" stays.
    """
    if text.isascii() and text.isprintable() and not _MARKUP.search(text):  # nearly all of them
        return text.strip()
    for _ in range(2):
        if "<" in text:
            text = _INLINE_TAG.sub("", text)
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = _INLINE_TAG.sub("", text)
    return " ".join(clean_text(text).split())


def _without_markup(html: str) -> str:
    try:
        return _trim(_STEP.sub(_step, _spaced(html)))
    except _OddError:
        return _strip(html)


class _OddError(Exception):
    """There is markup that only `_strip` can read."""


class _Steps(dict[str, str]):
    """What stands in the text for a tag, by its name (with its "/"), or for an entity; few and short ones are kept."""

    def __missing__(self, step: str) -> str:
        if step[0] == "&":
            text = _spaced(unescape(step))
        else:
            name = step.lower().lstrip("/")
            if name in _SILENT and step[0] != "/":
                raise _OddError
            text = _break(name, closing=step[0] == "/")
        if len(self) < _MOST_STEPS and len(step) <= _LONGEST_STEP:
            self[step] = text
        return text


_MOST_STEPS, _LONGEST_STEP = 2_000, 40
_steps = _Steps()


def _step(match: re.Match[str]) -> str:
    kind = match.lastindex
    if kind is None:
        raise _OddError
    return "" if kind == _COMMENT else _steps[match[_TAG_NAME] if kind == _TAG_NAME else match[0]]


def _strip(html: str) -> str:
    out: list[str] = []
    position, quotes_left = 0, {'"': True, "'": True}
    never_closed = set[str]()
    while (start := html.find("<", position)) >= 0:
        if start > position:
            out.append(_text(html[position:start]))
        tag = _TAG.match(html, start)
        if tag is None:
            mark, position = _not_a_tag(html, start)
            out.append(mark)
            continue
        name = tag[1].lower()
        position = _tag_end(html, tag.end(), quotes_left)
        closing = html.startswith("</", start)
        if name in _SILENT and not closing and html[position - 2 : position] != "/>":
            position = _element_end(html, position, name, never_closed)
        out.append(_break(name, closing))
    out.append(_text(html[position:]))
    return _trim("".join(out))


def _text(segment: str) -> str:
    return _spaced(unescape(segment) if "&" in segment else segment)


def _trim(text: str) -> str:
    """Without spaces in a row or around breaks; paragraphs one blank line apart."""
    text = "\n".join([line.strip(" ") for line in _single(text).split("\n")])
    return _BREAKS.sub("\n\n", text).strip()


def _collapse(text: str) -> str:
    return _single(_spaced(text))


def _spaced(text: str) -> str:
    """A space for each character that is as good as one."""
    for other in _OTHER_SPACES:
        text = text.replace(other, " ")
    return text


def _single(text: str) -> str:
    """One space for several."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _break(name: str, closing: bool) -> str:
    if _PARAGRAPHS.fullmatch(name):
        return "\n\n"
    if name == "li":
        return "" if closing else "\n• "
    if name in _LINES:
        return "\n"
    return " " if name in ("td", "th") else ""


def _not_a_tag(html: str, start: int) -> tuple[str, int]:
    """(text, next position) for a "<" that opens no element: comment, declaration, CDATA mark, or just a "<"."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return "", end + 3 if end >= 0 else len(html)
    if html.startswith("<![CDATA[", start):
        return "", start + 9
    if html[start + 1 : start + 2] in ("!", "?"):
        end = html.find(">", start)
        return "", end + 1 if end >= 0 else len(html)
    return "<", start + 1


def _tag_end(html: str, position: int, quotes_left: dict[str, bool]) -> int:
    """Just behind the ">" that ends a tag; quoted attribute values may hold ">".

    `quotes_left` remembers that no further such quote exists, so that unclosed ones are looked for only once.
    """
    while (stop := _TAG_STOP.search(html, position)) is not None:
        mark = stop[0]
        if mark == ">":
            return stop.end()
        position = stop.end()
        if html[stop.start() - 1] == "=" and quotes_left[mark]:
            end = html.find(mark, position)
            if end < 0:
                quotes_left[mark] = False
            else:
                position = end + 1
    return len(html)


def _element_end(html: str, position: int, name: str, never_closed: set[str]) -> int:
    """Just before the closing tag of an element whose content is not text.

    One that is never closed, or not before the next of its kind, swallows nothing but code. `never_closed` remembers
    names of which no tag is left, so that they are looked for only once.
    """
    mark = None if name in never_closed else _ENDS[name].search(html, position)
    if mark is not None and mark[0][1] == "/":
        return mark.start()
    if mark is None:
        never_closed.add(name)
    if name not in ("script", "style"):
        return position
    code_end = html.find("<", position)
    return code_end if code_end >= 0 else len(html)
