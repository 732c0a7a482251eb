"""A document as evidence sees it: its words, names and numbers as weighed features in a record of fixed size."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.frequency import NAME, NUMBER, PRIORS, WORD, Frequency
from bot.core.stories.evidence.language.tongues import tongue
from bot.core.stories.evidence.language.vocabulary import (
    CAPITAL,
    END,
    LONG,
    LOWER,
    MONTH,
    NUMBER_TOKEN,
    STOP,
    TITLE_OF_PERSON,
    WORD_TOKEN,
    vocabulary_of,
)
from bot.core.stories.evidence.weighing import (
    AGREE,
    COUNTS,
    EIGHTHS,
    FOCAL,
    HEAD,
    KIND,
    LONE,
    REST,
    TITLE,
    UP_FRONT,
    place,
)
from rules.document import Document

TITLE_WORDS, BODY_WORDS, HEAD_WORDS = 40, 150, 40  # of a body, what comes later is background; the head says the event
BODY_LETTERS, TITLE_LETTERS = 1_500, 400  # as much as is looked at to find these words
ENOUGH_LETTERS = 1_050  # most bodies have their words in so many
FEATURES, WORDING, SEQUENCE, FOCALS, COUNTED = 112, 128, 104, 8, 8  # most of each that a record holds
INDEXED, LEAST_IDF = 24, 2.5  # rarest features, by which a report is found
SOUNDED, LEAST_SOUNDED = 12, 3.5  # the same for reports in other languages
BARE = 16  # words of a text that says too little
RARE_NAME = 0.01  # share of documents: what is rarer is a name even where a headline has capitals everywhere

RECORD = np.dtype(
    [
        ("feature", "u4", FEATURES),
        ("weight", "u2", FEATURES),  # a place in the tables of weighing.py
        ("sound", "u2", FEATURES),  # what each is in any language (language/names.py), shortened
        ("persons", "u1", FEATURES),  # how often a person of that surname is named
        ("wording", "u2", WORDING),  # three words in a row, names and numbers left out
        ("sequence", "u2", SEQUENCE),  # the first words of the body
        ("slots", "u1", SEQUENCE // 8),  # which of them are names, numbers or days, a bit each
        ("focal", "u2", FOCALS),  # sounds of the names that the report is most about
        ("focal_weight", "f4", FOCALS),
        ("leading", "u4", FOCALS),  # surnames that the head is about
        ("leading_weight", "f4", FOCALS),
        ("counted", "u4", COUNTED),  # what was counted ("23 pirates") ...
        ("count", "u4", COUNTED),  # ... and how many
        ("lone", "f4", 3),  # by kind, what its features weigh where another report has none of them
        ("head_lone", "f4"),
        ("slot_lone", "f4"),  # the same for names and numbers of the head
        ("persons_norm", "f4"),
        ("square", "f4"),  # of the weights of all features
        ("words", "u2"),
        ("days", "u1"),  # weekdays, a bit each
        ("bare", "?"),  # no more than a headline
        ("tongue", "u1"),  # the language (language/tongues.py)
    ]
)

_ONE_A_WORD = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # scripts without blanks
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\d+(?:[.,:/-]\d+)*[^\W\d_]*|\n")
_TOKEN_ANYWHERE = re.compile(
    rf"[{_ONE_A_WORD}]|[^\W\d_{_ONE_A_WORD}]+(?:['’][^\W\d_{_ONE_A_WORD}]+)*|[^\w\s]|\d+(?:[.,:/-]\d+)*[^\W\d_]*|\n"
)

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(slots=True)
class Report:
    """A report that is being placed."""

    record: NDArray[np.void]  # one of RECORD
    used: int  # features
    index: NDArray[np.uint32]  # keys by which it is found, rarest first
    index_weight: NDArray[np.float32]
    sounds: NDArray[np.uint32]  # keys by which reports in other languages find it: its names as they sound, numbers
    sounds_weight: NDArray[np.float32]
    spelled: dict[int, str]  # features as written
    at: float | None  # when it was published, in days
    seen: float | None = None  # when it arrived, in days

    def __getitem__(self, field: str) -> Any:
        return self.record[field][0]


_NO_WEIGHT = np.zeros(0, np.float32)


def stored_report(
    record: NDArray[np.void], index: NDArray[np.uint32], sounds: NDArray[np.uint32], at: float | None
) -> Report:
    """The report of a record that was kept: to be remembered and compared, not to be placed."""
    used = int(np.count_nonzero(record["feature"]))
    return Report(record, used, index, _NO_WEIGHT, sounds, _NO_WEIGHT, {}, at)


@dataclass(slots=True)
class _Text:
    """Title and body as arrays, a place for each word."""

    raw: list[str]
    feature: NDArray[np.uint32]
    known: NDArray[np.void]
    flags: NDArray[np.uint16]
    starts: Bools  # a sentence
    joined: Bools  # nothing but a blank before it
    in_title: int  # words


def report_of(document: Document, frequency: Frequency) -> Report:
    """The report of a document, weighed by how usual its features are now."""
    text = _read(document)
    features, first, inverse, counts = np.unique(
        text.feature, return_index=True, return_inverse=True, return_counts=True
    )
    kind = _kinds(text, features, first, inverse, frequency)
    persons = _persons(text, inverse, len(features))
    kept = np.nonzero((features != 0) & (text.flags[first] & STOP == 0) & (text.known["day"][first] == 0))[0]
    if len(kept) > FEATURES:
        kept = np.sort(kept[np.argsort(first[kept], kind="stable")[:FEATURES]])
    record = np.zeros(1, RECORD)
    report = Report(record, len(kept), features[:0], PRIORS[:0], features[:0], PRIORS[:0], {}, _days(document))
    record["tongue"] = tongue(document.lang, text.known["tongues"])
    zone = _zones(text, first[kept])
    weight, idf = _weights(text, features[kept], first[kept], kind[kept], zone, counts[kept], frequency)
    _write_features(report, text, features[kept], first[kept], weight, persons[kept])
    _write_leading(report, text, features[kept], persons[kept])
    _write_text(report, text)
    _choose_index(report, kind[kept], zone, idf)
    _choose_sounds(report, kind[kept], text.known["name"][first[kept]], idf)
    return report


def _shortened(names: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """16 bits of each; never 0, which means nothing."""
    return np.maximum(names.astype(np.uint16), 1)


def _days(document: Document) -> float | None:
    return document.published_at.timestamp() / 86_400 if document.published_at else None


def _tokens(text: str) -> list[str]:
    """Words, numbers, signs and line ends, in order."""
    spaced = text.isascii() or max(text) < "\u0e00"
    return (_TOKEN if spaced else _TOKEN_ANYWHERE).findall(text)


def _read(document: Document) -> _Text:
    title, body = document.title[:TITLE_LETTERS], document.body
    if title and body.startswith(title[:60]):
        body = body[len(title) :]
    above = _tokens(title)
    body, soon = body[:BODY_LETTERS], body.find(" ", ENOUGH_LETTERS)
    tokens = [*above, "\n", *_tokens(body[:soon] if soon > 0 else body)]
    known = vocabulary_of(document.lang).numbered(tokens)
    if soon > 0 and np.count_nonzero(known["flags"][len(above) :] & WORD_TOKEN) < BODY_WORDS:
        tokens += _tokens(body[soon:])
        known = vocabulary_of(document.lang).numbered(tokens)
    is_word = known["flags"] & WORD_TOKEN != 0
    places = np.nonzero(is_word)[0]
    in_title = int(np.searchsorted(places, len(above)))
    places = np.concatenate([places[: min(in_title, TITLE_WORDS)], places[in_title : in_title + BODY_WORDS]])
    in_title = min(in_title, TITLE_WORDS)
    ends = np.cumsum(known["flags"] & END != 0)[places]
    known = known[places]
    before = np.concatenate([[-1], places[:-1]])
    starts = np.concatenate([[-1], ends[:-1]]) != ends
    if len(starts):
        starts[0] = True
    raw = [tokens[each] for each in places.tolist()]
    return _Text(raw, known["feature"], known, known["flags"], starts, places - before == 1, in_title)


def _kinds(
    text: _Text, features: NDArray[np.uint32], first: Ints, inverse: Ints, frequency: Frequency
) -> NDArray[np.int64]:
    """Of each feature, whether it is a NAME, a NUMBER or a WORD. Names have a capital inside a sentence somewhere."""
    size, flags, in_title = len(features), text.flags, text.in_title
    lower = flags & LOWER != 0
    inside = ~lower & ~text.starts
    lowers = np.bincount(inverse, lower, size)
    inside_body = np.bincount(inverse[in_title:], inside[in_title:], size)
    anywhere = inside_body + np.bincount(inverse[:in_title], inside[:in_title], size)
    usual = lowers[inverse] > 0
    named = ~lower & np.where(text.starts, (anywhere[inverse] > 0) & ~usual, lowers[inverse] <= anywhere[inverse])
    long = flags[:in_title] & LONG != 0
    if long.any() and np.count_nonzero(long & ~lower[:in_title]) * 4 >= np.count_nonzero(long) * 3:
        above = inverse[:in_title]  # a headline In Capitals says of no word that it is a name
        rare = frequency.shares(features[above], PRIORS[np.zeros(in_title, int)]) < RARE_NAME
        named[:in_title] = ~lower[:in_title] & ((inside_body[above] > 0) | (~usual[:in_title] & rare))
    kinds = np.where(np.bincount(inverse, named, size) > 0, NAME, WORD)
    return np.where(flags[first] & NUMBER_TOKEN != 0, NUMBER, kinds)


def _zones(text: _Text, first: Ints) -> Ints:
    return np.where(first < text.in_title, TITLE, np.where(first < text.in_title + HEAD_WORDS, HEAD, REST))


def _weights(
    text: _Text,
    features: NDArray[np.uint32],
    first: Ints,
    kind: Ints,
    zone: Ints,
    counts: Ints,
    frequency: Frequency,
) -> tuple[Ints, NDArray[np.float32]]:
    """(places in the tables of weights, idf)"""
    priors = np.where(kind == NUMBER, text.known["prior"][first], PRIORS[kind])
    idf: NDArray[np.float32] = -np.log(np.minimum(frequency.shares(features, priors), 1.0))
    eighths = np.minimum((idf * 8 + 0.5).astype(np.int64), EIGHTHS - 1)
    few: Ints = np.minimum(counts, COUNTS)
    return place(kind, zone, few, eighths), idf


def _write_features(
    report: Report, text: _Text, features: NDArray[np.uint32], first: Ints, weight: Ints, persons: Ints
) -> None:
    used, lone, kind = report.used, LONE[weight], KIND[weight]
    record = report.record
    record["feature"][0, :used] = features
    record["weight"][0, :used] = weight
    record["sound"][0, :used] = _shortened(text.known["name"][first])
    record["persons"][0, :used] = persons
    record["lone"][0] = np.bincount(kind, lone, 3)
    head = UP_FRONT[weight]
    record["head_lone"] = lone[head].sum()
    record["slot_lone"] = lone[head & (kind != WORD)].sum()
    record["persons_norm"] = np.sqrt((persons * persons).sum())
    record["square"] = np.square(AGREE[weight]).sum()
    names = np.nonzero(kind == NAME)[0]
    best = names[np.argsort(-FOCAL[weight[names]], kind="stable")[:FOCALS]]
    record["focal"][0, : len(best)] = _shortened(text.known["name"][first[best]])
    record["focal_weight"][0, : len(best)] = FOCAL[weight[best]]
    report.spelled = dict(zip(features.tolist(), [text.raw[each] for each in first.tolist()], strict=True))


def _persons(text: _Text, inverse: Ints, size: int) -> Ints:
    """How often each feature is a person's surname: once in full and later alone ("Ann Lee ... Lee was")."""
    body = slice(text.in_title, None)
    capital = (text.flags[body] & CAPITAL != 0) & (text.flags[body] & (NUMBER_TOKEN | MONTH | TITLE_OF_PERSON) == 0)
    nothing = np.zeros(1, bool)
    goes_on = capital & np.concatenate([nothing, capital[:-1]])[: len(capital)] & text.joined[body] & ~text.starts[body]
    last = np.nonzero(capital & ~np.concatenate([goes_on[1:], nothing])[: len(capital)])[0]
    surname, in_full = inverse[body][last], goes_on[last]
    counts = np.bincount(surname, minlength=size)
    full = np.bincount(surname, in_full, size)
    return np.where((full > 0) & (full < counts), np.minimum(counts, 255), 0)


def _write_leading(report: Report, text: _Text, features: NDArray[np.uint32], persons: Ints) -> None:
    """The persons whom the head names and the text names often."""
    often = np.nonzero((persons >= 2) & (persons * 3 >= (persons.max() if persons.size else 0)))[0]
    head = text.feature[: text.in_title + 50]
    leading = [each for each in often.tolist() if features[each] in head][:FOCALS]
    report.record["leading"][0, : len(leading)] = features[leading]
    report.record["leading_weight"][0, : len(leading)] = np.minimum(persons[leading], 5) / 5


def _write_text(report: Report, text: _Text) -> None:
    """Wording, sequence, days and counted things."""
    record, flags, day = report.record, text.flags, text.known["day"]
    number, lower, body = flags & NUMBER_TOKEN != 0, flags & LOWER != 0, slice(text.in_title, None)
    plain = text.known["written"][body][(~number & (text.starts | lower))[body]].astype(np.uint64)
    three = plain[:-2] * np.uint64(0x9E3779B1) + plain[1:-1] * np.uint64(0x85EBCA77) + plain[2:] * np.uint64(0xC2B2AE3D)
    runs = np.unique((three >> np.uint64(17)).astype(np.uint16))[:WORDING]
    record["wording"][0, : len(runs)] = runs
    sequence = text.known["written"][body][:SEQUENCE].astype(np.uint16)
    record["sequence"][0, : len(sequence)] = np.maximum(sequence, 1)
    slots = np.packbits((number | (day > 0) | (~text.starts & ~lower))[body][:SEQUENCE])
    record["slots"][0, : len(slots)] = slots
    record["words"], record["bare"] = len(flags), len(flags) < BARE
    record["days"] = sum(1 << number for number in set(day[day > 0].tolist())) >> 1
    content = np.nonzero(flags & STOP == 0)[0]
    ahead, after = content[:-1], content[1:]
    pairs = np.nonzero(number[ahead] & ~number[after] & (day[after] == 0) & (flags[after] & MONTH == 0))[0][:COUNTED]
    record["counted"][0, : len(pairs)] = text.feature[after[pairs]]
    record["count"][0, : len(pairs)] = text.feature[ahead[pairs]]


def _choose_index(report: Report, kind: Ints, zone: Ints, idf: NDArray[np.float32]) -> None:
    """The rarest features, names and what stands in the head before others."""
    rank = idf + np.where(kind == NAME, 1.5, 0.0) + np.where(zone < REST, 1.0, 0.0)
    best = np.argsort(-rank, kind="stable")
    best = best[idf[best] > LEAST_IDF][:INDEXED]
    report.index = report["feature"][best]
    report.index_weight = AGREE[report["weight"][best]]


def _choose_sounds(report: Report, kind: Ints, names: NDArray[np.uint32], idf: NDArray[np.float32]) -> None:
    """The rarer names and numbers that the report is most about."""
    weight = report["weight"][: report.used]
    rare = np.nonzero((kind != WORD) & (idf > LEAST_SOUNDED))[0]
    best = rare[np.argsort(-FOCAL[weight[rare]], kind="stable")]
    sounds, first = np.unique(names[best], return_index=True)
    few = np.argsort(first)[:SOUNDED]
    report.sounds = sounds[few]
    report.sounds_weight = AGREE[weight[best[first[few]]]]
