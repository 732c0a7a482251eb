"""Which patterns of one form accept which words, for many new words at once."""

from collections.abc import Sequence

import numpy as np

from rules.engine.arrays import Growing, Words64
from rules.forms import PatternForm

_LITERAL = 3  # characters by which patterns are told apart
_FEW_STARTS = 64  # to be looked for one by one; more are looked up by each part of each word
_FEW = 8  # patterns that begin alike; more are screened by their marks, where the form has any


class _Alike:
    """Patterns whose literals begin alike."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, int]] = []
        self.marks, self.slack = Growing(np.uint64), Growing(np.uint8)


class Patterns:
    """The patterns of a form, found by the first characters of their literal."""

    def __init__(self, kind: PatternForm) -> None:
        self._kind = kind
        self._by_start: dict[str, _Alike] = {}
        self._lengths: list[int] = []  # of the starts

    def add(self, key: str, number: int) -> None:
        """Ask words for one more pattern."""
        start = self._kind.literal(key)[:_LITERAL]
        if len(start) not in self._lengths:
            self._lengths.append(len(start))
        alike = self._by_start.setdefault(start, _Alike())
        alike.keys.append((key, number))
        if self._kind.screen:
            mark, slack = self._kind.screen.of_key(key)
            alike.marks.append(mark)
            alike.slack.append(slack)

    def all(self) -> list[tuple[str, int]]:
        """Every pattern and its number."""
        return [each for alike in self._by_start.values() for each in alike.keys]

    def accepting(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """(place of a word, number of a pattern that accepts it)."""
        met = self._containing(words) if self._kind.anywhere else self._starting(words)
        return [pair for start, places in met.items() for pair in self._accepted(self._by_start[start], words, places)]

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
        known = self._by_start.keys()
        if len(known) <= _FEW_STARTS:
            joined = "\n".join(words)
            there = [start for start in known if start in joined]
            return {start: [place for place, word in enumerate(words) if start in word] for start in there}
        met: dict[str, list[int]] = {}
        for length in self._lengths:
            for place, word in enumerate(words):
                for start in known & {word[at : at + length] for at in range(len(word) - length + 1)}:
                    met.setdefault(start, []).append(place)
        return met

    def _accepted(self, alike: _Alike, words: Sequence[str], places: list[int]) -> list[tuple[int, int]]:
        accepts = self._kind.accepts
        if self._kind.screen is None or len(alike.keys) <= _FEW:
            return [(place, number) for place in places for key, number in alike.keys if accepts(key, words[place])]
        marks: Words64 = np.fromiter((self._kind.screen.of_word(words[place]) for place in places), np.uint64)
        differing = np.bitwise_count(marks[:, None] ^ alike.marks.used[None, :])
        found = []
        for row, column in np.argwhere(differing <= alike.slack.used[None, :]).tolist():
            key, number = alike.keys[column]
            if accepts(key, words[places[row]]):
                found.append((places[row], number))
        return found
