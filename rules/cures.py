"""Mends a rule that cannot be read: the edits that errors propose, one after the other, until a rule parses."""

import re
from collections.abc import Callable

from rules.errors import Fix, Refusal
from rules.words import words

_ROUNDS = 6
_LONGEST = 2000  # characters; a cure for more would take longer to find than a person waits, and nobody would read it
_MOST_WORDS = 20
_SPACES = re.compile(r"\s{2,}")


def cure(text: str, refusal: Refusal, attempt: Callable[[str], None]) -> str:
    """A whole rule near `text` which parses, or "". `attempt` raises Refusal for text that does not."""
    if len(text) > _LONGEST or not refusal.cures:
        return ""
    for fixes in refusal.cures:
        mended = _mend(_apply(text, fixes), attempt)
        if mended:
            return mended
    return _salvage(text, attempt)


def _mend(text: str, attempt: Callable[[str], None]) -> str:
    for _ in range(_ROUNDS):
        try:
            attempt(text)
        except Refusal as refusal:
            if not refusal.cures:
                return ""
            text = _apply(text, refusal.cures[0])
        else:
            return text
    return ""


def _apply(text: str, fixes: tuple[Fix, ...]) -> str:
    for fix in sorted(fixes, key=lambda fix: fix.start, reverse=True):
        text = text[: fix.start] + fix.text + text[fix.end :]
    return _SPACES.sub(" ", text).strip()


def _salvage(text: str, attempt: Callable[[str], None]) -> str:
    """The words of the rule, all of them to be there: better than nothing."""
    every_word = words(text)
    kept = [word for word in every_word if word not in ("AND", "OR", "NOT", "NEAR")]
    if not kept:
        return ""
    plain = " AND ".join(f'"{word}"' for word in kept[:_MOST_WORDS])
    try:
        attempt(plain)
    except Refusal:
        return ""
    return plain
