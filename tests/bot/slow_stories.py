"""The slow, obvious story grouping: texts are kept whole, split again and compared in Python.

It was the bot's own until it was made fast; `bot.core.stories.grouper` must place every document as this does.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from rensa import RMinHash, RMinHashLSH

from bot.addresses import canonical_url
from bot.core.stories.arriving import RECURRING
from bot.core.stories.grouper import (
    ALIGNED,
    CANDIDATES,
    PER_ADDRESS,
    PER_STORY,
    WINDOW,
)
from bot.core.stories.judging import (
    COPY_NEW,
    COPY_OLD,
    COPY_SHORTER,
    KEPT_PER_CHANGE,
    VERSION_SHORTER,
    WORDS_PER_EDIT,
    Placement,
    Relation,
)
from bot.core.stories.likeness import Likeness, likeness
from bot.core.stories.title_marks import without_marks
from bot.core.stories.words import NAME, NUMBER, ORDINARY, Word, words
from bot.model import content_id
from rules.document import Document

SHORT = 25  # words: below it, texts of different events are as alike as copies are
LONG = 4_000  # words compared; what comes after them does not make another story
TITLE = 500  # characters
CONTAINED = 4  # words: a headline that long, whole within another, is the same with "Nordwire:" before it
SHINGLE = 3  # words
SKETCH, BANDS, SEED = 96, 32, 20_250  # bands of 3: texts with half of their shingles in common meet in 98.6 %
SPECIFIC = 8  # equal names, numbers and dates: a body that has them is about one event whatever its headline

_AGENCY = re.compile(r"\([^\W\d_a-z][\w.&-]*(?:\s[^\W\d_a-z][\w.&-]*){0,3}\)\s?(?=[-–—])")
_CREDIT = re.compile(
    r"(?:[-–—] ?)?\(?(?:reporting by|writing by|editing by|source:|with material from|first published|first appeared|"
    r"this (?:article|story|report) (?:was )?first|copyright|©|\(c\)|updated|last updated|quelle:|mit material|stand:|"
    r"aktualisiert|джерело:|за матеріалами|оновлено|источник:|по материалам|обновлено)",
    re.IGNORECASE,
)
_FLASH = re.compile(
    r"(?:(?:breaking|updated?|exclusive|live|watch|eilmeldung|eil|exklusiv|терміново|оновлено|ексклюзив|срочно|молния|"
    r"обновлено|эксклюзив)(?: news)?(?: \d+)?\s*[:|–—-]+\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is remembered of a document. `key` is equal for equal texts, empty when there is no text at all."""

    id: str
    published_at: datetime | None
    url: str  # canonical, empty when it is no article's address
    site: str
    lang: str  # primary subtag
    title: str
    body: str  # without credits
    key: str
    sketch: RMinHash | None  # None for short texts


def fingerprint_of(document: Document) -> Fingerprint:
    """What story grouping remembers of `document`."""
    title = _bare_title(document.title, document.site)
    body, body_words = _bare_body(document.body, title)
    short = len(body_words) < SHORT
    norms = [word.norm for word in (words(title) + body_words if short else body_words)]
    return Fingerprint(
        id=document.id,
        published_at=document.published_at,
        url=_address(document.url),
        site=document.site.casefold(),
        lang=document.lang.casefold().replace("_", "-").split("-")[0],
        title=title,
        body=body,
        key=_digest(norms),
        sketch=None if short else _sketch(norms[:LONG]),
    )


def headline(title: str) -> str:
    """`title` as compared for equality."""
    return " ".join(word.norm for word in words(title))


def _address(url: str) -> str:
    """What names one article; empty for a site's front page, which serves every story."""
    parts = urlsplit(canonical_url(url))
    path = parts.path.rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}" if path or parts.query else ""


def compare(old: Fingerprint, new: Fingerprint) -> Likeness:
    """How alike the bodies are."""
    return likeness(_compared(old.body), _compared(new.body))


@lru_cache(maxsize=256)
def _compared(body: str) -> tuple[Word, ...]:
    return tuple(words(body)[:LONG])


def headlines_agree(old: Fingerprint, new: Fingerprint, like: Likeness) -> bool:
    """Whether the headlines can stand over one story, given that the bodies are `like`.

    Bodies may be the same only because they are advice, a paywall or a template; then the headlines tell the stories.
    """
    named = {word.norm for body in (old.body, new.body) for word in _compared(body) if word.kind == NAME}
    above_old, above_new = (_headline_words(fingerprint.title, named) for fingerprint in (old, new))
    if not above_old or not above_new or [w.norm for w in above_old] == [w.norm for w in above_new]:
        return True
    heads = likeness(above_old, above_new)
    if heads.of_shorter >= 0.5 and heads.conflicts:
        return False
    if heads.shared == min(heads.old, heads.new) >= CONTAINED:
        return True
    body = {word.norm[:5] for text in (old.body, new.body) for word in _compared(text)}
    if like.kept >= SPECIFIC and _share(above_old, body) >= 0.5 and _share(above_new, body) >= 0.5:
        return True
    common = {word.norm for word in above_old} & {word.norm for word in above_new}
    return all(_share([w for w in head if w.norm not in common], body) >= 0.5 for head in (above_old, above_new))


def _headline_words(title: str, named: Collection[str]) -> list[Word]:
    """Where Every Word Has A Capital, only the body knows which of them are names."""
    all_words = words(title)
    long = [word for word in all_words if word.kind != NUMBER and len(word.raw) > 3]
    if sum(not word.raw.islower() for word in long) * 4 < len(long) * 3:
        return all_words
    return [w._replace(kind=ORDINARY) if w.kind == NAME and w.norm not in named else w for w in all_words]


def _share(head: Sequence[Word], body: Collection[str]) -> float:
    """The share of a headline's longer words and names that the body has; `body` holds the beginnings of its words."""
    content = [word for word in head if len(word.norm) > 3 or word.kind]
    return sum(word.norm[:5] in body for word in content) / len(content) if content else 1.0


def _bare_title(title: str, site: str) -> str:
    plain = " ".join(title[:TITLE].split())
    flash = _FLASH.match(plain)
    bare = without_marks(plain[flash.end() :] if flash else plain)
    if not site:
        return bare
    name = re.escape(site)
    return without_marks(re.sub(rf"^{name} ?[:|–—-] ?| [|–—-] ?{name}$", "", bare, flags=re.IGNORECASE) or bare)


def _bare_body(body: str, title: str) -> tuple[str, list[Word]]:
    lines = [line for line in body.strip().splitlines() if line.strip()]
    while len(lines) > 1 and len(lines[-1]) < 120 and _CREDIT.match(lines[-1].strip()):
        lines.pop()
    if len(lines) > 1 and title and headline(lines[0][: 2 * len(title)]) == headline(title):
        lines.pop(0)
    if lines:
        lines[0] = _AGENCY.sub("", lines[0][:160]) + lines[0][160:]
    bare = "\n".join(lines)
    bare_words = words(bare)
    return bare[: LONG * 20], bare_words


def _digest(norms: Sequence[str]) -> str:
    return hashlib.blake2b(" ".join(norms).encode("utf-8", "replace"), digest_size=12).hexdigest() if norms else ""


def _sketch(norms: Sequence[str]) -> RMinHash:
    sketch = RMinHash(num_perm=SKETCH, seed=SEED)
    # A lone surrogate cannot cross into rensa, hence the replacement.
    shingles = map(" ".join, zip(*(norms[i:] for i in range(SHINGLE)), strict=False))
    sketch.update([shingle.encode("utf-8", "replace") for shingle in shingles])
    return sketch


@dataclass(slots=True, kw_only=True)
class _Record:
    fingerprint: Fingerprint
    story_id: str
    at: datetime


class SlowGrouper:
    """Remembers what was told within `window` before the newest document, at most `capacity` documents."""

    def __init__(self, *, window: timedelta = WINDOW, capacity: int = 100_000) -> None:
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
