"""What a chat marked as irrelevant, and a document by its address: on every store that is found."""

from dataclasses import replace

from bot.model import Destination
from bot.ports import Store
from tests.contracts.made import SECOND, feed
from tests.fakes import ANNA, BORIS, HALL, NOON, ROOM, document


def test_a_story_is_marked_once_in_a_chat_and_can_be_unmarked(store: Store) -> None:
    assert store.irrelevant(ROOM) == set()
    assert store.mark_irrelevant(ROOM, "s1", by=ANNA, at=NOON)
    assert not store.mark_irrelevant(ROOM, "s1", by=BORIS, at=NOON)
    assert store.mark_irrelevant(ROOM, "s2", by=BORIS, at=NOON)
    assert store.mark_irrelevant(HALL, "s1", by=ANNA, at=NOON)
    assert store.irrelevant(ROOM) == {"s1", "s2"}
    assert store.unmark_irrelevant(ROOM, "s1")
    assert not store.unmark_irrelevant(ROOM, "s1")
    assert store.irrelevant(ROOM) == {"s2"}
    assert store.irrelevant(HALL) == {"s1"}


def test_marks_move_with_their_chat_and_are_forgotten_when_old(store: Store) -> None:
    big = Destination(platform="fake", chat_id="big")
    store.mark_irrelevant(ROOM, "s1", by=ANNA, at=NOON)
    store.mark_irrelevant(ROOM, "s2", by=ANNA, at=NOON + SECOND)
    store.mark_irrelevant(big, "s1", by=ANNA, at=NOON)
    store.move_destination(ROOM, big)
    assert store.irrelevant(ROOM) == set()
    assert store.irrelevant(big) == {"s1", "s2"}
    store.drop_before(NOON + SECOND)
    assert store.irrelevant(big) == {"s2"}


def test_a_document_is_found_by_its_address_the_newest_first(store: Store) -> None:
    store.add_feed(feed(1), "c")
    same = "https://a.example/1"
    one, other = replace(document(1, "Old"), url=same), replace(document(2, "New"), url=same)
    bare = replace(document(3, "No address"), url="")
    for each in (one, other, bare):
        store.add_document(each, feed_id="f1", story_id="s", seen_at=NOON)
    found = store.document_by_url(same)
    assert found is not None
    assert found.document.title == "New"
    assert store.document_by_url("https://a.example/2") is None
    assert store.document_by_url("https://a.example/") is None
    store.add_document(replace(document(4, "Part"), url=f"{same}#b"), feed_id="f1", story_id="s", seen_at=NOON)
    for asked, title in ((same, "Part"), (f"{same}#b", "Part"), (f"{same}#", ""), (f"{same}#bc", "")):
        part = store.document_by_url(asked)
        assert (part.document.title if part else "") == title
    assert store.document_by_url("") is None
