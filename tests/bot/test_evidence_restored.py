"""What evidence remembers, stored and remembered again at a start, judges as it did before."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bot.core.stories.events import joining
from bot.core.stories.events.joining import Joining
from bot.core.stories.evidence import Evidence, candidates
from bot.core.stories.evidence.candidates import Index
from bot.core.stories.evidence.frequency import HALVED, Frequency
from bot.core.stories.evidence.stored import packed, unpacked
from bot.core.stories.grouper import Grouper
from bot.core.stories.judging import Placement
from rules.document import Document
from tests.bot.grouped_twice import FERRY, FERRY_DE, LOOK_ALIKES, MINE
from tests.bot.newsdesk import NOW


def _placed(grouping: Joining, documents: Sequence[Document]) -> list[Placement]:
    grouper = Grouper(join=grouping.place)
    return [grouper.place(document, document.published_at or NOW) for document in documents]


def _news(seed: int) -> list[Document]:
    news = [*FERRY, *FERRY_DE, *MINE, *(each for pair in LOOK_ALIKES.values() for each in pair)]
    news += [replace(each, id=f"late {each.id}", published_at=NOW + timedelta(days=9)) for each in FERRY[:2]]
    news = [replace(each, id=f"{place} {each.id}") for place, each in enumerate(news)]
    random.Random(seed).shuffle(news)
    return news


@pytest.mark.parametrize("seed", range(6))
def test_what_was_stored_is_judged_as_before(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_AT_ONCE", 1 + seed * 3)
    documents = _news(seed)
    half = len(documents) // 2
    before, after = Joining(), Joining()
    placed = _placed(before, documents[:half])
    after.restore(before.rows, {each.story_id: each.near for each in placed if each.near})
    assert len(after) == len(before)
    assert _placed(after, documents[half:]) == _placed(before, documents[half:])


def test_of_a_story_with_many_reports_the_same_ones_are_kept() -> None:
    singly, at_once = Evidence(), Evidence()
    reports = [singly.read(document) for document in _news(1)]
    number = None
    for report in reports:
        number = singly.remember(report, number)
    numbers: dict[str, int] = {}
    at_once.remember_all(
        unpacked([packed(report) for report in reports]), ["story"] * len(reports), [0.0] * len(reports), numbers
    )
    assert numbers == {"story": number}
    for document in _news(2):
        first, second = (each.considered(each.read(document)) for each in (singly, at_once))
        assert [(number, said.score, why) for number, said, why in first] == [
            (number, said.score, why) for number, said, why in second
        ]


def test_a_row_of_another_size_is_refused() -> None:
    grouping = Joining()
    _placed(grouping, [FERRY[0]])
    row = grouping.rows[0]
    with pytest.raises(ValueError, match="another version"):
        Joining().restore([row, replace(row, features=row.features[:-1])], {})


def test_features_counted_at_once_are_as_usual_as_counted_in_turn() -> None:
    draw = np.random.default_rng(3)
    rows = draw.integers(0, 400, (HALVED + 700, 6)).astype(np.uint32)
    rows = np.where(np.sort(rows, axis=1) == np.roll(np.sort(rows, axis=1), 1, axis=1), 0, np.sort(rows, axis=1))
    singly, at_once = Frequency(), Frequency()
    for row in rows:
        singly.learn(row[row != 0])
    for part in (rows[:10], rows[10:40_000], rows[40_000:]):
        at_once.learn_all(part)
    features = np.arange(1, 500, dtype=np.uint32)
    priors = np.full(len(features), 0.003, np.float32)
    assert np.array_equal(singly.shares(features, priors), at_once.shares(features, priors))


@pytest.mark.parametrize("seed", range(4))
def test_an_index_filled_at_once_finds_what_one_filled_in_turn_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "RECENT", 50)
    draw = np.random.default_rng(seed)
    keys = draw.integers(0, 60, (400, 8)).astype(np.uint32)  # 0 is no feature
    singly, at_once, weights = Index(), Index(), np.ones(8, np.float32)
    for start in range(0, 400, 100):
        stories = np.arange(start, start + 100, dtype=np.uint64) // 2
        still_open = range(start // 4, 500)
        for row, story in zip(keys[start : start + 100], stories.tolist(), strict=True):
            singly.add(row[row != 0], story)
        singly.settle(still_open)
        at_once.add_all(keys[start : start + 100], stories, still_open)
        for asked in draw.integers(1, 60, (20, 8)).astype(np.uint32):
            asked = np.unique(asked)
            found = singly.stories(asked, weights[: len(asked)])
            assert found
            assert found == at_once.stories(asked, weights[: len(asked)])


def test_closed_stories_leave_the_index() -> None:
    index, features = Index(), np.array([[5], [5], [5]], np.uint32)
    for first in (10, 20):
        index.add_all(features, np.arange(first, first + 3, dtype=np.uint64), [11, 21, 22])
    assert index.stories(features[0], np.ones(1, np.float32)) == [22, 21, 20, 11]  # 20 was sorted in just now
