"""Independent reports of one event join, look-alikes do not, and nothing without dates is hidden by evidence."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core.stories.events.joining import Joining
from bot.core.stories.events.outcomes import Grouped, group_by_evidence
from bot.core.stories.evidence import Evidence
from bot.core.stories.judging import Placement
from rules.document import Document
from tests.bot.grouped_twice import FERRY, FERRY_DE, LOOK_ALIKES, MINE
from tests.bot.newsdesk import NOW, notices


def grouped(*documents: Document) -> list[Grouped]:
    return list(group_by_evidence(documents))


def undated(documents: Sequence[Document]) -> list[Document]:
    return [dataclasses.replace(document, published_at=None) for document in documents]


@pytest.mark.parametrize("sign", ["²", "①", "½", "٣", "𝟗"])
def test_digits_that_are_no_numbers_are_read(sign: str) -> None:
    report = Document(id="1", title=f"Fire over 5 {sign}", body=f"{sign} It burnt 40 km{sign} of wood.")
    assert [each.outcome for each in grouped(report)] == ["new"]


@pytest.mark.parametrize("event", [FERRY, FERRY_DE, MINE], ids=["English", "German", "Ukrainian"])
def test_reports_of_one_event_by_different_outlets_are_one_story(event: list[Document]) -> None:
    outcomes = grouped(*event)
    assert len({one.cluster for one in outcomes}) == 1
    assert [one.outcome for one in outcomes] == ["new"] + ["same"] * (len(event) - 1)


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_look_alikes_stay_apart(kind: str) -> None:
    assert [one.outcome for one in grouped(*LOOK_ALIKES[kind])] == ["new", "new"]


def test_two_events_told_in_turns_stay_two_stories() -> None:
    first, second = grouped(FERRY[0], MINE[0], FERRY[1], MINE[1])[::2], grouped(FERRY[0], MINE[0], MINE[1])[1:]
    assert len({one.cluster for one in first}) == len({one.cluster for one in second}) == 1
    assert first[0].cluster != second[0].cluster


def test_without_dates_the_middle_outcome_is_the_highest() -> None:
    assert [one.outcome for one in grouped(*undated(FERRY))] == ["new", "probable", "probable"]
    assert [one.outcome for one in grouped(FERRY[0], *undated(FERRY[1:]))] == ["new", "probable", "probable"]


def test_a_probable_report_has_the_cluster_of_the_thread_where_it_would_stand() -> None:
    assert len({one.cluster for one in grouped(*undated(FERRY))}) == 1


def test_reports_more_than_three_days_apart_are_two_stories() -> None:
    early, late = FERRY[0], told_later(FERRY[1], days=4)
    assert [one.outcome for one in grouped(early, late)] == ["new", "new"]
    assert [one.outcome for one in grouped(early, told_later(FERRY[1], days=2))] == ["new", "same"]


def told_later(document: Document, days: int) -> Document:
    assert document.published_at is not None
    return dataclasses.replace(document, published_at=document.published_at + timedelta(days=days))


def test_a_copy_goes_where_its_original_went() -> None:
    copy = dataclasses.replace(FERRY[1], id="copy", site="copy.example")
    outcomes = grouped(FERRY[0], FERRY[1], copy)
    assert outcomes[2].outcome == "same"
    assert len({one.cluster for one in outcomes}) == 1


def test_the_reason_names_what_both_tell() -> None:
    why = grouped(*FERRY)[1].why
    assert why.startswith("same story because: ")
    assert "Northern" in why
    assert why.endswith("3 h apart")


def test_odd_documents_are_stories_of_their_own() -> None:
    odd = [Document(id="empty"), Document(id="word", body="Fire"), Document(id="signs", title="!!!", body="... — …")]
    long = Document(id="long", title="x" * 100_000, body="Нічого " * 200_000)
    nothing_else = [Document(id="cjk", title="北京发生地震", body="北京今天发生地震。" * 50), long]
    assert [one.outcome for one in grouped(*odd, *nothing_else)] == ["new"] * 5


def test_a_headline_alone_joins_nothing_by_evidence() -> None:
    headlines = [dataclasses.replace(document, body="") for document in FERRY]
    assert [one.outcome for one in grouped(*headlines)] == ["new"] * 3


def test_the_reason_of_a_refusal_says_what_speaks_against_it() -> None:
    assert "name" in grouped(*LOOK_ALIKES["quakes"])[1].why


@pytest.mark.parametrize("seed", [1, 2])
def test_templated_notices_are_never_hidden_by_evidence(seed: int) -> None:
    dated = [
        dataclasses.replace(notice, published_at=NOW + timedelta(minutes=5 * number))
        for number, notice in enumerate(notices(150, seed))
    ]
    assert {one.outcome for one in grouped(*dated)} <= {"new", "probable"}


def test_an_evidence_that_is_given_is_the_one_that_is_used() -> None:
    mine = Evidence(capacity=1)
    assert len({one.cluster for one in group_by_evidence(FERRY, evidence=mine)}) == 1
    assert len(mine) == 1


def test_a_body_of_long_words_is_read_as_far_as_any_other() -> None:
    assert Evidence().read(Document(id="long", body="lengthyword " * 124))["words"] == 124


def in_threads(evidence: Evidence, documents: Sequence[Document]) -> list[int]:
    """Numbers of the stories: the first document's, and one for each of the others in its thread."""
    numbers: list[int] = []
    for document in documents:
        near = numbers[0] if numbers else None
        numbers.append(evidence.remember(evidence.read(document), None, near=near))
    return numbers


def test_what_a_whole_thread_says_counts_beside_its_nearest_report() -> None:
    apart, together = Evidence(), Evidence()
    for document in undated(FERRY[:2]):
        apart.remember(apart.read(document), None)
    in_threads(together, undated(FERRY[:2]))
    new = undated(FERRY)[2]
    scores = [each.judge(each.read(new)).score for each in (apart, together)]
    assert scores[0] != scores[1]
    assert together.judge(together.read(new)).outcome == "probable"


def test_a_thread_outlives_the_story_that_it_began_with() -> None:
    evidence = Evidence(capacity=2)
    first, second, third = in_threads(evidence, undated(FERRY))
    assert first not in evidence
    judged = evidence.judge(evidence.read(undated(FERRY)[0]))
    assert judged.story in (second, third)


def test_a_merged_story_brings_its_thread_along() -> None:
    evidence = Evidence()
    (other,) = in_threads(evidence, FERRY_DE[:1])
    first, second, _ = in_threads(evidence, undated(FERRY))
    evidence.merge(other, first)
    assert first not in evidence
    assert evidence.judge(evidence.read(undated(FERRY)[1])).story == second


def test_threads_are_remembered_over_a_restart() -> None:
    running, restarted = Evidence(), Evidence()
    joining = Joining(running)
    for number, document in enumerate(undated(FERRY[:2])):
        joining.place(document, Placement(story_id=str(number), relation="new", why=""), NOW)
    Joining(restarted).restore(joining.rows, {"1": "0"})
    new = undated(FERRY)[2]
    assert restarted.judge(restarted.read(new)) == running.judge(running.read(new))
