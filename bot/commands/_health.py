"""How a source is, in words: for `sources` and `home`."""

from bot import say
from bot.core.visits.health import pace as pace_of
from bot.model import Feed
from bot.ports import Desk


def health(desk: Desk, feed: Feed) -> str:
    """How it is, in words."""
    if feed.failures:
        when = f"; next try {feed.next_poll_at:%H:%M} UTC" if feed.next_poll_at else "; paused"
        return f"failing ({say.count(feed.failures, 'time')} in a row): {feed.last_error}{when}"
    if feed.polled_at is None:
        return "not read yet"
    every = max(1, round(feed.interval.total_seconds() / 60))
    ago = say.age(feed.polled_at, desk.now) or f"{feed.polled_at:%d %b %H:%M} UTC"
    note = f"; note: {feed.note}" if feed.note else ""
    if feed.health.silent_since:
        note = f"; nothing new since {feed.health.silent_since:%d %b %H:%M} UTC, which is unusual{note}"
    elif late := pace_of(feed.health):
        note = f"; {late}{note}"
    pace = f"every {say.count(every, 'minute')}" if feed.interval.total_seconds() >= 60 else "every few seconds"
    return f"healthy, read {ago}, {pace}{note}"
