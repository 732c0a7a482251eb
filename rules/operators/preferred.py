"""Preferred hits.

`Ukraine^` is `Ukraine`, and where the alert quotes the article, sentences with this hit come first. The mark stands
directly after one term: a word, a `"phrase"^`, `~word^`, `deploy*^`, `{NATO}^`. It changes nothing else.
"""

import re
from dataclasses import dataclass

from rules.conditions import Condition, Term
from rules.errors import Fix, Refusal
from rules.grammar import Call, Shape, grammar
from rules.lexer import Lexer
from rules.nodes import ATOM, Node, walk
from rules.tokenized import Hit, Hits, Tokenized

EXAMPLES = (
    ("Ukraine^ AND troops", "Troops for Ukraine.", True),
    ("Ukraine^ AND troops", "Troops for Poland.", False),
    ('"peace deal"^ NEAR/5 ~sign', "A peace deal was signed.", True),
    ("{NATO}^", "nato", False),
)


@dataclass(frozen=True, slots=True)
class Preferred(Node):
    """Its part; the hits are to be shown first."""

    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """Its part."""
        return (self.part,)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those of its part."""
        return self.part.hits(tokens)

    def write(self, full: bool = False) -> str:
        """As rule text. Of several terms, which only a list can bring that is written out, none can carry the mark."""
        text = self.part.write(full)
        return f"{text}^" if self.part.level == ATOM else f"({text})"

    def terms(self) -> tuple[Term, ...] | None:
        """Those of its part."""
        return self.part.terms()

    def condition(self, wanted: bool) -> Condition:
        """That of its part."""
        return self.part.condition(wanted)


def preferred_hits(node: Node, tokens: Tokenized, hits: Hits) -> Hits:
    """Of the `hits` of a rule's tree the runs that terms marked with `^` made, sorted."""
    marked = [each for each in walk(node) if isinstance(each, Preferred)]
    if not marked:
        return []
    own = {run for hit in hits for run in _runs(hit)}
    marked_runs = {run for each in marked for hit in each.hits(tokens) or () for run in _runs(hit)}
    return [(first, last, ()) for first, last in sorted(own & marked_runs)]


def _runs(hit: Hit) -> tuple[tuple[int, int], ...]:
    return hit[2] or ((hit[0], hit[1]),)


def _preferred(text: str, call: Call) -> Node:
    inside = text[:-1]
    try:
        tokens = list(Lexer(inside, call.lang, grammar(), call.lists))
    except Refusal as refusal:
        raise _moved(refusal, call.start) from None
    if len(tokens) != 1 or tokens[0].node is None:
        start = call.start + (tokens[1].start if len(tokens) > 1 else 0)
        message = "^ belongs to one term; a space before the next is missing, or parentheses are too many"
        raise Refusal(message, start, call.end, expected=("term^",), cures=_without(call))
    return Preferred(tokens[0].node)


def _moved(refusal: Refusal, by: int) -> Refusal:
    """The refusal of a text that begins at `by` in the rule."""
    cures = tuple(tuple(Fix(fix.start + by, fix.end + by, fix.text) for fix in fixes) for fixes in refusal.cures)
    start, end = refusal.start + by, refusal.end + by
    return Refusal(refusal.message, start, end, expected=refusal.expected, cures=cures)


def _stray(text: str, call: Call) -> Node:
    if text.strip("^"):
        message = "^ ends a term, and takes no number: term^ is shown first"
        cures = ((Fix(call.start, call.end, text.partition("^")[0] + "^"),), *_without(call))
    else:
        message, cures = "^ stands directly after one term: a word, a phrase", _without(call)
    raise Refusal(message, call.start, call.end, expected=("term^",), cures=cures)


def _without(call: Call) -> tuple[tuple[Fix, ...], ...]:
    return ((Fix(call.end - 1, call.end, " "),), (Fix(call.start, call.end, " "),))


_TERM = r"""(?:"[^"]*"~?|/(?:[^/\\]|\\.)+/[A-Za-z]*|\{[^{}]*\}|[^\s()"^/{}][^\s()"^{}]*)"""
SHAPES = (
    Shape(name="boost", pattern=re.compile(rf"{_TERM}\^(?=[\s()]|$)"), read=_preferred, rank=4),
    Shape(name="stray ^", pattern=re.compile(rf"\^+|{_TERM}\^[^\s()\"]+"), read=_stray),
)
