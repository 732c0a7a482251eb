"""What every store must do when the clock was ahead: what was planned by it waits no longer than it would have."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.alerts import corrections
from bot.core.clock import Replanned
from bot.core.visits.schedule import longest_wait
from bot.pipeline.timekeeping import WAITS
from bot.ports import Store
from tests.contracts.made import LEASE, SAID, SECOND, claimed, delivery, feed
from tests.fakes import HALL, NOON, ROOM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def due(store: Store, now: datetime) -> list[str]:
    return [one.id for one in store.claim_feeds(now, limit=9, lease=LEASE)]


def plan(store: Store, at: datetime) -> None:
    """At that time: a feed in 30 minutes, a lane in a second, an attempt after an hour, an article in 10 minutes."""
    store.add_feed(replace(feed(1, at + HOUR / 2), interval=HOUR / 2), "c")
    store.put(delivery("sent", ROOM))
    store.put(delivery("slow", HALL))
    store.claim(at, limit=9, lease=LEASE, platforms=["fake"])
    store.sent("sent", message=SAID, message_id="m", at=at, lane_opens=at + SECOND)
    store.retry("slow", not_before=at + HOUR, error="wait an hour", close_lane=True)
    store.put(delivery("next", ROOM))
    store.save_correction_check(corrections.begin("d1", "https://d.example/1", at))
    store.note_time(at)


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), HOUR, DAY, 3000 * DAY])
def test_what_was_left_to_wait_is_left_to_wait(store: Store, ahead: timedelta) -> None:
    plan(store, NOON + ahead)
    assert store.replan(NOON, WAITS) == Replanned(ahead, 5)
    assert due(store, NOON + HOUR / 2 - SECOND) == []
    assert due(store, NOON + HOUR / 2) == ["f1"]
    assert claimed(store, NOON) == []
    assert claimed(store, NOON + SECOND) == ["next"]
    store.dead("next", error="over")
    assert claimed(store, NOON + HOUR - SECOND) == [], "the platform asked for an hour"
    assert claimed(store, NOON + HOUR) == ["slow"]
    assert store.claim_correction_checks(NOON + 599 * SECOND, limit=9, lease=LEASE) == []
    assert len(store.claim_correction_checks(NOON + 600 * SECOND, limit=9, lease=LEASE)) == 1


def test_a_second_process_finds_nothing_to_do(store: Store) -> None:
    plan(store, NOON + DAY)
    store.replan(NOON, WAITS)
    assert store.replan(NOON + SECOND, WAITS) == Replanned()


def test_a_clock_that_goes_forward_changes_no_plan(store: Store) -> None:
    plan(store, NOON)
    assert store.replan(NOON + SECOND / 2, WAITS) == Replanned()
    assert store.replan(NOON + DAY, WAITS) == Replanned()
    assert due(store, NOON + HOUR / 2 - SECOND) == []


def test_the_latest_time_is_the_one_that_counts(store: Store) -> None:
    store.note_time(NOON + HOUR)
    store.note_time(NOON)
    assert store.replan(NOON, WAITS).ahead == HOUR


def test_leases_of_a_clock_that_was_ahead_end_in_time(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.put(delivery("a"))
    store.save_correction_check(corrections.begin("d1", "https://d.example/1", NOON))
    later = NOON + DAY
    assert due(store, later) == ["f1"]
    assert claimed(store, later) == ["a"]
    assert len(store.claim_correction_checks(later, limit=9, lease=LEASE)) == 1
    store.note_time(later)
    assert store.replan(NOON + HOUR, WAITS).plans == 3
    assert due(store, NOON + HOUR + LEASE - SECOND) == []
    assert due(store, NOON + HOUR + LEASE) == ["f1"]
    assert claimed(store, NOON + HOUR + LEASE) == ["a"]
    assert len(store.claim_correction_checks(NOON + HOUR + LEASE, limit=9, lease=LEASE)) == 1


def test_plans_of_which_nothing_is_known_are_cut_to_their_longest_wait(store: Store) -> None:
    """As after an update: an earlier version noted no time."""
    rare, failing = replace(feed(2), interval=10 * HOUR), replace(feed(3), failures=1)
    for each in (feed(1), rare, failing):
        store.add_feed(replace(each, next_poll_at=NOON + 90 * DAY), "c")
    store.put(delivery("a"))
    claimed(store)
    store.sent("a", message=SAID, message_id="m", at=NOON + DAY, lane_opens=NOON + DAY)
    store.put(delivery("b"))
    assert store.replan(NOON, WAITS) == Replanned(timedelta(), 4)
    for each in (feed(1), rare, failing):
        kept = store.feed(each.id)
        assert kept is not None
        assert kept.next_poll_at == NOON + longest_wait(each.interval, each.failures)
    assert claimed(store, NOON + WAITS.lane) == ["b"]


def test_what_can_be_is_left_alone(store: Store) -> None:
    """A rare feed, a feed whose server asked for a day, a platform that asked for an hour."""
    store.add_feed(replace(feed(1, NOON + 109 * HOUR), interval=100 * HOUR), "c")
    store.add_feed(replace(feed(2, NOON + DAY), failures=1), "c")
    store.add_feed(feed(3, None), "c")
    store.put(delivery("slow"))
    claimed(store)
    store.retry("slow", not_before=NOON + HOUR, error="wait an hour", close_lane=True)
    assert store.replan(NOON, WAITS) == Replanned()
    assert claimed(store, NOON + HOUR - SECOND) == []
    assert due(store, NOON + DAY - SECOND) == []
