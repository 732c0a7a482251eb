"""Which documents tell the same story: one pass, in the order of arrival, deterministic.

Joined are equal texts, copies with small edits and cuts, and re-published entries. What is joined is not posted again,
so in doubt a document starts a story of its own: a story told twice is noise, a story never told is a loss.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from rensa import RMinHashLSH

from bot.core.stories.fingerprint import (
    BANDS,
    SHORT,
    SKETCH,
    Fingerprint,
    compare,
    fingerprint_of,
    headline,
    headlines_agree,
)
from bot.core.stories.likeness import Likeness
from bot.model import content_id
from rules.document import Document

WINDOW = timedelta(days=3)
RECURRING = timedelta(hours=12)  # "Air raid alert in Kyiv" in the same words on the next day is another alert
PER_STORY = 32  # newest documents of one story that later ones are compared with
PER_ADDRESS = 8  # newest documents of one address or headline
CANDIDATES, ALIGNED = 400, 6  # newest that share a band, and the most similar of them that are compared word by word
COPY_SHORTER, COPY_NEW, COPY_OLD = 0.85, 0.6, 0.5  # least share of each text that the other one has
WORDS_PER_EDIT = 80  # in a short notice one replaced word, as fraud for arson, is another case
VERSION_SHORTER = 0.7
KEPT_PER_CHANGE = 3  # slots that stay for each figure that another version corrects; a template changes most

Relation = Literal["new", "copy", "version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a document belongs. `like` is the document that it joined by, empty for a new story."""

    story_id: str
    relation: Relation
    like: str = ""
    why: str


@dataclass(slots=True, kw_only=True)
class _Record:
    fingerprint: Fingerprint
    story_id: str
    at: datetime


class Grouper:
    """Remembers what was told within `window` before the newest document, at most `capacity` documents."""

    def __init__(self, *, window: timedelta = WINDOW, capacity: int = 20_000) -> None:
        self._window = window
        self._capacity = capacity
        self._next = 0
        self._records: OrderedDict[int, _Record] = OrderedDict()
        self._by_name: dict[tuple[str, ...], list[int]] = {}  # keys, addresses, headlines and stories to records
        self._sketches = RMinHashLSH(threshold=0.5, num_perm=SKETCH, num_bands=BANDS)

    def place(self, document: Document, at: datetime) -> Placement:
        """The story of a document that arrives at `at`; it is remembered."""
        fingerprint = fingerprint_of(document)
        self._forget(at)
        placement = self._placement(fingerprint, at)
        self._remember(fingerprint, placement.story_id, at)
        return placement

    def restore(self, document: Document, story_id: str, at: datetime) -> None:
        """Remember a document of the archive as if it had been placed; call in the order of arrival."""
        self._forget(at)
        self._remember(fingerprint_of(document), story_id, at)

    def __len__(self) -> int:
        return len(self._records)

    # ------------------------------------------------------------------------------------------------------- finding

    def _placement(self, new: Fingerprint, at: datetime) -> Placement:
        veto = ""
        for find in (self._equal, self._version, self._near_copy):
            outcome = find(new, at)
            if isinstance(outcome, Placement):
                return outcome
            veto = veto or outcome
        story_id = content_id("story", new.id)
        if self._by_name.get(("story", story_id)):  # an id used for another text must not hide it
            story_id = content_id("story", new.id, new.key, at.isoformat())
        return Placement(story_id=story_id, relation="new", why=veto or "no open story has this text")

    def _equal(self, new: Fingerprint, at: datetime) -> Placement | str:
        for record in self._named(("key", new.key), new, at) if new.key else ():
            if new.sketch is None and not self._same_occasion(record, new, at):
                continue
            if new.sketch is None or headlines_agree(record.fingerprint, new, compare(record.fingerprint, new)):
                return _joined(record, "copy", "the same text")
        return ""

    @staticmethod
    def _same_occasion(record: _Record, new: Fingerprint, at: datetime) -> bool:
        return _apart(record, new, at) <= RECURRING or (new.url != "" and new.url == record.fingerprint.url)

    def _version(self, new: Fingerprint, at: datetime) -> Placement | str:
        veto = ""
        for name in _occasions(new):
            for record in self._named(name, new, at):
                like = compare(record.fingerprint, new)
                if not _same_language(record.fingerprint, new) or not _is_version(record.fingerprint, new, like):
                    continue
                if _changed_little(like) if name[0] == "address" else _unconflicted(like):
                    return _joined(record, "version", f"the same {name[0]}, {_percent(like)} of the text kept")
                veto = veto or _veto(record, like)
        return veto

    def _near_copy(self, new: Fingerprint, at: datetime) -> Placement | str:
        veto = ""
        for record in self._candidates(new, at):
            like = compare(record.fingerprint, new)
            if not _is_copy(like):
                continue
            if like.conflicts or not headlines_agree(record.fingerprint, new, like):
                veto = veto or _veto(record, like)
                continue
            return _joined(record, "copy", f"{_percent(like)} of the text is the same; no name, number or date differs")
        return veto

    def _candidates(self, new: Fingerprint, at: datetime) -> list[_Record]:
        """The records most similar to `new`, best first, the newer first among equals."""
        if new.sketch is None:
            return []
        numbers = sorted(self._sketches.query(new.sketch), reverse=True)[:CANDIDATES]
        scored: list[tuple[float, int]] = []
        for number in numbers:
            record = self._records[number]
            assert record.fingerprint.sketch is not None, "only sketched records are in the index"
            if _apart(record, new, at) <= self._window and _same_language(record.fingerprint, new):
                scored.append((new.sketch.jaccard(record.fingerprint.sketch), number))
        return [self._records[number] for _, number in sorted(scored, reverse=True)[:ALIGNED]]

    def _named(self, name: tuple[str, ...], new: Fingerprint, at: datetime) -> list[_Record]:
        """The newest records with that name, newest first."""
        records = [self._records[number] for number in self._by_name.get(name, ())[: -PER_ADDRESS - 1 : -1]]
        return [record for record in records if _apart(record, new, at) <= self._window]

    # -------------------------------------------------------------------------------------------------------- memory

    def _remember(self, fingerprint: Fingerprint, story_id: str, at: datetime) -> None:
        number = self._next
        self._next += 1
        same_story = self._by_name.get(("story", story_id), [])
        for other in same_story:
            old = self._records[other].fingerprint
            if (old.key, old.url, old.site) == (fingerprint.key, fingerprint.url, fingerprint.site):
                self._drop(other)  # the same report again: only its time is new
                break
        else:
            if len(same_story) >= PER_STORY:
                self._drop(same_story[0])
        self._records[number] = _Record(fingerprint=fingerprint, story_id=story_id, at=at)
        for name in _names(fingerprint, story_id):
            self._by_name.setdefault(name, []).append(number)
        if fingerprint.sketch is not None:
            self._sketches.insert(number, fingerprint.sketch)
        if len(self._records) > self._capacity:
            self._drop(next(iter(self._records)))

    def _forget(self, at: datetime) -> None:
        while self._records:
            number, record = next(iter(self._records.items()))
            if at - record.at <= self._window:
                return
            self._drop(number)

    def _drop(self, number: int) -> None:
        record = self._records.pop(number)
        for name in _names(record.fingerprint, record.story_id):
            numbers = self._by_name[name]
            numbers.remove(number)
            if not numbers:
                del self._by_name[name]
        if record.fingerprint.sketch is not None:
            self._sketches.remove(number)


def group_documents(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """(document id, cluster) in the order of arrival. A document without a date arrives with the one before it."""
    grouper = Grouper()
    at = datetime(1970, 1, 1, tzinfo=UTC)
    for document in documents:
        at = document.published_at or at
        yield document.id, grouper.place(document, at).story_id


def _names(fingerprint: Fingerprint, story_id: str) -> list[tuple[str, ...]]:
    names: list[tuple[str, ...]] = [("story", story_id), *_occasions(fingerprint)]
    return [*names, ("key", fingerprint.key)] if fingerprint.key else names


def _occasions(fingerprint: Fingerprint) -> list[tuple[str, ...]]:
    """What an entry that is published again has in common with the first time."""
    occasions: list[tuple[str, ...]] = []
    if fingerprint.url:
        occasions.append(("address", fingerprint.url))
    if fingerprint.site and (title := headline(fingerprint.title)):
        occasions.append(("headline", fingerprint.site, title))
    return occasions


def _is_copy(like: Likeness) -> bool:
    shares = like.of_shorter >= COPY_SHORTER and like.of_new >= COPY_NEW and like.of_old >= COPY_OLD
    return shares and _few_edits(like)


def _few_edits(like: Likeness) -> bool:
    return like.edits <= min(like.old, like.new) // WORDS_PER_EDIT


def _unconflicted(like: Likeness) -> bool:
    return not like.conflicts and _few_edits(like)


def _changed_little(like: Likeness) -> bool:
    return like.only_figures and len(like.conflicts) * KEPT_PER_CHANGE <= like.kept


def _is_version(old: Fingerprint, new: Fingerprint, like: Likeness) -> bool:
    """Whether the text is a changed one rather than another. A flash grows into a report under its own headline."""
    if min(like.old, like.new) >= SHORT:
        return like.of_shorter >= VERSION_SHORTER
    same = headline(old.title) == headline(new.title)
    return same and like.shared > 0 and like.of_shorter >= COPY_SHORTER and not like.edits and not like.conflicts


def _apart(record: _Record, new: Fingerprint, at: datetime) -> timedelta:
    """By publication where both say it: a first visit to a feed finds weeks of entries at once."""
    if record.fingerprint.published_at is not None and new.published_at is not None:
        return abs(new.published_at - record.fingerprint.published_at)
    return abs(at - record.at)


def _same_language(old: Fingerprint, new: Fingerprint) -> bool:
    return not old.lang or not new.lang or old.lang == new.lang


def _joined(record: _Record, relation: Relation, why: str) -> Placement:
    return Placement(story_id=record.story_id, relation=relation, like=record.fingerprint.id, why=why)


def _veto(record: _Record, like: Likeness) -> str:
    earlier = record.fingerprint
    other = f"“{earlier.title[:80]}”" if earlier.title else f"document {earlier.id}"
    if like.conflicts:
        old, new = like.conflicts[0]
        return f"much like {other}, but it has {new.raw} where that has {old.raw}"
    return f"much like {other}, but {'the headlines' if _few_edits(like) else 'some words'} tell another story"


def _percent(like: Likeness) -> str:
    return f"{round(100 * like.of_shorter)} %"
