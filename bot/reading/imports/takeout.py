"""Everything a chat has, as a text that people can read and Watchword reads back: `watchword export 1`.

A line is a thing: `rule troops [urgent, paused]: troops AND Ukraine`, that is a word, a name, options in brackets, and
behind the colon a text. A name with signs of its own is in quotes; further lines of a text begin with two spaces.
Lines that begin with `#` are remarks.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import get_args

from bot.errors import UserError
from bot.model import DigestPlan, Preferences, QuietHours
from bot.zones import zone_named

HEADER = "watchword export 1"
WORDS = ("channel", "setting", "list", "rule", "source", "subscription", "mute", "follow")
MOST_LINES = 5000
USUAL = Preferences()
_HEADER = re.compile(r"watchword export (\d+)\s*", re.IGNORECASE)
_LINE = re.compile(
    r"(?P<word>[a-z]+)\s+(?P<name>\"(?:[^\"\\]|\\.)*\"|[^:\[\]\"]+?)\s*"
    r"(?:\[(?P<options>[^\]]*)\])?\s*(?::(?: (?P<text>.*))?)?",
    re.DOTALL,
)
_ODD = re.compile(r"[:\[\]\"\\\r\n]|^\s|\s$|^$")
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_QUIET = re.compile(rf"{_CLOCK}-{_CLOCK} (digest|drop|urgent)")
_DIGEST = re.compile(rf"hour|day {_CLOCK}|week {_CLOCK} (mon|tue|wed|thu|fri|sat|sun)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing. `number` is its line in a text that was read."""

    word: str
    name: str
    options: tuple[str, ...] = ()
    text: str = ""
    number: int = 0

    def option(self, start: str) -> str | None:
        """What follows `start` in the option that begins so; None when there is none."""
        return next((each[len(start) :].strip() for each in self.options if each.startswith(start)), None)


def write(lines: Iterable[Line]) -> list[str]:
    """Each thing as text, without the header."""
    return [_written(line) for line in lines]


def _written(line: Line) -> str:
    name = json.dumps(line.name, ensure_ascii=False) if _ODD.search(line.name) else line.name
    options = f" [{', '.join(line.options)}]" if line.options else ""
    text = ": " + "\n  ".join(line.text.splitlines()) if line.text else ""
    return f"{line.word} {name}{options}{text}"


def read(text: str) -> list[Line]:
    """The things of a text that begins with the header. Raises UserError that names the line."""
    rows = text.replace("```", "").splitlines()
    first = next((number for number, row in enumerate(rows) if row.strip()), 0)
    header = _HEADER.fullmatch(rows[first].strip()) if rows else None
    if header is None:
        raise UserError("The text does not begin as an export does.", cure=f"Its first line must be: {HEADER}")
    if header[1] != "1":
        raise UserError(f"That is an export of version {header[1]}; this Watchword reads version 1.", cure="Update it.")
    if len(rows) > MOST_LINES:
        raise UserError(f"An export has {MOST_LINES:,} lines at most.", cure="Send it in parts, each with its header.")
    return [_read(number, joined) for number, joined in _joined(rows, first + 1)]


def _joined(rows: Sequence[str], first: int) -> list[tuple[int, str]]:
    """(line number, thing with its further lines)."""
    things: list[tuple[int, str]] = []
    for number, row in enumerate(rows[first:], start=first + 1):
        if row.startswith("  ") and things:
            things[-1] = (things[-1][0], f"{things[-1][1]}\n{row[2:]}")
        elif row.strip() and not row.lstrip().startswith("#") and not _HEADER.fullmatch(row.strip()):
            things.append((number, row.strip()))
    return things


def _read(number: int, thing: str) -> Line:
    match = _LINE.fullmatch(thing)
    if match is None:
        raise _fault(number, f"cannot be read: {thing[:60]}", "A line is: rule troops [urgent]: troops AND Ukraine")
    if match["word"] not in WORDS:
        raise _fault(number, f"begins with “{match['word'][:40]}”", f"Known: {', '.join(WORDS)}")
    try:
        name = json.loads(match["name"], strict=False) if match["name"].startswith('"') else match["name"]
    except ValueError:
        raise _fault(number, f"has a name that cannot be read: {match['name'][:60]}", 'For example: "a: b"') from None
    options = tuple(filter(None, (each.strip() for each in (match["options"] or "").split(","))))
    return Line(word=match["word"], name=name, options=options, text=match["text"] or "", number=number)


def _fault(number: int, what: str, cure: str) -> UserError:
    return UserError(f"Line {number} {what}.", cure=cure)


# --------------------------------------------------------------------------------------------------------------- times


def moment(at: datetime) -> str:
    """`2026-03-02 15:00:00Z`."""
    return at.astimezone(UTC).isoformat(" ").replace("+00:00", "Z")


def read_moment(words: str) -> datetime | None:
    """None where it is no time with a zone."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


# ------------------------------------------------------------------------------------------------------------ settings


def settings_of(chosen: Preferences) -> list[Line]:
    """What was chosen otherwise than usual."""
    pairs = {
        "format": "compact" if chosen.compact else "",
        "excerpts": "" if chosen.excerpts else "off",
        "source": "" if chosen.source_as == "title" else chosen.source_as,
        "preview": "on" if chosen.preview else "",
        "members": "on" if chosen.open_to_members else "",
        "timezone": chosen.zone,
        "language": chosen.language,
        "quiet": _quiet(chosen.quiet) if chosen.quiet else "",
        "digest": _digest(chosen.digest) if chosen.digest else "",
        "snooze": moment(chosen.snoozed_until) if chosen.snoozed_until else "",
    }
    return [Line(word="setting", name=name, text=value) for name, value in pairs.items() if value]


def with_setting(chosen: Preferences, line: Line) -> Preferences | None:
    """What was chosen, with that line's; None where nothing can be that."""
    value = line.text.strip()
    words = {"format": ("full", "compact"), "source": ("title", "host")}.get(line.name, ("off", "on"))
    if line.name in ("format", "excerpts", "source", "preview", "members"):
        return _chosen(chosen, line.name, value) if value in words else None
    if line.name == "timezone":
        known = value == "UTC" or str(zone_named(value)) == value
        return replace(chosen, zone=value) if known else None
    if line.name == "language":
        return replace(chosen, language=value) if re.fullmatch(r"[a-z]{2}", value) else None
    if line.name == "quiet" and (match := _QUIET.fullmatch(value)):
        start, end = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
        then = next(each for each in _THEN if each == match[5])
        return replace(chosen, quiet=QuietHours(start=start, end=end, then=then)) if start != end else None
    if line.name == "digest" and (plan := _plan(value)):
        return replace(chosen, digest=plan)
    if line.name == "snooze" and (until := read_moment(value)):
        return replace(chosen, snoozed_until=until)
    return None


_THEN = get_args(QuietHours.__annotations__["then"])


def _chosen(chosen: Preferences, name: str, value: str) -> Preferences:
    if name == "format":
        return replace(chosen, compact=value == "compact")
    if name == "source":
        return replace(chosen, source_as="host" if value == "host" else "title")
    if name == "excerpts":
        return replace(chosen, excerpts=value == "on")
    if name == "preview":
        return replace(chosen, preview=value == "on")
    return replace(chosen, open_to_members=value == "on")


def _quiet(quiet: QuietHours) -> str:
    return f"{_clock(quiet.start)}-{_clock(quiet.end)} {quiet.then}"


def _digest(plan: DigestPlan) -> str:
    day = f" {_DAYS[plan.weekday]}" if plan.every == "week" else ""
    return plan.every + ("" if plan.every == "hour" else f" {_clock(plan.at)}{day}")


def _plan(value: str) -> DigestPlan | None:
    match = _DIGEST.fullmatch(value)
    if match is None:
        return None
    if value == "hour":
        return DigestPlan(every="hour")
    if match[1]:
        return DigestPlan(every="day", at=int(match[1]) * 60 + int(match[2]))
    return DigestPlan(every="week", at=int(match[3]) * 60 + int(match[4]), weekday=_DAYS.index(match[5]))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
