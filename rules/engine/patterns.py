"""Which patterns of one form accept which words, for many new words at once."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import numpy as np

from rules.engine.arrays import Words64
from rules.forms import PatternForm, Screen

_LONGEST = 8  # characters of the literal by which patterns are told apart
_PART = 3  # of one that may stand anywhere: all parts of a word are looked up
_FEW_STARTS = 500  # to be looked for one by one; more are looked up by each part of each word
_FEW = 8  # patterns that begin alike; more are screened by their marks, where the form has any


class _Alike:
    """Patterns whose literals begin alike, each with its number."""

    def __init__(self, keys: Iterable[tuple[str, int]] = ()) -> None:
        self.keys = list(keys)
        self._marks, self._slack = np.zeros(0, np.uint64), np.zeros(0, np.uint8)

    def screened(self, screen: Screen, marks: Words64) -> list[tuple[int, int]]:
        """(place of a word, place of a pattern) that may go together, of words with these marks."""
        if len(self._marks) < len(self.keys):
            more, slack = screen.of_keys([key for key, _ in self.keys[len(self._marks) :]])
            self._marks, self._slack = np.append(self._marks, more), np.append(self._slack, slack)
        differing = np.bitwise_count(marks[:, None] ^ self._marks[None, :])
        return [(row, column) for row, column in np.argwhere(differing <= self._slack[None, :]).tolist()]


class Patterns:
    """The patterns of a form, found by the first characters of their literal."""

    def __init__(self, kind: PatternForm, saved: Mapping[str, Iterable[tuple[str, int]]] | None = None) -> None:
        self._kind = kind
        self._by_start = {start: _Alike(keys) for start, keys in (saved or {}).items()}
        self._lengths = list({len(start) for start in self._by_start})

    def add(self, key: str, number: int) -> None:
        """Ask words for one more pattern."""
        start = self._kind.literal(key)[: _PART if self._kind.anywhere else _LONGEST]
        if len(start) not in self._lengths:
            self._lengths.append(len(start))
        alike = self._by_start.get(start)
        if alike is None:
            alike = self._by_start[start] = _Alike()
        alike.keys.append((key, number))

    def all(self) -> dict[str, list[tuple[str, int]]]:
        """Every pattern and its number, to be saved."""
        return {start: alike.keys for start, alike in self._by_start.items()}

    def accepting(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """(place of a word, number of a pattern that accepts it)."""
        met = self._containing(words) if self._kind.anywhere else self._starting(words)
        screen = self._kind.screen
        marks = screen.of_words(words) if screen and met else np.zeros(0, np.uint64)
        pairs: list[tuple[int, int]] = []
        for start, places in met.items():
            alike = self._by_start[start]
            if screen is None or len(alike.keys) <= _FEW:
                pairs += [pair for place in places for pair in self._accepted(alike.keys, words[place], place)]
            else:
                for row, column in alike.screened(screen, marks[places]):
                    pairs += self._accepted((alike.keys[column],), words[places[row]], places[row])
        return pairs

    def _accepted(self, keys: Sequence[tuple[str, int]], word: str, place: int) -> list[tuple[int, int]]:
        return [(place, number) for key, number in keys if self._kind.accepts(key, word)]

    def _starting(self, words: Sequence[str]) -> dict[str, list[int]]:
        """Places of the words that start with a literal's first characters."""
        met: dict[str, list[int]] = {}
        for length in self._lengths:
            starts = [word[:length] for word in words]
            for place in [place for place, start in enumerate(starts) if start in self._by_start]:
                met.setdefault(starts[place], []).append(place)
        return met

    def _containing(self, words: Sequence[str]) -> dict[str, list[int]]:
        """Places of the words that contain a literal's first characters."""
        met: dict[str, list[int]] = {}
        if len(self._by_start) <= _FEW_STARTS:
            joined, ends = "\n".join(words), list(accumulate(len(word) + 1 for word in words))
            for start in self._by_start:
                at = joined.find(start)
                while at >= 0:
                    place = bisect_right(ends, at)
                    met.setdefault(start, []).append(place)
                    at = joined.find(start, ends[place])
            return met
        for length in self._lengths:
            for place, word in enumerate(words):
                for start in self._by_start.keys() & {word[at : at + length] for at in range(len(word) - length + 1)}:
                    met.setdefault(start, []).append(place)
        return met
