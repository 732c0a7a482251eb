"""What story grouping remembers: on every store that is found, and a start that places as if it had never stopped."""

from datetime import timedelta

import pytest

from bot.core.stories.grouper import Grouper
from bot.model import FingerprintRow
from bot.ports import Store
from rules.document import Document
from tests.bot.newsdesk import BODY, doc
from tests.bot.test_stories_agree import edited
from tests.contracts.made import SECOND
from tests.fakes import NOON, document

WINDOW = timedelta(days=3)


def row(number: int, features: bytes = b"abc", story: str = "s") -> FingerprintRow:
    made = document(number, "Title")
    return FingerprintRow(document_id=made.id, story_id=story, seen_at=NOON + number * SECOND, features=features)


def archive(store: Store, numbers: range) -> None:
    for number in numbers:
        made = document(number, "Title")
        store.add_document(made, feed_id="f1", story_id="s", seen_at=NOON + number * SECOND)


def test_they_come_back_in_the_order_of_arrival(store: Store) -> None:
    archive(store, range(1, 4))
    store.save_fingerprints([row(3, b"three"), row(1, b"one", "s1"), row(2, b"two")])
    found = store.fingerprints(since=NOON)
    assert [*found.document_ids] == [document(number, "").id for number in (1, 2, 3)]
    assert ([*found.story_ids], found.features) == (["s1", "s", "s"], b"onetwothree")
    later = store.fingerprints(since=NOON, after_seq=found.last_seq - 1)
    assert (later.features, later.last_seq) == (b"three", found.last_seq)
    assert store.fingerprints(since=NOON + 2 * SECOND).features == b"twothree"
    assert store.fingerprints(since=NOON, after_seq=found.last_seq) == store.fingerprints(
        since=NOON + WINDOW, after_seq=found.last_seq
    )


def test_those_of_documents_that_are_not_archived_are_left_aside(store: Store) -> None:
    store.save_fingerprints([row(1)])
    assert store.fingerprints(since=NOON).features == b""


def test_dropped_ones_have_no_features_and_are_not_made_again(store: Store) -> None:
    archive(store, range(1, 3))
    store.save_fingerprints([row(1), row(2)])
    store.save_fingerprints([], dropped=[document(1, "").id, "unknown"])
    assert [*store.fingerprints(since=NOON).document_ids] == [document(2, "").id]
    assert store.without_fingerprint(since=NOON, limit=9) == []


def test_documents_without_one_are_listed_in_the_order_of_arrival(store: Store) -> None:
    archive(store, range(1, 6))
    store.save_fingerprints([row(2), row(4, b"")])
    missing = store.without_fingerprint(since=NOON, limit=2)
    assert [each.document.id for each in missing] == [document(number, "").id for number in (1, 3)]
    assert len(store.without_fingerprint(since=NOON + 3 * SECOND, limit=9)) == 2


def test_they_go_with_their_window_and_with_their_documents(store: Store) -> None:
    archive(store, range(1, 5))
    store.save_fingerprints([row(number) for number in range(1, 5)])
    assert store.drop_fingerprints(NOON + 2 * SECOND) == 1
    store.drop_before(NOON + 4 * SECOND)
    assert [*store.fingerprints(since=NOON).document_ids] == [document(4, "").id]


class UndoneError(Exception):
    """What a transaction fails with."""


def test_an_undone_transaction_takes_them_along(store: Store) -> None:
    archive(store, range(1, 2))

    def undo() -> None:
        with store.atomic():
            store.save_fingerprints([row(1)])
            raise UndoneError

    with pytest.raises(UndoneError):
        undo()
    assert store.fingerprints(since=NOON).features == b""


def taking_in(store: Store, grouper: Grouper, documents: list[Document], number: int) -> list[str]:
    at = NOON + timedelta(hours=number)
    with grouper.batch() as batch, store.atomic():
        placements = grouper.place_all(documents, at)
        for made, placement in zip(documents, placements, strict=True):
            store.add_document(made, feed_id="f1", story_id=placement.story_id, seen_at=at)
        store.save_fingerprints(batch.fingerprints, dropped=batch.dropped)
    return [placement.story_id for placement in placements]


def connected(store: Store) -> Grouper:
    def text_of(document_id: str) -> Document | None:
        stored = store.document(document_id)
        return stored.document if stored else None

    return Grouper(window=WINDOW, text_of=text_of)


def test_a_start_places_as_the_grouper_that_never_stopped(store: Store) -> None:
    documents, calm = edited(6, 400), Grouper(window=WINDOW)
    grouper = connected(store)
    for number, start in enumerate(range(0, len(documents), 20)):
        part = documents[start : start + 20]
        if number % 4 == 0:  # a start
            grouper = connected(store)
        grouper.learn(store.fingerprints(after_seq=grouper.seq, since=NOON + timedelta(hours=number) - WINDOW))
        expected = [placement.story_id for placement in calm.place_all(part, NOON + timedelta(hours=number))]
        assert taking_in(store, grouper, part, number) == expected
        assert len(grouper) == len(calm)


def test_what_was_archived_before_is_taken_up(store: Store) -> None:
    store.add_document(doc("a"), feed_id="f1", story_id="old", seen_at=NOON)
    grouper = connected(store)
    with grouper.batch() as batch, store.atomic():
        for stored in store.without_fingerprint(since=NOON - WINDOW, limit=100):
            grouper.restore(stored.document, stored.story_id, stored.seen_at)
        store.save_fingerprints(batch.fingerprints, dropped=batch.dropped)
    assert store.without_fingerprint(since=NOON - WINDOW, limit=100) == []
    assert taking_in(store, grouper, [doc("b", BODY + " More follows.")], 1) == ["old"]
    assert len(connected(store)) == 0
