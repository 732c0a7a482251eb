"""German words with their umlauts written either way: Müller and Mueller, Köln and Koeln."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

MOST_PLACES = 4  # in one term; of more, all places are written the same way
_LONG = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_SHORT = {"a": "ä", "o": "ö", "u": "ü"}
_VOWELS = "aeiouyäöüq"  # after these an e belongs to the letters before it: neu-e, Bau-er, Qu-elle
# Not the end of Isra-el, Samu-el, Manu-els either: no German word ends in äl or ül with one of its vowels alone.
_PLACE = re.compile(rf"[äöüÄÖÜ]|(?<![{_VOWELS}{_VOWELS.upper()}])(?:oe|[au]e(?!ls?\b))", re.IGNORECASE)


def umlauts_either_way(text: str) -> tuple[str, ...]:
    """The text as typed, then with each umlaut of its words written the other way.

    >>> umlauts_either_way("Müller"), umlauts_either_way("Koeln"), umlauts_either_way("neue")
    (('Müller', 'Mueller'), ('Koeln', 'Köln'), ('neue',))
    """
    plain = unicodedata.normalize("NFC", text)
    places = list(_PLACE.finditer(plain))
    ways: Iterable[tuple[bool, ...]] = product((False, True), repeat=len(places))
    if len(places) > MOST_PLACES:
        umlauts = tuple(len(place[0]) == 1 for place in places)
        ways = (umlauts, tuple(not each for each in umlauts))
    spelled = [_spelled(plain, places, way) for way in ways]
    return tuple(dict.fromkeys((text, *spelled)))


def _spelled(text: str, places: list[re.Match[str]], way: tuple[bool, ...]) -> str:
    """The text with the other spelling in those of its places that `way` says."""
    parts, at = list[str](), 0
    for place, changed in zip(places, way, strict=True):
        parts += [text[at : place.start()], _other(place[0], text[place.end() :]) if changed else place[0]]
        at = place.end()
    return "".join([*parts, text[at:]])


def _other(spelling: str, rest: str) -> str:
    """Of an umlaut its two letters, of two letters their umlaut; capitals stay capitals: ÖBB is OEBB."""
    if len(spelling) == 2:
        umlaut = _SHORT[spelling[0].lower()]
        return umlaut.upper() if spelling[0].isupper() else umlaut
    letters = _LONG[spelling]
    return letters.upper() if spelling.isupper() and rest[:1].isupper() else letters
