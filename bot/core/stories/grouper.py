"""Which documents tell the same story: one pass, in the order of arrival, deterministic.

Joined are equal texts, copies with small edits and cuts, and re-published entries. What is joined is not posted again,
so in doubt a document starts a story of its own: a story told twice is noise, a story never told is a loss.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from bot.core.stories import memory
from bot.core.stories.arriving import New, apart, same_language, same_occasion
from bot.core.stories.fingerprint import SHORT, Fingerprint, fingerprint_of, micros, name
from bot.core.stories.judging import (
    COPY_SHORTER,
    VERSION_SHORTER,
    Placement,
    Relation,
    changed_little,
    is_copy,
    is_version,
    may_be_copy,
    percent,
    tells_why,
    unconflicted,
)
from bot.core.stories.memory import (
    ADDRESS,
    KEY,
    OCCASION,
    STORY,
    Memory,
    read_rows,
    rows_of,
    searched,
    values_of,
)
from bot.core.stories.wording import Wording, compare, headlines_agree, shared_at_most
from bot.model import FingerprintRow, FingerprintRows, content_id
from rules.document import Document

WINDOW = timedelta(days=3)
CAPACITY = 200_000  # documents, about 200 MB
PER_STORY = 32  # newest documents of one story that later ones are compared with
PER_ADDRESS = 8  # newest documents of one address or headline
CANDIDATES, ALIGNED = 400, 6  # newest that share a band, and the most similar of them that are compared word by word

_WORDINGS = 64  # texts that were compared last: the next look-alike is often compared with the same
_MICROSECOND = timedelta(microseconds=1)

TextOf = Callable[[str], Document | None]
Distinct = Callable[[str, str], bool]  # whether their source calls an old and a new document different items
Join = Callable[[Document, Placement, datetime], Placement]


@dataclass(slots=True)
class Batch:
    """What a batch adds to the memory, and documents whose fingerprints it makes superfluous: to be stored with it."""

    fingerprints: list[FingerprintRow] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


class _UnreadableError(Exception):
    """`text_of` failed: the caller's trouble, not the document's."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Grouper:
    """Remembers what was told within `window` before the newest document, at most `capacity` documents.

    Of each it keeps numbers; `text_of(document id)` gives the document itself when a look-alike comes. Without it the
    documents are kept, too.
    """

    def __init__(
        self,
        *,
        window: timedelta = WINDOW,
        capacity: int = CAPACITY,
        text_of: TextOf | None = None,
        join: Join | None = None,
    ) -> None:
        """`join` has the last word on each placement before it is remembered."""
        self._window = window // _MICROSECOND
        self._capacity = capacity
        self._text_of = text_of
        self._join = join
        self._memory = Memory()
        self._kept: dict[int, Document] = {}  # by number: those that `text_of` cannot know yet
        self._wording: dict[int, Wording] = {}
        self._batch: Batch | None = None
        self._own: set[str] = set()
        self._distinct: Distinct | None = None
        self.seq = 0  # of the last stored fingerprint that was learned

    def __len__(self) -> int:
        return len(self._memory)

    @property
    def size_bytes(self) -> int:
        """What is remembered, without documents."""
        return self._memory.size_bytes

    # ------------------------------------------------------------------------------------------------------ batches

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Around a transaction: when it fails, what was placed inside is forgotten and nothing else."""
        mark, batch = self._memory.mark(), Batch()
        self._batch = batch
        try:
            yield batch
        except BaseException:
            self._memory.undo(mark)
            self._kept = {number: document for number, document in self._kept.items() if number < mark.end}
            self._wording.clear()
            raise
        finally:
            self._batch = None
        self._settle(batch)

    def _settle(self, batch: Batch) -> None:
        self._memory.settle()
        if self._text_of is not None:
            self._kept.clear()
            self._own.update(row.document_id for row in batch.fingerprints)
        elif len(self._kept) > 2 * len(self._memory) + _WORDINGS:
            self._kept = {number: kept for number, kept in self._kept.items() if self._memory.counts(number)}

    def place(self, document: Document, at: datetime) -> Placement:
        """The story of a document that arrives at `at`; it is remembered."""
        return self.place_all([document], at)[0]

    def place_all(
        self, documents: Sequence[Document], at: datetime, distinct: Distinct | None = None
    ) -> list[Placement]:
        """The stories of documents that arrive together, in that order. Raises only what `text_of` raises.

        Those that are `distinct` are no versions of each other where a figure differs, though one address has both.
        """
        if self._batch is None:
            with self.batch():
                return self.place_all(documents, at, distinct)
        self._distinct = distinct
        prepared = self._prepared(documents, at)
        return [self._placed(new, document, at) for new, document in zip(prepared, documents, strict=True)]

    def _prepared(self, documents: Sequence[Document], at: datetime) -> list[New | Exception]:
        outcomes: list[Fingerprint | Exception] = [_tried(document) for document in documents]
        made = [outcome for outcome in outcomes if isinstance(outcome, Fingerprint)]
        rows = rows_of(made, micros(at))
        rows["story"] = [name("story", content_id("story", fingerprint.id)) for fingerprint in made]
        probes = iter(enumerate(self._memory.probes(values_of(rows))))
        prepared: list[New | Exception] = []
        for document, outcome in zip(documents, outcomes, strict=True):
            if isinstance(outcome, Fingerprint):
                place, probe = next(probes)
                prepared.append(New(document, outcome, rows[place : place + 1], probe, at))
            else:
                prepared.append(outcome)
        return prepared

    def _placed(self, new: New | Exception, document: Document, at: datetime) -> Placement:
        try:
            if isinstance(new, Exception):
                raise new
            self._memory.forget(micros(at) - self._window)
            placement = self._placement(new)
            if self._join is not None:
                placement = self._join(document, placement, at)
            opens = placement.relation == "new" and name("story", placement.story_id) == new.row["story"]
            self._remember(new, placement.story_id, opens=opens)
        except _UnreadableError as error:
            raise error.error from None
        except Exception as error:
            story_id = content_id("story", document.id)
            if self._memory.in_story(name("story", story_id)):
                story_id = content_id("story", document.id, "", at.isoformat())
            self._store_nothing_of(document, story_id, at)
            why = "it could not be compared with other documents"
            return Placement(story_id=story_id, relation="new", why=why, failed=f"{type(error).__name__}: {error}")
        return placement

    def restore(self, document: Document, story_id: str, at: datetime) -> None:
        """Remember a document of the archive as if it had been placed; call in the order of arrival."""
        if self._batch is None:
            with self.batch():
                self.restore(document, story_id, at)
            return
        self._memory.forget(micros(at) - self._window)
        new = self._prepared([document], at)[0]
        if isinstance(new, Exception):
            self._store_nothing_of(document, story_id, at)
        else:
            self._remember(new, story_id)

    def learn(self, stored: FingerprintRows) -> None:
        """Remember what is stored, in the order of arrival; what was placed here since the last time is known.

        Not inside a batch: a transaction that is undone does not make it unlearned.
        """
        assert self._batch is None, "not inside a batch"
        rows = read_rows(stored.features)
        ids, stories = stored.document_ids, stored.story_ids
        if self._own:
            new = [number for number, document_id in enumerate(ids) if document_id not in self._own]
            rows, ids, stories = rows[new], [ids[number] for number in new], [stories[number] for number in new]
            self._own.clear()
        self._memory.extend(rows, ids, stories)
        for _ in range(len(self._memory) - self._capacity):
            self._memory.forget_oldest()
        self.seq = max(self.seq, stored.last_seq)

    # ------------------------------------------------------------------------------------------------------- finding

    def _placement(self, new: New) -> Placement:
        veto = ""
        for find in (self._equal, self._version, self._near_copy):
            outcome = find(new)
            if isinstance(outcome, Placement):
                return outcome
            veto = veto or outcome
        story_id = content_id("story", new.made.id)
        if self._memory.named(new.probe, STORY, new.row, 1):  # an id used for another text must not hide it
            story_id = content_id("story", new.made.id, new.made.key, new.at.isoformat())
        return Placement(story_id=story_id, relation="new", why=veto or "no open story has this text")

    def _equal(self, new: New) -> Placement | str:
        for number, old in self._named(KEY, new):
            if not new.made.sketch and not same_occasion(old, new):
                continue
            if not new.made.sketch or self._same_headline(number, old, new):
                return self._joined(number, "copy", "the same text")
        return ""

    def _same_headline(self, number: int, old: np.void, new: New) -> bool:
        if old["headline"] == new.made.headline or not old["headline"] or not new.made.headline:
            return True
        wording = self._wording_of(number)
        return wording is not None and headlines_agree(wording, new.wording, compare(wording, new.wording))

    def _version(self, new: New) -> Placement | str:
        veto = ""
        for column, called in ((ADDRESS, "address"), (OCCASION, "headline")):
            for number, old in self._named(column, new):
                short = min(int(old["length"]), new.made.length) < SHORT
                if not same_language(old, new) or (short and old["headline"] != new.made.headline):
                    continue
                wording = self._wording_if(number, old, new, COPY_SHORTER if short else VERSION_SHORTER)
                if wording is None:
                    continue
                like = compare(wording, new.wording)
                if not is_version(like):
                    continue
                if (
                    changed_little(like) and not self._are_distinct(number, new)
                    if column == ADDRESS
                    else unconflicted(like)
                ):
                    return self._joined(number, "version", f"the same {called}, {percent(like)} of the text kept")
                veto = veto or tells_why(wording, like)
        return veto

    def _are_distinct(self, number: int, new: New) -> bool:
        return self._distinct is not None and self._distinct(self._memory.id(number), new.made.id)

    def _near_copy(self, new: New) -> Placement | str:
        veto = ""
        for number, old in self._candidates(new):
            if not may_be_copy(int(old["length"]), new.made.length):
                continue
            wording = self._wording_if(number, old, new, COPY_SHORTER)
            if wording is None:
                continue
            like = compare(wording, new.wording)
            if not is_copy(like):
                continue
            if like.conflicts or not headlines_agree(wording, new.wording, like):
                veto = veto or tells_why(wording, like)
                continue
            why = f"{percent(like)} of the text is the same; no name, number or date differs"
            return self._joined(number, "copy", why)
        return veto

    def _candidates(self, new: New) -> list[tuple[int, np.void]]:
        """The records most similar to `new`, best first, the newer first among equals."""
        numbers, rows, equal = self._memory.sharing(new.probe, new.row, CANDIDATES)
        scored = [
            (alike, number, row)
            for alike, number, row in zip(equal.tolist(), numbers, rows, strict=True)
            if apart(row, new) <= self._window and same_language(row, new)
        ]
        best = sorted(scored, key=lambda candidate: candidate[:2], reverse=True)[:ALIGNED]
        return [(number, row) for _, number, row in best]

    def _named(self, column: int, new: New) -> list[tuple[int, np.void]]:
        """The newest records with that name, newest first."""
        numbers = self._memory.named(new.probe, column, new.row, PER_ADDRESS)
        records = [(number, self._memory.row(number)) for number in numbers]
        return [(number, row) for number, row in records if apart(row, new) <= self._window]

    def _wording_if(self, number: int, old: np.void, new: New, least: float) -> Wording | None:
        """What a record's document tells, if they can share that much of the shorter text."""
        if memory.shared_at_most(old, new.row) < least:
            return None
        wording = self._wording_of(number)
        return wording if wording is not None and shared_at_most(wording, new.wording) >= least else None

    def _wording_of(self, number: int) -> Wording | None:
        """What a record's document tells; None when it is gone."""
        wording = self._wording.pop(number, None)
        if wording is None:
            document = self._kept.get(number) or self._asked_for(self._memory.id(number))
            if document is None:
                return None
            wording = Wording(document)
        self._wording[number] = wording
        if len(self._wording) > _WORDINGS:
            del self._wording[next(iter(self._wording))]
        return wording

    def _asked_for(self, document_id: str) -> Document | None:
        if self._text_of is None:
            return None
        try:
            return self._text_of(document_id)
        except Exception as error:
            raise _UnreadableError(error) from error

    def _joined(self, number: int, relation: Relation, why: str) -> Placement:
        return Placement(story_id=self._memory.story(number), relation=relation, like=self._memory.id(number), why=why)

    # -------------------------------------------------------------------------------------------------------- memory

    def _remember(self, new: New, story_id: str, *, opens: bool = False) -> None:
        assert self._batch is not None, "place_all and restore see to it"
        story = name("story", story_id)
        same_story = [] if opens else self._memory.in_story(story)
        for other in same_story:
            old = self._memory.row(other)
            if all(old[same] == new.row[same] for same in ("key", "address", "site")):
                self._drop(other)  # the same report again: only its time is new
                break
        else:
            if len(same_story) >= PER_STORY:
                self._drop(same_story[0])
        number = self._memory.end
        new.rows["story"] = story
        new.probe.values[STORY] = searched(story)
        self._memory.add(new.rows, new.probe.values, new.made.id, story_id)
        self._kept[number] = new.document
        self._batch.fingerprints.append(
            FingerprintRow(document_id=new.made.id, story_id=story_id, seen_at=new.at, features=new.row.tobytes())
        )
        if len(self._memory) > self._capacity:
            self._memory.forget_oldest()

    def _store_nothing_of(self, document: Document, story_id: str, at: datetime) -> None:
        assert self._batch is not None, "place_all and restore see to it"
        nothing = FingerprintRow(document_id=document.id, story_id=story_id, seen_at=at, features=b"")
        self._batch.fingerprints.append(nothing)

    def _drop(self, number: int) -> None:
        assert self._batch is not None, "place_all and restore see to it"
        self._batch.dropped.append(self._memory.id(number))
        self._memory.drop(number)


def _tried(document: Document) -> Fingerprint | Exception:
    try:
        return fingerprint_of(document)
    except Exception as error:
        return error
