"""Whether a document that the rules for copies and versions take for news tells a story that is open, by evidence.

Each open story has a number in `Evidence` and an id outside. A *probable* report is a story of its own whose `near` is
the story in whose thread it stands: what is like it joins it there, and wherever people move it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.stories.evidence import Evidence, Judgement
from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.stored import packed, unpacked
from bot.core.stories.judging import Placement
from bot.model import EvidenceRow
from rules.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two open stories that turned out to be one: what was `story_id` is told by `into_id`."""

    story_id: str
    into_id: str
    why: str


AHEAD = timedelta(days=1)  # clocks differ by hours, and zones are left out; what is further ahead is no date
_SPARE = 1_000  # numbers of closed stories that are kept before they are cleared away
_AT_ONCE = 10_000  # stored reports that are remembered in one go: 25 MB


class Joining:
    """What evidence remembers of open stories, by their ids.

    `rows` waits to be stored with the documents. `merged` says which story tells a closed one now.
    """

    def __init__(self, evidence: Evidence | None = None, *, merged: dict[str, str] | None = None) -> None:
        self._evidence = Evidence() if evidence is None else evidence
        self._numbers: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._merged = {} if merged is None else merged
        self.rows: list[EvidenceRow] = []
        self.merges: list[Merge] = []

    def __len__(self) -> int:
        return len(self._evidence)

    def restore(self, rows: Sequence[EvidenceRow], near: Mapping[str, str]) -> None:
        """Remember stored reports, the oldest first; `near`: whose thread a story stands in."""
        self._evidence.make_room(len(rows))
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            names = [row.story_id for row in part]
            seen = [_days(row.seen_at) for row in part]
            self._evidence.remember_all(unpacked([row.features for row in part]), names, seen, self._numbers)
        for story_id in dict.fromkeys(row.story_id for row in rows):
            above = near.get(story_id, "")
            self._evidence.stand(self._numbers[story_id], self._numbers.get(self._merged.get(above, above)))
        self._ids = {number: story_id for story_id, number in self._numbers.items()}
        self._clear_away()

    def stored(self) -> None:
        """What waited to be stored is stored, or undone."""
        self.rows.clear()
        self.merges.clear()

    def place(self, document: Document, placement: Placement, at: datetime, *, judged: bool = True) -> Placement:
        """The placement as evidence has it; the report is remembered. One that is not `judged` stays where it is."""
        placement = replace(placement, story_id=self._merged.get(placement.story_id, placement.story_id))
        if not judged:
            return placement
        if document.published_at is not None and document.published_at > at + AHEAD:
            document = replace(document, published_at=None)  # no date is better than a wrong one
        report = self._evidence.read(document)
        report.seen = _days(at)
        if placement.relation == "new":
            placement = self._judged(placement, self._evidence.judge(report))
        story_id = placement.story_id
        self._remember(report, story_id, placement.near)
        self.rows.append(EvidenceRow(document_id=document.id, story_id=story_id, seen_at=at, features=packed(report)))
        return placement

    def _remember(self, report: Report, story_id: str, near: str) -> None:
        above = self._numbers.get(self._merged.get(near, near))
        self._note(story_id, self._evidence.remember(report, self._numbers.get(story_id), near=above))

    def _judged(self, placement: Placement, judgement: Judgement) -> Placement:
        if judgement.outcome == "same":
            assert judgement.story is not None
            story_id = self._ids[judgement.story]
            for double in judgement.doubles:
                self._merge(self._ids[double], story_id, judgement.why)
            story_id = self._merged.get(story_id, story_id)
            return replace(placement, story_id=story_id, relation="report", why=judgement.why)
        if judgement.outcome == "probable":
            assert judgement.story is not None
            return replace(placement, near=self._ids[judgement.story], why=judgement.why)
        related = "" if judgement.related is None else self._ids[judgement.related]
        return replace(placement, related=related, why=judgement.why)

    def _merge(self, story_id: str, other_id: str, why: str) -> None:
        """They are one: the older goes on."""
        story_id, other_id = (self._merged.get(each, each) for each in (story_id, other_id))
        older, younger = sorted((story_id, other_id), key=self._numbers.__getitem__)
        self._evidence.merge(self._numbers[older], self._numbers.pop(younger))
        self._merged |= {each: older for each, into in self._merged.items() if into == younger}
        self._merged[younger] = older
        self.rows = [replace(row, story_id=older) if row.story_id == younger else row for row in self.rows]
        self.merges.append(Merge(story_id=younger, into_id=older, why=why))

    def _note(self, story_id: str, number: int) -> None:
        self._numbers[story_id] = number
        self._ids[number] = story_id
        self._clear_away()

    def _clear_away(self) -> None:
        if len(self._ids) > len(self._evidence) + _SPARE:
            self._ids = {number: known for number, known in self._ids.items() if number in self._evidence}
            self._numbers = {known: number for number, known in self._ids.items()}


def _days(at: datetime) -> float:
    return at.timestamp() / 86_400
