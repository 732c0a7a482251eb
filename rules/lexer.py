"""Cuts a rule into parentheses, operators and terms."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from rules.errors import Fix, Refusal
from rules.grammar import NO_LISTS, Call, Grammar, Infix, Number, Prefix, Shape
from rules.nodes import Node
from rules.run import plain_run

_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"([A-Z]{2,}(?: +[A-Z]{2,})?)(/[^\s()\"]*)?(?=[\s()\"]|$)")
_SINGLE_NAME = re.compile(r"([A-Z]{2,})(/[^\s()\"]*)?(?=[\s()\"]|$)")
_SCOPE = re.compile(r"([A-Za-z_]{2,}:)(\s*)")
_COUNTED = re.compile(r"([A-Za-z_]{2,}:)\s*([^\s(),]*)(\s*of\b)?\s*", re.IGNORECASE)
_FACT = re.compile(r'"[^"]*"?[^\s(),"]*|[^\s()"]+')
_WHOLE = re.compile(r'"[^"]*"|/(?:\\.|[^/\\])*/|\{[^{}]*\}')  # what may have a comma inside

# What nearly all rules are made of; of an upper-case word, only the grammar knows whether it is an operator.
_PLAIN = re.compile(r'([A-Za-z0-9]+)(?=[\s()]|$)(?!\s+[<>=≤≥])|"([A-Za-z0-9]+(?: [A-Za-z0-9]+)*)"(?=[\s()]|$)')


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


class _Place(NamedTuple):
    """Whose terms are read here, if they are not read by the shapes, and who parts them by commas."""

    term: Prefix | None = None
    comma: Prefix | None = None


_OUTSIDE = _Place()


def alone(text: str) -> Node | None:
    """The tree of a rule that is one plain word or phrase, which nearly half of all rules are; None for others."""
    plain = _PLAIN.fullmatch(text)
    if plain is None or (plain[1] and plain[1].isupper()):
        return None
    return plain_run(plain[1] or plain[2], bool(plain[2]))


class Lexer:
    """The tokens of one rule, in order. Raises Refusal where the text cannot be read."""

    def __init__(self, text: str, lang: str, grammar: Grammar, lists: Mapping[str, str] = NO_LISTS) -> None:
        self._text, self._lang, self._grammar, self._lists = text, lang, grammar, lists
        self._around: list[_Place] = []  # one for each open parenthesis
        self._here = self._next = _OUTSIDE  # inside the innermost one, and where the next operand will be

    def __iter__(self) -> Iterator[Token]:
        at = 0
        while True:
            space = _SPACE.match(self._text, at)
            at = space.end() if space else at
            if at >= len(self._text):
                return
            if self._text[at] == "," and self._here.comma is None and self._next.term is None:
                at += 1  # it says nothing here: rules/commas.py tells of it
                continue
            token = self._token(at)
            self._move(token)
            yield token
            at = token.end

    def _move(self, token: Token) -> None:
        """Learn from the token how the next one is to be read."""
        if token.kind == "(":
            self._around.append(self._here)
            self._here = self._next
        elif token.kind == ")":
            self._here = self._around.pop() if self._around else _OUTSIDE
        if token.prefix is not None and (token.prefix.term or token.prefix.comma):
            own = token.prefix
            self._next = _Place(own if own.term else self._here.term, own if own.comma else None)
        elif token.prefix is None:
            self._next = _Place(self._here.term)  # plain parentheses have no commas of their own

    def _token(self, at: int) -> Token:
        plain = _PLAIN.match(self._text, at)
        if plain is not None and self._next.term is None and not (plain[1] and plain[1].isupper()):
            return Token("term", at, plain.end(), plain[0], node=plain_run(plain[1] or plain[2], bool(plain[2])))
        char = self._text[at]
        if char == "(":
            return Token("(", at, at + 1, char)
        if char == ")":
            return Token(")", at, at + 1, char)
        if char == "," and self._here.comma is not None:
            return Token("infix", at, at + 1, char, infix=self._here.comma.comma)
        if char == "-":
            return self._minus(at)
        end = self._end(at)
        if char.isascii() and char.isalpha():
            token = self._operator(at, end) or self._scope(at, end)
            if token is not None:
                return token
        return self._term(at, end)

    def _end(self, at: int) -> int:
        """How far a token can reach: to the next comma where commas part operands, otherwise to the end."""
        if self._here.comma is None:
            return len(self._text)
        whole = _WHOLE.match(self._text, at)
        comma = self._text.find(",", whole.end() if whole else at)
        return comma if comma >= 0 else len(self._text)

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

    def _operator(self, at: int, end: int) -> Token | None:
        for pattern in (_NAME, _SINGLE_NAME):
            match = pattern.match(self._text, at, end)
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

    def _scope(self, at: int, end: int) -> Token | None:
        match = _SCOPE.match(self._text, at, end)
        if match is None:
            return None
        prefix = self._grammar.prefix.get(match[1].lower())
        if prefix is not None:
            if prefix.number is not None:
                return self._counted(at, prefix, prefix.number)
            return Token("prefix", at, match.end(), match[1], prefix=prefix)
        after = self._text[match.end() : match.end() + 1]
        if match[2] or after in ("", "/", ":") or self._next.term or self._best_shape(at, end)[1].rank > 0:
            return None
        scopes = [name for name, each in self._grammar.prefix.items() if name[-1] == ":"]
        raise Refusal(
            f"“{match[1]}” is no scope that rules know; to search for the words, put them in quotes",
            at,
            match.end(),
            expected=tuple(sorted(scopes)) or ("a word",),
            cures=((Fix(match.end() - 1, match.end(), " "),), (Fix(at, match.end()),)),
        )

    def _counted(self, at: int, prefix: Prefix, number: Number) -> Token:
        """`name:n of`, the parenthesis still to come."""
        match = _COUNTED.match(self._text, at)
        assert match is not None, "the scope has been matched"
        name, typed, start, end = prefix.name, match[2], match.start(2), match.end(2)
        digits = typed.isascii() and typed.isdigit() and len(typed) <= 9
        if not digits or not number.low <= int(typed) <= number.high:
            nearest = number.high if digits and int(typed) else number.low
            raise Refusal(
                f"{name} takes a whole number from {number.low} to {number.high}, as in {name}{nearest} of (a, b, c)",
                at,
                max(end, match.end(1)),
                expected=(f"{name}{number.low} of (", f"{name}{number.high} of ("),
                cures=((Fix(at, match.end(), f"{name}{nearest} of "),), (Fix(at, match.end(), " "),)),
            )
        after = self._text[match.end() : match.end() + 1]
        if match[3] is None or after != "(":
            raise Refusal(
                f"{name}{typed} stands before parts in parentheses, as in {name}{typed} of (a, b, c)",
                at,
                match.end(),
                expected=(f"{name}{typed} of (",),
                cures=((Fix(start, match.end(), f"{typed} of "),), (Fix(at, match.end(), " "),)),
            )
        return Token("prefix", at, match.end(), match[0].strip(), prefix=prefix, number=int(typed))

    def _best_shape(self, at: int, end: int) -> tuple[int, Shape]:
        shapes = [
            (match.end(), shape.rank, shape)
            for try_at, shape in self._grammar.matchers
            if (match := try_at(self._text, at, end)) is not None and match.end() > at
        ]
        reach, _, shape = max(shapes, key=lambda each: each[:2])  # the bare word of operators/words.py takes anything
        return reach, shape

    def _term(self, at: int, end: int) -> Token:
        owner = self._next.term
        if owner is not None and owner.term is not None:
            match = _FACT.match(self._text, at, end)
            assert match is not None, "it takes anything but spaces and parentheses"
            node = owner.term(match[0], Call(owner.name, 0, at, match.end(), self._lang, self._lists))
            return Token("term", at, match.end(), match[0], node=node)
        reach, shape = self._best_shape(at, end)
        text = self._text[at:reach]
        node = shape.read(text, Call(shape.name, 0, at, reach, self._lang, self._lists))
        return Token("term", at, reach, text, node=node)
