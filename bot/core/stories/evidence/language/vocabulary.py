"""Every word as a number: what is known of a word by itself is worked out once and then looked up for whole texts."""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

import numpy as np
import Stemmer

from bot.core.stories.evidence.language.names import number_key, skeleton
from bot.core.stories.evidence.language.tongues import tongues_of

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

LARGEST = 200_000  # words of one language that are remembered, about 40 MB; then it starts anew
LONGEST = 64  # letters of a word that count

# What a token is.
WORD_TOKEN, LOWER, NUMBER_TOKEN, STOP, MONTH, TITLE_OF_PERSON, END, CAPITAL, LONG = (1 << bit for bit in range(9))

_ENDS = frozenset('.!?…:;\n"“”„«»()[]|—–•')
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_STEMMERS = {"de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch",
             "sv": "swedish"}  # fmt: skip
_STOP = """
    a an the this that these those it its they their them we our us you your he she his her him i me my in on at
    by for from of to with but and or if as so yet no not nor when while after before since until although
    though however meanwhile moreover also there here what who why how some many most several all both each more
    other another any such than then too very can could may might must shall should will would do does did done
    is are was were be been being has have had having am about over under into out up down off again once only
    own same just now s t m re ve ll d which whom whose where because during between through against above below
    per via said say says told according mr mrs ms dr new one two first last year years day days week time der
    die das ein eine einer eines einem einen und oder aber doch wenn als wie es er sie wir ich man im in am an
    auf bei mit nach vor zu zum zur von vom für ist sind war waren wird werden hat haben nicht auch noch nur so
    dass des dem den и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её мне
    было вот от меня еще ещё нет о из ему для мы их чем была сам без до или быть был него это эта этот эти того
    при об также уже где когда чтобы і й у в з із зі до за від по про під над при для та або це ця цей ці він
    вона воно вони ми як що коли якщо не на le la les un une des du de et à au aux en dans par pour sur est que
    qui il elle se ne pas ce cette avec el los las y del al por con para una su es no lo
"""
_MONTHS = """
    january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember
"""
_TITLES = """
    mr mrs ms dr sir lord lady president senator sen rep gov governor judge justice king queen
"""
_DAY_STEMS = {
    stem[:3]: (stem, number)
    for line in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "понедел вторник сред четверг пятниц суббот воскресен",
        "понеділ вівтор серед четвер п'ятниц субот неділ",
    )
    for number, stem in enumerate(line.split(), 1)
}
_STOPS, _MONTH_NAMES, _TITLE_WORDS = (frozenset(each.split()) for each in (_STOP, _MONTHS, _TITLES))
_NO_NAMES = _STOPS | _MONTH_NAMES | _TITLE_WORDS
_COLUMNS = np.dtype(
    [
        *(("feature", "u4"), ("written", "u4"), ("name", "u4"), ("flags", "u2"), ("day", "u1"), ("prior", "f4")),
        ("tongues", "u2"),
    ]
)


def number_of(text: str) -> int:
    """32 bits of a text, the same in every process; 0 means nothing and is never given."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=4).digest(), "little") or 1


def fold(raw: str) -> str:
    """A word without case and possessive."""
    return raw.casefold().replace("’", "'").removesuffix("'s").replace("'", "")


def name_of(word: str) -> int:
    """32 bits of how a word sounds: the same of Зеленського and Selenskyj (names.py)."""
    return number_of("~" + skeleton(word))


def weekday(folded: str) -> int:
    """1 for Monday to 7; 0 for what is no weekday."""
    stem, number = _DAY_STEMS.get(folded[:3], ("", 0))
    return number if stem and folded.startswith(stem) and len(folded) - len(stem) <= 3 else 0


def number_prior(folded: str) -> float:
    """Share of documents that have a number, before any was read: small counts and years are everywhere."""
    if not folded.isdecimal():  # ² is a digit, but no number
        return 0.003
    value = int(folded[:9])
    if value <= 31 or 1900 <= value < 2100:
        return 0.12
    return 0.02 if value <= 100 else 0.01 if value % 100 == 0 else 0.003


class Vocabulary(dict[str, int]):
    """The words of one language as written, numbered; `rows` has what is known of each."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stem = Stemmer.Stemmer(_STEMMERS.get(language, "english")).stemWord
        self._stem_cyrillic = Stemmer.Stemmer("russian").stemWord
        self.rows = np.zeros(1024, _COLUMNS)

    def numbered(self, tokens: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
        """The rows of these tokens."""
        if len(self) > LARGEST:
            self.clear()
        rows = list(map(self.__getitem__, tokens))
        return self.rows[rows]

    def __missing__(self, token: str) -> int:
        place = len(self)
        if place == len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros(place, _COLUMNS)])
        self.rows[place] = self._known(token[:LONGEST])
        self[token] = place
        return place

    def _known(self, token: str) -> tuple[int, int, int, int, int, float, int]:
        folded = fold(token)
        if token in _ENDS:
            return 0, 0, 0, END, 0, 0.0, 0
        if not folded or not folded[0].isalnum():
            return 0, 0, 0, 0, 0, 0.0, 0
        if folded[0].isdigit():
            plain = folded.replace(",", "") if _GROUPED.fullmatch(folded) else folded
            number = number_of("#" + plain)
            name = number_of("#" + number_key(folded))
            return number, number, name, WORD_TOKEN | NUMBER_TOKEN | CAPITAL, 0, number_prior(plain), 0
        stemmed = self._stem_cyrillic(folded) if "а" <= folded[0] <= "я" else self._stem(folded)
        known = (number_of(stemmed), number_of(folded), name_of(folded), _flags(token, folded), weekday(folded))
        return *known, 0.0, tongues_of(folded)


def _flags(token: str, folded: str) -> int:
    flags = WORD_TOKEN
    if token.islower() or token.upper() == token.lower():  # a script without capitals marks no names
        flags |= LOWER
    if token[0].isupper() and folded not in _NO_NAMES:
        flags |= CAPITAL
    if folded in _STOPS or len(folded) < 2:
        flags |= STOP
    flags |= MONTH * (folded in _MONTH_NAMES) | TITLE_OF_PERSON * (folded in _TITLE_WORDS) | LONG * (len(token) > 3)
    return flags


@cache
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language)


def vocabulary_of(lang: str) -> Vocabulary:
    """The vocabulary for a document's language; what has no stemmer of its own is read with the English one."""
    short = lang[:2].lower()
    return _vocabulary(short if short in _STEMMERS else "en")
