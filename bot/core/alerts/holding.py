"""Whether an alert comes at once, waits, or does not come: snoozes, quiet hours, digests."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bot.model import DigestPlan, Preferences, QuietHours, Reason

MOST_HELD = 500  # for one chat: what comes then is in the ledger only
SNOOZED, QUIET, DIGEST, AWAY = "snoozed", "quiet hours", "for the digest", "the chat was away"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an alert waits, and until when (None: until its chat is back), or that it is `dropped`."""

    why: str
    until: datetime | None
    dropped: bool = False
    reason: Reason = Reason.HELD


LIMIT = Hold(f"{MOST_HELD} wait already", None, dropped=True, reason=Reason.LIMITED)


def hold(chosen: Preferences, now: datetime, zone: tzinfo, *, urgent: bool = False) -> Hold | None:
    """What becomes of an alert for somebody who chose that; None: it comes at once. `urgent`: one of its rules is."""
    if chosen.snoozed_until is not None and now < chosen.snoozed_until:
        return Hold(SNOOZED, chosen.snoozed_until)
    quiet_end = end_of_quiet(chosen.quiet, now, zone) if chosen.quiet is not None else None
    if chosen.quiet is not None and quiet_end is not None:
        if chosen.quiet.then == "drop":
            return Hold("", None, dropped=True, reason=Reason.QUIET)
        if not (urgent and chosen.quiet.then == "urgent"):
            return Hold(QUIET, quiet_end)
    if chosen.digest is not None and not urgent:
        return Hold(DIGEST, next_digest(chosen.digest, now, zone))
    return None


def end_of_quiet(quiet: QuietHours, now: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet hours end that `now` is in; None when it is in none. `start` equal to `end` is the whole day."""
    local = now.astimezone(zone)
    for days in (-1, 0):  # those that began yesterday, and today's
        day = local + days * _DAY
        begin = _at(day, quiet.start, zone)
        end = _at(day + (_DAY if quiet.end <= quiet.start else timedelta()), quiet.end, zone)
        if begin <= now < end:
            return end.astimezone(now.tzinfo)
    return None


def next_digest(plan: DigestPlan, now: datetime, zone: tzinfo) -> datetime:
    """The first time of that plan after `now`."""
    local = now.astimezone(zone)
    if plan.every == "hour":
        return (local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)).astimezone(now.tzinfo)
    for days in range(9):
        at = _at(local + days * _DAY, plan.at, zone)
        if at > now and (plan.every == "day" or at.weekday() == plan.weekday):
            return at.astimezone(now.tzinfo)
    raise AssertionError("every week has each of its days")


def _at(day: datetime, minutes: int, zone: tzinfo) -> datetime:
    """That wall time on that day; where the clock is put forward over it, the same hour after the change."""
    return datetime.combine(day.date(), time(minutes // 60, minutes % 60), tzinfo=zone)
