"""What every store must tell health: sources by kind, and the chats for which something waits."""

from dataclasses import replace
from datetime import timedelta

from bot.core.condition import GIVES_UP_HOPE, Lanes, Sources
from bot.model import Destination
from bot.ports import Store
from tests.contracts.made import LEASE, SAID, SECOND, claimed, delivery, feed
from tests.fakes import HALL, NOON, ROOM

MINUTE = timedelta(minutes=1)


def test_sources_are_counted_by_kind_when_a_channel_holds_them(store: Store) -> None:
    for number in range(5):
        store.add_feed(feed(number), "c")
    store.add_feed(replace(feed(9), kind="page"), "c")
    store.add_feed(feed(1), "another")
    for number, changes in ((0, {"failures": 2}), (1, {"failures": 9, "next_poll_at": None}), (2, {"failures": 1})):
        store.save_feed(replace(feed(number), **changes))  # type: ignore[arg-type]
    store.remove_feed("f2", "c")
    assert store.source_counts() == {"feed": Sources(4, 1, 1), "page": Sources(1)}


def test_a_chat_is_ready_since_nothing_held_it_back(store: Store) -> None:
    for name, to in (("a1", ROOM), ("a2", ROOM), ("b1", HALL)):
        store.put(delivery(name, to))
    store.put(delivery("c", Destination(platform="other", chat_id="x"), created_at=NOON - MINUTE))
    assert store.lanes(NOON) == {"fake": Lanes(2, 2, NOON), "other": Lanes(1, 1, NOON - MINUTE)}
    assert claimed(store) == ["a1", "b1"]
    assert store.lanes(NOON)["fake"] == Lanes(2), "both are under way"
    assert store.lanes(NOON + LEASE)["fake"] == Lanes(2, 2, NOON), "whoever had them died"
    store.sent("a1", message=SAID, message_id="m", at=NOON, lane_opens=NOON + MINUTE)
    store.sent("b1", message=SAID, message_id="n", at=NOON, lane_opens=NOON + MINUTE)
    assert store.lanes(NOON)["fake"] == Lanes(1), "its pause is not over"
    assert store.lanes(NOON + 2 * MINUTE)["fake"] == Lanes(1, 1, NOON + MINUTE)
    store.pause_destination(ROOM, "blocked")
    assert "fake" not in store.lanes(NOON + 2 * MINUTE)


def test_a_chat_fails_when_its_next_message_has_failed_again_and_again(store: Store) -> None:
    store.put(delivery("a", ROOM))
    store.put(delivery("b", HALL))
    for attempt in range(GIVES_UP_HOPE):
        assert "a" in claimed(store, NOON + attempt * SECOND)
        assert store.lanes(NOON)["fake"].failing == 0
        store.retry("a", not_before=NOON + (attempt + 1) * SECOND, error="it answers 503.", close_lane=True)
    lanes = store.lanes(NOON)["fake"]
    assert (lanes.chats, lanes.failing, lanes.error) == (2, 1, "it answers 503.")
    assert "a" in claimed(store, NOON + MINUTE)
    store.sent("a", message=SAID, message_id="m", at=NOON, lane_opens=NOON)
    assert store.lanes(NOON)["fake"].failing == 0
