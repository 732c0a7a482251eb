"""Cuts a rule into parentheses, operators and terms."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from rules.errors import Fix, Refusal
from rules.grammar import NO_LISTS, Call, Grammar, Infix, Number, Prefix, Shape
from rules.nodes import Node

_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"([A-Z]{2,}(?: +[A-Z]{2,})?)(/[^\s()\"]*)?(?=[\s()\"]|$)")
_ONE_NAME = re.compile(r"([A-Z]{2,})(/[^\s()\"]*)?(?=[\s()\"]|$)")
_SCOPE = re.compile(r"([A-Za-z_]{2,}:)(\s*)(?=[^\s/:])")


class Token(NamedTuple):
    """A piece of the rule, and where it stands in the plain text."""

    kind: Literal["(", ")", "infix", "prefix", "term"]
    start: int
    end: int
    text: str
    infix: Infix | None = None
    prefix: Prefix | None = None
    number: int = 0
    node: Node | None = None


class Lexer:
    """The tokens of one rule, in order. Raises Refusal where the text cannot be read."""

    def __init__(self, text: str, lang: str, grammar: Grammar, lists: Mapping[str, str] = NO_LISTS) -> None:
        self._text, self._lang, self._grammar, self._lists = text, lang, grammar, lists
        self._shapes = [(shape.pattern.match, shape) for shape in grammar.shapes.values()]

    def __iter__(self) -> Iterator[Token]:
        at = 0
        while True:
            space = _SPACE.match(self._text, at)
            at = space.end() if space else at
            if at >= len(self._text):
                return
            token = self._token(at)
            yield token
            at = token.end

    def _token(self, at: int) -> Token:
        char = self._text[at]
        if char == "(":
            return Token("(", at, at + 1, char)
        if char == ")":
            return Token(")", at, at + 1, char)
        if char == "-":
            return self._minus(at)
        if char.isascii() and char.isalpha():
            found = self._operator(at) or self._scope(at)
            if found is not None:
                return found
        return self._term(at)

    def _minus(self, at: int) -> Token:
        after = self._text[at + 1 : at + 2]
        if not after.strip() or after == ")":
            raise Refusal(
                "a minus stands directly before what must be absent",
                at,
                at + 1,
                expected=self._grammar.expected_operand(),
                cures=((Fix(at, at + 2, "-"),), (Fix(at, at + 1),)),
            )
        return Token("prefix", at, at + 1, "-", prefix=self._grammar.prefix["NOT"])

    def _operator(self, at: int) -> Token | None:
        for pattern in (_NAME, _ONE_NAME):
            match = pattern.match(self._text, at)
            if match is None:
                continue
            name = _SPACE.sub(" ", match[1])
            infix, prefix = self._grammar.infix.get(name), self._grammar.prefix.get(name)
            item = infix or prefix
            if item is None or (match[2] is None and item.number is not None and item.number.default is None):
                continue
            number = self._number(item.number, name, match)
            kind: Literal["infix", "prefix"] = "infix" if infix else "prefix"
            return Token(kind, at, match.end(), match[0], infix=infix, prefix=prefix, number=number)
        return None

    def _number(self, number: Number | None, name: str, match: re.Match[str]) -> int:
        if match[2] is None:
            return (number.default or 0) if number else 0
        start, end, typed = match.start(2), match.end(), match[2][1:]
        if number is None:
            other = typed in self._grammar.infix
            cures = ((Fix(match.start(), end, typed),),) if other else ((Fix(start, end),),)
            raise Refusal(f"{name} takes no number", start, end, expected=(name,), cures=cures)
        digits = typed.isascii() and typed.isdigit()
        value = int(typed) if digits and len(typed) <= 9 else None
        if value is not None and number.low <= value <= number.high:
            return value
        nearest = number.high if digits else (number.default or number.low)
        shown = typed if len(typed) <= 12 else typed[:11] + "…"
        raise Refusal(
            f"{name} takes a whole number from {number.low} to {number.high}"
            + (f", not {shown}" if typed else f", as in {name}/{nearest}"),
            start,
            end,
            expected=(f"{name}/{number.low} to {name}/{number.high}",),
            cures=((Fix(start, end, f"/{nearest}"),),),
        )

    def _scope(self, at: int) -> Token | None:
        match = _SCOPE.match(self._text, at)
        if match is None:
            return None
        prefix = self._grammar.prefix.get(match[1].lower())
        if prefix is not None:
            return Token("prefix", at, match.end(), match[1], prefix=prefix)
        if match[2] or self._best_shape(at)[1].rank > 0:
            return None
        scopes = [name for name, each in self._grammar.prefix.items() if name[-1] == ":" and not each.reserved]
        raise Refusal(
            f"“{match[1]}” is no scope that rules know; to search for the words, put them in quotes",
            at,
            match.end(),
            expected=tuple(sorted(scopes)) or ("a word",),
            cures=((Fix(match.end() - 1, match.end(), " "),), (Fix(at, match.end()),)),
        )

    def _best_shape(self, at: int) -> tuple[int, Shape]:
        found = [
            (match.end(), shape.rank, shape)
            for try_at, shape in self._shapes
            if (match := try_at(self._text, at)) is not None and match.end() > at
        ]
        end, _, shape = max(found, key=lambda each: each[:2])  # the bare word of operators/words.py takes anything
        return end, shape

    def _term(self, at: int) -> Token:
        end, shape = self._best_shape(at)
        text = self._text[at:end]
        node = shape.read(text, Call(shape.name, 0, at, end, self._lang, self._lists))
        return Token("term", at, end, text, node=node)
