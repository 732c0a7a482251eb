"""Slack's windows: the App Home as Block Kit. Pure. Texts of others stand in plain text, where they are no markup."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.cleantext import clean_text
from bot.model import Block, Button, Destination, HomeLine, HomePart
from bot.writing._slack_text import cut, typed

Part = dict[str, Any]

MOST_BLOCKS = 100
MOST_LINE = 400  # of 3,000: a page, not a book
MOST_HEADER = 150
MOST_LABEL = 75
HOME = "home"
SHORTCUTS = (
    Button(label="Rules", command="rules"),
    Button(label="Missed", command="missed"),
    Button(label="Channels", command="channels"),
    Button(label="Settings", command="settings"),
    Button(label="Help", command="help"),
)


def home_view(parts: Sequence[HomePart], here: Destination) -> Part:
    """A person's App Home; `here` is their direct chat, where its buttons act unless a line says another."""
    blocks = [_header("Watchword"), _row(here)]
    for number, part in enumerate(parts):
        blocks += [{"type": "divider"}, _header(part.title), *_lines(part.lines, here, number)]
        blocks += [_small(part.note)] if part.note else []
    return {"type": "home", "callback_id": HOME, "blocks": blocks[:MOST_BLOCKS]}


def _row(here: Destination) -> Part:
    buttons = [_button(button, f"command:{number}") for number, button in enumerate(SHORTCUTS)]
    return {"type": "actions", "block_id": place_mark(here, "all"), "elements": buttons}


def _lines(lines: Iterable[HomeLine], here: Destination, part: int) -> list[Part]:
    """The lines, those of other chats below the chat's name."""
    blocks: list[Part] = []
    place = here.key
    for number, line in enumerate(lines):
        if line.here.key != place:
            blocks.append(_in_channel(line.here))
            place = line.here.key
        block: Part = {"type": "section", "text": _plain(_text(line.block), MOST_LINE)}
        if line.button:
            block["block_id"] = place_mark(line.here, f"{part}.{number}")
            block["accessory"] = _button(line.button, f"command:{part}.{number}")
        blocks.append(block)
    return blocks


def _in_channel(place: Destination) -> Part:
    where = {"type": "channel", "channel_id": place.chat_id}
    words: list[Part] = [{"type": "text", "text": "In "}, where]
    words += [{"type": "text", "text": ", in a thread"}] if place.thread_id else []
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]}


def place_mark(place: Destination, name: str) -> str:
    """A block's id that says in which chat its buttons act: `in:C0ROOM:17.1:name`."""
    return f"in:{place.chat_id}:{place.thread_id}:{name}"


def place_of_mark(mark: str) -> tuple[str, str]:
    """(chat, thread) of a block's id; empty when it is no such mark."""
    kind, chat_id, thread_id, *_ = [*mark.split(":"), "", "", ""]
    return (chat_id, thread_id) if kind == "in" else ("", "")


# --------------------------------------------------------------------------------------------------------------- parts


def _text(block: Block) -> str:
    shown = (typed(run.text) if "code" in run.styles else run.text for run in block.runs)
    return " ".join(clean_text("".join(shown)).split())


def _plain(text: str, most: int) -> Part:
    return {"type": "plain_text", "text": cut(text, most) or "-", "emoji": False}


def _header(text: str) -> Part:
    return {"type": "header", "text": _plain(text, MOST_HEADER)}


def _small(block: Block) -> Part:
    return {"type": "context", "elements": [_plain(_text(block), MOST_LINE)]}


def _button(button: Button, action_id: str) -> Part:
    return {
        "type": "button",
        "action_id": action_id,
        "text": _plain(button.label, MOST_LABEL),
        "value": button.command,
    }
