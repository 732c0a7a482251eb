"""Small words for building a `Message`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from bot.model import Block, Button, Message, Run

Piece = str | Run

BUTTON_BYTES = 60  # of the command that a button types: Telegram carries 64, and we mark ours
LABEL_LENGTH = 40  # characters that a phone shows of a button


def _runs(pieces: Iterable[Piece]) -> tuple[Run, ...]:
    return tuple(piece if isinstance(piece, Run) else Run(text=piece) for piece in pieces if piece != "")


def title(*pieces: Piece) -> Block:
    """The headline."""
    return Block(kind="title", runs=_runs(pieces))


def text(*pieces: Piece) -> Block:
    """A paragraph."""
    return Block(kind="text", runs=_runs(pieces))


def meta(*pieces: Piece) -> Block:
    """A small line of circumstances."""
    return Block(kind="meta", runs=_runs(pieces))


def quote(*pieces: Piece) -> Block:
    """The source's own words."""
    return Block(kind="quote", runs=_runs(pieces))


def item(*pieces: Piece) -> Block:
    """A line of a list."""
    return Block(kind="item", runs=_runs(pieces))


def code(content: str) -> Block:
    """Text whose spaces and lines count."""
    return Block(kind="code", runs=(Run(text=content, styles=("code",)),))


def code_with_secret(content: str, secret: str, kind: str, address: str) -> Block:
    """The same, with the secret of a source in it, which is put in while it is sent and never stored."""
    before, _, after = content.partition(secret)
    hidden = Run(text="(shown once)", styles=("code",), secret_of=(kind, address))
    runs = (Run(text=before, styles=("code",)), hidden, Run(text=after, styles=("code",)))
    return Block(kind="code", runs=runs)


def bold(content: str) -> Run:
    """Bold text."""
    return Run(text=content, styles=("bold",))


def mono(content: str) -> Run:
    """Something to type, or typed."""
    return Run(text=content, styles=("code",))


def message(*blocks: Block, buttons: Sequence[Button] = (), gist: str = "") -> Message:
    """A message; without a `gist` its first line is the gist."""
    first = "".join(run.text for run in blocks[0].runs) if blocks else ""
    return Message(blocks=tuple(blocks), buttons=tuple(buttons), gist=gist or first[:200])


def fits_button(command: str) -> bool:
    """Whether a button can carry the command on every platform."""
    return len(command.encode()) <= BUTTON_BYTES


def button(label: str, *commands: str) -> list[Button]:
    """A button with the first of the commands that one can carry; none when all are too long."""
    return [Button(label=label[:LABEL_LENGTH], command=command) for command in commands if fits_button(command)][:1]


_OF_ALERT = re.compile(r"([a-z]+) alert:[0-9a-f]{16}")
_MACHINE_ID = re.compile(r"\balert:[0-9a-f]+\b|(?<!\S)[0-9a-f]{12,}(?!\S)")  # one in an address is the address's


def typeable(button: Button) -> str:
    """The button's command as people can type it: empty when it names something by an id, which is shown to nobody."""
    return "" if _MACHINE_ID.search(button.command) else button.command


def you_typed(text: str) -> Block:
    """What was typed, repeated so that it is not lost; of a pressed button without the id in it."""
    return meta("You typed: ", mono(re.sub(" {2,}", " ", _MACHINE_ID.sub("", text)).strip()[:500]))


def verb_of_alert(button: Button) -> str:
    """`mute`, of a button that does just that with an alert: to be said to the alert, or of the last one."""
    pressed = _OF_ALERT.fullmatch(button.command)
    return pressed[1] if pressed else ""


def moment(when: datetime, zone: tzinfo = UTC) -> Run:
    """An absolute time with its zone."""
    return Run(text=f"{when.astimezone(zone):%a %d %b %Y, %H:%M} {zone_mark(when, zone)}", time=when)


def clock(when: datetime, now: datetime, zone: tzinfo = UTC) -> Run:
    """A time in short: without the day when that is today in the zone."""
    local = when.astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else f"{local:%d %b %Y}, "
    return Run(text=f"{day}{local:%H:%M} {zone_mark(when, zone)}", time=when)


def zone_mark(when: datetime, zone: tzinfo) -> str:
    """`EET`, `UTC`, or `UTC+05:45` where the zone has no letters of its own."""
    local = when.astimezone(zone)
    name = local.tzname() or ""
    if name.isalpha():
        return name
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}" + (f":{rest:02}" if rest else "")


def in_zone(message: Message, zone: tzinfo) -> Message:
    """The message with its absolute times (`moment`) shown in that zone instead of UTC."""
    if zone is UTC:
        return message
    return replace(message, blocks=tuple(_block_in_zone(block, zone) for block in message.blocks))


def _block_in_zone(block: Block, zone: tzinfo) -> Block:
    runs = [moment(run.time, zone) if run.time is not None and run == moment(run.time) else run for run in block.runs]
    return replace(block, runs=tuple(runs))


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 rule`, `2 rules`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def age(since: datetime, now: datetime) -> str:
    """`4 min ago`, `3 h ago`; empty from a day on, where the date says it better, and for the future."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 0 or minutes >= 24 * 60:
        return ""
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


def listed(names: Sequence[str], *, most: int = 4) -> str:
    """`Bild, Wire, Courier +3`."""
    shown = ", ".join(names[:most])
    return f"{shown} +{len(names) - most}" if len(names) > most else shown
