"""Regular expressions of other tools: as ours, or as the words that they come to."""

import re

from rules.dialects._common import Token, lost, refusal, spoken

_SLASH = re.compile(r"(?s)\\.|/")  # would end our regular expression
_GROUP = re.compile(r"\((?:\?:)?([^()]*)\)")
_LITERAL = re.compile(r"(?:[^\W_]|[ '&/:.,+-])+")
_ESCAPED = re.compile(r"\\([ '&/:.,+-])")
_EDGE = r"\b"
_WHOLE = "whole words, not parts of longer ones: finds less"


def regex(start: int, end: int, body: str, *, folded: bool) -> Token:
    """A term for the expression; the words that it comes to where our engine does not run it; lost otherwise."""
    text = f"/{_SLASH.sub(_hex, body)}/{'i' * folded}"
    reason = refusal(text)
    if not reason:
        return Token(kind="term", start=start, end=end, into=text, choices=plain_words(body)[1])
    whole, choices = plain_words(body)
    if body[:1] == "^" or body[-1:] == "$":
        choices = ()
    said = [spoken(each) if folded else f"{{{each}}}" for each in choices]
    if not said or any(map(refusal, said)):
        return lost(start, end, f"this regular expression does not run here: {reason}")
    into = said[0] if len(said) == 1 else f"({' OR '.join(said)})"
    if whole:
        return Token(kind="term", start=start, end=end, into=into, choices=choices)
    return Token(kind="term", start=start, end=end, into=into, choices=choices, verdict="changed", why=_WHOLE)


def _hex(match: re.Match[str]) -> str:
    return r"\x2f" if match[0] in ("/", r"\/") else match[0]


def plain_words(body: str) -> tuple[bool, tuple[str, ...]]:
    """Whether it takes whole words alone, and the words that it is a choice of; none when it is anything else."""
    body = body.removeprefix("^")
    body = body if body.endswith(r"\$") else body.removesuffix("$")
    outside = body.startswith(_EDGE) and body.endswith(_EDGE) and len(body) >= 2 * len(_EDGE)
    core = body[len(_EDGE) : -len(_EDGE)] if outside else body
    group = _GROUP.fullmatch(core)
    pieces = (group[1] if group else core).split("|")
    whole = bool(outside and (group or len(pieces) == 1))
    if outside and not whole:
        pieces = body.split("|")
    inside = [piece.removeprefix(_EDGE).removesuffix(_EDGE) for piece in pieces]
    whole = whole or all(piece == _EDGE + each + _EDGE for piece, each in zip(pieces, inside, strict=True))
    choices = [_ESCAPED.sub(r"\1", each).strip() for each in inside]
    fine = all(_LITERAL.fullmatch(each) and spoken(each) for each in choices)
    return whole, tuple(choices) if fine else ()
