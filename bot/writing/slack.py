"""How Slack gets a message: Block Kit, and the whole gist as fallback text.

Source text goes only into `rich_text` and `plain_text` elements, where it stays what it is: it can become neither
`<!channel>` nor `<@U…>` nor a link. Sizes are UTF-16 units, which is never less than what Slack counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.cleantext import clean_text
from bot.model import Block, Button, Message, Run
from bot.writing._slack_text import cut, escaped, fallback, honest, mentioned, pieces, safe_url, typed, units, user_id

Part = dict[str, Any]  # a block or an element, as JSON

MOST_BLOCKS = 50
MOST_TEXT = 3_000  # of one text object or rich text section
MOST_HEADER = 150
MOST_IN_ALL = 12_000  # over all blocks; from about 13,200 on Slack answers msg_blocks_too_long
MOST_CONTEXT = 10  # elements
MOST_BUTTONS = 25  # in one row
MOST_LABEL = 75
MOST_VALUE = 2_000
MOST_DATE = 100
MOST_ROWS = 4

_DATE = "{date_short_pretty} {time}"


def format_message(message: Message, *, plain: bool = False, is_alert: bool = False) -> dict[str, Any]:
    """Arguments for `chat.postMessage`: `text`, `blocks` (none when `plain`) and what keeps Slack from adding to it.

    `is_alert`: it stands for an alert, to which people can say something in its thread where no button is shown.
    """
    payload: dict[str, Any] = {
        "text": fallback(message, plain=plain, is_alert=is_alert),
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": message.preview,
        "unfurl_media": message.preview,
    }
    blocks = [] if plain else _blocks(message)
    return {**payload, "blocks": blocks} if blocks else payload


# -------------------------------------------------------------------------------------------------------------- blocks


def _blocks(message: Message) -> list[Part]:
    """At most 50 blocks with at most `MOST_IN_ALL` units; what does not fit is counted in the last but the buttons."""
    body: list[Part] = []
    for kind, group in groupby(message.blocks, key=lambda block: block.kind):
        same = list(group)
        body += _list(same) if kind == "item" else [part for block in same for part in _block(block)]
    rows = _rows(message.buttons)
    room, size, fit = MOST_BLOCKS - len(rows), 0, 0
    for part in body:
        size += _size(part)
        if size > MOST_IN_ALL:
            break
        fit += 1
    if fit < len(body) or len(body) > room:
        fit = min(fit, room - 1)
        left = len(body) - fit
        body = [*body[:fit], _context([_plain_text(f"Shortened: {left} more part{'s' * (left > 1)} did not fit.")])]
    return body + rows


def _block(block: Block) -> list[Part]:
    if not any(clean_text(run.text).strip() or mentioned(run) for run in block.runs):
        return []
    linked = any(safe_url(run.url) or mentioned(run) for run in block.runs)
    if block.kind == "code":
        text = typed(clean_text("".join(run.text for run in block.runs)).strip("\n"))
        return [_rich("rich_text_preformatted", [_text(piece)]) for piece in pieces(text, MOST_TEXT)]
    line = " ".join(clean_text("".join(run.text for run in block.runs)).split())
    if block.kind == "title" and not linked and units(line) <= MOST_HEADER:
        return [{"type": "header", "text": _plain_text(line)}]
    if block.kind == "meta" and not linked and not any("code" in run.styles for run in block.runs):
        return _small(block.runs)
    kind = "rich_text_quote" if block.kind == "quote" else "rich_text_section"
    title = block.kind == "title"
    runs = _linked_once(block.runs) if title else block.runs
    return [_rich(kind, chunk) for chunk in _chunks(_elements(runs, title=title))]


def _linked_once(runs: Sequence[Run]) -> list[Run]:
    """A title's runs with neighbours of one address joined: a reader meets one link, not one per marked word.

    A link has one look: the marks of hits give way, and the excerpts below show them.
    """
    joined: list[Run] = []
    for run in runs:
        if joined and safe_url(run.url) and run.url == joined[-1].url:
            joined[-1] = Run(text=joined[-1].text + run.text, url=run.url)
        else:
            joined.append(run)
    return joined


def _list(blocks: Iterable[Block]) -> list[Part]:
    """Lines of a list as one bulleted list, or several where one would grow too large."""
    lists: list[list[Part]] = []
    size = 0
    for block in blocks:
        for chunk in _chunks(_elements(block.runs)):
            more = sum(_size(element) for element in chunk)
            if not lists or size + more > MOST_TEXT:
                lists.append([])
                size = 0
            lists[-1].append({"type": "rich_text_section", "elements": chunk})
            size += more
    return [
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": lines}]}
        for lines in lists
    ]


def _rich(kind: str, elements: Sequence[Part]) -> Part:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def _small(runs: Sequence[Run]) -> list[Part]:
    """A context line. Dates are elements of their own: only markup, which is ours, shows them in the reader's zone."""
    elements: list[Part] = []
    for dated, group in groupby(runs, key=_dated):
        if dated:
            elements += [_date_markup(run) for run in group]
        else:
            text = clean_text("".join(run.text for run in group))
            text = text.strip() if len(elements) == 0 else text.strip(" \n·,")
            elements += [_plain_text(piece) for piece in pieces(text.rstrip(" \n·,"), MOST_TEXT) if piece.strip()]
    rows = [elements[at : at + MOST_CONTEXT] for at in range(0, len(elements), MOST_CONTEXT)]
    return [_context(row) for row in rows]


def _context(elements: Sequence[Part]) -> Part:
    return {"type": "context", "elements": list(elements)}


def _dated(run: Run) -> bool:
    """Whether a point in time can be shown in the reader's zone; a fallback too long for a date is text."""
    return run.time is not None and units(run.text) <= MOST_DATE


def _date_markup(run: Run) -> Part:
    assert run.time is not None
    shown = "".join(escaped(run.text.replace("|", "/")))
    return {"type": "mrkdwn", "text": f"<!date^{int(run.time.timestamp())}^{_DATE}|{shown or 'date'}>"}


def _plain_text(text: str) -> Part:
    return {"type": "plain_text", "text": text, "emoji": False}


def _rows(buttons: Sequence[Button]) -> list[Part]:
    shown = [part for number, button in enumerate(buttons) if (part := _button(number, button))]
    rows = [shown[at : at + MOST_BUTTONS] for at in range(0, len(shown), MOST_BUTTONS)]
    return [{"type": "actions", "elements": row} for row in rows[:MOST_ROWS]]


def _button(number: int, button: Button) -> Part | None:
    """None for one that Slack would refuse: it takes the whole message down with it."""
    label = cut(" ".join(clean_text(button.label).split()), MOST_LABEL)
    url = safe_url(button.url)
    if not label or not (url or (button.command.strip() and units(button.command) <= MOST_VALUE)):
        return None
    part: Part = {"type": "button", "text": _plain_text(label)}
    if url:
        part |= {"action_id": f"open:{number}", "url": url}
    else:
        part |= {"action_id": f"command:{number}", "value": button.command}
    return {**part, "style": "danger"} if button.danger else part


# ----------------------------------------------------------------------------------------------------------- rich text


def _size(part: Any) -> int:
    """Units of all that is in a block or element, without its addresses."""
    if isinstance(part, str):
        return units(part)
    if isinstance(part, dict):
        return sum(_size(value) for name, value in part.items() if name != "url")
    return sum(_size(inner) for inner in part) if isinstance(part, list) else 0


def _elements(runs: Sequence[Run], *, title: bool = False) -> list[Part]:
    return [element for run in runs if (element := _element(run, title))]


def _element(run: Run, title: bool) -> Part | None:
    text = typed(clean_text(run.text)) if "code" in run.styles else clean_text(run.text)
    if mentioned(run):
        return {"type": "user", "user_id": user_id(run)}
    if not text:
        return None
    if run.time is not None and _dated(run):
        return {"type": "date", "timestamp": int(run.time.timestamp()), "format": _DATE, "fallback": text}
    style = _style(run, title)
    url = safe_url(run.url) if text.strip() else ""
    if url:
        return {"type": "link", "url": url, "text": honest(text, url), **style}
    return _text(text, style)


def _text(text: str, style: Part | None = None) -> Part:
    return {"type": "text", "text": text, **(style or {})}


def _style(run: Run, title: bool) -> Part:
    """Bold for hits, as Slack documents no marker pen; in a title, where all is bold, they are italic as well."""
    hit = "hit" in run.styles
    style = {
        "bold": title or hit or "bold" in run.styles,
        "italic": (title and hit) or "italic" in run.styles,
        "code": "code" in run.styles,
    }
    chosen = {name: True for name, there in style.items() if there}
    return {"style": chosen} if chosen else {}


def _chunks(elements: Sequence[Part]) -> Iterator[list[Part]]:
    """The elements in sections of at most `MOST_TEXT` units; long texts and links are cut in two."""
    chunk: list[Part] = []
    size = 0
    for element in elements:
        parts = [element]
        if "text" in element:
            parts = [{**element, "text": piece} for piece in pieces(element["text"], MOST_TEXT)]
        for part in parts:
            if chunk and size + _size(part) > MOST_TEXT:
                yield chunk
                chunk, size = [], 0
            chunk.append(part)
            size += _size(part)
    if chunk:
        yield chunk
