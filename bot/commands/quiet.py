"""`quiet`: hours of the day in which no alert comes."""

import re
from dataclasses import replace
from typing import Literal

from bot import say
from bot.commands._resting import chosen_with_zone, save, whose
from bot.errors import UserError
from bot.model import Message, QuietHours
from bot.ports import Desk
from bot.reading.times import read_clock
from bot.zones import zone_named

USAGE = "quiet [mine] <from>-<to> [digest | drop | urgent only] | quiet off"
SUMMARY = "hours of the day in which alerts are held for a digest, dropped, or only urgent rules alert"
EXAMPLES = ("quiet 22:00-07:00", "quiet 22-7 drop", "quiet 23:00-06:30 urgent only", "quiet mine 20-8", "quiet off")
_HOURS = re.compile(
    r"(?:from\s+)?(?P<start>.+?)\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bbis\b)\s*(?P<end>.+?)"
    r"(?:\s+(?P<rest>digest|drop|urgent only|only urgent|urgent))?",
    re.IGNORECASE | re.DOTALL,
)
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
    chosen = chosen_with_zone(desk, whom)
    zone = zone_named(chosen.zone)
    if words.casefold() in ("off", "none", "end"):
        if chosen.quiet is None:
            raise UserError(f"There are no quiet hours for {named}.", cure=f"For example: {EXAMPLES[0]}")
        save(desk, whom, replace(chosen, quiet=None))
        return say.message(say.text(say.bold("No quiet hours"), f" for {named} any more: what was held comes now."))
    if not words:
        if chosen.quiet is None:
            raise UserError("From when to when?", cure=f"For example: {EXAMPLES[0]}")
        return say.message(say.text(say.bold(f"{_whose(named)}: {_shown(chosen.quiet)}"), f" {chosen.zone or 'UTC'}."))
    quiet = _read(words)
    save(desk, whom, replace(chosen, quiet=quiet))
    head = say.bold(f"{_whose(named)}: {_shown(quiet)} {say.zone_mark(desk.now, zone)}")
    hint = [] if chosen.zone else [say.meta("Another zone: ", say.mono("timezone <city>"))]
    return say.message(say.text(head, ". ", _MEANING[quiet.then]), *hint)


def _read(words: str) -> QuietHours:
    """Raises UserError."""
    match = _HOURS.fullmatch(" ".join(words.split()))
    if match is None:
        raise UserError(f"I cannot read hours in “{words[:60]}”.", cure=f"For example: {EXAMPLES[0]}")
    start, end = _minutes(match["start"]), _minutes(match["end"])
    if start == end:
        raise UserError("Those hours begin when they end.", cure="For always: snooze, or digest daily 8:00")
    return QuietHours(start=start, end=end, then=_THEN[(match["rest"] or "").casefold()])


def _minutes(words: str) -> int:
    clock = read_clock(words)
    if clock is None:
        raise UserError(f"“{words[:60]}” is no time of the day.", cure=f"For example: {EXAMPLES[0]}")
    return clock.hour * 60 + clock.minute


def _whose(named: str) -> str:
    return "Your quiet hours" if named.startswith("you") else f"Quiet hours of {named}"


def _shown(quiet: QuietHours) -> str:
    return f"{_clock(quiet.start)} to {_clock(quiet.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
