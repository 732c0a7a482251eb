"""Checks of positions for many (document, rule) pairs at once.

A check asks whether hits of its left side stand in some way to hits of its right side; a side is an OR of features.
In which ways they can stand, the operators declare (rules/checks.py).
"""

from typing import NamedTuple

import numpy as np

from rules.checks import kinds_by_number
from rules.engine.arrays import Array, Bools, Ints, distinct, ragged
from rules.engine.batch import Batch
from rules.engine.rows import Rows
from rules.engine.tokens import BIG

_FAR = np.int64(BIG)


class SideHits(NamedTuple):
    """Hits of one side: which pair they are for (ascending), first and last position, ascending within a pair."""

    pair: Ints
    first: Ints
    last: Ints


def passing(batch: Batch, rows: Rows, documents: Ints, slots: Array) -> Bools:
    """For (document, row) pairs, whether all the checks of the row hold."""
    start = rows.check_at[slots].astype(np.int64)
    count = rows.check_at[slots + 1] - start
    result = np.ones(len(slots), np.bool_)
    if not count.any():
        return result
    checks, owner = ragged(start, count), np.repeat(np.arange(len(slots)), count)
    places = _Places(batch, rows, checks)
    for kind in distinct(rows.check_kinds[checks]).tolist():
        here = np.flatnonzero(rows.check_kinds[checks] == kind)
        document = documents[owner[here]]
        left = places.side(document, checks[here] * 2)
        right = places.side(document, checks[here] * 2 + 1)
        sides = _Sides(batch, document, left, right, rows.check_numbers[checks[here]].astype(np.int64))
        good = kinds_by_number()[kind].holds(sides)
        result[owner[here[~good]]] = False
    return result


class _Places:
    """Where the features that some checks ask for stand, by document."""

    def __init__(self, batch: Batch, rows: Rows, checks: Ints) -> None:
        self._rows, self._batch = rows, batch
        sides = (checks[:, None] * 2 + (0, 1)).ravel()
        asked = rows.sides[ragged(rows.side_at[sides], rows.side_at[sides + 1] - rows.side_at[sides])]
        flags = batch.flags
        flags[asked] = True
        here = np.flatnonzero(flags[batch.features])
        flags[asked] = False
        features, places = batch.features[here].astype(np.int64), batch.places[here]
        key = (places // BIG) << 32 | features
        order = np.lexsort((places, key))
        self._key, self._first = key[order], (places % BIG)[order]
        self._last = self._first + batch.lengths(features[order]) - 1

    def side(self, documents: Ints, sides: Ints) -> SideHits:
        """The hits of the i-th side in the i-th document, as those of pair i."""
        at = self._rows.side_at[sides].astype(np.int64)
        count = self._rows.side_at[sides + 1] - at
        pair = np.repeat(np.arange(len(sides)), count)
        key = np.repeat(documents, count) << 32 | self._rows.sides[ragged(at, count)]
        low = np.searchsorted(self._key, key)
        many = np.searchsorted(self._key, key, "right") - low
        places = ragged(low, many)
        hits = SideHits(np.repeat(pair, many), self._first[places], self._last[places])
        order = np.lexsort((hits.last, hits.first, hits.pair))
        return SideHits(*(part[order] for part in hits))


class _Sides:
    """What checks of one kind are asked with (`rules.checks.Sides`)."""

    def __init__(self, batch: Batch, documents: Ints, left: SideHits, right: SideHits, numbers: Ints) -> None:
        self._batch, self._documents, self._left, self._right, self.numbers = batch, documents, left, right, numbers

    def followed(self) -> Bools:
        left, right = self._left, self._right
        starts = np.append(right.pair * _FAR + right.first, np.iinfo(np.int64).max)
        end = left.pair * _FAR + left.last
        after = starts[np.searchsorted(starts, end, "right")]
        near: Bools = after - end - 1 <= self.numbers[left.pair]
        return near

    def preceded(self) -> Bools:
        left, right = self._left, self._right
        ends = np.append(np.int64(-BIG * BIG // 4), np.sort(right.pair * _FAR + right.last))
        start = left.pair * _FAR + left.first
        before = ends[np.searchsorted(ends, start) - 1]
        near: Bools = start - before - 1 <= self.numbers[left.pair]
        return near

    def shared(self, passage: str) -> Bools:
        starts = self._batch.passages(passage, distinct(self._documents).tolist())
        ours, theirs = (
            hits.pair << 32 | np.searchsorted(starts, self._documents[hits.pair] * BIG + hits.first, "right")
            for hits in (self._left, self._right)
        )
        shared: Bools = np.isin(ours, theirs)
        return shared

    def some(self, good: Bools) -> Bools:
        result = np.zeros(len(self.numbers), np.bool_)
        result[self._left.pair[good]] = True
        return result

    def counts(self) -> Ints:
        left = self._left
        again = np.zeros(len(left.pair), np.bool_)
        again[1:] = (np.diff(left.pair) == 0) & (np.diff(left.first) == 0) & (np.diff(left.last) == 0)
        return np.bincount(left.pair[~again], minlength=len(self.numbers))
