"""Archiving by the batch means what archiving one by one means, on every store."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.core.archive.sieve import Phrase, Sieve
from bot.model import Arrival
from bot.ports import Store
from tests.contracts.made import SECOND, feed
from tests.fakes import NOON, document

TROOPS = Sieve(((Phrase(("troops",)),),))


def arrival(
    number: int, feed_id: str = "f1", story_id: str = "s", title: str = "troops", at: datetime = NOON
) -> Arrival:
    return Arrival(document=document(number, title), feed_id=feed_id, story_id=story_id, seen_at=at)


def test_a_batch_is_archived_in_its_order_and_says_what_was_new(store: Store) -> None:
    assert store.add_documents([arrival(2)]) == {"d2"}
    batch = [arrival(3, "f2"), arrival(2, "f2", "other"), arrival(1, "f1", "t"), arrival(3, "f1", "other")]
    assert store.add_documents(batch) == {"d3", "d1"}
    assert [(one.document.id, one.feed_id, one.story_id) for one in store.documents()] == [
        ("d2", "f1", "s"),
        ("d3", "f2", "s"),
        ("d1", "f1", "t"),
    ]
    assert store.known_documents("f1", ["d1", "d2", "d3"]) == {"d1", "d2", "d3"}
    assert store.known_documents("f2", ["d1", "d2", "d3"]) == {"d2", "d3"}
    assert store.add_documents([]) == set()


def test_how_a_document_came_into_its_story_is_kept_as_it_came_first(store: Store) -> None:
    came = {"d1": "", "d2": "copy", "d3": "version", "d4": "report"}
    batch = [replace(arrival(number), relation=relation) for number, relation in enumerate(came.values(), 1)]
    store.add_documents([*batch[:2], replace(batch[0], feed_id="f2", relation="copy")])
    store.add_documents([*batch[2:], replace(batch[1], feed_id="f2", relation="report")])
    assert {one.document.id: one.relation for one in store.story_documents("s")} == came
    store.add_document(document(5), feed_id="f1", story_id="s", seen_at=NOON)
    assert [one.relation for one in store.documents()] == [*came.values(), ""]


def test_a_batch_can_be_found_by_its_words_and_not_what_was_undone(store: Store) -> None:
    store.add_feed(feed(1), "c")
    with store.atomic():
        store.add_documents([arrival(1), arrival(2, title="peace")])
        with suppress(ZeroDivisionError), store.atomic():
            store.add_documents([arrival(3)])
            raise ZeroDivisionError
    assert [one.document_id for one in store.sift(TROOPS, ["c"])] == ["d1"]
    assert store.vocabulary().count("troops") == 1
    assert list(store.vocabulary().words()) == ["peace", "troops"]


def test_many_documents_and_stories_are_read_at_once(store: Store) -> None:
    store.add_documents([arrival(1, story_id="s1"), arrival(2, story_id="s2"), arrival(3, story_id="s1")])
    found = store.documents_by_id(["d3", "nobody", "d1", "d3"])
    assert found == {name: store.document(name) for name in ("d1", "d3")}
    told = store.stories(["s2", "s1", "never", "s1"])
    assert {name: [one.document.id for one in story] for name, story in told.items()} == {
        "s1": ["d1", "d3"],
        "s2": ["d2"],
    }
    assert store.documents_by_id([]) == {}
    assert store.stories([]) == {}


def test_odd_text_in_a_batch_takes_no_neighbour_along(store: Store) -> None:
    batch = [arrival(1), arrival(2, title="half \ud800 of a pair"), arrival(3, at=NOON + SECOND)]
    assert store.add_documents(batch) == {"d1", "d2", "d3"}
    assert [one.document.id for one in store.documents()] == ["d1", "d2", "d3"]
    assert store.documents()[1].document.title.startswith("half ")
    assert store.documents()[2].seen_at == NOON + SECOND
    assert store.check() == []
