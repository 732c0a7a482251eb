"""Hashes of words, of many at once: sums of numbers that stand for characters, so that a part's hash is a difference.

The hash of a text is the sum of code(character i) * BASE**i modulo 2**64. The codes are made from a seed that nobody
outside knows, so that nobody can write two words of one hash; two words of a text share one by chance in one of 10**13
texts. Equal texts have equal hashes however they are found, in every process that has the seed.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from rules.engine.arrays import Array, Ints, Words64

_BASE = 0x9E3779B97F4A7C15
_LOW = 0xFFFFFFFFFFFFFFFF
_LOOKED_UP = 0x1000  # code points whose numbers are kept: the alphabets of Europe, the Near East and India


class Hashing:
    """Hashes with one seed."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = int(np.random.default_rng().integers(1, 1 << 63)) if seed is None else seed
        self._powers, self._inverse = _powers(1 << 12)
        self._codes: dict[str, int] = {}
        self._salts = {"": 0}
        self._table: Words64 | None = None

    def codes(self, points: Array) -> Words64:
        """The number that stands for each code point (the finaliser of splitmix64)."""
        mixed = (points.astype(np.uint64) + np.uint64(1)) * np.uint64(_BASE) + np.uint64(self.seed)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))

    def parts(self, codes: Words64, first: Ints, last: Ints) -> Words64:
        """The hashes of the parts `first` to `last` (half-open) of a text, from the codes of its characters."""
        if len(codes) >= len(self._powers):
            self._powers, self._inverse = _powers(1 << len(codes).bit_length())
        sums = np.empty(len(codes) + 1, np.uint64)
        sums[0] = 0
        np.cumsum(codes * self._powers[: len(codes)], out=sums[1:])
        hashes: Words64 = (sums[last] - sums[first]) * self._inverse[first]
        return hashes

    def words(self, words: Sequence[str], form: str = "") -> Words64:
        """The hashes of words as keys of a form; 0 for an empty word."""
        hashes: Words64 = self.forms({form: words})[0]
        return hashes

    def forms(self, keys: Mapping[str, Sequence[str]]) -> Words64:
        """By form, the hashes of as many keys; 0 for an empty one. Shape (forms, keys)."""
        words = [key for some in keys.values() for key in some]
        counts = np.fromiter(map(len, words), np.int64, len(words))
        points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
        last = np.cumsum(counts)
        hashes = self.parts(self._codes_of(points), last - counts, last)
        hashes = hashes.reshape(len(keys), len(words) // max(len(keys), 1))
        salts = np.array([[self._salt(form)] for form in keys], np.uint64)
        return np.where(hashes != 0, hashes ^ salts, hashes)

    def _codes_of(self, points: Array) -> Words64:
        """`codes`, looked up where that is possible."""
        if self._table is None:
            self._table = self.codes(np.arange(_LOOKED_UP))
        if len(points) and points.max() >= _LOOKED_UP:
            return self.codes(points)
        codes: Words64 = self._table[points]
        return codes

    def word(self, word: str, form: str = "") -> int:
        """The hash of one word."""
        hashed = 0
        for char in reversed(word):
            hashed = (hashed * _BASE + self._code(char)) & _LOW
        return hashed ^ self._salt(form) if hashed else hashed

    def _salt(self, form: str) -> int:
        """What tells the keys of one form from those of another; 0 for the folded word."""
        salt = self._salts.get(form)
        if salt is None:
            salt = self._salts[form] = self.word(f"\0{form}")
        return salt

    def _code(self, char: str) -> int:
        code = self._codes.get(char)
        if code is None:
            code = self._codes[char] = int(self.codes(np.array([ord(char)]))[0])
        return code


def _powers(count: int) -> tuple[Words64, Words64]:
    """The powers of the base modulo 2**64, and their inverses."""
    powers = np.full(count, np.uint64(_BASE))
    inverse = np.full(count, np.uint64(pow(_BASE, -1, 1 << 64)))
    powers[0] = inverse[0] = 1
    return np.multiply.accumulate(powers), np.multiply.accumulate(inverse)
