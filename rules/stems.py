"""Stems: what the inflected forms of a word have in common, language by language."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import Stemmer

from rules.joined import is_joined
from rules.words import LONGEST_CACHED, by_ascii, cached, caseless, fold, lower_all

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
    return cached(_short(_snowball(name).stemWord)) if name else None


def stem_all(lang: str, many: Sequence[str]) -> list[str]:
    """The stems of many words, quicker; the language must have a stemmer."""
    stem = stemmer(lang)
    assert stem is not None
    name = _KNOWN.get(lang)
    return by_ascii(many, partial(_stems, name), stem) if name else [stem(word) for word in many]


@lru_cache(maxsize=64)
def _snowball(name: str) -> Any:
    return Stemmer.Stemmer(name, 0)  # without a memory of its own: each word comes once


def _stems(name: str, many: Sequence[str]) -> list[str]:
    """Of ASCII words."""
    stems: list[str] = _snowball(name).stemWords(lower_all(many))
    if not "".join(stems).isascii():
        stems = [fold(stem) for stem in stems]
    if max(map(len, many)) <= LONGEST_CACHED and "".join(many).isalnum():
        return stems
    return [stem if _has_forms(word) else fold(word) for word, stem in zip(many, stems, strict=True)]


def _has_forms(word: str) -> bool:
    """No inflected word is very long, and none is an address."""
    return len(word) <= LONGEST_CACHED and not is_joined(word)


def _short(stem: Callable[[str], Any]) -> Callable[[str], str]:
    def make(word: str) -> str:
        if not _has_forms(word):
            return fold(word)
        return fold(str(stem(caseless(word))))

    return make


def _ukrainian() -> Callable[[str], str]:
    from simplemma import lemmatize  # loads its dictionary (about a second): only for those who need it

    def lemma(word: str) -> str:
        return str(lemmatize(word, lang="uk")).lower()

    return lemma
