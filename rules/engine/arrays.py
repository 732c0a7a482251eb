"""Small tools on numpy arrays that the whole index is made of."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Ints32: TypeAlias = npt.NDArray[np.int32]
Words64: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Array: TypeAlias = npt.NDArray[Any]

_MIX = 0xD6E8FEB86659FD93
_LOW = 0xFFFFFFFFFFFFFFFF


def ragged(start: Array, count: Array) -> Ints:
    """The ranges start[i] .. start[i] + count[i], one after the other."""
    end = np.cumsum(count, dtype=np.int64)
    total = int(end[-1]) if len(end) else 0
    return np.repeat(start - (end - count), count) + np.arange(total, dtype=np.int64)


def distinct(values: Array) -> Array:
    """The values, sorted, each once (quicker than numpy.unique)."""
    ordered = np.sort(values)
    keep = np.empty(len(ordered), np.bool_)
    keep[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def offsets_of(counts: Array, dtype: Any = np.int64) -> Array:
    """Where each of `counts` runs starts, and where the last one ends."""
    offsets = np.zeros(len(counts) + 1, dtype)
    np.cumsum(counts, out=offsets[1:])
    return offsets


class Growing:
    """An array that grows at its end; what is not set yet is zero."""

    def __init__(self, dtype: Any, start: Array | None = None) -> None:
        self.array: Array = np.zeros(1024, dtype) if start is None else start
        self.size = 0 if start is None else len(start)

    def reserve(self, size: int) -> None:
        """Make room for `size` elements."""
        if size > len(self.array):
            wider = np.zeros(max(size, len(self.array) * 3 // 2), self.array.dtype)
            wider[: self.size] = self.array[: self.size]
            self.array = wider

    def extend(self, values: Any, count: int) -> None:
        """Append `count` values."""
        self.reserve(self.size + count)
        self.writable()[self.size : self.size + count] = values
        self.size += count

    def append(self, value: float) -> None:
        """Append one value."""
        if self.size == len(self.array):
            self.reserve(self.size + 1)
        self.array[self.size] = value
        self.size += 1

    def writable(self) -> Array:
        """The array; copied first when it is a loaded one that must not be written."""
        if not self.array.flags.writeable:
            self.array = np.array(self.array)
        return self.array

    @property
    def used(self) -> Array:
        """The elements so far."""
        return self.array[: self.size]


class Table:
    """uint64 (never 0) -> int32, for many keys at once: open addressing with linear probing.

    `spare` times as many places as keys at least: more memory, fewer steps.
    """

    def __init__(self, bits: int = 10, spare: float = 1.5) -> None:
        self.size, self._spare = 0, spare
        self._room(bits)

    def _room(self, bits: int) -> None:
        self.keys: Words64 = np.zeros(1 << bits, np.uint64)
        self.values: Ints32 = np.zeros(1 << bits, np.int32)
        self._fit(bits)

    def _fit(self, bits: int) -> None:
        self._bits, self._shift, self._last = bits, np.uint64(64 - bits), (1 << bits) - 1

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved."""
        return {"keys": self.keys, "values": self.values, "size": np.array([self.size])}

    @classmethod
    def loaded(cls, arrays: Mapping[str, Array], name: str) -> "Table":
        """The table that was saved, its arrays under `name_...`."""
        table = cls.__new__(cls)
        table.keys, table.values = arrays[f"{name}_keys"], arrays[f"{name}_values"]
        table.size, table._spare = int(arrays[f"{name}_size"][0]), 1.5
        table._fit(len(table.keys).bit_length() - 1)
        return table

    def _slots(self, keys: Words64) -> Ints:
        return ((keys * np.uint64(_MIX)) >> self._shift).astype(np.int64)

    def get(self, keys: Words64) -> Ints32:
        """The values, 0 for keys that are not there."""
        at = self._slots(keys)
        seen = self.keys[at]
        values: Ints32 = self.values[at]
        rest = np.flatnonzero(seen != keys)
        at, seen, wanted = at[rest], seen[rest], keys[rest]
        while len(rest):
            empty = seen == 0
            values[rest[empty]] = 0
            going = np.flatnonzero(~empty)
            rest, at, wanted = rest[going], (at[going] + 1) & self._last, wanted[going]
            seen = self.keys[at]
            hit = seen == wanted
            values[rest[hit]] = self.values[at[hit]]
            going = np.flatnonzero(~hit)
            rest, at, seen, wanted = rest[going], at[going], seen[going], wanted[going]
        return values

    def put(self, keys: Words64, values: Ints32) -> None:
        """Add keys that are distinct and not there yet."""
        self._make_room(len(keys))
        at, todo = self._slots(keys), np.arange(len(keys))
        while len(todo):
            free = np.flatnonzero(self.keys[at] == 0)
            self.keys[at[free]] = keys[todo[free]]  # of several keys for one place the last one wins
            won = free[self.keys[at[free]] == keys[todo[free]]]
            self.values[at[won]] = values[todo[won]]
            left = np.ones(len(todo), np.bool_)
            left[won] = False
            todo, at = todo[left], (at[left] + 1) & self._last
        self.size += len(keys)

    def _make_room(self, more: int) -> None:
        wanted = int((self.size + more) * self._spare)
        if wanted <= len(self.keys):
            if not self.keys.flags.writeable:  # loaded from a file
                self.keys, self.values = np.array(self.keys), np.array(self.values)
            return
        used = self.keys != 0
        keys, values = self.keys[used], self.values[used]
        self._room(max(wanted - 1, 1).bit_length())
        self.size = 0
        if len(keys):
            self.put(keys, values)

    # One key at a time, for the few that come one by one.

    def find(self, key: int) -> int:
        """The value, 0 when the key is not there."""
        at = ((key * _MIX) & _LOW) >> (64 - self._bits)
        keys = self.keys
        while seen := int(keys[at]):
            if seen == key:
                return int(self.values[at])
            at = (at + 1) & self._last
        return 0

    def add(self, key: int, value: int) -> None:
        """Add a key that is not there yet."""
        self._make_room(1)
        at = ((key * _MIX) & _LOW) >> (64 - self._bits)
        while int(self.keys[at]):
            at = (at + 1) & self._last
        self.keys[at], self.values[at] = key, value
        self.size += 1
