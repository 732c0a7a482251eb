"""The open stories as evidence remembers them, and the judgement of a report: same, probable or new."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

import numpy as np

from bot.core.stories.evidence.across import SURE_HOURS, Across, across
from bot.core.stories.evidence.candidates import Index
from bot.core.stories.evidence.features import RECORD, Report, report_of, stored_report
from bot.core.stories.evidence.frequency import WORD, Frequency
from bot.core.stories.evidence.language.tongues import UNKNOWN
from bot.core.stories.evidence.model import LEARNT, Model, evidence_of
from bot.core.stories.evidence.model import Evidence as Weighed
from bot.core.stories.evidence.pairs import Desk, Ints, Pairs, Records
from bot.core.stories.evidence.vetoes import veto
from bot.core.stories.evidence.weighing import AGREE, KIND
from rules.document import Document

Outcome = Literal["new", "same", "probable"]

HIGH, LOW = 2.0, 0.75  # scores from which a report is the same, and probably the same, story
WINDOW = 3.0  # days
CANDIDATES = 4  # stories that are judged: the right one is nearly always the first
SHORT, SURE_MASS = 40, 2.4  # words, and log of the weight in common, that "same" takes: a table of figures says little
FIRST, COMPARED = 2, 8  # reports of one story that a new one is compared with: the first two and the newest
MEMBERS = 16  # newest stories of a thread that are looked at
CAPACITY = 100_000  # stories
AS_GOOD = 4.0  # of a score: the oldest story within that of the best is taken
RELATED = -2.0  # score from which a story is named although it is another one
_NONE = np.zeros(0, np.uint32)
NAMED = 5  # names that a reason gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What evidence says of a report. `story` is the number of the open story that it tells, None for a new one.

    `doubles` are open stories that are as surely the same: they and `story` are one. `related` is, of a new one, the
    open story that it has most to do with.
    """

    outcome: Outcome
    story: int | None
    score: float
    why: str
    doubles: tuple[int, ...] = ()
    related: int | None = None


@dataclass(slots=True)
class _Story:
    rows: list[int] = field(default_factory=list)  # places of its reports' records
    last: float | None = None  # when its newest dated report was published, in days
    seen: float | None = None  # when its newest report arrived
    thread: OrderedDict[int, None] | None = None  # where it stands in one: the stories of it, the oldest first


class Evidence:
    """Remembers what open stories say, at most `capacity` of them; judges reports and learns them."""

    def __init__(self, *, window: float = WINDOW, capacity: int = CAPACITY, model: Model = LEARNT) -> None:
        self._window, self._capacity, self._model = window, capacity, model
        self._frequency, self._index, self._desk = Frequency(), Index(), Desk()
        self._sounds = Index()  # by names as they sound and by numbers, for reports in other languages
        self._tongues: set[int] = set()
        self._stories: OrderedDict[int, _Story] = OrderedDict()
        self._records = np.zeros(256, RECORD)
        self._free: list[int] = list(range(255, -1, -1))
        self._next = 0

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, number: int) -> bool:
        return number in self._stories

    @property
    def size_bytes(self) -> int:
        """What the arrays take."""
        return self._records.nbytes + self._index.size_bytes + self._sounds.size_bytes

    def read(self, document: Document) -> Report:
        """The document as a report, weighed by what is usual now."""
        return report_of(document, self._frequency)

    def judge(self, new: Report) -> Judgement:
        """What the report tells, as far as evidence knows. Nothing is remembered."""
        considered, pairs = self._compared(new)
        allowed = {number: evidence for number, evidence, forbidden in considered if not forbidden}
        foreign = self._foreign(new)
        scores = self._scores(new, allowed)
        scores |= {number: each.score for number, each in foreign.items()}
        if not scores:
            why = f"much like an open story, but {considered[0][2]}" if considered else "no open story shares its names"
            return Judgement(outcome="new", story=None, score=float("-inf"), why=why)
        number, score = _chosen(scores)
        last = self._stories[number].last
        dated = new.at is not None and last is not None
        if number in foreign:
            shared, sure = foreign[number].shared, foreign[number].is_sure and _hours(new.at, last) <= SURE_HOURS
        else:
            evidence = allowed[number]
            shared = pairs.shared(evidence.reports)
            sure = self._is_sure(new, number, evidence)
        why = _shared_words(new, shared) + (f"; {_hours(new.at, last):.0f} h apart" if dated else "")
        if score < LOW:
            related = max(scores, key=lambda each: (scores[each], -each)) if score >= RELATED else None
            said = f"another story although both have {why}"
            return Judgement(outcome="new", story=None, score=score, why=said, related=related)
        sure = sure and dated and score >= HIGH
        others = [each for each in allowed if sure and each != number and self._is_sure(new, each, allowed[each])]
        doubles = tuple(each for each in others if self._one_event(number, each, new))
        said = f"{'same' if sure else 'probably the same'} story because: {why}"
        return Judgement(outcome="same" if sure else "probable", story=number, score=score, why=said, doubles=doubles)

    def _scores(self, new: Report, allowed: dict[int, Weighed]) -> dict[int, float]:
        """The score of each story; in a thread, half of it is what the whole thread says.

        Without dates every report is a story of its own, and a single one may be like another event by chance.
        """
        scores = {number: each.score for number, each in allowed.items()}
        heads = {number: next(iter(thread)) for number in allowed if (thread := self._stories[number].thread)}
        whole = [*dict.fromkeys(heads.values())]
        rows = [self._thread(head, int(new["tongue"])) for head in whole]
        if rows:
            others = self._records[[row for each in rows for row in each]]
            pairs = self._desk.compare(new, others)
            weighed = evidence_of(new, others, pairs, [len(each) for each in rows], self._model)
            said = {head: each.score for head, each in zip(whole, weighed, strict=True)}
            scores |= {number: (scores[number] + said[head]) / 2 for number, head in heads.items()}
        return scores

    def _thread(self, head: int, tongue: int) -> list[int]:
        """Rows of the reports of a thread that are compared: the first two and the newest."""
        thread = self._stories[head].thread or {head: None}
        newest = [*islice(reversed(thread), MEMBERS)]
        members = dict.fromkeys([head, *reversed(newest)])
        rows = [row for each in members for row in self._own(self._stories[each], tongue)]
        return rows[:FIRST] + rows[FIRST:][FIRST - COMPARED :]

    def _is_sure(self, new: Report, number: int, evidence: Weighed) -> bool:
        """Whether a report may be shown as no more than an edit of the story's alert."""
        dated = new.at is not None and self._stories[number].last is not None
        enough = evidence["words"] >= SHORT and evidence["most mass"] >= SURE_MASS
        return evidence.score >= HIGH and dated and enough

    def _one_event(self, story: int, other: int, new: Report) -> bool:
        """Whether the first reports of one story could have joined the other one, had the new report been there."""
        there = np.concatenate([self._records[self._stories[story].rows], new.record])
        for row in self._stories[other].rows[:2]:
            record = self._records[row : row + 1]
            report = stored_report(record, _NONE, _NONE, None)
            pairs = self._desk.compare(report, there)
            weighed = evidence_of(report, there, pairs, [len(there)], self._model)[0]
            if weighed.score < LOW or veto(report, there, pairs, weighed):
                return False
        return True

    def merge(self, story: int, other: int) -> None:
        """The reports of `other` are `story`'s; nothing joins `other` any more."""
        gone = self._stories.pop(other)
        kept = self._stories[story]
        rows = kept.rows + gone.rows
        self._free += rows[2 : len(rows) - (COMPARED - 2)]
        kept.rows = rows[:2] + rows[2:][-(COMPARED - 2) :]
        dates = [each for each in (kept.last, gone.last) if each is not None]
        kept.last = max(dates, default=None)
        followers = [*gone.thread] if gone.thread and next(iter(gone.thread)) == other else []
        self._leave(other, gone)
        for each in followers:
            if each not in (other, story):
                self._leave(each, self._stories[each])
                self.stand(each, story)

    def considered(self, new: Report) -> list[tuple[int, Weighed, str]]:
        """The open stories most like the report: number, evidence, and what forbids a join in words."""
        return self._compared(new)[0]

    def _compared(self, new: Report) -> tuple[list[tuple[int, Weighed, str]], Pairs]:
        numbers, rows = self._near(new, self._index.stories(new.index, new.index_weight), foreign=False)
        others = self._records[[row for each in rows for row in each]]
        pairs = self._desk.compare(new, others)
        weighed = evidence_of(new, others, pairs, [len(each) for each in rows], self._model) if numbers else []
        return [
            (number, each, veto(new, others, pairs, each)) for number, each in zip(numbers, weighed, strict=True)
        ], pairs

    def _foreign(self, new: Report) -> dict[int, Across]:
        """Stories told in other languages only that the report may tell, each with its best report."""
        if new["bare"] or not self._are_others(int(new["tongue"])):
            return {}
        numbers, rows = self._near(new, self._sounds.stories(new.sounds, new.sounds_weight), foreign=True)
        best = {
            number: max(across(new, self._records[each]), key=lambda evidence: evidence.score)
            for number, each in zip(numbers, rows, strict=True)
        }
        return {number: evidence for number, evidence in best.items() if evidence.score >= LOW}

    def _near(self, new: Report, stories: list[int], *, foreign: bool) -> tuple[list[int], list[list[int]]]:
        """The first of these stories within the window, and the rows of the reports to compare: those in the report's
        language, or else all of a story that is told in other languages only.
        """
        near: list[int] = []
        rows: list[list[int]] = []
        for number in stories:
            story = self._stories.get(number)
            if story is None:
                continue
            if self._is_over(story, new):
                continue
            own = self._own(story, int(new["tongue"]))
            if bool(own) != foreign:
                near.append(number)
                rows.append(own or story.rows)
                if len(near) == CANDIDATES:
                    break
        return near, rows

    def _is_over(self, story: _Story, new: Report) -> bool:
        """Whether the story is too old for the report: by publication where both say it, else by arrival."""
        if new.at is not None and story.last is not None:
            return abs(new.at - story.last) > self._window
        return new.seen is not None and story.seen is not None and new.seen - story.seen > self._window

    def _own(self, story: _Story, tongue: int) -> list[int]:
        """Rows of the story's reports in that language, as far as anybody knows."""
        if not self._are_others(tongue):
            return story.rows
        tongues = self._records["tongue"]
        return [row for row in story.rows if tongues[row] in (UNKNOWN, tongue)]

    def _are_others(self, tongue: int) -> bool:
        """Whether anything was ever in another language."""
        return tongue != UNKNOWN and not self._tongues <= {UNKNOWN, tongue}

    def remember(self, new: Report, number: int | None, *, near: int | None = None) -> int:
        """The report tells that story, or a new one, which may stand in the thread of another; the story's number."""
        number, row = self._take_in(number, new.at, new.seen)
        self.stand(number, near)
        self._forget(new.at if new.seen is None else new.seen)
        self._records[row] = new.record[0]
        self._tongues.add(int(new["tongue"]))
        for index, keys in ((self._index, new.index), (self._sounds, new.sounds)):
            index.add(keys, number)
            if index.is_full:
                index.settle(self._stories)
        self._frequency.learn(new["feature"][: new.used])
        return number

    def stand(self, number: int, near: int | None) -> None:
        """The story, which stands in no thread yet, stands in the thread of that one."""
        above = None if near is None else self._stories.get(near)
        story = self._stories.get(number)
        if near is None or above is None or story is None or story.thread is not None:
            return
        if above.thread is None:
            above.thread = OrderedDict({near: None})
        above.thread[number] = None
        story.thread = above.thread

    def _leave(self, number: int, story: _Story) -> None:
        """The story, which may be closed, stands in no thread any more."""
        if story.thread is not None:
            del story.thread[number]
            story.thread = None

    def remember_all(
        self, stored: Records, stories: Sequence[str], seen: Sequence[float], numbers: dict[str, int]
    ) -> None:
        """Many reports at once, as they were stored, each of the story with that name: what `remember` does with each,
        but that stories are closed at the end.

        `seen`: when each arrived, in days. `numbers`: the number of each story by its name, added for new ones.
        """
        rows, its_number = [], []
        for name, at, arrived in zip(stories, stored["at"].tolist(), seen, strict=True):
            number, row = self._take_in(numbers.get(name), None if at != at else at, arrived)
            numbers[name] = number
            rows.append(row)
            its_number.append(number)
        self._forget(seen[-1] if seen else None)
        self._records[rows] = stored["record"]  # of reports that shared a row one after the other, the last stays
        self._tongues.update(np.unique(stored["record"]["tongue"]).tolist())
        owners = np.array(its_number, np.uint64)
        for index, keys in ((self._index, stored["index"]), (self._sounds, stored["sounds"])):
            index.add_all(keys, owners, self._stories)
        self._frequency.learn_all(stored["record"]["feature"])

    def _take_in(self, number: int | None, at: float | None, seen: float | None) -> tuple[int, int]:
        """(number of that story or a new one, the row for a report of it)."""
        if number is None or number not in self._stories:
            number = self._next
            self._next += 1
            self._stories[number] = _Story()
        story = self._stories[number]
        if not self._free:
            self.make_room(min(max(len(self._records) // 4, 256), 1 << 14))
        row = self._free.pop()
        story.rows.append(row)
        if len(story.rows) > COMPARED:
            self._free.append(story.rows.pop(2))
        if at is not None:
            story.last = at if story.last is None else max(story.last, at)
        story.seen = seen
        self._stories.move_to_end(number)
        return number, row

    def make_room(self, reports: int) -> None:
        """Have room for so many more; what is not used then takes no memory."""
        size, more = len(self._records), reports - len(self._free)
        if more > 0:
            records = np.zeros(size + more, RECORD)
            records[:size] = self._records
            self._records = records
            self._free = [*range(size + more - 1, size - 1, -1), *self._free]

    def _forget(self, now: float | None) -> None:
        """Close the oldest stories: those over the capacity, and those that nothing can join any more."""
        while self._stories:
            number = next(iter(self._stories))
            story = self._stories[number]
            last = story.last if story.seen is None else story.seen
            over = now is not None and last is not None and now - last > 2 * self._window
            if len(self._stories) <= self._capacity and not over:
                return
            self._free += story.rows
            del self._stories[number]
            self._leave(number, story)


def _chosen(scores: dict[int, float]) -> tuple[int, float]:
    """(story, score): the best; the oldest where several are nearly as good, so that a story told twice stays two."""
    best = max(scores.values())
    least = max(best - AS_GOOD, HIGH if best >= HIGH else min(best, LOW))
    return min((number, score) for number, score in scores.items() if score >= least)


def _shared_words(new: Report, shared: Ints) -> str:
    """The strongest names and numbers that both have, as the report writes them."""
    weights = new["weight"][shared]
    strongest = shared[np.lexsort((shared, -AGREE[weights], KIND[weights] == WORD))][:NAMED]
    names = strongest[KIND[new["weight"][strongest]] != WORD]
    words = [new.spelled[feature] for feature in new["feature"][names if len(names) else strongest].tolist()]
    return ", ".join(words) or "only common words"


def _hours(at: float | None, last: float | None) -> float:
    return float("inf") if at is None or last is None else abs(at - last) * 24
