"""Which documents tell the same story, and how sure that is: the rules for copies and versions, then the evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.stories.evidence import Evidence, Judgement, Outcome
from bot.core.stories.grouper import Grouper
from rules.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Where a document belongs; a *probable* one has the cluster of the story in whose thread it would stand."""

    id: str
    cluster: str
    outcome: Outcome
    why: str


def group_by_evidence(documents: Iterable[Document], *, evidence: Evidence | None = None) -> Iterator[Grouped]:
    """Each document in the order of arrival. One without a date arrives with the one before it."""
    grouper, evidence = Grouper(), Evidence() if evidence is None else evidence
    clusters: dict[str, str] = {}  # the grouper's stories
    numbers: dict[str, int] = {}  # clusters among the evidence's open stories
    names: dict[int, str] = {}
    at = datetime(1970, 1, 1, tzinfo=UTC)
    for document in documents:
        at = document.published_at or at
        placement = grouper.place(document, at)
        report = evidence.read(document)
        if placement.relation == "new":
            judged = evidence.judge(report)
        else:
            number = numbers.get(clusters.get(placement.story_id, ""))
            judged = Judgement(outcome="same", story=number, score=0.0, why=f"same story because: {placement.why}")
        cluster = clusters.setdefault(placement.story_id, placement.story_id)
        if placement.relation == "new" and judged.story is not None:
            cluster = clusters[placement.story_id] = names[judged.story]
        number = evidence.remember(report, judged.story)
        names[number], numbers[cluster] = cluster, number
        yield Grouped(id=document.id, cluster=cluster, outcome=judged.outcome, why=judged.why)
