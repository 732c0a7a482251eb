"""Elided words in texts that are split by arrays: rules/joined.py says what they are."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rules.engine.arrays import Array, Growing, Ints, Ints32
from rules.joined import APOSTROPHES, VOWELS, is_elided, is_pronoun, is_small

# What is added to the number of a word that may be elided, until it is clear whether it is: such words are to be told
# from all others by one comparison, because nearly no word of a text is one.
ELIDABLE = 1 << 30
_PRONOUN, _SMALL, _LOWER = 1, 2, 4
_MARK, _VOWEL = 1, 2


class _Numbers(Protocol):
    def numbers(self, surfaces: Sequence[str]) -> Ints32: ...


class Elisions:
    """Which of the words known so far may be elided, or stand behind such a one, and their numbers there."""

    def __init__(self) -> None:
        self.kinds = Growing(np.uint8)  # by word number
        self.elided: dict[int, int] = {}
        self.small: dict[int, int] = {}

    def learn(self, surfaces: Sequence[str], numbers: Ints32, dictionary: _Numbers) -> list[int]:
        """Note new words, and give those their number that they are at an apostrophe; the places of elided ones."""
        places = []
        for place, (surface, number) in enumerate(zip(surfaces, numbers.tolist(), strict=True)):
            if not (elided := is_elided(surface)) | (small := is_small(surface)):
                continue
            lower = _LOWER * surface.islower()
            if elided:
                places.append(place)
                self.elided[number] = int(dictionary.numbers([f"{surface}'"])[0])
            if small:
                self.small[number] = int(dictionary.numbers([f"'{surface}"])[0])
            more = number + 1 - self.kinds.size
            if more > 0:
                self.kinds.extend(0, more)
            self.kinds.writable()[number] = _PRONOUN * is_pronoun(surface) | _SMALL * small | lower
        return places


def elide(numbers: Ints32, first: Ints, last: Ints, points: Array, known: Elisions) -> None:
    """Give words of plain texts their own numbers where they are ELIDABLE, and elided ones those that they are then.

    The short words behind elided ones get their own, too.
    """
    at = np.flatnonzero(numbers >= ELIDABLE)
    numbers[at] -= ELIDABLE
    at = at[at < len(first) - 1]
    end = last[at]
    at = at[(_char_kinds(points[end]) == _MARK) & (first[at + 1] == end + 1)]
    at = at[_char_kinds(points[last[at] + 1]) == _VOWEL]
    if not len(at):
        return
    kinds = known.kinds.array
    behind = at[numbers[at + 1] < known.kinds.size] + 1
    kind = kinds.take(numbers[behind], mode="clip")
    pronoun = kinds.take(numbers[behind - 1], mode="clip") & _PRONOUN
    apart = _char_kinds(points[last[behind]]) != _MARK
    small = behind[((kind & _SMALL) > 0) & (((kind & _LOWER) > 0) | (pronoun > 0)) & apart]
    at_numbers, small_numbers = numbers[at].tolist(), numbers[small].tolist()
    numbers[at] = [known.elided[number] for number in at_numbers]
    numbers[small] = [known.small.get(number, number) for number in small_numbers]


def _char_kinds(points: Array) -> Array:
    return _CHARS.take(points.astype(np.intp), mode="clip")  # the last one stands for all that are beyond


def _chars() -> Array:
    """What a character is to elision, by code point."""
    kinds = np.zeros(ord(max(APOSTROPHES + VOWELS)) + 2, np.uint8)
    kinds[[ord(char) for char in VOWELS]] = _VOWEL
    kinds[[ord(char) for char in APOSTROPHES]] = _MARK
    return kinds


_CHARS = _chars()
