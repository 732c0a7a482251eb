"""`quiet`: hours of the day in which no alert comes."""

import re
from dataclasses import replace
from typing import Literal

from bot import say
from bot.commands._common import zone_of
from bot.commands._resting import save, whose
from bot.errors import UserError
from bot.model import Message, QuietHours
from bot.ports import Desk
from bot.zones import zone_named

USAGE = "quiet [mine] <from>-<to> [digest | drop | urgent only] | quiet off"
SUMMARY = "hours of the day in which alerts are held for a digest, dropped, or only urgent rules alert"
EXAMPLES = ("quiet 22:00-07:00", "quiet 22-7 drop", "quiet 23:00-06:30 urgent only", "quiet mine 20-8", "quiet off")
_HOURS = re.compile(
    r"(?:from\s+)?(?P<start>[\d:.]+\s*(?:am|pm|h)?)\s*(?:-|–|—|to|until|till|bis)\s*(?P<end>[\d:.]+\s*(?:am|pm|h)?)"
    r"\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h)?", re.IGNORECASE)
_THEN: dict[str, Literal["digest", "drop", "urgent"]] = {
    "": "digest",
    "digest": "digest",
    "drop": "drop",
    "urgent": "urgent",
    "urgent only": "urgent",
    "only urgent": "urgent",
}
_MEANING = {
    "digest": "What matches then is held and comes together at the end.",
    "drop": "What matches then does not come; it is listed in the ledger: missed.",
    "urgent": "Urgent rules alert at once (make one urgent: edit <number> urgent); the rest comes together at the end.",
}


def run(desk: Desk, argument: str) -> Message:
    """Choose, show or end them. Raises UserError."""
    whom, words, named = whose(desk, argument, "choose its quiet hours")
    chosen = desk.store.preferences(whom)
    zone = zone_named(chosen.zone) if chosen.zone else zone_of(desk)
    if words.casefold() in ("off", "none", "end"):
        if chosen.quiet is None:
            raise UserError(f"There are no quiet hours for {named}.", cure=f"For example: {EXAMPLES[0]}")
        save(desk, whom, replace(chosen, quiet=None))
        return say.message(say.text(say.bold("No quiet hours"), f" for {named} any more: what was held comes now."))
    if not words:
        if chosen.quiet is None:
            raise UserError("From when to when?", cure=f"For example: {EXAMPLES[0]}")
        return say.message(
            say.text(say.bold(f"Quiet hours of {named}: {_shown(chosen.quiet)}"), f" {chosen.zone or 'UTC'}.")
        )
    quiet = _read(words)
    save(desk, whom, replace(chosen, quiet=quiet))
    head = say.bold(f"Quiet hours of {named}: {_shown(quiet)} {say.zone_mark(desk.now, zone)}")
    hint = [] if chosen.zone else [say.meta("Another zone: ", say.mono("timezone <city>"))]
    return say.message(say.text(head, ". ", _MEANING[quiet.then]), *hint)


def _read(words: str) -> QuietHours:
    """Raises UserError."""
    match = _HOURS.fullmatch(words.strip())
    if match is None:
        raise UserError(f"I cannot read hours in “{words[:60]}”.", cure=f"For example: {EXAMPLES[0]}")
    rest = " ".join(match["rest"].casefold().split())
    if rest not in _THEN:
        raise UserError(f"“{rest[:60]}” is nothing that can become of alerts.", cure="digest, drop or urgent only")
    start, end = _minutes(match["start"]), _minutes(match["end"])
    if start == end:
        raise UserError("Those hours begin when they end.", cure="For always: snooze, or digest daily 8:00")
    return QuietHours(start=start, end=end, then=_THEN[rest])


def _minutes(clock: str) -> int:
    match = _CLOCK.fullmatch(clock.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    half = (match[3] or "").casefold() if match else ""
    if half in ("am", "pm") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise UserError(f"“{clock.strip()}” is no time of the day.", cure=f"For example: {EXAMPLES[0]}")
    return hour * 60 + minute


def _shown(quiet: QuietHours) -> str:
    return f"{clock_of(quiet.start)} to {clock_of(quiet.end)}"


def clock_of(minutes: int) -> str:
    """`22:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
