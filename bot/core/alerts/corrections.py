"""What another reading of an article shows: a correction, a retraction, a changed fact; or nothing worth telling."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.model import Correction, CorrectionCheck
from rules.passages import sentences

# After the alert: most corrections come within the hour, nearly all within two days.
VISITS = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 90, 240, 480, 960, 1440, 2160, 2880))
LONGEST_WAIT = max(later - sooner for sooner, later in pairwise(VISITS))
MISSES = 2  # visits in a row that find the page gone, before that is told
MOST = 3  # edits told of one reading
_SENTENCES, _LONGEST, _WORDS = 1000, 1000, 80  # sentences, characters and words of one: more are not compared
_AROUND = 5  # words shown beside a change
_LEAST = 4  # words
_ALIKE = 60  # percent of two sentences that are one, rewritten
_NEAR = 10  # old sentences among which a new one looks for the one that it replaces; order is kept
_REWRITTEN = 0.5  # share of new sentences from which on it is another text: a live blog, a page of a series

_CORRECTED = re.compile(
    r"\b(?:correction|corrected|corrects|erratum|clarification|an earlier version|a previous version"
    r"|korrektur|korrigiert|berichtig\w+|in einer früheren (?:version|fassung)|rectificatif|rectifi\w+"
    r"|une version précédente|une précédente version|fe de erratas|correcci[oó]n|rectificaci[oó]n"
    r"|una versi[oó]n anterior"
    r"|исправлен\w*|уточнение|в предыдущей версии|виправлен\w*|уточнення|у попередній версії)\b",
    re.I,
)
_RETRACTED = re.compile(
    r"\b(?:retract(?:s|ed|ion)|withdrawn by the editors|has been withdrawn|zurückgezogen|article retiré|a été retiré"
    r"|ha sido retirad[oa]|отозван\w*|відкликан\w*)\b",
    re.I,
)
_COUNTER = re.compile(
    r"\b(?:ago|views?|comments?|shares?|likes|subscribers|followers|reads?|min(?:ute)? read|kommentare?|aufrufe|geteilt"
    r"|vor \d+ (?:minuten|stunden|tagen)|il y a|commentaires?|partages?|comentarios?|vistas|hace \d+"
    r"|просмотр\w*|комментар\w*|назад|перегляд\w*|коментар\w*|тому)\b",
    re.I,
)
_ENDS = re.compile(r"[.!?…][\"'”’»“)\]]*$")
_WORD = re.compile(r"\S+")
_EDGE = "\"'“”‘’«»„().,;:!?…–—-"
_NOT = frozenset(("not", "no", "never", "nicht", "kein", "keine", "nie", "pas", "jamais", "nunca", "не", "ні", "ни"))


class Text(NamedTuple):
    """An article as it was read."""

    title: str
    body: str


def begin(document_id: str, url: str, at: datetime) -> CorrectionCheck:
    """An article that alerts now."""
    return CorrectionCheck(document_id=document_id, url=url, since=at, next_at=at + VISITS[0])


def after_reading(check: CorrectionCheck, text: Text, at: datetime) -> CorrectionCheck:
    """What is known after a visit; the first one only says what later ones are held against."""
    known = Text(check.title, check.text)
    news = compare(known, text, at) if check.text and text.body else []
    known_already = {(edit.kind, edit.before, edit.after) for edit in check.corrections}
    fresh = [edit for edit in news if (edit.kind, edit.before, edit.after) not in known_already]
    last = text if text.body else known
    return replace(
        check,
        visits=check.visits + 1,
        next_at=_later(check, at),
        misses=0,
        title=last.title,
        text=last.body,
        corrections=(*(edit for edit in check.corrections if edit.kind != "removed"), *fresh)[-MOST:],
    )


def after_miss(check: CorrectionCheck, at: datetime) -> CorrectionCheck:
    """The page is gone, or seems so: told when it was there before and is gone on the next visit as well."""
    misses = check.misses + 1
    removed = (Correction(kind="removed", seen_at=at),) if misses == MISSES and check.text else ()
    return replace(
        check,
        visits=check.visits + 1,
        next_at=_later(check, at),
        misses=misses,
        corrections=(*check.corrections, *removed),
    )


def after_trouble(check: CorrectionCheck, at: datetime) -> CorrectionCheck:
    """It could not be read this time; that says nothing of the article."""
    return replace(check, visits=check.visits + 1, next_at=_later(check, at))


def _later(check: CorrectionCheck, at: datetime) -> datetime | None:
    """The next time that has not passed; of several that have, because nobody was there, one visit is enough.

    An alert of the future was raised by a clock that was ahead: its article is visited as if it were of now.
    """
    since = min(check.since, at)
    return next((since + after for after in VISITS[check.visits + 1 :] if since + after > at), None)


def compare(before: Text, after: Text, at: datetime) -> list[Correction]:
    """What is worth telling of the difference, at most MOST. Added or cut paragraphs alone are not: stories grow."""
    old, new = _sentences(before.body), _sentences(after.body)
    added, pairs = _changed(old, new)
    corrections = list(_notes([*added, *(pair[1] for pair in pairs)], at))
    if len(added) + len(pairs) <= _REWRITTEN * max(len(new), 1):
        titles = [(before.title, after.title)] if before.title and after.title else []
        for pair in [*titles, *(pair for pair in pairs if all(map(_is_sentence, pair)))]:
            corrections += _facts(*pair, at)
    return corrections[:MOST]


def _is_sentence(sentence: str) -> bool:
    """Whether it is a sentence of the article rather than a counter or a label of the page."""
    return len(sentence.split()) >= _LEAST and _ENDS.search(sentence) is not None and not _COUNTER.search(sentence)


def _sentences(text: str) -> list[str]:
    starts = sentences(text)[:_SENTENCES]
    ends = [*starts[1:], len(text)]
    parts = (" ".join(text[start:end].split())[:_LONGEST] for start, end in zip(starts, ends, strict=False))
    return [part for part in parts if part]


def _changed(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Sentences that are new, and those that took an old one's place."""
    added: list[str] = []
    pairs: list[tuple[str, str]] = []
    for kind, old_at, old_end, new_at, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left = list(old[old_at:old_end])
        for sentence in new[new_at:new_end]:
            likest = process.extractOne(sentence, left[:_NEAR], scorer=fuzz.ratio, score_cutoff=_ALIKE)
            if likest:
                pairs.append((likest[0], sentence))
                del left[: likest[2] + 1]
            else:
                added.append(sentence)
    return added, pairs


def _notes(added: Sequence[str], at: datetime) -> Iterator[Correction]:
    """What the editors themselves say of it."""
    for sentence in added:
        if _RETRACTED.search(sentence):
            yield Correction(kind="retraction", before="", after=sentence[:400], seen_at=at)
        elif _CORRECTED.search(sentence):
            yield Correction(kind="correction", before="", after=sentence[:400], seen_at=at)


def _facts(before: str, after: str, at: datetime) -> Iterator[Correction]:
    """Where one sentence became another: a number, a name, a "not" in another's place."""
    old, new = _WORD.findall(before)[:_WORDS], _WORD.findall(after)[:_WORDS]
    bare_old, bare_new = [word.strip(_EDGE) for word in old], [word.strip(_EDGE) for word in new]
    changes = SequenceMatcher(None, bare_old, bare_new, autojunk=False).get_opcodes()
    for kind, old_at, old_end, new_at, new_end in changes:
        first = not (old_at and new_at)
        if kind != "equal" and _matters(bare_old[old_at:old_end], bare_new[new_at:new_end], first=first):
            yield Correction(
                kind="change", before=_around(old, old_at, old_end), after=_around(new, new_at, new_end), seen_at=at
            )
            return


def _matters(old: Sequence[str], new: Sequence[str], *, first: bool) -> bool:
    """Whether other words in their place change what is said. `first`: they begin the sentence, with a capital."""
    if {word.casefold() for word in old} & _NOT != {word.casefold() for word in new} & _NOT:
        return True
    if not old or not new:
        return False  # only added, or only cut
    numbers = [[word for word in words if any(map(str.isdigit, word))] for words in (old, new)]
    if numbers[0] != numbers[1]:
        return all(numbers)
    names = [{word for word in words[first:] if word[:1].isupper()} for words in (old, new)]
    return bool(names[0] - names[1]) and bool(names[1] - names[0])


def _around(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(words))
    return ("… " if first else "") + " ".join(words[first:last]) + (" …" if last < len(words) else "")
