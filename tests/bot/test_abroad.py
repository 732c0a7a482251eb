"""Reports of one event in six languages and two scripts meet by names, numbers and dates; look-alikes never join."""

import dataclasses
import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.stories.events.outcomes import Grouped, group_by_evidence
from bot.core.stories.evidence.language.names import number_key, skeleton
from rules.document import Document

LABELLED = Path(__file__).parents[1] / "data" / "stories" / "abroad.txt"
START = datetime(2026, 3, 10, tzinfo=UTC)
LEAST = 0.8  # of the reports that could join a story of theirs


def reports() -> list[Document]:
    """Twelve made-up events, two of each kind, each in four or five of German, Ukrainian, English and others.

    A report is a line of event, language and hour, its headline and its text. No document says its language.
    """
    documents = []
    for part in LABELLED.read_text(encoding="utf-8").split("# ")[1:]:
        label, title, body = part.strip().split("\n")
        at = START + timedelta(hours=int(label.split()[2]))
        documents.append(Document(id=label, title=title, body=body, published_at=at))
    return documents


def event(document: Document) -> str:
    return document.id.split()[0]


def judged(documents: list[Document], grouped: Iterable[Grouped]) -> Counter[str]:
    """How many reports joined a story of their event or another's, by outcome; "again" are told twice."""
    counts: Counter[str] = Counter()
    clusters: dict[str, set[str]] = {}
    known: set[str] = set()
    for document, each in zip(documents, grouped, strict=True):
        mine, within = event(document), clusters.setdefault(each.cluster, set())
        wrong = "wrong " if mine not in within else ""
        if each.outcome == "new":
            counts["again" if mine in known else "first"] += 1
        else:
            counts[wrong + each.outcome] += 1
        known.add(mine)
        within.add(mine)
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_reports_in_six_languages_meet_and_look_alikes_do_not(seed: int) -> None:
    documents = reports()
    if seed:
        random.Random(seed).shuffle(documents)
    else:
        documents.sort(key=lambda document: str(document.published_at))
    counts = judged(documents, group_by_evidence(documents))
    assert counts["wrong same"] == 0
    assert counts["wrong probable"] <= 1
    assert counts["same"] + counts["probable"] >= LEAST * (len(documents) - 12)


def test_two_reports_alone_meet_in_any_pair_of_languages() -> None:
    documents = reports()
    pairs = [(a, b) for place, a in enumerate(documents) for b in documents[place + 1 :] if a.id != b.id]
    outcomes = {(a.id, b.id): list(group_by_evidence([a, b]))[1].outcome for a, b in pairs if event(a) == event(b)}
    assert Counter(outcomes.values())["new"] <= 0.05 * len(outcomes)
    strangers = [(a, b) for a, b in pairs if event(a) != event(b) and event(a).split("-")[0] == event(b).split("-")[0]]
    alike = Counter(list(group_by_evidence(pair))[1].outcome for pair in strangers)
    assert alike["same"] == 0
    assert alike["probable"] <= 0.03 * len(strangers)


def test_without_a_number_in_common_it_is_probable_at_most() -> None:
    english, german = (document for document in reports() if document.id in {"firm-arcovia en 0", "firm-arcovia de 1"})
    without = dataclasses.replace(
        german,
        title="Arcovia schließt Werk Dornfeld",
        body=german.body.replace("1.850", "viele").replace("14,6", "einige"),
    )
    assert list(group_by_evidence([english, german]))[1].outcome == "same"
    assert list(group_by_evidence([english, without]))[1].outcome == "probable"


def test_a_day_and_a_half_apart_it_is_probable_at_most() -> None:
    first, second = (document for document in reports() if document.id in {"court-belmar en 0", "court-belmar uk 5"})
    late = dataclasses.replace(second, published_at=START + timedelta(hours=40))
    assert list(group_by_evidence([first, second]))[1].outcome == "same"
    assert list(group_by_evidence([first, late]))[1].outcome == "probable"


@pytest.mark.parametrize(
    "spellings",
    [
        "Зеленський Зеленського Зеленським Зеленский Zelensky Zelenskyy Selenskyj Zelenskij",
        "Харків Харкова Харькова Kharkiv Charkiw Kharkov",
        "Шевченко Шевченка Schewtschenko Shevchenko Szewczenko",
        "Чернігів Tschernihiw Chernihiv Tchernihiv",
        "Макрон Макроном Macron",
        "Мерц Мерца Merz",
        "Єрусалим Jerusalem Jérusalem",
        "Азербайджан Aserbaidschan Azerbaijan Azerbaïdjan",
        "Путін Путіним Putin Poutine",
        "Джонсон Johnson",
        "Брюссель Brüssel Brussels Bruselas",
    ],
)
def test_spellings_of_a_name_are_one(spellings: str) -> None:
    assert len({skeleton(spelling.casefold()) for spelling in spellings.split()}) == 1


def test_names_that_are_not_one_stay_apart() -> None:
    names = "Merkel Macron Merz Modi Maduro Meloni Minsk Moskau Mariupol Mykolajiw Marseille Mailand Melnyk"
    assert len({skeleton(name.casefold()) for name in names.split()}) == len(names.split())


def test_numbers_are_one_however_they_are_written() -> None:
    assert {number_key(number) for number in ("1850", "1,850", "1.850")} == {"1850"}
    assert {number_key(number) for number in ("6,8", "6.8")} == {"6.8"}
    assert number_key("18:30") == "18:30"
