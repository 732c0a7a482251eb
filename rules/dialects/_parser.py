"""Operator precedence of any dialect: tokens to a tree, without recursion."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rules.dialects._common import Token
from rules.errors import Fix, Refusal
from rules.nodes import MOST_TERMS

MOST_LEVELS = 50
_MERGED = {"and": "and", "andnot": "and", "or": "or", "phrase": "phrase"}  # chains that make one node


@dataclass(frozen=True, slots=True)
class Tree:
    """A term, or an operator and what it takes. `joins[i]` is the operator before child i + 1 of a chain."""

    token: Token
    start: int
    end: int
    children: tuple["Tree", ...] = ()
    joins: tuple[Token, ...] = ()
    depth: int = 1
    grouped: bool = False


@dataclass(slots=True)
class _Parser:
    implicit: Token  # between terms that stand side by side; a "not" token says what its own is
    length: int
    operands: list[Tree] = field(default_factory=list)
    waiting: list[Token] = field(default_factory=list)
    last: Token | None = None
    added: list[Token] = field(default_factory=list)
    terms: int = 0

    def take(self, token: Token) -> None:
        if token.kind == "aside":
            return
        if self.last is None or self.last.kind in ("(", "infix", "prefix", "not"):
            self._operand(token)
        elif token.kind == "infix":
            self._infix(token)
        elif token.kind == "not":
            token = replace(token, kind="infix", op="andnot", power=token.beside)
            self._infix(token)
        elif token.kind == "postfix":
            self._postfix(token)
        elif token.kind == ")":
            self._close(token)
        else:
            beside = replace(self.implicit, start=token.start, end=token.start)
            self.added.append(beside)
            self._infix(beside)
            self._operand(token)
        self.last = token

    def _operand(self, token: Token) -> None:
        if token.kind == "term":
            self.terms += 1
            if self.terms > MOST_TERMS:
                message = f"a rule can have {MOST_TERMS:,} terms at most; make two rules of it"
                raise Refusal(message, token.start, token.end)
            self.operands.append(Tree(token, token.start, token.end))
        elif token.kind in ("(", "prefix", "not"):
            if len(self.waiting) >= 4 * MOST_LEVELS or sum(each.kind == "(" for each in self.waiting) >= MOST_LEVELS:
                raise Refusal(f"a rule can be nested {MOST_LEVELS} levels deep at most", token.start, token.end)
            self.waiting.append(replace(token, kind="prefix") if token.kind == "not" else token)
        else:
            raise self._missing(token)

    def _infix(self, token: Token) -> None:
        self._reduce_to(token.power)
        self.waiting.append(token)

    def _postfix(self, token: Token) -> None:
        self._reduce_to(token.power)
        self._push_tree(token, (self.operands.pop(),), end=token.end)

    def _reduce_to(self, power: float) -> None:
        while self.waiting and self.waiting[-1].kind != "(" and self.waiting[-1].power >= power:
            self._reduce()

    def _close(self, token: Token) -> None:
        self._reduce_to(float("-inf"))
        if not self.waiting:
            cures = ((Fix(token.start, token.end, " "),),)
            raise Refusal("this closing parenthesis has no opening one", token.start, token.end, cures=cures)
        opened = self.waiting.pop()
        inside = self.operands.pop()
        self.operands.append(replace(inside, start=opened.start, end=token.end, grouped=True))

    def _reduce(self) -> None:
        token = self.waiting.pop()
        right = self.operands.pop()
        if token.kind == "prefix":
            self._push_tree(token, (right,), start=token.start)
            return
        left = self.operands.pop()
        family = _MERGED.get(token.op)
        if family and _MERGED.get(left.token.op) == family and left.joins and not left.grouped:
            depth = max(left.depth, right.depth + 1)
            self.operands.append(
                replace(
                    left,
                    end=right.end,
                    children=(*left.children, right),
                    joins=(*left.joins, token),
                    depth=depth,
                )
            )
            self._check_depth(self.operands[-1])
            return
        self._push_tree(token, (left, right))

    def _push_tree(self, token: Token, children: tuple[Tree, ...], start: int = -1, end: int = -1) -> None:
        start = children[0].start if start < 0 else start
        end = children[-1].end if end < 0 else end
        joins = (token,) if len(children) > 1 else ()
        tree = Tree(token, start, end, children, joins, 1 + max(child.depth for child in children))
        self._check_depth(tree)
        self.operands.append(tree)

    def _check_depth(self, tree: Tree) -> None:
        if tree.depth > MOST_LEVELS:
            raise Refusal(f"a rule can be nested {MOST_LEVELS} levels deep at most", tree.token.start, tree.token.end)

    def finish(self) -> Tree:
        """The whole tree."""
        if self.last is None:
            raise Refusal("the rule is empty", 0, self.length)
        if self.last.kind in ("(", "infix", "prefix", "not"):
            raise self._missing(None)
        opened = [token for token in self.waiting if token.kind == "("]
        if opened:
            place = opened[-1]
            cures = ((Fix(self.length, self.length, ")" * len(opened)),),)
            raise Refusal("this parenthesis is never closed", place.start, place.end, expected=(")",), cures=cures)
        self._reduce_to(float("-inf"))
        (whole,) = self.operands
        return whole

    def _missing(self, token: Token | None) -> Refusal:
        """A term is missing before `token`, or before the end."""
        before = self.last
        if before is None or (before.kind == "(" and token is not None):
            assert token is not None
            start = token.start if before is None or token.kind != ")" else before.start
            if token.kind == ")" and before is not None:
                message = "there is nothing between these parentheses"
            else:
                message = "a term is missing before this"
            return Refusal(message, start, token.end, cures=((Fix(start, token.end, " "),),))
        if before.into.endswith("NOT") and token is not None and token.kind == "infix":
            # No cure: without its NOT it would say the opposite.
            message = f"this tool has no NOT before {token.into.partition('/')[0]}"
            message += "" if token.op == "pre" else f"; in our rules: A NOT {token.into} B"
            return Refusal(message, before.start, token.end, expected=("a term",))
        message = "this parenthesis is never closed" if before.kind == "(" else "a term is missing after this"
        cures = [(Fix(before.start, before.end, " "),)]
        if token is not None:
            cures.append((Fix(token.start, token.end, " "),))
        return Refusal(message, before.start, before.end, expected=("a term",), cures=tuple(cures))


def read(tokens: Iterable[Token], *, implicit: Token, length: int) -> tuple[Tree, list[Token]]:
    """The tree of a source rule, and its tokens in order. Raises Refusal."""
    parser = _Parser(implicit, length)
    taken: list[Token] = []
    for token in tokens:
        parser.take(token)
        taken.append(token)
    return parser.finish(), sorted([*taken, *parser.added], key=lambda token: (token.start, token.end))
