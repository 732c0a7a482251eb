"""What the judges of story grouping say of groupings that are plainly right or wrong; figures need labelled news."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import Document
from tests.bench._judge_stories import Labelled, judged, worst
from tests.bench._simple_stories import group_at_once, group_in_turn

NOON = datetime(2025, 4, 1, 12, tzinfo=UTC)
FERRY = (
    "The ferry Aurora ran aground off Skagen, the harbour master Lund said",
    "Off Skagen the ferry Aurora has run aground, said Lund, the harbour master",
)
BAKERS = "Bakers in Odense went on strike for shorter nights and better flour"


def _documents(*bodies: str, days: tuple[int, ...] = ()) -> list[Document]:
    dates = [NOON + timedelta(days=day) for day in days] or [None for _ in bodies]
    return [
        Document(id=f"d{place}", title="", body=body, published_at=date)
        for place, (body, date) in enumerate(zip(bodies, dates, strict=True))
    ]


@pytest.mark.parametrize("group", [group_at_once, group_in_turn])
def test_the_simple_way_joins_what_has_words_and_names_in_common(group):
    grouped = group(_documents(FERRY[0], BAKERS, FERRY[1]))
    assert [one.outcome for one in grouped] == ["new", "new", "same"]
    assert grouped[0].cluster == grouped[2].cluster != grouped[1].cluster


@pytest.mark.parametrize("group", [group_at_once, group_in_turn])
def test_the_simple_way_joins_nothing_across_more_than_three_days(group):
    near, far = group(_documents(*FERRY, days=(0, 2))), group(_documents(*FERRY, days=(0, 4)))
    assert [near[1].outcome, far[1].outcome] == ["same", "new"]


def test_a_hidden_first_report_is_counted():
    documents = _documents(*FERRY)
    grouped = group_at_once(documents)
    of_two = [Labelled(document, document.id, "") for document in documents]
    of_one = [Labelled(document, "ferry", "") for document in documents]
    assert judged(of_two, grouped)["hidden"] == 50.0
    assert (judged(of_one, grouped)["hidden"], judged(of_one, grouped)["F1"]) == (0.0, pytest.approx(100.0))


def test_the_worst_joins_and_misses_are_named():
    same = _documents(BAKERS * 3, BAKERS * 3, *FERRY)
    stories = ("bakers", "strike", "ferry", "ferry")
    lines = worst([Labelled(each, story, "") for each, story in zip(same, stories, strict=True)], 2, 5)
    assert [line.partition(":")[0] for line in lines] == ["join in 2 of 2", "miss in 2 of 2"]
