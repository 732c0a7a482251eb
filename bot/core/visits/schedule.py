"""When to visit a feed again: learned from its own rhythm, asked of nobody else, the same on every machine."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.visits import health
from bot.errors import PermanentError, TransientError, WatchwordError
from bot.model import Feed, Poll, content_id

LONGEST = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(hours=6)
LONGEST_RETRY = timedelta(days=1)  # of the pauses that servers ask for
SHORTER, LONGER = 0.6, 1.25
_JITTER = 0.1


def next_interval(
    feed: Feed, poll: Poll, new_entries: int, least: timedelta, longest: timedelta = LONGEST
) -> timedelta:
    """The feed's next rhythm, `least` to `longest`: shorter after news, longer after none, never below `poll.wait`.

    What chats chose (`Feed.every`) takes its place, or bounds it where another chat leaves it to the feed.
    """
    top = max(least, longest, feed.every or least)
    factor = SHORTER if new_entries else LONGER
    learned = min(max(feed.interval * factor, least), top)
    # A first visit brings a feed's whole stock: that says nothing about its rhythm.
    wanted = learned if feed.polled_at is not None else min(max(feed.interval, least), top)
    if feed.every is not None:
        chosen = max(feed.every, least)
        wanted = min(wanted, chosen) if feed.learns else chosen
    return max(wanted, min(poll.wait or timedelta(), top))


def after_success(
    feed: Feed,
    poll: Poll,
    new_entries: int,
    now: datetime,
    least: timedelta,
    ages: Sequence[timedelta] = (),
    longest: timedelta = LONGEST,
) -> Feed:
    """The feed after a visit that worked: next one set, failures forgotten, a permanent move followed.

    `ages`: how long ago the new entries had been published.
    """
    interval = next_interval(feed, poll, new_entries, least, longest)
    return replace(
        feed,
        url=poll.moved_to or feed.url,
        title=feed.title or poll.title,
        cursor=poll.cursor or feed.cursor,
        note=feed.note if poll.unchanged else poll.note,
        interval=interval,
        polled_at=now,
        next_poll_at=now + _jittered(interval, feed, now),
        failures=0,
        last_error="",
        health=health.after_visit(feed, new_entries, ages, now),
    )


def after_failure(
    feed: Feed, error: WatchwordError, now: datetime, least: timedelta, longest: timedelta = LONGEST
) -> Feed:
    """The feed after a visit that failed: later each time; never before Retry-After; not at all when it is gone, or
    when it has failed for a week.
    """
    failures = feed.failures + 1
    said = f"{error} {error.cure}".strip()
    feed = replace(feed, failures=failures, last_error=said, health=health.after_failure(feed, now))
    if (isinstance(error, PermanentError) and error.gone) or health.is_given_up(feed, now):
        return replace(feed, next_poll_at=None)
    base = max(min(feed.interval, longest), least)
    pause = min(base * 2 ** min(failures, 20), max(LONGEST_BACK_OFF, least))
    pause = _jittered(pause, feed, now)
    if isinstance(error, TransientError) and error.retry_after is not None:
        pause = max(pause, min(error.retry_after, LONGEST_RETRY))
    return replace(feed, next_poll_at=now + pause)


def repaced(feed: Feed, now: datetime) -> Feed:
    """The feed after a chat chose how often it is visited: the next visit comes that much sooner, or later."""
    if feed.every is None or feed.next_poll_at is None:
        return feed
    interval = min(feed.interval, feed.every) if feed.learns else feed.every
    due = feed.next_poll_at if feed.failures else min(feed.next_poll_at, (feed.polled_at or now) + interval)
    return replace(feed, interval=interval, next_poll_at=due)


def longest_wait(interval: timedelta, failures: int) -> timedelta:
    """How far ahead the next visit of a feed with that rhythm, and so many failures in a row, is planned at most."""
    if not failures:
        return interval * (1 + _JITTER)
    return max(LONGEST_RETRY, max(LONGEST_BACK_OFF, interval) * (1 + _JITTER))


def _jittered(pause: timedelta, feed: Feed, now: datetime) -> timedelta:
    """Up to a tenth more, derived from the feed and the hour: feeds added together drift apart; nothing is random."""
    return pause * (1 + _JITTER * int(content_id(feed.id, now.isoformat(timespec="hours")), 16) / 2**64)
