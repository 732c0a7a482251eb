"""Splits a text into words and says which of them are slots.

A slot is a word that tells one event from its look-alike: a name, a number, a date, a side, a warning level.
Weather warnings, company results and match reports share a template and differ in their slots only.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

ORDINARY = ""
NAME = "name"  # a capital inside a sentence, or several capitals
NUMBER = "number"
TERM = "term"  # from the closed lists below: months and weekdays have no capital in Ukrainian and Russian
LETTERS = "letters"  # a word of a script or text without capitals: any such word may be a name
OPENER = "opener"  # capital at a sentence's start: a name or an ordinary word, the context decides
SEX = "sex"  # he, she, man, woman: not the person's name, but another person where it changes

USUAL = 32  # characters: longer words are not cached, or hostile ones would fill the memory
CHUNKS = 1 << 16  # what stands between two blanks, as "Kyiv," or "2-1": the latest are remembered, about 15 MB

# Scripts written without spaces: one character is one word, or a whole sentence would be.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"(?:[A-Z]\.){{2,}}|\d+(?:[.,:/-]\d+)*|[{_SPACELESS}]|[^\W\d_{_SPACELESS}]+(?:['’][^\W\d_{_SPACELESS}]+)*"
)
_SENTENCE_ENDS = frozenset('.!?…:;\n"“”„«»()[]|—–•')
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_GEORGIAN = ("\u10d0", "\u10ff")  # Unicode gives it capitals that nobody writes


class Word(NamedTuple):
    """One word: `raw` as written, `norm` as compared, and its `kind`."""

    raw: str
    norm: str
    kind: str


def words(text: str) -> list[Word]:
    """The words of `text` in order, `norm` without regard to case, diacritics, British or American spelling."""
    text = unicodedata.normalize("NFKC", text)
    flat = text == text.lower()
    all_words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        start, stop = match.span()
        between = text[end:start]
        starts = not end or _ends(between)
        raw = text[start:stop]
        all_words.append((_known_word if stop - start <= USUAL else _word)(raw, starts, flat))
        end = stop
    return all_words


def places(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each word of the text as given starts and ends, and whether a sentence starts with it."""
    end = 0
    for match in _WORD.finditer(text):
        start, stop = match.span()
        yield start, stop, not end or _ends(text[end:start])
        end = stop


def _ends(between: str) -> bool:
    """Whether a sentence ends between two words."""
    return between != " " and not _SENTENCE_ENDS.isdisjoint(between)


def norms(text: str) -> list[str]:
    """The `norm` of each of `words(text)`, ten times as fast: no word goes over a blank, so a chunk is split once."""
    text = unicodedata.normalize("NFKC", text)
    flat = text == text.lower()
    try:
        return " ".join(map(_CHUNKS[flat].__getitem__, text.split())).split()
    except _BlankInsideError:
        return [_of_usual(raw, flat).norm for raw in _WORD.findall(text)]


def bag(all_norms: Sequence[str]) -> bytes:
    """One byte for each norm, the same for the same norm: texts with few bytes in common have few norms in common."""
    return bytes(map(_BYTES.__getitem__, all_norms))


class _Bytes(dict[str, int]):
    def __missing__(self, norm: str) -> int:
        byte = hashlib.blake2b(norm.encode("utf-8", "replace"), digest_size=1).digest()[0]
        if len(norm) <= USUAL:
            if len(self) >= CHUNKS:
                self.clear()
            self[norm] = byte
        return byte


_BYTES = _Bytes()


class _BlankInsideError(Exception):
    """A norm that would fall apart: none is known, but Unicode grows."""


class _Chunks(dict[str, str]):
    """Chunks of text to their norms with blanks in between."""

    def __init__(self, flat: bool) -> None:
        super().__init__()
        self._flat = flat

    def __missing__(self, chunk: str) -> str:
        all_norms = [_of_usual(raw, self._flat).norm for raw in _WORD.findall(chunk)]
        joined = " ".join(all_norms)
        if joined.split() != all_norms:
            raise _BlankInsideError
        if len(chunk) <= USUAL:
            if len(self) >= CHUNKS:
                self.clear()
            self[chunk] = joined
        return joined


_CHUNKS = {flat: _Chunks(flat) for flat in (False, True)}


def _of_usual(raw: str, flat: bool) -> Word:
    return (_known_word if len(raw) <= USUAL else _word)(raw, False, flat)


def _word(raw: str, starts: bool, flat: bool) -> Word:
    if raw[0].isdigit():
        return Word(raw, raw.replace(",", "") if _GROUPED.fullmatch(raw) else raw, NUMBER)
    norm = fold(raw)
    if norm in _NUMBERS:
        return Word(raw, _NUMBERS[norm], NUMBER)
    kind = _LISTED.get(norm) or (TERM if raw.islower() and norm.startswith(_TERM_STEMS) else ORDINARY)
    if kind:
        return Word(raw, norm, kind)
    if flat or _caseless(raw[0]):
        return Word(raw, norm, LETTERS)
    return Word(raw, _american(norm), _kind_by_case(raw, starts))


_known_word = lru_cache(maxsize=1 << 15)(_word)


def fold(raw: str) -> str:
    """`raw` casefolded, without diacritics, apostrophes and the dots of U.S."""
    norm = raw.casefold().replace("’", "'").removesuffix("'s").replace("'", "").replace(".", "")
    if norm.isascii():
        return norm
    return "".join(c for c in unicodedata.normalize("NFKD", norm) if not unicodedata.combining(c)) or norm


def _caseless(letter: str) -> bool:
    return letter.lower() == letter.upper() or _GEORGIAN[0] <= letter <= _GEORGIAN[1]


def _kind_by_case(raw: str, starts: bool) -> str:
    if raw.islower():
        return ORDINARY
    return OPENER if starts and (len(raw) == 1 or raw[1:].islower()) else NAME


_ENDINGS = tuple((end, end.replace("s", "z", 1)) for end in ("isation", "ising", "ised", "iser", "isers", "ise"))
_MIDDLES = (("programme", "program"), ("our", "or"), ("ence", "ense"), ("ll", "l"))


def _american(norm: str) -> str:
    """The American spelling of a British word; harmless to others because both texts go through it."""
    if len(norm) < 5 or not norm.isascii():
        return norm
    for british, american in _ENDINGS:
        if norm.endswith(british):
            norm = norm[: -len(british)] + american
            break
    for british, american in _MIDDLES:
        norm = norm.replace(british, american)
    return norm[:-2] + "er" if norm.endswith("tre") else norm


# ------------------------------------------------------------------------------------------- slots without a capital

_NUMBERS = {
    fold(word): str(value)
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять",
        "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    )
    for value, word in enumerate(line.split())
}
_TERMS = """
    hundred thousand million billion trillion dozen half quarter first second third fourth fifth double triple
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    yellow amber orange red green purple gelb rot grün violett
    januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
    north south east west northern southern eastern western nord süd ost norden süden osten westen
    not never nicht kein keine keinen не ні
    hundert tausend millionen milliarden erste ersten zweite zweiten dritte dritten
"""
_SEXES = """
    he she his her him man woman men women boy girl male female mann frau
    він вона чоловік жінка он она мужчина женщина
"""
# Lower-case words only: "nord" must not take Nordwire for a side.
_STEMS = """
    north south east west nord süd ost
    понеділ вівтор серед четвер п'ятниц субот неділ понедел вторник среду среда четверг пятниц воскресен
    січн лютог лютий берез квітн травн червн липн серпн вересн жовтн листопад грудн
    январ феврал март апрел мая июн июл август сентябр октябр ноябр декабр
    тисяч мільйон мільярд тысяч миллион миллиард перш друг трет
    північ півден південн схід східн захід західн север южн юг восто восточн запад
    жовт помаранч червон жёлт оранжев красн
"""
_LISTED = {fold(word): TERM for word in _TERMS.split()} | {fold(word): SEX for word in _SEXES.split()}
_TERM_STEMS = tuple(fold(stem) for stem in _STEMS.split())
