"""How sources are: silence and its end are told once each, a week of failure pauses, and a person resumes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.core.visits import health
from bot.core.visits.health import KNOWN_NEWS
from bot.errors import PermanentError, TransientError
from bot.model import Feed, Health
from bot.pipeline.feedbook import save_visited
from tests.contracts.made import feed
from tests.fakes import HALL, NOON, entry, text_of
from tests.house import House, open_store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def lived(pauses: list[timedelta], start: Feed | None = None) -> Feed:
    """A feed whose visits brought news after each of these pauses."""
    it = start or Feed(id="f", kind="fake", url="fake:news", title="Courier")
    at = it.health.newest_at or NOON
    for pause in [timedelta(), *pauses]:
        at += pause
        if it.polled_at is not None:
            it = replace(it, polled_at=at - timedelta(minutes=10))
        it = replace(it, health=health.after_visit(it, 1, [timedelta(minutes=4)], at), polled_at=at)
    return it


def visited(it: Feed, new: int, at: datetime) -> Feed:
    """After a visit, the one before it having been shortly before."""
    it = replace(it, polled_at=at - timedelta(minutes=10))
    return replace(it, health=health.after_visit(it, new, [], at), polled_at=at)


WEEKS = [HOUR] * 8 + [15 * HOUR]  # a working day and its night
KNOWN = lived(WEEKS * 4 + [*WEEKS[:8], 63 * HOUR] + WEEKS * 5)


def test_a_rhythm_with_nights_and_a_weekend_is_learned() -> None:
    assert KNOWN.health.news >= KNOWN_NEWS
    assert timedelta(hours=55) < KNOWN.health.longest_pause <= timedelta(hours=63)
    assert KNOWN.health.latency == timedelta(minutes=4)
    newest = KNOWN.health.newest_at
    assert newest is not None
    assert not health.is_silent(KNOWN.health, newest + 100 * HOUR)
    assert health.is_silent(KNOWN.health, newest + 130 * HOUR)


def test_a_feed_that_is_hardly_known_is_never_called_silent() -> None:
    few = lived([DAY] * (KNOWN_NEWS - 1))
    short = lived([timedelta(minutes=5)] * 100)
    for one in (few, short, Feed(id="f", kind="fake", url="fake:x")):
        assert not health.is_silent(one.health, NOON + 500 * DAY)


def test_an_alarm_stands_until_news_come_and_the_next_pause_as_long_raises_none() -> None:
    newest = KNOWN.health.newest_at
    assert newest is not None
    quiet = visited(KNOWN, 0, newest + 130 * HOUR)
    assert quiet.health.silent_since == newest
    still = visited(quiet, 0, newest + 200 * HOUR)
    assert still.health.silent_since == newest
    back = visited(still, 2, newest + 300 * HOUR).health
    assert (back.silent_since, back.longest_pause) == (None, 150 * HOUR)
    assert not health.is_silent(back, newest + 600 * HOUR)
    assert health.is_silent(back, newest + 601 * HOUR)


def test_time_in_which_nobody_could_look_is_no_silence() -> None:
    newest = KNOWN.health.newest_at
    assert newest is not None
    asleep = newest + 130 * HOUR
    back = replace(KNOWN, health=health.after_visit(KNOWN, 0, [], asleep), polled_at=asleep)
    assert back.health.silent_since is None
    news = health.after_visit(KNOWN, 1, [], asleep)
    assert news.longest_pause < 63 * HOUR


def test_the_first_visits_stock_says_nothing() -> None:
    first = health.after_visit(Feed(id="f", kind="fake", url="fake:x"), 50, [HOUR] * 50, NOON)
    assert first == Health(known_since=NOON, newest_at=NOON)


# --------------------------------------------------------------------------------------------------------- in the house


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def days(house: House, count: float) -> list[str]:
    """What is posted in that time."""
    before = len(house.chat.posts)
    for _ in range(int(count * 24)):
        house.clock.forward(hours=1)
        await house.settle()
    return [f"{one.destination.chat_id}: {text_of(one.message)}" for one in house.chat.posts[before:]]


async def test_a_week_of_failure_pauses_and_is_told_once_to_each_chat_that_has_it(house: House) -> None:
    await house.add_feed()
    await house.add_feed("fake:other", to=HALL)
    await house.add_feed(to=HALL)
    house.source.faults["fake:news"] = TransientError("news.example answers 503: it has a fault of its own.")
    assert await days(house, 6.5) == []
    told = await days(house, 1.5)
    assert len(told) == 2
    room = next(one for one in told if one.startswith("room"))
    assert "Feed fake:news is paused. It has failed for a week. news.example answers 503" in room
    assert "source resume 1" in room
    assert "source resume 2" in next(one for one in told if one.startswith("hall"))
    assert "paused" in await house.say("sources")
    house.restart()
    assert await days(house, 2) == []
    assert "is not paused" in await house.say("source resume fake:other", to=HALL)
    assert "Trying again: Feed fake:news" in await house.say("source resume 1")
    told = await days(house, 8)
    assert len(told) == 2, "a second week of failure is told as well"
    del house.source.faults["fake:news"]
    await house.say("source resume 1")
    await days(house, 0.25)
    assert "healthy" in await house.say("sources")


async def test_a_machine_that_slept_has_not_met_a_week_of_failure(house: House) -> None:
    await house.add_feed()
    house.source.faults["fake:news"] = TransientError("no network")
    house.clock.forward(hours=1)
    await house.settle()
    house.clock.forward(days=8)
    await house.settle()
    assert len(house.chat.posts) == 1  # the answer to `source add`
    assert "failing" in await house.say("sources")


async def test_a_paused_source_that_is_added_again_is_tried_again(house: House) -> None:
    await house.add_feed()
    house.source.faults["fake:news"] = TransientError("busy")
    await days(house, 9)
    del house.source.faults["fake:news"]
    await house.add_feed(to=HALL)
    assert "healthy" in await house.say("sources", to=HALL)
    assert "healthy" in await house.say("sources")


async def test_a_feed_that_is_gone_for_good_is_told_once(house: House) -> None:
    await house.add_feed()
    house.source.faults["fake:news"] = PermanentError("news.example answers 410: gone for good.", gone=True)
    (told,) = await days(house, 3)
    assert told.startswith("room: Feed fake:news can no longer be read. news.example answers 410")


async def test_silence_is_told_once_and_so_is_its_end(house: House) -> None:
    await house.add_feed()
    (known,) = house.store.feeds(next(iter(house.store.feed_channels(house.store.claim_feeds(
        NOON + 9 * DAY, limit=1, lease=timedelta(),
    )[0].id))))  # fmt: skip
    past = Health(
        known_since=NOON - 30 * DAY, newest_at=house.clock(), news=100, longest_pause=9 * HOUR,
        latency=timedelta(minutes=4),
    )  # fmt: skip
    house.store.save_feed(replace(known, health=past))
    assert "news reach me 4 minutes after publication" in await house.say("sources")
    assert await days(house, 0.6) == []
    (told,) = await days(house, 1)
    assert told.startswith("room: Feed fake:news has gone quiet. Its longest pause was 9 hours; now it is ")
    assert "which is unusual" in await house.say("sources")
    house.restart()
    assert await days(house, 3) == []
    house.source.entries["fake:news"] = [entry(1, "Ferry", "It sails again.")]
    (told,) = await days(house, 1)
    assert told.startswith("room: Feed fake:news is back after ")
    assert await days(house, 0.3) == []


def test_health_is_kept(house: House) -> None:
    full = Health(
        failing_since=NOON, known_since=NOON, newest_at=NOON, news=3, longest_pause=HOUR, latency=HOUR,
        silent_since=NOON, pages_failed=2,
    )  # fmt: skip
    house.store.add_feed(feed(1), "c")
    house.store.save_feed(replace(feed(1), health=full))
    kept = house.store.feed("f1")
    assert kept is not None
    assert kept.health == full


def test_what_was_pushed_during_a_visit_is_not_forgotten(house: House) -> None:
    one = replace(feed(1), cursor="as claimed")
    house.store.add_feed(one, "c")
    house.store.save_feed(replace(one, cursor="pushed"))
    save_visited(house.store, one, replace(one, polled_at=NOON), NOON)
    kept = house.store.feed("f1")
    assert kept is not None
    assert (kept.cursor, kept.polled_at) == ("pushed", NOON)
    save_visited(house.store, kept, replace(kept, cursor="polled"), NOON)
    assert house.store.feed("f1") == replace(kept, cursor="polled")
