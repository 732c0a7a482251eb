"""What story grouping remembers: batches that are undone, documents that fail, texts that are asked for."""

from datetime import datetime, timedelta

import pytest

from bot.core.stories import grouper as grouping
from bot.core.stories.grouper import Grouper
from bot.errors import StoreError
from rules.document import Document
from tests.bot.newsdesk import BODY, NOW, doc
from tests.bot.test_stories_agree import edited


class UndoneError(Exception):
    """What a transaction fails with."""


def undo(grouper: Grouper, documents: list[Document], at: datetime) -> None:
    with grouper.batch():
        grouper.place_all(documents, at)
        raise UndoneError


def test_an_undone_batch_leaves_nothing_and_takes_nothing_along() -> None:
    documents = edited(3, 900)
    calm, stormy = Grouper(), Grouper()
    for start in range(0, len(documents), 30):
        part, at = documents[start : start + 30], NOW + timedelta(hours=4 * start / 30)
        with pytest.raises(UndoneError):
            undo(stormy, documents[start : start + 60], at + timedelta(hours=30))
        assert stormy.place_all(part, at) == calm.place_all(part, at)
        assert len(stormy) == len(calm)


def test_a_batch_names_what_is_to_be_stored_with_it() -> None:
    grouper = Grouper()
    grouper.place(doc("a", site="coast.example"), NOW)
    with grouper.batch() as batch:
        grouper.place_all([doc("b", site="coast.example"), doc("c", site="hill.example")], NOW)
    assert [row.document_id for row in batch.fingerprints] == ["b", "c"]
    assert batch.dropped == ["a"]  # the same report again


def test_texts_are_asked_for_and_not_kept() -> None:
    asked: list[str] = []
    archive = {"a": doc("a")}

    def text_of(document_id: str) -> Document | None:
        asked.append(document_id)
        return archive.get(document_id)

    grouper = Grouper(text_of=text_of)
    grouper.place_all([archive["a"], doc("b", "Other words altogether. " * 30, "Other")], NOW)
    assert asked == []
    assert grouper.place(doc("c", BODY + " More follows."), NOW).like == "a"
    assert asked == ["a"]


def test_a_document_whose_look_alike_is_gone_is_new() -> None:
    grouper = Grouper(text_of=lambda document_id: None)
    grouper.place(doc("a"), NOW)
    assert grouper.place(doc("b", BODY + " More follows."), NOW).relation == "new"


def test_an_archive_that_cannot_be_read_is_the_callers_trouble_and_undoes_the_batch() -> None:
    def text_of(document_id: str) -> Document | None:
        raise StoreError("The database is locked.")

    grouper = Grouper(text_of=text_of)
    grouper.place(doc("a"), NOW)
    with pytest.raises(StoreError):
        grouper.place_all([doc("b", "Other words. " * 30, "Other"), doc("c", BODY + " More follows.")], NOW)
    assert len(grouper) == 1


def test_a_document_that_breaks_grouping_is_a_story_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(document: Document) -> object:
        return 1 / 0 if document.id == "b" else fingerprint_of(document)

    fingerprint_of = grouping.fingerprint_of
    monkeypatch.setattr(grouping, "fingerprint_of", breaking)
    grouper = Grouper()
    placements = grouper.place_all([doc("a"), doc("b"), doc("c")], NOW)
    assert [placement.relation for placement in placements] == ["new", "new", "copy"]
    assert placements[1].failed == "ZeroDivisionError: division by zero"
    assert len({placement.story_id for placement in placements}) == 2


def test_a_remembered_document_takes_less_than_two_kilobytes() -> None:
    grouper = Grouper(text_of=lambda document_id: None)
    grouper.place_all(edited(1, 2_000), NOW)
    assert grouper.size_bytes / len(grouper) < 2_000
