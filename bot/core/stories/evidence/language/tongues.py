"""In which language a text is, by its small words, where the document does not say: enough to see that two differ."""

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0
LEAST, TWICE = 4, 2  # small words that a language must have, and how many times as many as the next
_WORDS = {
    "en": "the of and to is was were by for with that said from has have his her which been after would",
    "de": "der das und ist den dem nicht ein eine wird sich mit auf für bei im nach von zu hat am vom zur",
    "fr": "le les des et est une dans pour sur qui du au aux avec par ont été sont il elle selon",
    "es": "el los las y en una por con para que del se lo como más fue según su al",
    "it": "il di che è un una della dei delle con per nel gli sono alla dal",
    "pt": "os uma em do da dos das não com para que ao pelo foi são um",
    "nl": "het een van en op dat voor zijn met niet aan wordt bij naar door",
    "pl": "w i na że nie się jest do przez oraz dla od po jak był została",
    "ru": "и что с со был была были как из это об от его при к после",
    "uk": "і й та з із що про до від є був була були це його під через після",
}
_NAMES = tuple(_WORDS)
_BITS = np.arange(len(_NAMES), dtype=np.uint16)

_LETTERS = {"ru": "ыэъё", "uk": "іїєґ"}  # which only the one of the two has: most words of both are the same
_OF: dict[str, int] = {}  # of each small word, the languages that have it, a bit each
for _bit, _words in enumerate(_WORDS.values()):
    for _word in _words.split():
        _OF[_word] = _OF.get(_word, 0) | 1 << _bit


def tongues_of(folded: str) -> int:
    """The languages that a word speaks for, a bit each."""
    if "а" <= folded[:1] <= "ґ" and folded not in _OF:
        return sum(
            1 << _NAMES.index(name) for name, letters in _LETTERS.items() if any(letter in folded for letter in letters)
        )
    return _OF.get(folded, 0)


def tongue(lang: str, tongues: NDArray[np.uint16]) -> int:
    """A number for the language that a document names, or else that its words have; UNKNOWN when neither says."""
    short = lang[:2].lower()
    if short in _NAMES:
        return _NAMES.index(short) + 1
    if len(short) == 2 and short.isascii() and short.isalpha():
        return 128 | (ord(short[0]) * 26 + ord(short[1])) & 127
    small = tongues[tongues > 0]
    counts = (small[:, None] >> _BITS & 1).sum(axis=0)
    second, most = np.sort(counts)[-2:].tolist()
    return int(counts.argmax()) + 1 if most >= max(LEAST, TWICE * second) else UNKNOWN
