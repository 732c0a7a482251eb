"""Elided words in texts that are split by arrays: rules/joined.py says what they are."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rules.engine.arrays import Array, Growing, Ints, Ints32
from rules.joined import APOSTROPHES, VOWELS, is_elided, is_pronoun, is_small

_ELIDED, _PRONOUN, _SMALL, _LOWER = 1, 2, 4, 8


class _Numbers(Protocol):
    def numbers(self, surfaces: Sequence[str]) -> Ints32: ...


class Elisions:
    """Which of the words known so far may be elided, or stand behind such a one, and their numbers there."""

    def __init__(self) -> None:
        self.kinds = Growing(np.uint8)  # by word number
        self.elided: dict[int, int] = {}
        self.small: dict[int, int] = {}

    def learn(self, surfaces: Sequence[str], numbers: Ints32, dictionary: _Numbers) -> None:
        """Note new words, and give those their number that they are at an apostrophe."""
        for surface, number in zip(surfaces, numbers.tolist(), strict=True):
            if not (elided := is_elided(surface)) | (small := is_small(surface)):
                continue
            lower = _LOWER * surface.islower()
            if elided:
                self.elided[number] = int(dictionary.numbers([f"{surface}'"])[0])
            if small:
                self.small[number] = int(dictionary.numbers([f"'{surface}"])[0])
            more = number + 1 - self.kinds.size
            if more > 0:
                self.kinds.extend(0, more)
            kind = _ELIDED * elided | _PRONOUN * is_pronoun(surface) | _SMALL * small | lower
            self.kinds.writable()[number] = kind


def elide(numbers: Ints32, first: Ints, last: Ints, points: Array, known: Elisions) -> None:
    """Give elided words of plain texts, and the short ones behind them, their own numbers."""
    if not known.elided:
        return
    kinds = known.kinds.array
    at = np.flatnonzero(kinds.take(numbers, mode="clip") & _ELIDED)
    at = at[(at < len(first) - 1) & (numbers[at] < known.kinds.size)]
    end = last[at]
    at = at[_is_any(points[end], APOSTROPHES) & (first.take(at + 1, mode="clip") == end + 1)]
    at = at[_is_any(points[last[at] + 1], VOWELS)]
    if not len(at):
        return
    behind = at[numbers[at + 1] < known.kinds.size] + 1
    kind = kinds.take(numbers[behind], mode="clip")
    pronoun = kinds.take(numbers[behind - 1], mode="clip") & _PRONOUN
    apart = ~_is_any(points[last[behind]], APOSTROPHES)
    small = behind[((kind & _SMALL) > 0) & (((kind & _LOWER) > 0) | (pronoun > 0)) & apart]
    at_numbers, small_numbers = numbers[at].tolist(), numbers[small].tolist()
    numbers[at] = [known.elided.get(number, number) for number in at_numbers]
    numbers[small] = [known.small.get(number, number) for number in small_numbers]


def _is_any(points: Array, chars: str) -> Array:
    return np.isin(points, np.fromiter(map(ord, chars), np.uint32, len(chars)))
