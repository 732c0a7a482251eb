"""Texts to numbered words, all documents of a batch at once and without an object for each word.

The words are exactly those of `rules.words.words`. A text of letters that need no thought (Latin, Greek, Cyrillic
without combining marks) is split by array operations, which give the hash of each word. Any other text goes through
`words` itself.
"""

import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rules.document import Document
from rules.emoji import is_emoji
from rules.engine.arrays import Array, Bools, Ints, Ints32, Words64
from rules.engine.dictionary import Dictionary
from rules.engine.elisions import elide
from rules.engine.hashing import Hashing
from rules.joined import has_path
from rules.tokenized import SEAM
from rules.words import words

BIG = 1 << 32  # a place is document * BIG + position in the document's row, as rules.tokenized counts it
_PLAIN_END = 0x531  # code points from here on are no letters of plain texts
_SYMBOLS = range(0x2000, 0x2C00), range(0x3000, 0x3040), range(0xD800, 0xE000), range(0x1F000, 0x1FB00)
_SEPARATOR, _LETTER, _ODD = range(3)


class Tokens(NamedTuple):
    """The words of a batch in reading order: their numbers, their places, and by document where its words begin."""

    words: Ints32
    places: Ints
    starts: Ints  # per document, and the end of the last one
    heads: Ints  # per document: words in the title
    sizes: Ints  # per document: positions in its row, the seam included


def _kind(point: int) -> int:
    """What a character is to `words`: between words, a plain letter, or a case for `words` itself."""
    char = chr(point)
    if point < _PLAIN_END and point not in range(0x2B9, 0x370) and point not in range(0x483, 0x48A) and point != 0xAD:
        return _LETTER if char.isalnum() else _SEPARATOR
    if char.isalnum() or is_emoji(char) or unicodedata.category(char)[0] == "M" or unicodedata.category(char) == "Cf":
        return _ODD
    return _SEPARATOR


def _kinds() -> Array:
    """By code point. Of what is no plain letter, blocks of symbols are told apart; the rest is for `words`."""
    kinds = np.full(sys.maxunicode + 1, _ODD, np.uint8)
    for block in (range(_PLAIN_END), *_SYMBOLS):
        kinds[block.start : block.stop] = [_kind(point) for point in block]
    return kinds


class Tokenizer:
    """Splits texts into the words of one dictionary."""

    _KINDS: Array | None = None

    def __init__(self, dictionary: Dictionary, hashing: Hashing) -> None:
        self._dictionary, self._hashing = dictionary, hashing
        if Tokenizer._KINDS is None:
            Tokenizer._KINDS = _kinds()
        self._kinds = Tokenizer._KINDS
        letters = np.append(self._kinds[:_PLAIN_END] == _LETTER, False)
        self._codes: Words64 = np.where(letters, hashing.codes(np.arange(_PLAIN_END + 1)), np.uint64(0))

    def split(self, documents: Sequence[Document]) -> Tokens:
        """The words of the documents, title and body of each."""
        texts = [text for document in documents for text in (document.title, document.body)]
        joined = "\0".join(texts) + "\0"
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        ends = np.cumsum(lengths)
        first, last, numbers = self._plain(joined, points)
        cuts = np.searchsorted(first, ends)
        odd = self._odd_texts(points, ends)
        odd[np.searchsorted(ends, first[numbers < 0], "right")] = True
        if "@" in joined:
            odd |= np.fromiter(("@" in text for text in texts), np.bool_, len(texts))
        if "/" in joined:
            odd |= np.fromiter(map(has_path, texts), np.bool_, len(texts))
        elide(numbers, first, last, points, self._dictionary.elisions)
        if odd.any():
            numbers, cuts = self._mixed(texts, numbers, cuts, odd)
        return _placed(numbers, np.diff(cuts, prepend=0))

    def _plain(self, text: str, points: Array) -> tuple[Ints, Ints, Ints32]:
        """Where plain words begin and end, and their numbers; -1 for one that stands for several (½)."""
        codes = self._codes.take(points.astype(np.intp), mode="clip")  # the last one stands for all that are beyond
        inside = np.empty(len(codes) + 1, np.bool_)
        inside[0] = False
        np.not_equal(codes, 0, out=inside[1:])
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        first, last = edges[0::2], edges[1::2]
        hashes = self._hashing.parts(codes, first, last)
        numbers = self._dictionary.table.get(hashes)
        missed = np.flatnonzero(numbers == 0)
        if len(missed):
            self._learn(text, hashes, missed, first, last)
            numbers[missed] = self._dictionary.table.get(hashes[missed])
        return first, last, numbers

    def _learn(self, text: str, hashes: Words64, missed: Ints, first: Ints, last: Ints) -> None:
        new, where = np.unique(hashes[missed], return_index=True)
        at = missed[where]
        surfaces = [text[start:end] for start, end in zip(first[at].tolist(), last[at].tolist(), strict=True)]
        self._dictionary.learn(surfaces, new)

    def _odd_texts(self, points: Array, ends: Ints) -> Bools:
        """Which texts hold a character that is for `words`."""
        odd = np.zeros(len(ends), np.bool_)
        beyond = np.flatnonzero(points >= 0xAD)
        strange = beyond[self._kinds[points[beyond]] == _ODD]
        if len(strange):
            odd[np.searchsorted(ends, strange, "right")] = True
        return odd

    def _mixed(self, texts: Sequence[str], numbers: Ints32, cuts: Ints, odd: Bools) -> tuple[Ints32, Ints]:
        """The same with the odd texts split by `words`."""
        pieces = np.split(numbers, cuts[:-1])
        for place in np.flatnonzero(odd).tolist():
            pieces[place] = self._dictionary.numbers(words(texts[place]))
        return np.concatenate(pieces), np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))


def _placed(numbers: Ints32, counts: Ints) -> Tokens:
    """Places from the number of words of each title and body."""
    heads, tails = counts[0::2], counts[1::2]
    starts = np.zeros(len(heads) + 1, np.int64)
    np.cumsum(heads + tails, out=starts[1:])
    document = np.arange(len(heads), dtype=np.int64) * BIG
    origins = np.empty(len(counts), np.int64)  # what to add to a word's number in the batch to get its place
    origins[0::2] = document - starts[:-1]
    origins[1::2] = document - starts[:-1] + SEAM
    places = np.arange(len(numbers), dtype=np.int64) + np.repeat(origins, counts)
    return Tokens(numbers, places, starts, heads, heads + tails + SEAM)
