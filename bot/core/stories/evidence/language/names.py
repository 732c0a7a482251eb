"""What a name and a number sound like in any of the languages we read, so that reports in two languages can meet.

Newspapers write a foreign name each in its own way, and Slavic grammar bends it: Зеленський, Зеленського, Zelensky,
Selenskyj, Zelenskiy; Charkiw, Kharkiv, Járkiv, Харкова. What they keep is the row of consonants. `skeleton` takes the
Cyrillic ending off, writes the rest in Latin letters, gives the letters that stand for one sound in these spellings
one letter, and drops the vowels but for the first, which only says that there is one.
"""

import re
import unicodedata

_CYRILLIC = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяўёђћјљњџ", (
        *("a", "b", "v", "g", "g", "d", "e", "e", "sh", "s", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r"),
        *("s", "t", "u", "f", "ch", "s", "ch", "sh", "shch", "", "i", "", "e", "iu", "ia", "v", "e", "j", "ch", "j"),
        *("l", "n", "j"),
    ), strict=True)
)  # fmt: skip
_ENDING = re.compile(r"(?:[оеє]го|[оеє]му|[иыаяі]ми|[аяі]х|[оеє]ві)$")
_SHORT_ENDING = re.compile(r"(?<=...)(?:[иыіоеє]м|[ieo]m)$")  # Трампом, and so also Jerusalem; not Крим
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "e", "œ": "e", "đ": "d", "ð": "d", "þ": "t", "ı": "i",
                          "š": "sh", "ž": "sh", "ż": "sh", "ş": "sh", "č": "ch", "ć": "ch", "ç": "s", "ñ": "n",
                          "ğ": "g"})  # fmt: skip
# A capital is a sound that is done with: S for s, z, ts and sh, G for g, h, kh and ch.
_SOUNDS = {"dzh": "i", "dsch": "i", "dj": "i", "tsch": "G", "tch": "G", "szcz": "SG", "sch": "S", "ch": "G", "sh": "S",
           "zh": "S", "sz": "S", "cz": "G", "kh": "G", "ck": "k", "ph": "v", "gh": "G", "th": "t", "rh": "r", "tz": "S",
           "ts": "S", "x": "ks", "q": "k"}  # fmt: skip
_SEVERAL = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_SOFT_C, _SILENT_H = re.compile("c(?=[eiy])"), re.compile("h(?![aeiouy])")
_SAME_SOUND = str.maketrans({"z": "s", "c": "k", "w": "v", "f": "v", "h": "g", "y": "i", "j": "i"})
_AGAIN = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]+")
LEAST = 3  # letters: a shorter skeleton would be that of too many names, and has the first vowel's colour added
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")


def skeleton(folded: str) -> str:
    """The consonants of a word in small letters; the word itself where it is in neither Latin nor Cyrillic letters."""
    if folded[:1] in _CYRILLIC:
        latin = _in_latin(folded)
    else:
        latin = _SHORT_ENDING.sub("", _unaccented(folded))
    if not (latin.isascii() and latin.isalpha()):
        return folded
    latin = _SEVERAL.sub(lambda letters: _SOUNDS[letters[0]], latin)
    sounds = _SILENT_H.sub("", _SOFT_C.sub("s", latin)).lower().translate(_SAME_SOUND)
    sounds = _AGAIN.sub(r"\1", sounds)
    bones = ("a" if sounds[:1] in "aeiou" else "") + _VOWELS.sub("", sounds)
    if len(bones) > LEAST and bones.endswith("s"):  # Athens is Athen in German, and every German name may have an s
        bones = bones[:-1]
    return bones if len(bones) >= LEAST else bones + _colour(sounds)


def _in_latin(folded: str) -> str:
    stem = _ENDING.sub("", folded)
    stem = _SHORT_ENDING.sub("", stem) if stem == folded else stem
    stem = stem if len(stem) >= LEAST else folded
    return "".join(_CYRILLIC.get(letter, letter) for letter in stem.replace("дж", "j"))


def _unaccented(folded: str) -> str:
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFD", folded.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _colour(sounds: str) -> str:
    """The first vowel after a consonant as front or back: Modi and Меді are two names."""
    vowels = _VOWELS.search(sounds, 1)
    return "" if vowels is None else "1" if vowels[0][-1] in "ei" else "2"


def number_key(folded: str) -> str:
    """A number as every language writes it: 1.850, 1,850 and 1850 are one, and so are 6.8 and 6,8."""
    if _GROUPED.fullmatch(folded):
        return re.sub("[.,]", "", folded)
    return folded.replace(",", ".") if _PLAIN.fullmatch(folded) else folded
