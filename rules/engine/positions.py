"""Checks of positions for many (document, rule) pairs at once.

A check asks whether hits of its left side stand in some way to hits of its right side; a side is an OR of features.
What each kind means is what the operator of that name means in the tree (rules/operators/); tests hold them together.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from rules.engine.arrays import Array, Bools, Ints, distinct, ragged
from rules.engine.batch import Batch
from rules.engine.compile import KINDS
from rules.engine.rows import Rows
from rules.engine.tokens import BIG

_FAR = np.int64(BIG)


class Hits(NamedTuple):
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
        good = _CHECKS[KINDS[kind]](batch, left, right, rows.check_numbers[checks[here]].astype(np.int64), document)
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

    def side(self, documents: Ints, sides: Ints) -> Hits:
        """The hits of the i-th side in the i-th document, as those of pair i."""
        at = self._rows.side_at[sides].astype(np.int64)
        count = self._rows.side_at[sides + 1] - at
        pair = np.repeat(np.arange(len(sides)), count)
        key = np.repeat(documents, count) << 32 | self._rows.sides[ragged(at, count)]
        low = np.searchsorted(self._key, key)
        many = np.searchsorted(self._key, key, "right") - low
        places = ragged(low, many)
        hits = Hits(np.repeat(pair, many), self._first[places], self._last[places])
        order = np.lexsort((hits.last, hits.first, hits.pair))
        return Hits(*(part[order] for part in hits))


def _some(hits: Hits, good: Bools, pairs: int) -> Bools:
    """By pair, whether one of its hits is good."""
    result = np.zeros(pairs, np.bool_)
    result[hits.pair[good]] = True
    return result


def _followed(hits: Hits, others: Hits, most: Ints) -> Bools:
    """By hit, whether one of the others begins behind its end with at most `most` (by pair) words between."""
    starts = np.append(others.pair * _FAR + others.first, np.iinfo(np.int64).max)
    end = hits.pair * _FAR + hits.last
    after = starts[np.searchsorted(starts, end, "right")]
    near: Bools = after - end - 1 <= most[hits.pair]
    return near


def _preceded(hits: Hits, others: Hits, most: Ints) -> Bools:
    """By hit, whether one of the others ends before its start with at most `most` words between."""
    ends = np.append(np.int64(-BIG * BIG // 4), np.sort(others.pair * _FAR + others.last))
    start = hits.pair * _FAR + hits.first
    before = ends[np.searchsorted(ends, start) - 1]
    near: Bools = start - before - 1 <= most[hits.pair]
    return near


def _near(batch: Batch, left: Hits, right: Hits, most: Ints, documents: Ints) -> Bools:
    return _some(left, _followed(left, right, most) | _preceded(left, right, most), len(most))


def _pre(batch: Batch, left: Hits, right: Hits, most: Ints, documents: Ints) -> Bools:
    return _some(left, _followed(left, right, most), len(most))


def _not_near(batch: Batch, left: Hits, right: Hits, most: Ints, documents: Ints) -> Bools:
    return _some(left, ~(_followed(left, right, most) | _preceded(left, right, most)), len(most))


def _count(batch: Batch, left: Hits, right: Hits, least: Ints, documents: Ints) -> Bools:
    again = np.zeros(len(left.pair), np.bool_)
    again[1:] = (np.diff(left.pair) == 0) & (np.diff(left.first) == 0) & (np.diff(left.last) == 0)
    counts: Array = np.bincount(left.pair[~again], minlength=len(least))
    enough: Bools = counts >= least
    return enough


def _shared(batch: Batch, left: Hits, right: Hits, documents: Ints, kind: str) -> Bools:
    """By hit of the left side, whether one of the right side begins in the same passage."""
    starts = batch.passages(kind, distinct(documents).tolist())
    ours, theirs = (
        hits.pair << 32 | np.searchsorted(starts, documents[hits.pair] * BIG + hits.first, "right")
        for hits in (left, right)
    )
    shared: Bools = np.isin(ours, theirs)
    return shared


def _together(batch: Batch, left: Hits, right: Hits, number: Ints, documents: Ints, kind: str) -> Bools:
    return _some(left, _shared(batch, left, right, documents, kind), len(documents))


def _apart(batch: Batch, left: Hits, right: Hits, number: Ints, documents: Ints, kind: str) -> Bools:
    return _some(left, ~_shared(batch, left, right, documents, kind), len(documents))


_Check = Callable[[Batch, Hits, Hits, Ints, Ints], Bools]
_CHECKS: dict[str, _Check] = {
    "near": _near,
    "pre": _pre,
    "notnear": _not_near,
    "count": _count,
    "sent": partial(_together, kind="sentence"),
    "para": partial(_together, kind="paragraph"),
    "notsent": partial(_apart, kind="sentence"),
    "notpara": partial(_apart, kind="paragraph"),
}
