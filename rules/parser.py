"""Operator precedence: tokens to a tree. Without recursion, so that no rule can exhaust the stack."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.errors import Fix, Refusal
from rules.fact import placeless
from rules.grammar import Call, Grammar, Operand
from rules.lexer import Token
from rules.lists import too_much_for
from rules.nodes import AND, MOST_TERMS, OR, PREFIX, PROXIMITY, Node, count_terms
from rules.tokenized import EMPTY

MOST_LEVELS = 100
_EXAMPLES = ("troops", "earthquake")


@dataclass(slots=True)
class Reading:
    """What the parser made of a rule: its tree, where parts stand, and where AND and OR mix, if they do."""

    node: Node
    tokens: list[Token]
    mixed: tuple[int, int] | None
    depth: int  # the most levels of parentheses and prefixes inside one another


@dataclass(slots=True)
class _Parser:
    grammar: Grammar
    lang: str
    length: int
    swap: bool  # read OR as binding more tightly than AND: the other reading
    operands: list[Operand] = field(default_factory=list)
    waiting: list[Token] = field(default_factory=list)  # operators and open parentheses
    tokens: list[Token] = field(default_factory=list)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)  # by id of a node that `kept` keeps alive
    kept: list[Node] = field(default_factory=list)
    mixed: tuple[int, int] | None = None
    depth: int = 0
    deepest: int = 0
    terms: int = 0

    def level(self, token: Token) -> int:
        if token.infix is None:
            return PREFIX
        level = token.infix.level
        return {AND: OR, OR: AND}.get(level, level) if self.swap else level

    # ------------------------------------------------------------------------------------------ one token at a time

    def take(self, token: Token) -> None:
        wants_operand = not self.tokens or self.tokens[-1].kind in ("(", "infix", "prefix")
        if wants_operand:
            self._operand(token)
        elif token.kind == "infix":
            self._infix(token)
        elif token.kind == ")":
            self._close(token)
        else:  # a term after a term: AND
            both = Token("infix", token.start, token.start, "AND", infix=self.grammar.infix["AND"])
            self._infix(both)
            self._operand(token)
        self.tokens.append(token)

    def _operand(self, token: Token) -> None:
        if token.kind == "term":
            assert token.node is not None
            self.terms += count_terms(token.node) if token.node.children else 1  # a list has many
            if self.terms > MOST_TERMS:
                message = f"a rule can have {MOST_TERMS:,} terms at most; make two rules of it"
                raise Refusal(message, token.start, token.end)
            self._push(Operand(token.node, token.start, token.end))
        elif token.kind in ("(", "prefix"):
            self._open(token)
        else:
            raise self._missing(token)

    def _open(self, token: Token) -> None:
        before = self.tokens[-1] if self.tokens else None
        if token.prefix is not None and before is not None and before.prefix is token.prefix and _is_not(token):
            fixes = (Fix(before.start, before.end, " "), Fix(token.start, token.end, " "))
            raise Refusal("two NOTs cancel each other out", before.start, token.end, cures=(fixes,))
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        if self.depth > MOST_LEVELS:
            raise Refusal(f"a rule can be nested {MOST_LEVELS} levels deep at most", token.start, token.end)
        self.waiting.append(token)

    def _infix(self, token: Token) -> None:
        level = self.level(token)
        while self.waiting and self.waiting[-1].kind != "(" and self.level(self.waiting[-1]) >= level:
            self._reduce()
        self.waiting.append(token)

    def _close(self, token: Token) -> None:
        while self.waiting and self.waiting[-1].kind != "(":
            self._reduce()
        if not self.waiting:
            raise Refusal(
                "this closing parenthesis has no opening one",
                token.start,
                token.end,
                expected=(*self.grammar.expected_operator(), "the end"),
                cures=((Fix(token.start, token.end, " "),),),
            )
        opened = self.waiting.pop()
        self.depth -= 1
        inside = self.operands.pop()
        self._push(inside._replace(start=opened.start, end=token.end, grouped=True))

    def finish(self) -> Node:
        """The whole tree."""
        if not self.tokens or self.tokens[-1].kind in ("(", "infix", "prefix"):
            raise self._missing(None)
        opened = [token for token in self.waiting if token.kind == "("]
        if opened:
            last = opened[-1]
            raise Refusal(
                "this parenthesis is never closed",
                last.start,
                last.end,
                expected=(")",),
                cures=((Fix(self.length, self.length, ")" * len(opened)),),),
            )
        while self.waiting:
            self._reduce()
        (whole,) = self.operands
        self._needs_presence(whole.node)
        return whole.node

    # ---------------------------------------------------------------------------------------------- building the tree

    def _push(self, operand: Operand) -> None:
        self.operands.append(operand)
        self.kept.append(operand.node)
        self.places[id(operand.node)] = (operand.start, operand.end)

    def _reduce(self) -> None:
        token = self.waiting.pop()
        call = Call(token.text, token.number, token.start, token.end, self.lang)
        right = self.operands.pop()
        if token.prefix is not None:
            self.depth -= 1
            self._need_place_inside(right, token)
            self._push(Operand(token.prefix.make(right, call), token.start, right.end, grouped=True))
            return
        assert token.infix is not None
        left = self.operands.pop()
        if token.infix.level == PROXIMITY:
            self._need_places((left, right), token)
        if self.mixed is None and self.level(token) == OR and any(map(self._is_loose, (left, right))):
            self.mixed = left.start, right.end
        self._push(Operand(token.infix.make(left, right, call), left.start, right.end))

    def _need_places(self, sides: Iterable[Operand], token: Token) -> None:
        """Refuse to measure how near a fact is, or a list that is more than words."""
        for side in sides:
            fault = placeless(side.node) or too_much_for(side.node)
            if fault:
                cures = ((Fix(token.start, token.end, "AND"),),)
                raise Refusal(f"{fault}, so {token.text} cannot measure it", side.start, side.end, cures=cures)

    def _need_place_inside(self, operand: Operand, token: Token) -> None:
        """Refuse to look for a fact in the title, or to count it."""
        prefix = token.prefix
        if prefix is None or prefix.term or prefix.comma or _is_not(token):
            return
        fault = placeless(operand.node)
        if fault:
            cures = ((Fix(token.start, token.end, " "),),)
            raise Refusal(
                f"{fault}, so {token.text.strip()} is for something else", operand.start, operand.end, cures=cures
            )

    def _is_loose(self, operand: Operand) -> bool:
        """An AND that was not put in parentheses (an OR, in the other reading)."""
        return not operand.grouped and operand.node.level == (OR if self.swap else AND)

    def _needs_presence(self, node: Node) -> None:
        """Refuse what is true of an empty text: it would alert on nearly everything."""
        if node.hits(EMPTY) is None:
            return
        if node.level == OR:
            number = next(i for i, child in enumerate(node.children) if child.hits(EMPTY) is not None)
            start, end = self.places.get(id(node.children[number]), (0, self.length))
            raise Refusal(
                "this side of OR says only what must be absent, so that nearly every text would match",
                start,
                end,
                expected=("a term that must be there",),
                cures=self._join_branch(node, number),
            )
        there = next((word for word in _EXAMPLES if all(word not in token.text for token in self.tokens)), "news")
        raise Refusal(
            "the rule says only what must be absent, so that nearly every text would match; put before it what must be "
            f"there, such as {there}",
            0,
            self.length,
            expected=("a term that must be there",),
            cures=((Fix(0, 0, f"{there} "),),),
        )

    def _join_branch(self, node: Node, number: int) -> tuple[tuple[Fix, ...], ...]:
        """Make an AND of the OR beside a branch."""
        places = [self.places.get(id(child)) for child in node.children]
        own, before = places[number], places[number - 1] if number else None
        after = places[number + 1] if number + 1 < len(places) else None
        if own and before:
            return ((Fix(before[1], own[0], " "),),)
        return ((Fix(own[1], after[0], " "),),) if own and after else ()

    def _missing(self, token: Token | None) -> Refusal:
        """A term is missing before `token`, or before the end."""
        before = self.tokens[-1] if self.tokens else None
        if before is None and token is None:
            return Refusal("the rule is empty", 0, self.length, expected=self.grammar.expected_operand())
        if before is None or (before.kind == "(" and token is not None):
            assert token is not None
            return self._nothing_before(token, before)
        message = "this parenthesis is never closed" if before.kind == "(" else f"{before.text} needs a term after it"
        cures = ((Fix(before.start, before.end, " "),), *(((Fix(token.start, token.end, " "),),) if token else ()))
        return Refusal(message, before.start, before.end, expected=self.grammar.expected_operand(), cures=cures)

    def _nothing_before(self, token: Token, opened: Token | None) -> Refusal:
        """An operator or a closing parenthesis at the start of the rule or of a group."""
        start, message = token.start, f"{token.text} needs a term before it"
        if token.kind == ")" and opened is not None:
            start, message = opened.start, "there is nothing between these parentheses"
        elif token.kind == ")":
            message = "this closing parenthesis has no opening one"
        cures = ((Fix(start, token.end, " "),),)
        return Refusal(message, start, token.end, expected=self.grammar.expected_operand(), cures=cures)


def _is_not(token: Token) -> bool:
    return token.prefix is not None and token.prefix.name == "NOT"


def read(tokens: Iterable[Token], *, grammar: Grammar, lang: str, length: int, swap: bool = False) -> Reading:
    """The tree of a rule of `length` characters. Raises Refusal."""
    parser = _Parser(grammar, lang, length, swap)
    for token in tokens:
        parser.take(token)
    return Reading(parser.finish(), parser.tokens, parser.mixed, parser.deepest)
