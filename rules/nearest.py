"""The nearest miss: the smallest change that makes a rule true of a document that it is false of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.document import Document
from rules.edits import (
    LEAF,
    NUMBER,
    REMOVED,
    TOGETHER,
    UNSCOPED,
    Change,
    Reader,
    apart,
    leaves,
    looser,
    renumbered,
    respelt,
)
from rules.edits import short as quoted
from rules.grammar import NO_LISTS
from rules.nodes import PROXIMITY, Node, rebuilt
from rules.operators.boolean import And, Not, Or
from rules.rule import Rule
from rules.tokenized import EMPTY, Tokenized, tokenize

MOST_TRIED = 3000  # parts that are tried on the document
_MOST_FUZZY = 12  # words that are compared letter by letter with each word of the document
_MOST_WHYS = 3


def nearest_miss(
    rule: Rule, document: Document, *, lists: Mapping[str, str] = NO_LISTS, most_tried: int = MOST_TRIED
) -> Change | None:
    """The changed rule, which is true of the document; None when the rule is true already or nothing small helps.

    At most `most_tried` changed parts are tried on the document, which is what a long one makes slow.

    >>> from rules import Document, parse
    >>> nearest_miss(parse("deployment AND Ukraine"), Document(id="1", body="Deployments in Ukraine."))
    Change(text='~deployment AND Ukraine', why='found “Deployments”; write ~deployment', cost=10)
    """
    tokens, reader = tokenize(document), Reader(rule.lang, lists)
    if rule.node.hits(tokens) is not None:
        return None
    mended = _Mender(tokens, reader, most_tried).mend(rule.node)
    if mended is None:
        return None
    text = mended.node.write()
    read = reader.read(text)
    if read is None or read.hits(tokens) is None:
        return None
    shown = "; ".join(mended.whys[:_MOST_WHYS])
    more = len(mended.whys) - _MOST_WHYS
    return Change(text, shown + (f"; and {more} more" if more > 0 else ""), mended.cost)


class _Edit(NamedTuple):
    """Something that may stand in the place of a node: what, why (in words), and how big a change it is."""

    node: Node
    why: str
    cost: int


class _Mended(NamedTuple):
    """A node that does what was wanted, and what that took."""

    node: Node
    whys: tuple[str, ...] = ()
    cost: int = 0


@dataclass(slots=True)
class _Mender:
    """Looks for the cheapest change: of an AND every false part has to be mended, of an OR the cheapest one."""

    tokens: Tokenized
    reader: Reader
    left: int
    fuzzy_left: int = _MOST_FUZZY
    seen: dict[Node, "_Mended | None"] = field(default_factory=dict)  # a term often stands in a rule again and again

    def is_true(self, node: Node) -> bool:
        """Counts what is tried: beyond the limit nothing is true any more, and only taking away is left."""
        self.left -= 1
        return self.left > 0 and node.hits(self.tokens) is not None

    def mend(self, node: Node) -> _Mended | None:
        """The node, or what is nearest to it and true of the text."""
        if node not in self.seen:  # without this, scopes inside scopes would be looked at twice a level
            self.seen[node] = _Mended(node) if node.hits(self.tokens) is not None else self._mend(node)
        return self.seen[node]

    def _mend(self, node: Node) -> _Mended | None:
        if isinstance(node, And):
            return self._and(node)
        if isinstance(node, Or):
            return self._or(node)
        if isinstance(node, Not):
            quiet = self._quiet(node.part)
            return quiet and _Mended(Not(quiet.node), quiet.whys, quiet.cost)
        return _cheapest(self._others(node))

    # ------------------------------------------------------------------------------------------------ AND, OR, NOT

    def _and(self, node: And) -> _Mended | None:
        """Each false part mended, or taken away where that is the smaller change; something wanted has to stay."""
        kept: list[_Mended | None] = []
        ways: dict[int, _Mended] = {}
        for number, part in enumerate(node.parts):
            way = self.mend(part)
            if way is not None and way.cost:
                ways[number] = way
            taken_away = way is None or (way.cost > _removal(part) and not isinstance(part, Not))
            kept.append(None if taken_away else way)
        if not any(each is not None and _is_wanted(each.node) for each in kept):
            wanted = [number for number, way in ways.items() if _is_wanted(way.node)]
            if not wanted:
                return None
            best = min(wanted, key=lambda number: ways[number].cost)
            kept[best] = ways[best]
        whys: list[str] = []
        cost = 0
        for part, each in zip(node.parts, kept, strict=True):
            whys += each.whys if each else [self._why_removed(part)]
            cost += each.cost if each else _removal(part)
        return _Mended(_joined(And, [each.node for each in kept if each]), tuple(whys), cost)

    def _or(self, node: Or) -> _Mended | None:
        """The branch that needs least."""
        best: tuple[int, _Mended] | None = None
        for number, part in enumerate(node.parts):
            way = self.mend(part)
            if way is not None and (best is None or way.cost < best[1].cost):
                best = number, way
            if best is not None and best[1].cost <= NUMBER:
                break
        if best is None:
            return None
        number, way = best
        parts = [*node.parts[:number], way.node, *node.parts[number + 1 :]]
        return _Mended(_joined(Or, parts), way.whys, way.cost)

    def _quiet(self, node: Node) -> _Mended | None:
        """The node, or what is nearest to it and false of the text: what NOT needs."""
        if node.hits(self.tokens) is None:
            return _Mended(node)
        if isinstance(node, Or):
            return self._quiet_or(node)
        ways: list[_Mended] = []
        for other, distance in renumbered(node, lambda other: not self._counts(other)):
            if self.reader.keeps(other):
                why = f"{quoted(node)} is there and the rule excludes it; {quoted(other)} is not"
                ways.append(_Mended(other, (why,), _number_cost(distance)))
        return _cheapest(ways)

    def _counts(self, node: Node) -> bool:
        self.left -= 1
        return self.left <= 0 or node.hits(self.tokens) is not None

    def _quiet_or(self, node: Or) -> _Mended | None:
        parts: list[Node] = []
        whys: list[str] = []
        cost = 0
        for part in node.parts:
            way = self._quiet(part)
            if way is not None and way.cost <= _removal(part):
                parts.append(way.node)
                whys += way.whys
                cost += way.cost
            else:
                whys.append(self._why_removed(Not(part)))
                cost += _removal(part)
        return _Mended(_joined(Or, parts), tuple(whys), cost) if parts else None

    # --------------------------------------------------------------------------------------------- everything else

    def _others(self, node: Node) -> Iterator[_Mended]:
        """Ways to make any other operator true, each of them tried."""
        for whole, before in self._with_parts_mended(node):
            if before and self.is_true(whole):
                yield _Mended(whole, before.whys, before.cost)
                continue
            for edit in self._edits(whole):
                mended = self.mend(edit.node) if edit.cost >= UNSCOPED and edit.node.children else _Mended(edit.node)
                if mended and self.is_true(mended.node) and self.reader.keeps(mended.node):
                    whys = (*(before.whys if before else ()), edit.why, *mended.whys)
                    yield _Mended(mended.node, whys, edit.cost + mended.cost + (before.cost if before else 0))

    def _with_parts_mended(self, node: Node) -> Iterator[tuple[Node, _Mended | None]]:
        """The node with every false part mended, if that is possible; itself when no part is false."""
        ways = [self.mend(child) for child in node.children]
        there = [way for way in ways if way is not None]
        if len(there) < len(ways) or not any(way.cost for way in there):
            yield node, None
            return
        whole = rebuilt(node, [way.node for way in there])
        if whole is not None and self.reader.keeps(whole):
            whys = tuple(why for way in there for why in way.whys)
            yield whole, _Mended(whole, whys, sum(way.cost for way in there))

    def _edits(self, node: Node) -> Iterator[_Edit]:
        """Other numbers and spellings, a part without its scope, the sides of a proximity anywhere: what may help."""
        for other, distance in renumbered(node, self.is_true):
            why = node.detail(self.tokens, self.reader.lang)
            yield _Edit(other, why or f"write {quoted(other)}", _number_cost(distance))
        if not node.children:
            yield from self._spellings(node)
        elif len(node.children) == 1:
            why = node.detail(self.tokens, self.reader.lang) or f"{quoted(node)} is not there"
            yield _Edit(node.children[0], f"{quoted(node.children[0])}: {why}", UNSCOPED)
        elif node.level == PROXIMITY:
            yield from self._looser(node)
            yield from self._apart(node)

    def _spellings(self, leaf: Node) -> Iterator[_Edit]:
        """The first other spelling that is there, and what the document has."""
        fuzzy = self.fuzzy_left > 0
        self.fuzzy_left -= fuzzy
        for text, cost in respelt(leaf, fuzzy=fuzzy):
            node = self.reader.read(text)
            if node is not None and node != leaf and self.is_true(node):
                yield self._written(node, cost)
                return
        for node, cost in apart(leaf, self.reader, self.is_true):
            yield self._written(node, cost)

    def _written(self, node: Node, cost: int) -> _Edit:
        return _Edit(node, f"found “{self._example(node)}”; write {node.write()}", cost)

    def _example(self, node: Node) -> str:
        first, last, _ = (node.hits(self.tokens) or [(0, 0, ())])[0]
        return " ".join(self.tokens.quote(self.tokens.span(first, last)).split())[:200]

    def _looser(self, node: Node) -> Iterator[_Edit]:
        """The sides in the other order, or in one paragraph, where they shall be near each other."""
        for text, cost in looser(node) if self._wants_together(node) else ():
            other = self.reader.read(text)
            if other is None or other == node:
                continue
            why = node.detail(self.tokens, self.reader.lang) or f"{quoted(node)} is not there, {quoted(other)} is"
            if self.is_true(other):
                yield _Edit(other, why, cost)
                continue
            for farther, distance in renumbered(other, self.is_true):
                yield _Edit(farther, why, cost + min(distance // 10, 9))

    def _apart(self, node: Node) -> Iterator[_Edit]:
        """The sides of a proximity anywhere; or the one side alone that is there."""
        there = [child for child in node.children if child.hits(self.tokens) is not None]
        if len(there) == len(node.children) and not self._wants_together(node):
            yield _Edit(
                there[0], node.detail(self.tokens, self.reader.lang) or f"{quoted(there[1])} is near it", UNSCOPED
            )
        elif len(there) == len(node.children):
            why = node.detail(self.tokens, self.reader.lang) or f"{quoted(node)} is not there, its parts are"
            yield _Edit(_joined(And, there), why, TOGETHER)
        elif there:
            gone = [child for child in node.children if child not in there]
            cost = sum(map(_removal, gone))
            yield _Edit(there[0], "; ".join(map(self._why_removed, gone)), cost)

    def _why_removed(self, part: Node) -> str:
        if isinstance(part, Not):
            return f"{quoted(part.part)} is there and the rule excludes it"
        detail = part.detail(self.tokens, self.reader.lang)
        remark = f": {detail}" if detail and not detail.startswith("not found") else " is not there"
        return f"{quoted(part)}{remark}; remove it"

    def _wants_together(self, node: Node) -> bool:
        """Whether it is true where its sides stand side by side. NOT NEAR is not: both anywhere are no cure for it."""
        together = " ".join(map(self._example, node.children))
        return node.hits(Tokenized(Document(id="", body=together))) is not None


def _cheapest(ways: Iterable[_Mended]) -> _Mended | None:
    return min(ways, key=lambda way: way.cost, default=None)


def _number_cost(distance: int) -> int:
    return NUMBER + min(distance // 10, 9)


def _removal(part: Node) -> int:
    return REMOVED + LEAF * min(leaves(part), 100)


def _is_wanted(node: Node) -> bool:
    """Whether it asks for something: a rule of NOTs alone is none."""
    return node.hits(EMPTY) is None


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """As the parser joins them: no AND directly inside AND, no group of one."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
