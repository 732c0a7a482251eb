"""Many rules in the order of their anchors, and which of them a batch of up to 64 documents can make true.

`mask[feature]` is a word whose bit d says "document d has it", so one operation asks a question of 64 documents. A rule
is `mask[anchor] & AND over its groups of OR over their literals`; all rows under the anchors take one level of that at
a time, and those that take all levels are the candidates.
What is looked at together lies together in memory.
"""

import numpy as np

from rules.engine.arrays import Array, Ints32, Words64, offsets_of, ragged
from rules.engine.rows import Rows


def arrange(rows: Rows) -> Array:
    """The order in which rows make a good segment: by their first anchor."""
    first = np.full(rows.size, np.iinfo(np.int32).max, np.int32)
    listed = np.flatnonzero(np.diff(rows.anchor_at))
    first[listed] = rows.anchors[rows.anchor_at[listed]]
    return np.argsort(first, kind="stable")


def invert(rows: Rows) -> tuple[Ints32, Ints32]:
    """By feature, up to the highest anchor, where its postings begin; the rows that are listed under it."""
    row = np.repeat(np.arange(rows.size, dtype=np.int32), np.diff(rows.anchor_at))
    order = np.argsort(rows.anchors, kind="stable")
    return offsets_of(np.bincount(rows.anchors), np.int32), row[order]


class Postings:
    """By feature, the rows that have it as their anchor; and the rows, which do not change any more."""

    def __init__(self, rows: Rows, posting_at: Ints32, listed: Ints32) -> None:
        self.rows, self.posting_at, self.listed = rows, posting_at, listed
        self.always = np.flatnonzero(rows.always).astype(np.int32)
        self.highest = len(posting_at) - 1
        self.groups = np.diff(rows.group_at)
        self.sizes = np.diff(rows.literal_at)
        self.firsts = rows.literals[rows.literal_at[:-1]] if len(rows.literals) else rows.literals

    def candidates(self, mask: Words64, present: Array, every_document: np.uint64) -> tuple[Ints32, Words64]:
        """Rows, and in which documents all their groups hold. `present`: features with a bit in `mask`, ascending."""
        anchors = present[: np.searchsorted(present, self.highest)]
        start = self.posting_at[anchors]
        count = self.posting_at[anchors + 1] - start
        used = np.flatnonzero(count)
        anchors, count = anchors[used], count[used]
        rows = self.listed[ragged(start[used], count)]
        bits = np.repeat(mask[anchors], count)
        if len(self.always):
            rows = np.concatenate((rows, self.always))
            bits = np.concatenate((bits, np.full(len(self.always), every_document)))
        return self._levels(mask, rows, bits)

    def _levels(self, mask: Words64, rows: Ints32, bits: Words64) -> tuple[Ints32, Words64]:
        groups = self.groups[rows]
        done = groups == 0
        candidates = [(rows[done], bits[done])]
        rest = np.flatnonzero(~done)
        rows, bits, groups = rows[rest], bits[rest], groups[rest]
        at, level = self.rows.group_at[rows], 0
        while len(rows):
            bits = bits & self._truth(mask, at)
            level += 1
            alive = bits != 0
            over = groups == level
            done = alive & over
            candidates.append((rows[done], bits[done]))
            rest = np.flatnonzero(alive & ~over)
            rows, bits, groups, at = rows[rest], bits[rest], groups[rest], at[rest] + 1
        return np.concatenate([row for row, _ in candidates]), np.concatenate([bit for _, bit in candidates])

    def _truth(self, mask: Words64, groups: Ints32) -> Words64:
        """In which documents each group holds."""
        literals = self.firsts[groups]
        truth: Words64 = _held(mask, literals)
        sizes = self.sizes[groups]
        several = np.flatnonzero(sizes > 1)
        if len(several):
            counts = sizes[several]
            spread = self.rows.literals[ragged(self.rows.literal_at[groups[several]], counts)]
            truth[several] = np.bitwise_or.reduceat(_held(mask, spread), np.cumsum(counts) - counts)
        return truth


def _held(mask: Words64, literals: Ints32) -> Words64:
    lacking = (literals & 1).astype(np.uint64)
    held: Words64 = mask[literals >> 1] ^ (np.uint64(0) - lacking)
    return held
