"""Splits text into words and folds each to the form in which words are compared.

UAX 29 in spirit: a word is a run of letters and digits with its combining marks; everything else splits, hyphen and
apostrophe included, and what they split stays adjacent. Scripts written without spaces (Chinese, Japanese, Thai, Lao,
Khmer, Burmese) and Korean, whose particles stick to the noun, give one word a character, so that a phrase is a
substring there. An emoji is a word, an address as well (rules/joined.py).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

from rules.emoji import EMOJI, is_emoji
from rules.joined import joined

T = TypeVar("T")

LONGEST_CACHED = 64  # characters; longer "words" are rare or hostile and would fill the caches
_CACHE_SIZE = 200_000
_MARKS_IN_A_ROW = 8  # more are noise; CPython sorts them in quadratic time when it normalises

_UNSPACED = (
    *((0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3031, 0x3035)),
    *((0x303B, 0x303C), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x31BF), (0x31F0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97C), (0xAA60, 0xAA7F), (0xAC00, 0xD7FB), (0xF900, 0xFAD9)),
    *((0xFF66, 0xFF9D), (0xFFA0, 0xFFDC)),
)
_HAN_BEYOND = "\U00020000-\U000323af"
_VOICING = "\u3099\u309a\uff9e\uff9f"
_APOSTROPHES = "\u02b9-\u02bf\u02c8\u02ca\u02cb\u02ee"  # letters for Unicode, apostrophes for those who type them
_INVISIBLE = "\u00ad\u061c\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"


def _ranges(test: Callable[[int], bool], points: range) -> str:
    """The code points of `points` that pass, as the inside of a regular expression's class."""
    ranges, start = [], -1
    for point in (*points, points.stop):
        inside = point < points.stop and test(point)
        if inside and start < 0:
            start = point
        elif not inside and start >= 0:
            ranges.append(f"{chr(start)}-{chr(point - 1)}")
            start = -1
    return "".join(ranges)


def _written(point: int) -> bool:
    return unicodedata.category(chr(point))[0] in "LMN"


def _mark(point: int) -> bool:
    is_mark = unicodedata.category(chr(point))[0] == "M"
    return is_mark and not any(low <= point <= high for low, high in _UNSPACED)


# Where Unicode keeps its combining marks; to look through all of it would take a quarter of a second.
_BMP_BLOCKS = range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB00, 0xFE40)
_HIGH_BLOCKS = range(0x10100, 0x12000), range(0x1D100, 0x1DB00), range(0x1E000, 0x1E960), range(0xE0100, 0xE01F0)
_BMP_MARKS = "".join(_ranges(_mark, each) for each in _BMP_BLOCKS)
_HIGH_MARKS = "".join(_ranges(_mark, each) for each in _HIGH_BLOCKS)
_SINGLE = "".join(_ranges(_written, range(low, high + 1)) for low, high in _UNSPACED)
_LETTER = rf"[^\W_{_SINGLE}{_HAN_BEYOND}{_APOSTROPHES}]"
# The marks beyond the BMP stand behind a look-ahead: a class with them is searched range by range.
_TAIL = rf"(?:[{_BMP_MARKS}{_INVISIBLE}]|(?=[\U00010000-\U000e01ef])[{_HIGH_MARKS}])"
_WORD = re.compile(
    rf"{_LETTER}++(?:{_TAIL}++{_LETTER}*+)*+"
    r"|[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7]?[\u11a8-\u11ff]?"  # a Korean syllable in pieces
    rf"|[{_SINGLE}{_HAN_BEYOND}][{_VOICING}]*+"
    rf"|{EMOJI}"
)
# Two quick ways for nearly all news: nothing but ASCII words; nothing but Latin, Greek and Cyrillic without marks.
PUNCTUATION = r"\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
_ASCII_TEXT = re.compile(rf"[\x00-\x7f\xa0\xa7\xab\xb0\xb7\xbb{PUNCTUATION}]*+")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_EUROPEAN_TEXT = re.compile(rf"[\x00-\xac\xae-\u02b8\u0370-\u0482\u048a-\u0530{PUNCTUATION}]*+")
_EUROPEAN_WORD = re.compile(r"[^\W_]+")
_UNSPACED_WORD = re.compile(rf"[{_SINGLE}{_HAN_BEYOND}]")
_NOISE = re.compile(rf"[{_INVISIBLE}\u0640\ufe0e\ufe0f]")
_FLOOD = re.compile(rf"((?:{_TAIL}|[{_VOICING}]){{{_MARKS_IN_A_ROW}}})(?:{_TAIL}|[{_VOICING}])+")

# Letters whose stroke or bond Unicode does not take apart.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "æ": "ae", "œ": "oe"})
# Letters of Arabic script that people write either way, Arabs and Persians each in their own, and their digits.
_EITHER_WAY = str.maketrans("ىیٱکہھە٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ة", "ييا" + "ك" + "ههه" + "01234567890123456789" + "ه")
_BREVE, _DIAERESIS, _GRAVE, _ACUTE = "\u0306", "\u0308", "\u0300", "\u0301"


class _Cache(dict[str, T]):
    """word -> what `make` says of it; emptied when full, so that hostile text cannot fill the memory."""

    def __init__(self, make: Callable[[str], T]) -> None:
        self._make = make

    def __missing__(self, word: str) -> T:
        value = self._make(word)
        if len(word) <= LONGEST_CACHED:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[word] = value
        return value


def cached(make: Callable[[str], T]) -> Callable[[str], T]:
    """`make` with a bounded memory, as fast to call as a dictionary."""
    return _Cache(make).__getitem__


def _word_pattern(text: str) -> re.Pattern[str]:
    """The quickest pattern that finds the words of this text."""
    if text.isascii() or _ASCII_TEXT.fullmatch(text):
        return _ASCII_WORD
    return _EUROPEAN_WORD if _EUROPEAN_TEXT.fullmatch(text) else _WORD


def words(text: str) -> list[str]:
    """The words of `text` as written. A character that stands for several words (½) gives each of them."""
    pieces = joined(text)
    if not pieces:
        return plain_words(text)
    all_words, at = list[str](), 0
    for piece in pieces:
        all_words += plain_words(text[at : piece.start])
        all_words.append(piece.surface)
        at = piece.end
    return all_words + plain_words(text[at:])


def plain_words(text: str) -> list[str]:
    """The same where addresses and handles are words like others, and none is elided."""
    pattern = _word_pattern(text)
    whole: list[str] = pattern.findall(text)
    if pattern is _ASCII_WORD or (pattern is _EUROPEAN_WORD and not _SEVERAL.search(text)):
        return whole
    return [piece for word in whole for piece in ((word,) if word.isascii() else _pieces(word))]


def offsets(text: str) -> list[tuple[int, int]]:
    """Start and end, in code points of `text`, of each of `words(text)`."""
    pieces = joined(text)
    if not pieces:
        return _plain_offsets(text)
    places, at = list[tuple[int, int]](), 0
    for start, end, _ in (*pieces, (len(text), len(text), "")):
        places += [(at + first, at + last) for first, last in _plain_offsets(text[at:start])]
        places.append((start, end))
        at = end
    return places[:-1]


def _plain_offsets(text: str) -> list[tuple[int, int]]:
    matches = _word_pattern(text).finditer(text)
    if text.isascii():
        return [match.span() for match in matches]
    return [match.span() for match in matches for _ in _pieces(match[0])]


def _take_apart(word: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", _quiet(word))
    if plain.isalnum() or is_emoji(word):
        return (word,)
    pieces = _WORD.findall(plain)
    return (word,) if len(pieces) < 2 else tuple(pieces)


_pieces = cached(_take_apart)


def _makes_several(point: int) -> bool:
    char = chr(point)
    return char.isalnum() and not unicodedata.normalize("NFKC", char).isalnum()


_SEVERAL = re.compile(f"[{_ranges(_makes_several, range(0x531))}]")  # in European texts, such as ½


def is_unspaced(word: str) -> bool:
    """Whether `word` is a character of a script in which words are not told apart by spaces."""
    return _UNSPACED_WORD.match(word) is not None


def _quiet(word: str) -> str:
    """Without invisible characters, and without floods of combining marks."""
    return _FLOOD.sub(r"\1", _NOISE.sub("", word))


def _caseless(word: str) -> str:
    """NFKC and caseless, diacritics kept: the form that stemmers read."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", _quiet(word)).casefold().replace("i\u0307", "i")  # of the Turkish İ
    return unicodedata.normalize("NFKC", plain)


def _fold(word: str) -> str:
    """NFKC, caseless, without diacritics where they are not letters of their own (й stays, ё is е)."""
    if word.isascii():
        return word.lower()
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFD", _caseless(word)):
        if not unicodedata.category(char).startswith("M"):
            base = char
            kept.append(char)
        elif _is_letter_part(base, char):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_STROKES).translate(_EITHER_WAY) or word


def _is_letter_part(base: str, mark: str) -> bool:
    """Whether the mark makes another letter of `base`, rather than an accent on it."""
    if "\u0400" <= base <= "\u052f":  # Cyrillic: й ў ї ѓ ќ are letters; ё is written е as often; accents mark stress
        if mark in (_GRAVE, _ACUTE):
            return base in "гк"
        return (base, mark) != ("е", _DIAERESIS)
    accented = base < "\u0400" or "\u0590" <= base <= "\u077f" or "\u1e00" <= base <= "\u1fff"
    return not accented  # Latin, Greek, Hebrew, Arabic have accents and vowel points; elsewhere marks are letters


fold = cached(_fold)
caseless = cached(_caseless)


def by_ascii(many: Sequence[str], quick: Callable[[Sequence[str]], list[T]], slow: Callable[[str], T]) -> list[T]:
    """`quick` of all words that are ASCII at once, `slow` of each other one, in the order of `many`."""
    if "".join(many).isascii():
        return quick(many) if many else []
    quick_results = quick([word if word.isascii() else "" for word in many])
    return [each if word.isascii() else slow(word) for word, each in zip(many, quick_results, strict=True)]


def fold_all(many: Sequence[str]) -> list[str]:
    """`fold` of many words, quicker."""
    return by_ascii(many, lower_all, fold)


def lower_all(many: Sequence[str]) -> list[str]:
    """Small letters for ASCII words."""
    return "\0".join(many).lower().split("\0")
