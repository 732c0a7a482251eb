"""The forms in which rules ask for words and facts, so that one index serves every operator.

A form turns a word of a text, or a whole document, into keys; a rule needs a (form, key) pair, a `Feature`. Two kinds
are always there: "" is the folded word, a language's code is the word's stem. An operator family declares others in
`FORMS`; their names have four letters at least, so that they are no language's code.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rules.document import Document
from rules.families import declared
from rules.stems import stem_all, stemmer
from rules.words import fold, fold_all


class Feature(NamedTuple):
    """One thing that a rule asks for: `key` in the form `form`."""

    form: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyForm:
    """Each word has one key: `key` gives it from the word as written ("" is no key), `all_keys` many at once."""

    name: str
    key: Callable[[str], str]
    all_keys: Callable[[Sequence[str]], list[str]] | None = None

    def keys(self, words: Sequence[str]) -> list[str]:
        """The key of each word."""
        return self.all_keys(words) if self.all_keys else [self.key(word) for word in words]


class Screen(NamedTuple):
    """A quick test before `accepts`: bits of words, and of keys their bits and how many of a word's may differ."""

    of_words: Callable[[Sequence[str]], npt.NDArray[np.uint64]]
    of_keys: Callable[[Sequence[str]], tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternForm:
    """A key is a pattern, and a word can have many. `accepts(key, folded word)` decides.

    `literal(key)` is what every accepted folded word starts with, or contains when `anywhere`: at least one character.
    `screen` helps where many keys have one literal.
    """

    name: str
    accepts: Callable[[str, str], bool]
    literal: Callable[[str], str]
    anywhere: bool = False
    screen: Screen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactForm:
    """Keys of the document as a whole, such as the sites that it belongs to; they have no place in the text."""

    name: str
    keys: Callable[[Document], Iterable[str]]


Form = KeyForm | PatternForm | FactForm


@lru_cache(maxsize=64)
def form(name: str) -> Form:
    """The form of that name. Raises KeyError when there is none."""
    if not name:
        return KeyForm(name="", key=fold, all_keys=fold_all)
    for each in declared("FORMS"):
        assert isinstance(each, KeyForm | PatternForm | FactForm)
        if each.name == name:
            return each
    stem = stemmer(name)
    if stem is None:
        raise KeyError(f"no form {name!r}")
    return KeyForm(name=name, key=stem, all_keys=partial(stem_all, name))
