"""How Telegram gets a message: plain text and entities with UTF-16 offsets, never a parse mode.

Source text can therefore never become a look that we did not make. Telegram makes links, mentions and commands out of
bare text by itself: that is made `inert` wherever no entity of ours keeps it so. What its apps may still recognise are
long numbers (bank cards, telephones).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from bot.cleantext import clean_text
from bot.model import Block, Button, Message, Run
from bot.writing._telegram_text import JOINER, beginning, dead_places, inert, safe_url, units

__all__ = ["MOST_CALLBACK_BYTES", "MOST_ENTITIES", "MOST_UNITS", "format_message", "units"]

MOST_UNITS = 4_096
MOST_ENTITIES = 100
MOST_HEADS = 80  # entities that keep their text dead; the rest of the hundred is for quotes and hits
MOST_CALLBACK_BYTES = 64
MOST_LABEL = 60  # units
MOST_READ = 4 * MOST_UNITS  # of one run; more is never shown
LONG_QUOTE = 400  # units; longer quotes are folded
LEAST_QUOTE = 240  # units that a quote keeps as long as others can give way
LATEST = 2**31  # seconds; Telegram keeps times in 32 bits

_CUT = "…"
_HALF_ADDRESS = re.compile(r"\(https?://\S*\Z")  # a live one: half of it is another one
_NOTHING = Run(text="")
_LOOKS = {"bold": ("bold",), "italic": ("italic",), "hit": ("bold", "underline")}
_DEAD = {"pre", "code", "text_link"}  # Telegram looks for nothing inside these
_ALONE = {"code", "date_time"}  # Telegram gives these no other look
_RANK = {"blockquote": 1, "expandable_blockquote": 1, "text_mention": 1, "underline": 2}
_TOGETHER = {("title", "meta"), ("item", "item"), ("meta", "meta"), ("quote", "quote")}
_PER_ROW = 3
_MOST_BUTTONS = 90


def format_message(message: Message, *, plain: bool = False) -> dict[str, Any]:
    """Arguments of `sendMessage` without the chat: `text`, `entities`, `reply_markup` where there are such.

    `plain` has neither of these two: hits are `[hit]`, the headline is followed by its address. Raises ValueError for a
    button whose command Telegram cannot carry.
    """
    composer = _Composer(plain)
    parts = [part for block in message.blocks if (part := composer.part(block)) is not None]
    text, entities = _joined(_fitted(parts))
    payload: dict[str, Any] = {
        "text": text or inert(beginning(clean_text(message.gist).strip(), MOST_UNITS // 2)) or _CUT,
        "link_preview_options": {"is_disabled": not message.preview},
        "disable_notification": message.silent,
    }
    rows = [] if plain else _rows(message.buttons)
    if entities:
        payload["entities"] = entities
    if rows:
        payload["reply_markup"] = {"inline_keyboard": rows}
    elif message.ask and not plain:  # in a group, an answer is all that a bot gets to see of what has no slash
        payload["reply_markup"] = {"force_reply": True, "selective": True}
    return payload


# --------------------------------------------------------------------------------------------------------------- parts


@dataclass(frozen=True, slots=True)
class _Entity:
    """A look of the UTF-16 units `start` to `end`; `more` is what the Bot API wants to know beside."""

    kind: str
    start: int
    end: int
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    """A block as text. Entities count from the part's beginning, rising; `whole` is the one that covers all of it."""

    kind: str
    text: str
    entities: tuple[_Entity, ...] = ()
    whole: str = ""

    @property
    def size(self) -> int:
        """Units with the line end before it."""
        return units(self.text) + 2

    def cut(self, most: int) -> "_Part":
        """The same in at most `most` units, at least the mark that something is missing."""
        text = _HALF_ADDRESS.sub("", beginning(self.text, most - len(_CUT))).rstrip(f" {JOINER}") + _CUT
        end = units(text) - len(_CUT)
        kept = (replace(entity, end=min(entity.end, end)) for entity in self.entities if entity.start < end)
        return replace(self, text=text, entities=tuple(kept))

    def all_entities(self) -> Iterator[_Entity]:
        """The whole one first; a quote of which only the mark is left is none."""
        if self.whole and self.text != _CUT:
            long = self.whole == "blockquote" and units(self.text) > LONG_QUOTE
            yield _Entity("expandable_blockquote" if long else self.whole, 0, units(self.text))
        yield from self.entities


@dataclass(frozen=True, slots=True)
class _Piece:
    """Clean text and the run it is from. `live`: an address of ours that Telegram may make a link of."""

    text: str
    run: Run = _NOTHING
    live: bool = False


class _Composer:
    """Blocks to parts. Past `MOST_HEADS`, links and code are text like any other, and as dead."""

    def __init__(self, plain: bool) -> None:
        self._plain = plain
        self._heads = 0

    def part(self, block: Block) -> _Part | None:
        """The block as text and looks; None when there is nothing to read."""
        if block.kind == "code":
            return self._code(block)
        pieces = self._pieces(block)
        joined = "".join(piece.text for piece in pieces)
        if not joined.strip():
            return None
        places = list(dead_places(joined))
        marks: list[_Entity] = []
        texts = ["• "] if block.kind == "item" else []
        at, done = units("".join(texts)), 0
        for piece in pieces:
            inside = [place - done for place in places if done < place <= done + len(piece.text)]
            done += len(piece.text)
            looks, dead = self._looks(piece, block.kind)
            texts.append(piece.text if dead else _joined_at(piece.text, inside))
            end = at + units(texts[-1])
            self._heads += _mark(marks, looks, at, end)
            at = end
        whole = "blockquote" if block.kind == "quote" and not self._plain else ""
        return _Part(block.kind, "".join(texts), tuple(marks), whole)

    def _code(self, block: Block) -> _Part | None:
        text = clean_text("".join(run.text for run in block.runs)).replace("\t", " ").strip("\n").rstrip()
        if not text.strip():
            return None
        if self._plain or self._heads >= MOST_HEADS:
            return _Part(block.kind, inert(text))
        self._heads += 1
        return _Part(block.kind, text, whole="pre")

    def _pieces(self, block: Block) -> list[_Piece]:
        """Clean text for each run, on one line, without spaces at the ends; addresses that cannot be links in words."""
        pieces: list[_Piece] = []
        for run, following in zip(block.runs, [*block.runs[1:], None], strict=True):
            text = " ".join(re.split(r"[\n\t]", clean_text(run.text[:MOST_READ])))
            text = text if any(piece.text for piece in pieces) else text.lstrip()
            pieces.append(_Piece(f"[{text}]" if self._plain and "hit" in run.styles and text.strip() else text, run))
            if following is None or following.url != run.url:
                pieces.append(self._address(run))
        while pieces and not pieces[-1].text.strip():
            pieces.pop()
        if pieces:
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
        return pieces

    def _address(self, run: Run) -> _Piece:
        """Where a link leads that cannot be a link here: in words, and where it is honest Telegram may link it."""
        safe = safe_url(run.url)
        if not run.url or not run.text.strip() or (safe and not self._plain):
            return _Piece("")
        shown = safe or beginning(" ".join(clean_text(run.url).split()), 200)
        return _Piece(f" ({shown})" if shown and shown not in run.text else "", live=bool(safe))

    def _looks(self, piece: _Piece, block_kind: str) -> tuple[list[_Entity], bool]:
        """The piece's looks (offsets open), and whether its text stays as it is. Some take no other look."""
        if self._plain or not piece.text.strip():
            return [], piece.live
        head = _head(piece.run)
        dead = head is not None and head.kind in _DEAD
        if dead and self._heads >= MOST_HEADS:
            head, dead = None, False
        heads = [head] if head is not None else []
        if head is not None and head.kind in _ALONE:
            return heads, dead
        kinds = ["bold"] if block_kind == "title" else []
        kinds += [kind for style in piece.run.styles for kind in _LOOKS.get(style, ())]
        return heads + [_Entity(kind, 0, 0) for kind in dict.fromkeys(kinds)], dead


def _head(run: Run) -> _Entity | None:
    """What the run is beside its looks; Telegram does not nest these."""
    if url := safe_url(run.url):
        return _Entity("text_link", 0, 0, {"url": url})
    person = run.mention
    if person is not None and person.platform == "telegram" and person.user_id.isdecimal():
        name = person.name or run.text.strip()
        return _Entity("text_mention", 0, 0, {"user": {"id": int(person.user_id), "is_bot": False, "first_name": name}})
    if "code" in run.styles:
        return _Entity("code", 0, 0)
    if run.time is not None and 0 < run.time.timestamp() < LATEST:
        return _Entity("date_time", 0, 0, {"unix_time": int(run.time.timestamp())})
    return None


def _joined_at(text: str, places: Iterable[int]) -> str:
    cuts = [0, *places, len(text)]
    return JOINER.join(text[start:end] for start, end in pairwise(cuts))


def _mark(marks: list[_Entity], entities: Iterable[_Entity], start: int, end: int) -> int:
    """Add entities from `start` to `end`, or extend those that end there; how many new ones keep their text dead."""
    new = 0
    for entity in entities:
        for number in range(len(marks) - 1, max(-1, len(marks) - 6), -1):
            before = marks[number]
            if (before.kind, before.more, before.end) == (entity.kind, entity.more, start):
                marks[number] = replace(before, end=end)
                break
        else:
            marks.append(replace(entity, start=start, end=end))
            new += entity.kind in _DEAD
    return new


# ---------------------------------------------------------------------------------------------------------------- size


def _fitted(parts: list[_Part]) -> list[_Part]:
    """Parts within Telegram's size: first the quotes give way, the last one first, then the end of the message."""
    over = sum(part.size for part in parts) - 2 - MOST_UNITS
    quotes = [number for number in reversed(range(len(parts))) if parts[number].kind == "quote"]
    for least in (LEAST_QUOTE, 0):
        for number in quotes:
            part = parts[number]
            if over > 0 and units(part.text) > max(least, 1):
                parts[number] = part.cut(max(least, units(part.text) - over))
                over -= part.size - parts[number].size
    if over <= 0:
        return parts
    over += len(_CUT) + 2  # for a mark in place of what goes
    while len(parts) > 1 and over >= units(parts[-1].text):
        over -= parts.pop().size
    if over > 0:
        parts[-1] = parts[-1].cut(units(parts[-1].text) - over)
    else:
        parts.append(_Part("text", _CUT))
    return parts


def _joined(parts: Sequence[_Part]) -> tuple[str, list[dict[str, Any]]]:
    """The text, and its entities within Telegram's number: what keeps text dead before what is for the eye."""
    text: list[str] = []
    at = 0
    entities: list[_Entity] = []
    for above, part in zip([None, *parts], parts, strict=False):
        if above is not None:
            text.append("\n" if (above.kind, part.kind) in _TOGETHER else "\n\n")
            at += units(text[-1])
        entities += (replace(entity, start=entity.start + at, end=entity.end + at) for entity in part.all_entities())
        text.append(part.text)
        at += units(part.text)
    kept = sorted(entities, key=lambda entity: (0 if entity.kind in _DEAD else _RANK.get(entity.kind, 3), entity.start))
    kept = sorted(kept[:MOST_ENTITIES], key=lambda entity: (entity.start, -entity.end))
    return "".join(text), [
        {"type": entity.kind, "offset": entity.start, "length": entity.end - entity.start, **entity.more}
        for entity in kept
    ]


# ------------------------------------------------------------------------------------------------------------- buttons


def _rows(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    keys = [key for button in buttons if (key := _key(button))][:_MOST_BUTTONS]
    return [keys[at : at + _PER_ROW] for at in range(0, len(keys), _PER_ROW)]


def _key(button: Button) -> dict[str, str] | None:
    """None for an address that Telegram would refuse: it takes the whole message down with it."""
    label = beginning(" ".join(clean_text(button.label).split()), MOST_LABEL)
    if not label:
        return None
    style = {"style": "danger"} if button.danger else {}
    if button.url:
        return {"text": label, "url": button.url, **style} if safe_url(button.url) else None
    if not 1 <= len(button.command.encode("utf-8", "replace")) <= MOST_CALLBACK_BYTES:
        raise ValueError(f"the command of the button {label!r} has not 1 to {MOST_CALLBACK_BYTES} bytes")
    return {"text": label, "callback_data": button.command, **style}
