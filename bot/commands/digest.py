"""`digest`: alerts come together, every day, week or hour."""

import re
from dataclasses import replace

from bot import say
from bot.commands._resting import chosen_with_zone, save, whose
from bot.core.alerts.holding import next_digest
from bot.errors import UserError
from bot.model import DigestPlan, Message
from bot.ports import Desk
from bot.reading.times import read_clock
from bot.zones import zone_named

USAGE = "digest [mine] <daily 8:00 | weekly mon 8:00 | hourly | off>"
SUMMARY = "alerts come together in one message, every day, week or hour; those of urgent rules at once"
EXAMPLES = ("digest daily 8:00", "digest weekly fri 17:30", "digest hourly", "digest mine daily 9", "digest off")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLAN = re.compile(
    r"(?P<every>daily|every day|weekly|every week|hourly|every hour)"
    r"(?:\s+(?:on\s+)?(?P<day>(?!at\b|noon|midnight)[a-z]{3,9}))?(?:\s+(?:at\s+)?(?P<clock>.+))?",
    re.IGNORECASE,
)
USUAL = 8 * 60  # minutes after midnight


def run(desk: Desk, argument: str) -> Message:
    """Choose, show or end it. Raises UserError."""
    whom, words, named = whose(desk, argument, "choose its digest")
    chosen = chosen_with_zone(desk, whom)
    zone = zone_named(chosen.zone)
    if words.casefold() in ("off", "none", "end"):
        if chosen.digest is None:
            raise UserError(f"There is no digest for {named}.", cure=f"For example: {EXAMPLES[0]}")
        save(desk, whom, replace(chosen, digest=None))
        return say.message(say.text(say.bold("No digest"), f" for {named} any more: each alert comes at once."))
    if not words:
        if chosen.digest is None:
            raise UserError("How often?", cure=f"For example: {EXAMPLES[0]}")
        plan = chosen.digest
    else:
        plan = _read(words)
        save(desk, whom, replace(chosen, digest=plan))
    every = {"hour": "Hourly", "day": "Daily", "week": "Weekly"}[plan.every]
    return say.message(
        say.text(
            say.bold(f"{every} digest"),
            f" for {named}; the next comes ",
            say.moment(next_digest(plan, desk.now, zone)),
            ".",
        ),
        say.meta(
            "Urgent rules alert at once: ", say.mono("edit <number> urgent"), ". End it: ", say.mono("digest off")
        ),
    )


def _read(words: str) -> DigestPlan:
    """Raises UserError."""
    match = _PLAN.fullmatch(" ".join(words.split()))
    if match is None:
        raise UserError(f"I cannot read “{words[:60]}” as a plan.", cure=f"For example: {EXAMPLES[0]}")
    every = match["every"].casefold().removeprefix("every ")
    clock = read_clock(match["clock"]) if match["clock"] else None
    if clock is None and match["clock"]:
        raise UserError(f"“{match['clock'][:60]}” is no time of the day.", cure=f"For example: {EXAMPLES[0]}")
    at = clock.hour * 60 + clock.minute if clock is not None else USUAL
    if every in ("hourly", "hour"):
        return DigestPlan(every="hour")
    if every in ("daily", "day"):
        if match["day"]:
            raise UserError("A daily digest comes on every day.", cure=f"For one day: {EXAMPLES[1]}")
        return DigestPlan(every="day", at=at)
    day = (match["day"] or "mon").casefold()[:3]
    if day not in _DAYS:
        raise UserError(f"“{match['day']}” is no day of the week.", cure=f"For example: {EXAMPLES[1]}")
    return DigestPlan(every="week", at=at, weekday=_DAYS.index(day))
