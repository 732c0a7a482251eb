"""A new report beside others, all at once: what they share, and what each has that the other lacks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.features import FOCALS, Report
from bot.core.stories.evidence.frequency import NAME, NUMBER, WORD
from bot.core.stories.evidence.weighing import AGREE, KIND, LONE, UP_FRONT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[np.void]

SAID = {
    "all": "share, 0.0-1.0, of the weight of all features that both have",
    "names": "the same of names",
    "numbers": "the same of numbers",
    "words": "the same of ordinary words",
    "head": "the same of headline and first words",
    "mass": "log of the weight that both have",
    "cosine": "of the weights of all features",
    "other_names": "share of names that *each* has and the other lacks: not a report and its shorter version",
    "other_numbers": "the same of numbers",
    "other_head": "the same of the head's names and numbers, wherever the other text has them",
    "wording": "share of the shorter one's runs of ordinary words that stand in the other",
    "persons": "cosine of how often persons are named; 0 where one text names nobody in full",
    "other_persons": "1 - that; 0 where one text names nobody in full",
    "both_persons": "1 where both name somebody in full",
    "lone": "the strongest name that the new report is about and the other never has",
    "lone_other": "the other way round",
    "lone_both": "the weaker of the two",
    "absent": "the most named person of the new report's head whom the other never names",
    "absent_other": "the other way round",
}
AT = {name: place for place, name in enumerate(SAID)}


@dataclass(slots=True)
class Pairs:
    """What is said of each pair: `table` has a row for each of SAID and a column for each of the other reports."""

    table: Floats
    other: Ints  # of each feature that a pair shares, which other report ...
    mine: Ints  # ... and where in the new report

    def __getitem__(self, name: str) -> Floats:
        row: Floats = self.table[AT[name]]
        return row

    def shared(self, reports: slice) -> Ints:
        """Places of the new report's features that any of these others has."""
        here = (self.other >= reports.start) & (self.other < reports.stop)
        return np.unique(self.mine[here])


@dataclass(slots=True)
class _Both:
    """The features that the new report and another both have, one place for each."""

    other: Ints  # which other report
    mine: Ints  # where in the new report
    place: Ints  # where in the other
    kind: Ints
    kind_there: Ints
    agree: NDArray[np.float32]
    agree_there: NDArray[np.float32]
    lone: NDArray[np.float32]
    lone_there: NDArray[np.float32]
    up: NDArray[np.bool_]  # of the head, in the new report
    up_there: NDArray[np.bool_]


class Desk:
    """Tables for comparing one report with many: 16-bit marks are looked up, not searched."""

    def __init__(self) -> None:
        self._marks = np.zeros(1 << 16, bool)
        self._focal = np.zeros(1 << 16, np.uint8)

    def compare(self, new: Report, others: Records) -> Pairs:
        """All others beside the new report."""
        both = _both(new, others)
        table = np.zeros((len(SAID), len(others)))
        _shares(table, new, others, both)
        table[AT["other_head"]] = _other_head(new, others, both)
        table[AT["wording"]] = self._wordings(new, others)
        _persons(table, new, others, both)
        self._missing(table, new, others)
        return Pairs(table, both.other, both.mine)

    def _wordings(self, new: Report, others: Records) -> Floats:
        runs = new["wording"]
        runs = runs[runs != 0]
        same = self._marked(runs, others["wording"]).sum(axis=1)
        few = np.minimum(len(runs), np.count_nonzero(others["wording"], axis=1))
        return np.where(few >= 3, same / np.maximum(few, 1), 0.0)

    def _marked(self, marks: NDArray[np.uint16], others: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Which of the others are among these marks."""
        self._marks[marks] = True
        shared = self._marks[others]
        self._marks[marks] = False
        return shared

    def _missing(self, table: Floats, new: Report, others: Records) -> None:
        """Names that one text is about and the other never has, and persons."""
        lone = self._lone(new["focal"], new["focal_weight"], others["sound"])
        known = self._marked(new["sound"], others["focal"])
        lone_other = np.where(known, 0.0, others["focal_weight"]).max(axis=1)
        table[AT["lone"]], table[AT["lone_other"]] = lone, lone_other
        table[AT["lone_both"]] = np.minimum(lone, lone_other)
        for surname, strength in zip(new["leading"].tolist(), new["leading_weight"].tolist(), strict=True):
            if surname:
                missing = strength * ~(others["feature"] == surname).any(axis=1)
                table[AT["absent"]] = np.maximum(table[AT["absent"]], missing)
        if others["leading"].any():
            known = _among(new["feature"][: new.used], others["leading"])
            table[AT["absent_other"]] = np.where(known, 0.0, others["leading_weight"]).max(axis=1)

    def _lone(self, focal: NDArray[np.uint16], weight: Floats, sounds: NDArray[np.uint16]) -> Floats:
        for place, sound in enumerate(focal.tolist()):
            self._focal[sound] |= 1 << place if sound else 0
        seen = np.bitwise_or.reduce(self._focal[sounds].T)  # over the features of each report
        self._focal[focal] = 0
        strongest: Floats = np.where(seen[:, None] >> np.arange(FOCALS) & 1, 0.0, weight).max(axis=1)
        return strongest


def _among(ascending: NDArray[np.uint32], features: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which features are among the first ones, or are nothing; np.isin sorts both each time."""
    known: NDArray[np.bool_] = features == 0
    if not len(ascending):
        return known
    at = np.minimum(np.searchsorted(ascending, features), len(ascending) - 1)
    known |= ascending[at] == features
    return known


def _both(new: Report, others: Records) -> _Both:
    mine, theirs = new["feature"][: new.used], others["feature"]
    if len(mine):
        at = np.minimum(np.searchsorted(mine, theirs), len(mine) - 1)
        other, place = np.nonzero((mine[at] == theirs) & (theirs != 0))
        where = at[other, place]
    else:
        other = place = where = np.zeros(0, np.int64)
    weight, there = new["weight"][where], others["weight"][other, place]
    return _Both(
        *(other, where, place, KIND[weight], KIND[there], AGREE[weight], AGREE[there], LONE[weight], LONE[there]),
        *(UP_FRONT[weight], UP_FRONT[there]),
    )


def _by_kind(both: _Both, kind: Ints, weight: NDArray[np.float32], size: int) -> Floats:
    return np.asarray(np.bincount(both.other * 3 + kind, weight, size * 3), np.float64).reshape(size, 3)


def _shares(table: Floats, new: Report, others: Records, both: _Both) -> None:
    size = len(others)
    agreed = (_by_kind(both, both.kind, both.agree, size) + _by_kind(both, both.kind_there, both.agree_there, size)) / 2
    mine = np.maximum(new["lone"] - _by_kind(both, both.kind, both.lone, size), 0)
    theirs = np.maximum(others["lone"] - _by_kind(both, both.kind_there, both.lone_there, size), 0)
    lone, least = mine + theirs, np.minimum(mine, theirs)
    total = agreed.sum(axis=1)
    table[AT["all"]] = total / (total + lone.sum(axis=1) + 1e-9)
    table[AT["names"] : AT["words"] + 1] = (agreed / (agreed + lone + 1.0)).T
    up = both.up & both.up_there
    head = np.bincount(both.other, (both.agree + both.agree_there) * up / 2, size)
    head_lone = (
        new["head_lone"] + others["head_lone"] - np.bincount(both.other, (both.lone + both.lone_there) * up, size)
    )
    table[AT["head"]] = head / (head + np.maximum(head_lone, 0) + 1e-9)
    table[AT["mass"]] = np.log1p(total)
    product = np.bincount(both.other, both.agree * both.agree_there, size)
    table[AT["cosine"]] = product / np.sqrt(new["square"] * others["square"] + 1e-9)
    apart = least / (agreed + least + 0.5)
    table[AT["other_names"]], table[AT["other_numbers"]] = apart[:, NAME], apart[:, NUMBER]


def _other_head(new: Report, others: Records, both: _Both) -> Floats:
    size = len(others)
    mine, theirs = both.up & (both.kind != WORD), both.up_there & (both.kind_there != WORD)
    mine_only = new["slot_lone"] - np.bincount(both.other, both.lone * mine, size)
    their_only = others["slot_lone"] - np.bincount(both.other, both.lone_there * theirs, size)
    agreed = np.bincount(both.other, both.agree * mine + both.agree_there * theirs, size) / 2
    least = np.maximum(np.minimum(mine_only, their_only), 0)
    apart: Floats = least / (least + agreed + 0.5)
    return apart


def _persons(table: Floats, new: Report, others: Records, both: _Both) -> None:
    norms = new["persons_norm"] * others["persons_norm"]
    known = norms > 0
    if known.any():
        named = new["persons"][both.mine].astype(np.float64) * others["persons"][both.other, both.place]
        table[AT["persons"]] = np.bincount(both.other, named, len(others)) / np.maximum(norms, 1e-9) * known
        table[AT["other_persons"]] = (1 - table[AT["persons"]]) * known
        table[AT["both_persons"]] = known
