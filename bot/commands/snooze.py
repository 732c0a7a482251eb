"""`snooze`: no alerts for a while; then they come together."""

from dataclasses import replace
from datetime import datetime

from bot import say
from bot.commands._common import zone_of
from bot.commands._resting import save, whose
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk
from bot.reading.times import read_end

USAGE = "snooze [mine] <length | until time | off>"
SUMMARY = "no alerts for a while; what comes meanwhile is held and comes together at the end"
EXAMPLES = ("snooze 2h", "snooze until mon 9:00", "snooze mine 1d", "snooze off")


def run(desk: Desk, argument: str) -> Message:
    """Begin, show or end it. Raises UserError."""
    whom, words, named = whose(desk, argument, "snooze its alerts")
    chosen = desk.store.preferences(whom)
    if not words:
        return _shown(desk, whom, named)
    if words.casefold() in ("off", "end", "stop"):
        if chosen.snoozed_until is None or chosen.snoozed_until <= desk.now:
            raise UserError(f"No snooze is on for {named}.", cure=f"For example: {EXAMPLES[0]}")
        save(desk, whom, replace(chosen, snoozed_until=None))
        return say.message(say.text(say.bold("Awake again"), ": what was held comes now."))
    until = _end(desk, words)
    save(desk, whom, replace(chosen, snoozed_until=until))
    return say.message(
        say.text(say.bold("Snoozed"), f" for {named} until ", say.moment(until), "."),
        say.meta("What matches meanwhile is held and comes together then. End it: ", say.mono("snooze off")),
    )


def _end(desk: Desk, words: str) -> datetime:
    """Raises UserError."""
    end = read_end(words, desk.now, zone_of(desk))
    if end.until is None or end.thing:
        raise UserError(f"“{words[:60]}” is no length or time.", cure=f"For example: {EXAMPLES[0]}")
    return end.until


def _shown(desk: Desk, whom: object, named: str) -> Message:
    until = desk.store.preferences(whom).snoozed_until  # type: ignore[arg-type]
    if until is None or until <= desk.now:
        raise UserError("How long?", cure=f"For example: {EXAMPLES[0]}")
    return say.message(say.text(say.bold("Snoozed"), f" for {named} until ", say.moment(until), "."))
