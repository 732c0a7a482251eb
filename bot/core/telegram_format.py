"""How Telegram gets a message: plain text and entities with UTF-16 offsets, never a parse mode.

Source text can therefore never become a link, a mention or a look that we did not make. Telegram's apps still recognise
bare addresses, @names and /commands in any text by themselves; previews are off, and nothing is sent by pressing those.
"""

from dataclasses import dataclass
from typing import Any

from bot.core.cleantext import clean_text
from bot.model import Block, Button, Message, Run

MOST_UNITS = 4096
MOST_ENTITIES = 100
MOST_CALLBACK_BYTES = 64
LONG_QUOTE = 400  # units; longer quotes are folded
_CUT = " …"
_STYLES = {"bold": ("bold",), "italic": ("italic",), "code": ("code",), "hit": ("bold", "underline")}
_PER_ROW = 3


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(one > "\uffff" for one in text)


def format_message(message: Message, *, plain: bool = False) -> dict[str, Any]:
    """Arguments of `sendMessage` without the chat. `plain` leaves entities and buttons out."""
    page = _Page()
    for number, block in enumerate(message.blocks):
        page.block(block, gap=number > 0 and _parted(message.blocks[number - 1], block))
    text, entities = page.finished()
    payload: dict[str, Any] = {
        "text": text or "…",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": message.silent,
    }
    if plain:
        return payload
    if entities:
        payload["entities"] = entities
    if rows := _rows(message.buttons):
        payload["reply_markup"] = {"inline_keyboard": rows}
    return payload


def _parted(above: Block, below: Block) -> bool:
    """Whether an empty line stands between two blocks; a headline and its circumstances belong together."""
    return (above.kind, below.kind) not in {("title", "meta"), ("item", "item"), ("meta", "meta"), ("quote", "quote")}


@dataclass(slots=True)
class _Entity:
    kind: str
    start: int
    end: int
    more: dict[str, Any]


class _Page:
    """Text and entities as they grow."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._at = 0
        self._entities: list[_Entity] = []

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._at += units(text)

    def block(self, block: Block, *, gap: bool) -> None:
        """Add a block on a line of its own; one with nothing to read adds nothing."""
        if not any(clean_text(run.text).strip() for run in block.runs):
            return
        if self._at:
            self._put("\n\n" if gap else "\n")
        if block.kind == "item":
            self._put("• ")
        start = self._at
        for run in block.runs:
            self._run(run, block)
        self._whole(block, start)

    def _whole(self, block: Block, start: int) -> None:
        """What covers the block: a quote, code, the headline's weight. Its edges may not be spaces or newlines."""
        if block.kind == "title":
            self._mark("bold", start)
        elif block.kind == "code":
            self._mark("pre", start)
        elif block.kind == "quote":
            self._mark("expandable_blockquote" if self._at - start > LONG_QUOTE else "blockquote", start)

    def _mark(self, kind: str, start: int, **more: Any) -> None:
        if self._at > start:
            self._entities.append(_Entity(kind, start, self._at, more))

    def _run(self, run: Run, block: Block) -> None:
        text = clean_text(run.text)
        if block.kind != "code":
            text = " ".join(text.split("\n"))
        if not text:
            return
        start = self._at
        self._put(text)
        if block.kind == "code" or not text.strip():
            return
        if run.url.startswith(("http://", "https://")):
            self._mark("text_link", start, url=run.url)
        elif run.mention is not None and run.mention.user_id.isdecimal():
            self._mark(
                "text_mention", start, user={"id": int(run.mention.user_id), "is_bot": False, "first_name": text}
            )
        for style in run.styles:
            for kind in _STYLES[style]:
                if not (kind == "bold" and block.kind == "title"):
                    self._mark(kind, start)

    def finished(self) -> tuple[str, list[dict[str, Any]]]:
        """Text within Telegram's size, entities within its number: the outer ones first, hits before the rest."""
        text = "".join(self._text).rstrip()
        if units(text) > MOST_UNITS:
            text = _cut(text, MOST_UNITS - units(_CUT)) + _CUT
        end = units(text)
        order = {
            "blockquote": 0,
            "expandable_blockquote": 0,
            "pre": 0,
            "text_link": 1,
            "text_mention": 1,
            "underline": 2,
        }
        kept = sorted(self._entities, key=lambda one: (order.get(one.kind, 3), one.start))[:MOST_ENTITIES]
        kept.sort(key=lambda one: (one.start, -one.end))
        return text, [
            {"type": one.kind, "offset": one.start, "length": min(one.end, end) - one.start, **one.more}
            for one in kept
            if min(one.end, end) > one.start
        ]


def _cut(text: str, most: int) -> str:
    """The longest beginning of at most `most` units; a character is never halved."""
    if units(text) <= most:
        return text
    end = most
    while units(text[:end]) > most:
        end -= max(1, (units(text[:end]) - most) // 2)
    return text[:end].rstrip()


def _rows(buttons: tuple[Button, ...]) -> list[list[dict[str, str]]]:
    keys = [key for button in buttons if (key := _key(button))]
    return [keys[at : at + _PER_ROW] for at in range(0, len(keys), _PER_ROW)][:30]


def _key(button: Button) -> dict[str, str] | None:
    label = " ".join(clean_text(button.label).split())[:60]
    if not label:
        return None
    if button.url:
        return {"text": label, "url": button.url} if button.url.startswith(("http://", "https://")) else None
    if not 1 <= len(button.command.encode()) <= MOST_CALLBACK_BYTES:
        raise ValueError(f"the command of the button {label!r} has not 1 to {MOST_CALLBACK_BYTES} bytes")
    return {"text": label, "callback_data": button.command}
