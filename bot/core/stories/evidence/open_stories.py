"""The open stories as evidence remembers them, and the judgement of a report: same, probable or new."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bot.core.stories.evidence.candidates import Index
from bot.core.stories.evidence.features import RECORD, Report, report_of
from bot.core.stories.evidence.frequency import NUMBER, WORD, Frequency
from bot.core.stories.evidence.model import Evidence as Found
from bot.core.stories.evidence.model import evidence_of
from bot.core.stories.evidence.pairs import Desk
from bot.core.stories.evidence.vetoes import veto
from bot.core.stories.evidence.weighing import AGREE, KIND
from rules.document import Document

Outcome = Literal["new", "same", "probable"]

HIGH, LOW = 2.0, -1.0  # scores from which a report is the same, and probably the same, story
WINDOW = 3.0  # days
CANDIDATES = 4  # stories that are judged
SHORT, SURE_MASS = 30, 2.4  # words, and log of the weight in common, that "same" takes: a table of figures says little
COMPARED = 8  # reports of one story that a new one is compared with: the first two and the newest
CAPACITY = 100_000  # stories
AS_GOOD = 4.0  # of a score: the oldest story within that of the best is taken
NAMED = 5  # names that a reason gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What evidence says of a report. `story` is the number of the open story that it tells, None for a new one."""

    outcome: Outcome
    story: int | None
    score: float
    why: str


@dataclass(slots=True)
class _Story:
    rows: list[int] = field(default_factory=list)  # places of its reports' records
    last: float | None = None  # when its newest dated report was published, in days


class Evidence:
    """Remembers what open stories say, at most `capacity` of them; judges reports and learns them."""

    def __init__(self, *, window: float = WINDOW, capacity: int = CAPACITY) -> None:
        self._window, self._capacity = window, capacity
        self._frequency, self._index, self._desk = Frequency(), Index(), Desk()
        self._stories: OrderedDict[int, _Story] = OrderedDict()
        self._records = np.zeros(256, RECORD)
        self._free: list[int] = list(range(255, -1, -1))
        self._next = 0

    def __len__(self) -> int:
        return len(self._stories)

    @property
    def size_bytes(self) -> int:
        """What the arrays take."""
        return self._records.nbytes + self._index.size_bytes

    def read(self, document: Document) -> Report:
        """The document as a report, weighed by what is usual now."""
        return report_of(document, self._frequency)

    def judge(self, new: Report) -> Judgement:
        """What the report tells, as far as evidence knows. Nothing is remembered."""
        considered = self.considered(new)
        allowed = [one for one in considered if not one[2]]
        if not allowed:
            why = f"much like an open story, but {considered[0][2]}" if considered else "no open story shares its names"
            return Judgement(outcome="new", story=None, score=float("-inf"), why=why)
        number, score = _chosen([(number, found.score) for number, found, _ in allowed])
        found = next(found for each, found, _ in allowed if each == number)
        why = self._reason(new, number)
        if score < LOW:
            return Judgement(outcome="new", story=None, score=score, why=f"another story although both have {why}")
        dated = new.at is not None and self._stories[number].last is not None
        sure = score >= HIGH and dated and found["words"] >= SHORT and found["most mass"] >= SURE_MASS
        outcome: Outcome = "same" if sure else "probable"
        said = "same story because: " if outcome == "same" else "probably the same story because: "
        return Judgement(outcome=outcome, story=number, score=score, why=said + why)

    def considered(self, new: Report) -> list[tuple[int, Found, str]]:
        """The open stories most like the report: number, evidence, and what forbids a join in words."""
        numbers = self._near(new)
        if not numbers:
            return []
        rows = [self._stories[number].rows for number in numbers]
        others = self._records[[row for each in rows for row in each]]
        pairs = self._desk.compare(new, others)
        found = evidence_of(new, others, pairs, [len(each) for each in rows])
        return [(number, each, veto(new, others, pairs, each)) for number, each in zip(numbers, found, strict=True)]

    def _near(self, new: Report) -> list[int]:
        near: list[int] = []
        for number in self._index.stories(new):
            story = self._stories.get(number)
            if story is None:
                continue
            if new.at is None or story.last is None or abs(new.at - story.last) <= self._window:
                near.append(number)
                if len(near) == CANDIDATES:
                    break
        return near

    def remember(self, new: Report, number: int | None) -> int:
        """The report tells that story, or a new one; the story's number."""
        if number is None or number not in self._stories:
            number = self._next
            self._next += 1
            self._stories[number] = _Story()
        story = self._stories[number]
        story.rows.append(self._kept(new))
        if len(story.rows) > COMPARED:
            self._free.append(story.rows.pop(2))
        if new.at is not None:
            story.last = new.at if story.last is None else max(story.last, new.at)
        self._stories.move_to_end(number)
        self._forget(new.at)
        self._index.add(new.index, number)
        if self._index.is_full:
            self._index.settle(self._stories)
        self._frequency.learn(new["feature"][: new.used])
        return number

    def _kept(self, new: Report) -> int:
        if not self._free:
            size = len(self._records)
            more = min(size, 1 << 14)
            self._records = np.concatenate([self._records, np.zeros(more, RECORD)])
            self._free = list(range(size + more - 1, size - 1, -1))
        row = self._free.pop()
        self._records[row] = new.record[0]
        return row

    def _forget(self, now: float | None) -> None:
        """Close the oldest stories: those over the capacity, and those that nothing can join any more."""
        while self._stories:
            number, story = next(iter(self._stories.items()))
            over = now is not None and story.last is not None and now - story.last > 2 * self._window
            if len(self._stories) <= self._capacity and not over:
                return
            self._free += story.rows
            del self._stories[number]

    def _reason(self, new: Report, number: int) -> str:
        story = self._stories[number]
        others = self._records[story.rows]
        shared = self._desk.compare(new, others).shared
        weights = new["weight"][shared]
        strongest = np.lexsort((shared, -AGREE[weights], KIND[weights] == WORD))[:NAMED]
        words = [
            new.spelled[int(new["feature"][shared[each]])]
            for each in strongest.tolist()
            if KIND[weights[each]] <= NUMBER or each == strongest[0]
        ]
        named = ", ".join(words) or "only common words"
        if new.at is None or story.last is None:
            return named
        return f"{named}; {abs(new.at - story.last) * 24:.0f} h apart"


def _chosen(scored: list[tuple[int, float]]) -> tuple[int, float]:
    """(story, score): the best; the oldest where several are nearly as good, so that a story told twice stays two."""
    best = max(score for _, score in scored)
    least = max(best - AS_GOOD, HIGH if best >= HIGH else min(best, LOW))
    return min(one for one in scored if one[1] >= least)
