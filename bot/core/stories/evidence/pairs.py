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


@dataclass(slots=True)
class Pairs:
    """One value for each of the other reports. Shares are 0.0-1.0 of weight."""

    all: Floats  # share of all features that both have; so are names, numbers, words, head
    names: Floats
    numbers: Floats
    words: Floats
    head: Floats
    mass: Floats  # log of the weight that both have
    cosine: Floats  # of the weights of all features
    other_names: Floats  # what *each* has and the other lacks: not a report and its shorter version
    other_numbers: Floats
    other_head: Floats  # the same for the names and numbers of the head, wherever the other text has them
    wording: Floats  # share of the shorter one's wording, names and numbers left out, that stands in the other
    persons: Floats  # cosine of how often persons are named; -1 where one text names nobody in full
    lone: Floats  # the strongest name that the new report is about and the other never has
    lone_other: Floats  # the other way round
    absent: Floats  # the most named person of the new report's head whom the other never names
    absent_other: Floats
    shared: Ints  # places of the new report's features that any of the others has


class Desk:
    """Tables for comparing one report with many: 16-bit marks are looked up, not searched."""

    def __init__(self) -> None:
        self._wording = np.zeros(1 << 16, bool)
        self._prefixes = np.zeros(1 << 16, bool)
        self._focal = np.zeros(1 << 16, np.uint8)

    def compare(self, new: Report, others: Records) -> Pairs:
        """All others beside the new report."""
        row, column, mine = _shared(new, others)
        own_weight, other_weight = new["weight"][mine], others["weight"][row, column]
        size = len(others)
        own_kind, other_kind = KIND[own_weight], KIND[other_weight]
        own_agree, other_agree = AGREE[own_weight], AGREE[other_weight]
        own_lone, other_lone = LONE[own_weight], LONE[other_weight]
        both = (_by_kind(row, own_kind, own_agree, size) + _by_kind(row, other_kind, other_agree, size)) / 2
        lone_a = np.maximum(new["lone"] - _by_kind(row, own_kind, own_lone, size), 0)
        lone_b = np.maximum(others["lone"] - _by_kind(row, other_kind, other_lone, size), 0)
        lone, least = lone_a + lone_b, np.minimum(lone_a, lone_b)
        total = both.sum(axis=1)
        up = UP_FRONT[own_weight] & UP_FRONT[other_weight]
        head = np.bincount(row, (own_agree + other_agree) * up / 2, size)
        head_lone = new["head_lone"] + others["head_lone"] - np.bincount(row, (own_lone + other_lone) * up, size)
        other_head = _other_head(new, others, row, own_weight, other_weight)
        shares = both / (both + lone + 1.0)
        apart = least / (both + least + 0.5)
        return Pairs(
            all=total / (total + lone.sum(axis=1) + 1e-9),
            names=shares[:, NAME],
            numbers=shares[:, NUMBER],
            words=shares[:, WORD],
            head=head / (head + np.maximum(head_lone, 0) + 1e-9),
            mass=np.log1p(total),
            cosine=np.bincount(row, own_agree * other_agree, size) / np.sqrt(new["square"] * others["square"] + 1e-9),
            other_names=apart[:, NAME],
            other_numbers=apart[:, NUMBER],
            other_head=other_head,
            wording=self._wordings(new, others),
            persons=_persons(new, others, row, column, mine),
            **self._missing(new, others),
            shared=np.unique(mine),
        )

    def _wordings(self, new: Report, others: Records) -> Floats:
        runs = new["wording"]
        runs = runs[runs != 0]
        self._wording[runs] = True
        same = self._wording[others["wording"]].sum(axis=1)
        self._wording[runs] = False
        few = np.minimum(len(runs), np.count_nonzero(others["wording"], axis=1))
        return np.where(few >= 3, same / np.maximum(few, 1), 0.0)

    def _missing(self, new: Report, others: Records) -> dict[str, Floats]:
        focal, weight = new["focal"], new["focal_weight"]
        self._focal[:] = 0
        for place in range(FOCALS - 1, -1, -1):
            self._focal[focal[place]] |= 1 << place
        self._focal[0] = 0
        seen = np.bitwise_or.reduce(self._focal[others["prefix"]], axis=1)
        lone = np.where(seen[:, None] >> np.arange(FOCALS) & 1, 0.0, weight).max(axis=1)
        prefixes = new["prefix"]
        self._prefixes[prefixes] = True
        lone_other = np.where(self._prefixes[others["focal"]], 0.0, others["focal_weight"]).max(axis=1)
        self._prefixes[prefixes] = False
        absent = _absent(new["leading"], new["leading_weight"], others["feature"])
        known = np.isin(others["leading"], new["feature"])
        absent_other = np.where(known, 0.0, others["leading_weight"]).max(axis=1)
        return {"lone": lone, "lone_other": lone_other, "absent": absent, "absent_other": absent_other}


def _shared(new: Report, others: Records) -> tuple[Ints, Ints, Ints]:
    """(which other, where in it, where in the new report) of every feature that both have."""
    mine = new["feature"][: new.used]
    if not len(mine):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    theirs = others["feature"]
    at = np.minimum(np.searchsorted(mine, theirs), len(mine) - 1)
    row, column = np.nonzero((mine[at] == theirs) & (theirs != 0))
    return row, column, at[row, column]


def _by_kind(row: Ints, kind: Ints, weight: NDArray[np.float32], size: int) -> Floats:
    return np.asarray(np.bincount(row * 3 + kind, weight, size * 3), np.float64).reshape(size, 3)


def _other_head(new: Report, others: Records, row: Ints, own: Ints, other: Ints) -> Floats:
    size = len(others)
    mine, theirs = UP_FRONT[own] & (KIND[own] != WORD), UP_FRONT[other] & (KIND[other] != WORD)
    mine_only = new["slot_lone"] - np.bincount(row, LONE[own] * mine, size)
    their_only = others["slot_lone"] - np.bincount(row, LONE[other] * theirs, size)
    agreed = np.bincount(row, AGREE[own] * mine + AGREE[other] * theirs, size) / 2
    least = np.maximum(np.minimum(mine_only, their_only), 0)
    apart: Floats = least / (least + agreed + 0.5)
    return apart


def _persons(new: Report, others: Records, row: Ints, column: Ints, mine: Ints) -> Floats:
    dot = np.bincount(row, new["persons"][mine].astype(float) * others["persons"][row, column], len(others))
    norms = new["persons_norm"] * others["persons_norm"]
    return np.where(norms > 0, dot / np.maximum(norms, 1e-9), -1.0)


def _absent(leading: NDArray[np.uint32], weight: NDArray[np.float32], features: NDArray[np.uint32]) -> Floats:
    missing = np.zeros(len(features))
    for surname, strength in zip(leading.tolist(), weight.tolist(), strict=True):
        if surname:
            missing = np.maximum(missing, strength * ~(features == surname).any(axis=1))
    return missing
