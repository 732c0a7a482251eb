"""`source check` and `source every`: a visit now, and how often."""

import re
from datetime import datetime, timedelta

from bot import say
from bot.commands._common import need_right, own_id, zone_of
from bot.core.visits import schedule
from bot.core.visits.checking import newest_line
from bot.errors import UserError
from bot.model import Asked, Feed, Message
from bot.ports import Desk
from bot.reading.times import read_end

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=7)
JUST_READ = timedelta(seconds=30)  # a visit as fresh as this is told instead of repeated
MOST_ASKED = 20  # who wait for one visit
_LENGTH = re.compile(r"(?:every\s+)?(\d.*|half\b.*|an?\b.*)", re.IGNORECASE | re.DOTALL)
_USUAL = frozenset({"usual", "off", "auto", "as before", "default", "normal"})


def check(desk: Desk, feed: Feed, number: str) -> Message:
    """Have it visited now; what that brings is told here. Raises UserError."""
    need_right(desk, "have its sources read now")
    newest = desk.store.newest_document(feed.id)
    if feed.next_poll_at is None:
        raise UserError(f"{feed.name} is paused: it failed for long.", cure=f"Try it again: source resume {number}")
    if feed.polled_at is not None and not feed.failures and desk.now - feed.polled_at < JUST_READ:
        head = say.text(say.bold(f"{feed.name} was read just now."))
        return say.message(head, *([newest_line(newest)] if newest is not None else []))
    if len(feed.health.asked) < MOST_ASKED:
        place = desk.typed_in or desk.command.destination
        asked = Asked(destination=place, reply_to=desk.command.message_id or desk.command.reply_to)
        desk.store.ask_for_visit(feed.id, asked, desk.now)
    return say.message(
        say.text(say.bold(f"Looking at {feed.name} now.")),
        say.meta("What is there is told here, within ten seconds if its server answers in time."),
    )


def every(desk: Desk, feed: Feed, words: str) -> Message:
    """How often this chat wants it visited. Raises UserError."""
    need_right(desk, "change its sources")
    channel_id = own_id(desk)
    if words.casefold() in _USUAL:
        desk.store.set_pace(channel_id, feed.id, None)
        head = say.text(say.bold(f"{feed.name} is read as often as its rhythm asks again."))
        return say.message(head, say.meta("More often after news, at least once an hour."))
    wanted = _length(desk, words)
    desk.store.set_pace(channel_id, feed.id, wanted)
    known = desk.store.feed(feed.id)
    if known is not None and known.next_poll_at is not None:
        desk.store.save_feed(schedule.repaced(known, desk.now))
    how = "at least " if known is not None and (known.learns or known.every != wanted) else ""
    return say.message(
        say.text(say.bold(f"{feed.name} is read {how}every {in_words(wanted)} from now on.")),
        say.meta(
            "Never more often than its kind allows, or its server asks for. As before: ",
            say.mono("source every <number> usual"),
        ),
    )


def _length(desk: Desk, words: str) -> timedelta:
    match = _LENGTH.fullmatch(words)
    end: datetime | None = None
    if match is not None:
        read = read_end(match[1], desk.now, zone_of(desk))
        end = None if read.thing else read.until
    wanted = timedelta() if end is None else end - desk.now
    if not SHORTEST <= wanted <= LONGEST:
        raise UserError(f"“{words[:60]}” is no interval of 1 minute to 7 days.", cure="For example: source every 2 5m")
    return wanted


def in_words(length: timedelta) -> str:
    """`5 minutes`, `hour`, `2 days`: behind "every"."""
    minutes = round(length.total_seconds() / 60)
    for size, noun in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            return noun if minutes == size else f"{minutes // size} {noun}s"
    return f"{minutes} minutes"
