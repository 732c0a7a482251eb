"""How a feed has been: its usual pauses, how late we hear of its news, silence, and a week of failure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import say
from bot.model import Button, Feed, Health, Message

PAUSED_AFTER = timedelta(days=7)  # of nothing but failures, and
LEAST_FAILURES = 7  # of them: a machine that slept for a week has met two
KNOWN_AFTER = timedelta(days=8)  # a weekend belongs to a feed's rhythm
KNOWN_NEWS = 20  # visits that brought news
LEAST_SILENCE = timedelta(hours=2)
UNUSUAL = 2  # times the longest pause of its own
_FORGETS = timedelta(days=60)  # in which a long pause is forgotten
_DAY = timedelta(days=1)


def after_visit(feed: Feed, new: int, ages: Sequence[timedelta], now: datetime) -> Health:
    """After a visit that worked. `new`: documents that it brought; `ages`: how long ago those had been published."""
    known = replace(feed.health, failing_since=None)
    if feed.polled_at is None:  # a first visit brings the whole stock, which says nothing
        return replace(known, known_since=now, newest_at=now)
    if known.newest_at is not None:  # while nobody could look, nobody knows that it was silent
        known = replace(known, newest_at=min(known.newest_at + _unseen(feed, now), now))
    if not new:
        return replace(known, silent_since=known.silent_since or (known.newest_at if is_silent(known, now) else None))
    pause = now - (known.newest_at or now)
    faded = known.longest_pause * max(0.0, 1 - pause / _FORGETS)
    fresh = sorted(age for age in ages if timedelta() <= age <= _DAY)
    latency = fresh[len(fresh) // 2] if fresh else known.latency
    return replace(
        known,
        newest_at=now,
        news=known.news + 1,
        longest_pause=max(faded, pause / UNUSUAL if known.silent_since else pause),  # a feed may have become a rare one
        latency=latency if known.latency is None or latency is None else known.latency * 0.8 + latency * 0.2,
        silent_since=None,
    )


def _unseen(feed: Feed, now: datetime) -> timedelta:
    """How long it was not visited, or in vain, beyond its usual interval."""
    assert feed.polled_at is not None
    return max(now - feed.polled_at - 2 * feed.interval, timedelta())


def is_silent(health: Health, now: datetime) -> bool:
    """Whether nothing came for much longer than ever, of a feed that is known well enough to say so."""
    if health.newest_at is None or health.known_since is None:
        return False
    known = health.news >= KNOWN_NEWS and health.newest_at - health.known_since >= KNOWN_AFTER
    return known and now - health.newest_at > max(LEAST_SILENCE, health.longest_pause * UNUSUAL)


def after_failure(feed: Feed, now: datetime) -> Health:
    """After a visit that failed."""
    return replace(feed.health, failing_since=feed.health.failing_since or now)


def resumed(feed: Feed, now: datetime) -> Feed:
    """A paused feed that is to be tried again."""
    return replace(feed, next_poll_at=now, failures=0, health=replace(feed.health, failing_since=None))


def is_given_up(feed: Feed, now: datetime) -> bool:
    """Whether it has failed for so long, and so often, that it is no longer visited."""
    since = feed.health.failing_since
    return since is not None and now - since >= PAUSED_AFTER and feed.failures >= LEAST_FAILURES


def news(before: Feed, after: Feed, number: int, now: datetime) -> tuple[str, Message] | None:
    """(what makes it one of its kind, the message) for the chat whose source `number` it is, if there is news."""
    name = after.name
    if before.next_poll_at is not None and after.next_poll_at is None:
        since = after.health.failing_since or now
        return f"paused {since.isoformat()}", _paused(after, name, number, now)
    if after.health.silent_since and not before.health.silent_since:
        usual = _words(after.health.longest_pause)
        head = say.text(say.bold(f"{name} has gone quiet."), f" Its longest pause was {usual}; now it is")
        return f"silent {after.health.silent_since.isoformat()}", say.message(
            say.text(*head.runs, f" {_words(now - after.health.silent_since)} without anything new."),
            say.meta("It answers, so it may have moved or changed. You are told once, and when it is back."),
            gist=f"{name} has gone quiet",
        )
    if before.health.silent_since and not after.health.silent_since:
        quiet = _words(now - before.health.silent_since)
        return f"back {before.health.silent_since.isoformat()}", say.message(
            say.text(say.bold(f"{name} is back"), f" after {quiet}."), gist=f"{name} is back"
        )
    return None


def note(remark: str, *, lost: int, pages_failed: int, ungrouped: int) -> str:
    """What `sources` tells of a visit that worked: what its source said, what was not read or not compared."""
    notes = [remark] if remark else []
    if lost:
        notes.append(f"{lost} could not be read")
    if ungrouped:
        notes.append(f"{ungrouped} could not be compared with other news, so they are told as news of their own")
    if pages_failed:
        notes.append(f"the pages of its last {pages_failed} articles could not be had; its own words serve")
    return "; ".join(notes)


def unknown_kind(kind: str) -> str:
    """Of a feed whose adapter is not installed (any more)."""
    return f"there is no source of the kind {kind!r} here"


def internal_error(error: Exception) -> str:
    """Of a visit that a bug of ours ended."""
    return f"internal error while reading it ({type(error).__name__})"


def _paused(feed: Feed, name: str, number: int, now: datetime) -> Message:
    gone = not is_given_up(feed, now)
    head = f"{name} can no longer be read." if gone else f"{name} is paused."
    why = "" if gone else " It has failed for a week."
    return say.message(
        say.text(say.bold(head), f"{why} {feed.last_error}"),
        say.text(
            "I stopped visiting it. To try again: ", say.mono(f"source resume {number}"),
            "; to take it out: ", say.mono(f"source remove {number}"),
        ),
        say.meta("You are told once."),
        buttons=(
            Button(label="Resume", command=f"source resume {number}"),
            Button(label="Remove", command=f"source remove {number}"),
        ),
        gist=head,
    )  # fmt: skip


def _words(length: timedelta) -> str:
    """About how long.

    >>> _words(timedelta(minutes=90)), _words(timedelta(hours=30)), _words(timedelta(days=4))
    ('90 minutes', '30 hours', '4 days')
    """
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return say.count(minutes, "minute")
    return say.count(minutes // 60, "hour") if minutes < 48 * 60 else say.count(minutes // 1440, "day")


def pace(health: Health) -> str:
    """What is known of its rhythm, in words; empty when that is nothing."""
    if health.latency is None:
        return ""
    return f"news reach me {_words(max(health.latency, timedelta(minutes=1)))} after publication"
