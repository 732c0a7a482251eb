"""Compiled rules as flat arrays: many of them written in a row, picked out, and put together."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rules.checks import number_of
from rules.engine.arrays import Array, Bools, Ints32, offsets_of, ragged
from rules.engine.compile import Compiled


class Rows(NamedTuple):
    """One row a rule. Ragged parts: `x_at[i]` to `x_at[i + 1]` are those of i."""

    anchor_at: Ints32  # by row
    anchors: Ints32  # features under which the rule is listed
    always: Bools  # by row: it has no anchor and is tried on every document
    tree: Bools  # by row: what passes is to be tried on the rule's tree
    group_at: Ints32  # by row
    literal_at: Ints32  # by group
    literals: Ints32  # feature * 2, and 1 more for "lacks it"
    check_at: Ints32  # by row
    check_kinds: Array  # by check: `number_of` its kind
    check_numbers: Ints32
    side_at: Ints32  # by check * 2: the left side's features, then the right side's
    sides: Ints32

    @property
    def size(self) -> int:
        """How many rules."""
        return len(self.always)

    def take(self, rows: Array) -> "Rows":
        """Those rows, in that order."""
        anchor_at, anchors = _taken(self.anchor_at, rows)
        group_at, groups = _taken(self.group_at, rows)
        literal_at, literals = _taken(self.literal_at, groups)
        check_at, checks = _taken(self.check_at, rows)
        side_at, sides = _taken(self.side_at, (checks[:, None] * 2 + (0, 1)).ravel())
        return Rows(
            anchor_at=anchor_at,
            anchors=self.anchors[anchors],
            always=self.always[rows],
            tree=self.tree[rows],
            group_at=group_at,
            literal_at=literal_at,
            literals=self.literals[literals],
            check_at=check_at,
            check_kinds=self.check_kinds[checks],
            check_numbers=self.check_numbers[checks],
            side_at=side_at,
            sides=self.sides[sides],
        )


def _taken(at: Ints32, rows: Array) -> tuple[Ints32, Array]:
    """For some rows of a ragged part: where each begins in what is taken, and which elements are taken."""
    start = at[rows].astype(np.int64)
    count = at[rows + 1] - start
    return offsets_of(count, np.int32), ragged(start, count)


def join(many: Sequence[Rows]) -> Rows:
    """All rows, in that order."""
    parts: dict[str, Array] = {}
    for name in Rows._fields:
        values = [getattr(rows, name) for rows in many]
        parts[name] = _joined_starts(values) if name.endswith("_at") else np.concatenate(values)
    return Rows(**parts)


def _joined_starts(many: Sequence[Ints32]) -> Ints32:
    return offsets_of(np.concatenate([np.diff(each) for each in many]), np.int32)


class Writer:
    """Takes rules one by one."""

    def __init__(self) -> None:
        self._anchors, self._literals, self._sides = array("i"), array("i"), array("i")
        self._anchor_counts, self._group_counts, self._literal_counts = array("i"), array("i"), array("i")
        self._check_counts, self._side_counts = array("i"), array("i")
        self._always, self._tree, self._kinds = array("b"), array("b"), array("L")
        self._numbers = array("i")

    def __len__(self) -> int:
        return len(self._tree)

    def add(self, rule: Compiled) -> None:
        """Append a row."""
        anchor = rule.anchor or ()
        self._always.append(rule.anchor is None)
        self._tree.append(rule.tree)
        self._anchors.extend(anchor)
        self._anchor_counts.append(len(anchor))
        self._group_counts.append(len(rule.groups))
        for group in rule.groups:
            self._literals.extend(group)
            self._literal_counts.append(len(group))
        self._check_counts.append(len(rule.checks))
        for check in rule.checks:
            self._kinds.append(number_of(check.kind))
            self._numbers.append(check.number)
            for side in (check.left, check.right):
                self._sides.extend(side)
                self._side_counts.append(len(side))

    def rows(self) -> Rows:
        """What was taken."""
        return Rows(
            anchor_at=_starts(self._anchor_counts),
            anchors=_array(self._anchors),
            always=np.array(self._always, np.bool_),
            tree=np.array(self._tree, np.bool_),
            group_at=_starts(self._group_counts),
            literal_at=_starts(self._literal_counts),
            literals=_array(self._literals),
            check_at=_starts(self._check_counts),
            check_kinds=np.array(self._kinds, np.uint32),
            check_numbers=_array(self._numbers),
            side_at=_starts(self._side_counts),
            sides=_array(self._sides),
        )


def _array(values: "array[int]") -> Ints32:
    return np.array(values, np.int32)


def _starts(counts: "array[int]") -> Ints32:
    return offsets_of(_array(counts), np.int32)
