"""Commas between the words of a rule: people write "troops, Ukraine" for both words, and for either of them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rules.lexer import Token

_INSIDE = re.compile(r"(?<=[^\W\d]),(?=[^\W\d])")  # troops,Ukraine; not 10,000


class Commas(NamedTuple):
    """What to say of them, where the first stands, and the rule with OR in their places, unless it has operators."""

    message: str
    place: tuple[int, int]
    either: str


def commas_read_over(plain: str, tokens: Sequence[Token]) -> Commas | None:
    """The commas that were read as nothing; None when there are none. Those between parts of `of (a, b)` are read.

    >>> from rules import parse
    >>> note = parse("troops, Ukraine").notes[0]
    >>> note.message, note.other
    ('the comma says nothing: all of these words have to be there. For any of them, write OR.', 'troops OR Ukraine')
    """
    if "," not in plain:
        return None
    between = [at for pair in pairwise(tokens) if (at := _comma_between(plain, *pair)) >= 0]
    inside = [match.start() for token in tokens if _is_bare(token) for match in _INSIDE.finditer(plain, *token[1:3])]
    places = sorted({*between, *inside})
    if not places:
        return None
    no_operator = all(token.kind in ("term", "(", ")") for token in tokens)
    either = "".join(" OR " if at in places else char for at, char in enumerate(plain)) if no_operator else ""
    read = "all of these words have to be there" if between else "these words have to stand side by side"
    return Commas(f"the comma says nothing: {read}. For any of them, write OR.", (places[0], places[0] + 1), either)


def _comma_between(plain: str, first: Token, second: Token) -> int:
    """Where a comma parts the first term from the second; -1 where none does."""
    if first.kind != "term" or second.kind != "term":
        return -1
    before = plain[first.start : second.start].rstrip()
    return first.start + len(before) - 1 if before.endswith(",") else -1


def _is_bare(token: Token) -> bool:
    return token.kind == "term" and not any(sign in token.text for sign in '"/{}')
