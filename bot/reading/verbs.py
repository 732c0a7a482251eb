"""Splitting what was typed into a verb and its argument."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

_WORD = re.compile(r"\s*/?([^\W\d_]+)(?=\s|$)(.*)", re.DOTALL)


def split(text: str) -> tuple[str, str]:
    """`/Watch  troops ` -> (`watch`, `troops`). The verb is empty when the text begins with something else."""
    match = _WORD.match(text)
    return (match[1].casefold(), match[2].strip()) if match else ("", text.strip())


def mistyped(words: str, names: Sequence[str]) -> str:
    """The name that differs from `words` by a letter or two, or an empty string."""
    plain = {name.casefold(): name for name in names}
    best = process.extractOne(words.casefold(), list(plain), scorer=fuzz.ratio, score_cutoff=75)
    return plain[str(best[0])] if best else ""


def nearest(verb: str, names: Sequence[str]) -> str:
    """The known verb that was probably meant, or an empty string."""
    best = process.extractOne(verb, names, scorer=fuzz.WRatio, score_cutoff=60)
    return str(best[0]) if best else ""
