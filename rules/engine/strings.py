"""Many strings in two arrays, so that a million of them can lie in a file and be looked at one by one."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rules.engine.arrays import Array, Bools, Ints, offsets_of


class StringArray:
    """Strings by number. `data` is their UTF-8, `at[i]` to `at[i + 1]` is string i."""

    def __init__(self, data: Array, at: Ints) -> None:
        self.data, self.at = data, at

    @classmethod
    def of(cls, texts: Iterable[str]) -> "StringArray":
        """These strings."""
        parts = [text.encode("utf-8", "surrogatepass") for text in texts]
        counts = np.fromiter(map(len, parts), np.int64, len(parts))
        return cls(np.frombuffer(b"".join(parts), np.uint8), offsets_of(counts))

    def __len__(self) -> int:
        return len(self.at) - 1

    def __getitem__(self, number: int) -> str:
        return bytes(self.data[self.at[number] : self.at[number + 1]]).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    def keep(self, wanted: Bools) -> "StringArray":
        """Some of them, in the same order."""
        counts = np.diff(self.at)
        return StringArray(self.data[np.repeat(wanted, counts)], offsets_of(counts[wanted]))


def join(many: Sequence[StringArray]) -> StringArray:
    """All of them, in a row."""
    counts = np.concatenate([np.diff(each.at) for each in many])
    return StringArray(np.concatenate([each.data for each in many]), offsets_of(counts))
