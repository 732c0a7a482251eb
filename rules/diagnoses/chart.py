"""The rule under examination: its parts, where each stands in the text as typed, and rules made from it by edits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.diagnoses.finding import Finding, Severity, Vocabulary
from rules.errors import Refusal, RuleError
from rules.fact import own_language
from rules.grammar import grammar
from rules.lexer import Lexer, Token
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.rule import Rule, parse
from rules.typed import Typed, read_typed

Path = tuple[int, ...]  # which child of which child, from the root

_LONGEST_CURE = 2000  # characters; nobody would read more
_LONGEST_QUOTE = 40
ENOUGH_DOCUMENTS = 200  # of an archive, before its words tell anything


@dataclass(slots=True)
class Chart:
    """What every diagnosis looks at."""

    rule: Rule
    lists: Mapping[str, str]
    vocabulary: Vocabulary | None = None
    typed: Typed = field(init=False)
    _tokens: list[Token] | None = None

    def __post_init__(self) -> None:
        self.typed = read_typed(self.rule.text)

    @property
    def tokens(self) -> list[Token]:
        """The rule's tokens, read again; none when that needs other lists than are known: then no place is known."""
        if self._tokens is None:
            try:
                self._tokens = list(Lexer(self.typed.plain, self.rule.lang, grammar(), self.lists))
            except (Refusal, RuleError):
                self._tokens = []
        return self._tokens

    @property
    def archive(self) -> Vocabulary | None:
        """The archive's words, when there are documents enough to tell anything."""
        return self.vocabulary if self.vocabulary and self.vocabulary.size >= ENOUGH_DOCUMENTS else None

    # -------------------------------------------------------------------------------------------------------- places

    def leaf_tokens(self) -> list[Token] | None:
        """The token of each leaf, in the order of the text; None when the tree has other leaves than were typed."""
        found = [token for token in self.tokens if token.node is not None for _ in leaves(token.node)]
        return found if len(found) == sum(1 for _ in leaves(self.rule.node)) else None

    def place(self, *paths: Path) -> tuple[int, int]:
        """Start and end, as typed, of what these parts span; of the whole rule when that is not known."""
        tokens = self.leaf_tokens()
        if tokens is None or not paths:
            return 0, len(self.rule.text)
        ranges = [(*self._leaf_range(path), at(self.rule.node, path)) for path in paths]
        first = min(
            self._with_prefixes(self.tokens.index(tokens[start]), _nots_at_the_left(node)) for start, _, node in ranges
        )
        last = self.tokens.index(tokens[max(end for _, end, _ in ranges) - 1])
        first, last = self._balanced(first, last)
        return self.typed.place(self.tokens[first].start, self.tokens[last].end)

    def token_place(self, token: Token) -> tuple[int, int]:
        """Where the token stands, as typed."""
        return self.typed.place(token.start, token.end)

    def _leaf_range(self, path: Path) -> tuple[int, int]:
        node, start = self.rule.node, 0
        for step in path:
            start += sum(1 for child in node.children[:step] for _ in leaves(child))
            node = node.children[step]
        return start, start + sum(1 for _ in leaves(node))

    def _with_prefixes(self, first: int, nots: int) -> int:
        """The token at which a part begins that has so many NOTs before its first term; scopes belong to the term."""
        begins = number = first
        while number and (self.tokens[number - 1].kind == "(" or self.tokens[number - 1].prefix is not None):
            number -= 1
            prefix = self.tokens[number].prefix
            if prefix is not None and prefix.name == "NOT":
                if not nots:
                    break
                nots -= 1
            if prefix is not None:
                begins = number
        return begins

    def _balanced(self, first: int, last: int) -> tuple[int, int]:
        """The tokens `first` to `last`, with the parentheses that belong to those between."""
        depth = lowest = 0
        for token in self.tokens[first : last + 1]:
            depth += (token.kind == "(") - (token.kind == ")")
            lowest = min(lowest, depth)
        missing, depth = -lowest, depth - lowest
        while missing and first and (self.tokens[first - 1].kind == "(" or self.tokens[first - 1].prefix is not None):
            first -= 1
            missing -= self.tokens[first].kind == "("
        while depth and last + 1 < len(self.tokens) and self.tokens[last + 1].kind == ")":
            last, depth = last + 1, depth - 1
        return first, last

    # --------------------------------------------------------------------------------------------------------- cures

    def cure(self, node: Node | None) -> str:
        """The tree as a rule that reads back to it; empty when there is no such."""
        if node is None:
            return ""
        text = node.write()
        again = self.read(text)
        if again is None or again.node != node or ("~" in text and own_language(node) != own_language(self.rule.node)):
            return ""  # without its `lang:` the rule's ~ would mean another language
        return text

    def with_text(self, start: int, end: int, text: str) -> str:
        """The rule with other plain text from `start` to `end`; empty when that is none."""
        changed = self.typed.plain[:start] + text + self.typed.plain[end:]
        return changed if self.read(changed) is not None else ""

    def read(self, text: str) -> Rule | None:
        """The rule that the text says, if it is short enough to be shown and says one."""
        if len(text) > _LONGEST_CURE:
            return None
        try:
            return parse(text, lang=self.rule.lang, lists=self.lists)
        except RuleError:
            return None

    def finding(
        self, kind: str, severity: Severity, message: str, *paths: Path, cure: Node | str | None = None
    ) -> Finding:
        """A finding about these parts; about the whole rule when none is given."""
        mended = cure if isinstance(cure, str) else self.cure(cure)
        return Finding(kind, severity, message, *self.place(*paths), mended)


def _nots_at_the_left(node: Node) -> int:
    """How many NOTs stand before the first term of a part."""
    count = 0
    while node.children:
        count += isinstance(node, Not)
        node = node.children[0]
    return count


def leaves(node: Node) -> Iterator[Node]:
    """The parts that have no parts, in the order of the text."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        waiting.extend(reversed(each.children))
        if not each.children:
            yield each


def at(node: Node, path: Path) -> Node:
    """The part that the path leads to."""
    for step in path:
        node = node.children[step]
    return node


def without(node: Node, gone: frozenset[Path], path: Path = ()) -> Node | None:
    """The tree without these parts of its ANDs and ORs; None when nothing is left of it."""
    if path in gone:
        return None
    if isinstance(node, Not):
        part = without(node.part, gone, (*path, 0))
        return None if part is None else Not(part)
    if not isinstance(node, And | Or):
        return node
    kept = [part for i, each in enumerate(node.parts) if (part := without(each, gone, (*path, i))) is not None]
    if len(kept) < 2:
        return kept[0] if kept else None
    kind = type(node)
    return kind(tuple([each for part in kept for each in (part.parts if isinstance(part, kind) else (part,))]))


def quoted(node: Node) -> str:
    """The part as rule text, short enough for a sentence."""
    text = node.write()
    return f"“{text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'}”"
