"""Which documents tell the same story, and how sure that is: the rules for copies and versions, then the evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.stories.events.joining import Joining
from bot.core.stories.evidence import Evidence, Outcome
from bot.core.stories.grouper import Grouper
from bot.core.stories.judging import Placement
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
    joining = Joining(evidence)
    grouper = Grouper(join=joining.place)
    threads: dict[str, str] = {}  # story -> the one in whose thread it stands
    at = datetime(1970, 1, 1, tzinfo=UTC)
    for document in documents:
        at = document.published_at or at
        placement = grouper.place(document, at)
        joining.stored()
        cluster = placement.near or placement.story_id
        cluster = threads[placement.story_id] = threads.get(cluster, cluster)
        yield Grouped(id=document.id, cluster=cluster, outcome=_outcome(placement), why=_why(placement))


def _outcome(placement: Placement) -> Outcome:
    return "probable" if placement.near else "new" if placement.relation == "new" else "same"


def _why(placement: Placement) -> str:
    by_rules = placement.relation in ("copy", "version")
    return f"same story because: {placement.why}" if by_rules else placement.why
