"""How often chats want a source that they share, and who asked for a visit, on every store."""

from dataclasses import replace
from datetime import timedelta

from bot.model import Asked
from bot.ports import Store
from tests.contracts.made import LEASE, feed
from tests.fakes import HALL, NOON, ROOM, document

MINUTE = timedelta(minutes=1)


def paces(store: Store) -> tuple[timedelta | None, bool]:
    kept = store.feed("f1")
    assert kept is not None
    assert store.feeds("c")[0] == kept
    return kept.every, kept.learns


def test_of_several_chats_the_shortest_counts_and_whether_all_chose(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.add_feed(feed(1), "d")
    assert paces(store) == (None, True)
    store.set_pace("c", "f1", 5 * MINUTE)
    store.set_pace("other", "f1", MINUTE)
    assert paces(store) == (5 * MINUTE, True)
    store.set_pace("d", "f1", 2 * MINUTE)
    assert paces(store) == (2 * MINUTE, False)
    assert (store.pace("c", "f1"), store.pace("d", "f1"), store.pace("other", "f1")) == (5 * MINUTE, 2 * MINUTE, None)
    store.save_feed(replace(feed(1), every=None, title="T"))
    assert paces(store) == (2 * MINUTE, False)
    assert [each.every for each in store.claim_feeds(NOON, limit=9, lease=LEASE)] == [2 * MINUTE]
    store.remove_feed("f1", "d")
    store.add_feed(feed(1), "d")
    assert paces(store) == (5 * MINUTE, True)
    store.set_pace("c", "f1", None)
    assert paces(store) == (None, True)


def test_who_asks_for_a_visit_is_remembered_and_makes_it_due_without_ending_a_lease(store: Store) -> None:
    store.add_feed(feed(1, NOON), "c")
    assert store.claim_feeds(NOON, limit=9, lease=LEASE)
    asked = [Asked(destination=ROOM, reply_to="m1"), Asked(destination=HALL)]
    for who in asked:
        store.ask_for_visit("f1", who, NOON + MINUTE)
    store.ask_for_visit("unknown", asked[0], NOON)
    kept = store.feed("f1")
    assert kept is not None
    assert (kept.next_poll_at, kept.health.asked) == (NOON + MINUTE, tuple(asked))
    assert store.claim_feeds(NOON + MINUTE, limit=9, lease=LEASE) == []
    assert store.claim_feeds(NOON + LEASE, limit=9, lease=LEASE)


def test_the_newest_document_of_a_feed(store: Store) -> None:
    for number in (1, 2):
        store.add_feed(feed(number), "c")
    assert store.newest_document("f1") is None
    for number, of in ((1, "f1"), (2, "f1"), (3, "f2")):
        store.add_document(document(number), feed_id=of, story_id="s", seen_at=NOON)
    newest = store.newest_document("f1")
    assert newest is not None
    assert newest.document.id == "d2"
