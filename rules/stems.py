"""Stems: what the inflected forms of a word have in common, language by language."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import Stemmer

from rules.words import LONGEST_CACHED, cached, caseless, fold

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
_KNOWN = {code: name for code, name in _SNOWBALL.items() if name in Stemmer.algorithms()}


def language(lang: str) -> str:
    """The language of a tag, bare and lower-case: "en-GB" is "en"."""
    return lang.strip().lower().replace("_", "-").partition("-")[0]


def languages() -> list[str]:
    """Codes of the languages that have stems."""
    return sorted([*_KNOWN, "uk"])


@lru_cache(maxsize=64)
def stemmer(lang: str) -> Callable[[str], str] | None:
    """word -> its stem, folded, for the language; None when the language has no stemmer here."""
    if lang == "uk":
        return cached(_short(_ukrainian()))
    name = _KNOWN.get(lang)
    return cached(_short(Stemmer.Stemmer(name, 0).stemWord)) if name else None


def stem_all(lang: str, many: Sequence[str]) -> list[str]:
    """The stems of many words, quicker and without remembering them; the language must have a stemmer."""
    name = _KNOWN.get(lang)
    if name is None:
        stem = stemmer(lang)
        assert stem is not None
        return [stem(word) for word in many]
    if not many:
        return []
    joined = "\0".join(many)
    lower = joined.lower().split("\0") if joined.isascii() else [caseless(word) for word in many]
    stems: list[str] = Stemmer.Stemmer(name, 0).stemWords(lower)
    if len(joined) <= LONGEST_CACHED or max(map(len, many)) <= LONGEST_CACHED:
        return stems if "".join(stems).isascii() else [fold(stem) for stem in stems]
    return [fold(stem if len(word) <= LONGEST_CACHED else word) for word, stem in zip(many, stems, strict=True)]


def _short(stem: Callable[[str], Any]) -> Callable[[str], str]:
    def make(word: str) -> str:
        if len(word) > LONGEST_CACHED:  # no inflected word is that long
            return fold(word)
        return fold(str(stem(caseless(word))))

    return make


def _ukrainian() -> Callable[[str], str]:
    from simplemma import lemmatize  # loads its dictionary (about a second): only for those who need it

    def lemma(word: str) -> str:
        return str(lemmatize(word, lang="uk")).lower()

    return lemma
