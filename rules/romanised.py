"""One key for the ways in which a name is written in Latin and Cyrillic letters.

English, German and Polish newspapers romanise a Russian or Ukrainian name each in its own way: Зеленський is Zelensky,
Zelenskyy, Zelenskyi, Selenskyj, Zelenskij. The key writes Cyrillic in Latin letters and then gives letters that stand
for one sound in these spellings one letter: s for s, z, ts and tz; x for sh, zh, sch and ž; c for ch, tsch and č;
h for kh; v for w; k for c, ck and q; i for y, j and any run of them; e for ye, je and ie. Soft signs are dropped.
"""

from collections.abc import Sequence

from rules.words import LONGEST_CACHED, by_ascii, cached, caseless, fold

LEAST = 4  # letters of a key: shorter ones are keys of too many words
_CYRILLIC = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяўђћјљњџ", (
        *("a", "b", "v", "g", "g", "d", "e", "e", "zh", "z", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r"),
        *("s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "i", "", "e", "iu", "ia", "v", "dj", "ch", "i", "li"),
        *("ni", "dzh"),
    ), strict=True)
)  # fmt: skip
_CARONS = str.maketrans({"š": "sh", "ž": "zh", "č": "ch", "ż": "zh", "ş": "sh"})
# In this order, each in the whole text: quicker for many words than one look at each place. Capitals are done with.
_SOUNDS = (
    *(("schtsch", "XC"), ("shch", "XC"), ("szcz", "XC"), ("tsch", "C"), ("tch", "C"), ("sch", "X"), ("cz", "C")),
    *(("ch", "C"), ("sh", "X"), ("zh", "X"), ("sz", "X"), ("kh", "H"), ("ck", "K"), ("x", "KS"), ("q", "K")),
    *(("w", "V"), ("ce", "Oe"), ("ci", "Oi"), ("cy", "Oy"), ("c", "K"), ("O", "c"), ("z", "s"), ("y", "i"), ("j", "i")),
)
_LATIN, _OTHER = "", "к:"  # Latin and Cyrillic words have keys of their own, so that gate is never hate


def _sounds(words: str) -> str:
    """The key's letters of a word in small Latin letters, or of several with something between."""
    for letters, sound in _SOUNDS:
        words = words.replace(letters, sound)
    for letters, sound in (("ss", "s"), ("ts", "s"), ("ii", "i"), ("ie", "e")):
        while letters in words:
            words = words.replace(letters, sound)
    return words.lower()


def _is_cyrillic(folded: str) -> bool:
    return all(letter in _CYRILLIC for letter in folded)


def _is_latin(folded: str) -> bool:
    return folded.isascii() and folded.isalpha()


@cached
def key(word: str) -> str:
    """The key of a word as written; "" for digits, other scripts, and what is too short or too long to be a name."""
    folded = fold(word)
    if len(folded) > LONGEST_CACHED:
        return ""
    if _is_cyrillic(folded):
        return _long(_OTHER, _h_as_g(_sounds(_in_latin(folded))))
    return _long(_LATIN, _sounds(_plain(word))) if _is_latin(folded) else ""


def all_keys(words: Sequence[str]) -> list[str]:
    """The keys of many words, quicker."""
    return by_ascii(words, _ascii_keys, key)


def _ascii_keys(words: Sequence[str]) -> list[str]:
    all_sounds = _sounds("\n".join(words).lower()).split("\n")
    return [
        sounds if len(sounds) >= LEAST and word.isalpha() and len(word) <= LONGEST_CACHED else ""
        for word, sounds in zip(words, all_sounds, strict=True)
    ]


def keys(word: str) -> tuple[str, ...]:
    """The keys of all words that are taken for spellings of `word`, in both scripts.

    Cyrillic г is g in Russian names and h in Ukrainian ones, so that h and g are one between the scripts only.
    """
    folded = fold(word)
    if _is_cyrillic(folded):
        latin = _in_latin(folded)
        readings = [_sounds(latin), _sounds(latin.replace("g", "h"))]
    elif _is_latin(folded):
        readings = [_sounds(_plain(word))]
    else:
        return ()
    both_scripts = (*(_long(_LATIN, each) for each in readings), _long(_OTHER, _h_as_g(readings[0])))
    return tuple(dict.fromkeys(each for each in both_scripts if each))


def _in_latin(folded: str) -> str:
    return "".join(_CYRILLIC[letter] for letter in folded)


def _plain(word: str) -> str:
    """Folded, but with š as sh: what the caron says is kept."""
    return fold(caseless(word).translate(_CARONS))


def _h_as_g(sounds: str) -> str:
    return sounds.replace("h", "g")


def _long(script: str, sounds: str) -> str:
    return script + sounds if len(sounds) >= LEAST else ""
