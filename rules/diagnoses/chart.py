"""The rule under examination: its parts, where each stands in the text as typed, and rules made from it by edits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.diagnoses.finding import Finding, Remembered, Severity, Vocabulary
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
STEPS = 100_000  # of a microsecond or so, that one examination may take beside its logic
MOST_OF_A_KIND = 10  # findings; nobody would read more, and each takes time for its place and its cure
_STEPS_TO_READ = 12  # for each character
ENOUGH_DOCUMENTS = 200  # of an archive, before its words tell anything


@dataclass(slots=True)
class Chart:
    """What every diagnosis looks at, and the steps that they share."""

    rule: Rule
    lists: Mapping[str, str]
    asked: Vocabulary | None = None
    steps: int = STEPS  # that are left
    cut: bool = False  # something was not examined, or not told
    vocabulary: Remembered | None = field(init=False)
    typed: Typed = field(init=False)
    common: dict[int, bool] = field(default_factory=dict)  # by id: whether very common words alone make the part true
    _tokens: list[Token] | None = None
    _leaf_places: list[int] | None = None  # of the token of each leaf; empty when the tree has others than were typed
    _ranges: dict[Path, tuple[int, int]] = field(default_factory=dict)  # which leaves a part has

    def __post_init__(self) -> None:
        self.typed = read_typed(self.rule.text)
        asked = self.asked
        self.vocabulary = asked if asked is None or isinstance(asked, Remembered) else Remembered(asked)

    def affords(self, steps: int, count: int = 0) -> bool:
        """Whether so many steps may still be taken, and one kind may have more findings than `count`; takes them."""
        if steps > self.steps or count >= MOST_OF_A_KIND:
            self.cut = True
            return False
        self.steps -= steps
        return True

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
    def archive(self) -> Remembered | None:
        """The archive's words, when there are documents enough to tell anything."""
        return self.vocabulary if self.vocabulary and self.vocabulary.size >= ENOUGH_DOCUMENTS else None

    # -------------------------------------------------------------------------------------------------------- places

    def _leaves_in_text(self) -> list[int]:
        """The place of each leaf's token, in the order of the text; empty when the tree has other leaves than that."""
        if self._leaf_places is None:
            places = [at for at, token in enumerate(self.tokens) if token.node is not None for _ in leaves(token.node)]
            self._measure()
            self._leaf_places = places if len(places) == self._ranges[()][1] else []
        return self._leaf_places

    def _measure(self) -> None:
        """Which leaves each part has, counted in the order of the text."""
        waiting: list[tuple[Path, Node, int]] = [((), self.rule.node, -1)]  # with where it begins, once that is known
        number = 0
        while waiting:
            path, node, start = waiting.pop()
            if start >= 0:
                self._ranges[path] = start, number
            elif node.children:
                waiting.append((path, node, number))
                waiting += [((*path, i), child, -1) for i, child in reversed([*enumerate(node.children)])]
            else:
                self._ranges[path] = number, number + 1
                number += 1

    def place(self, *paths: Path) -> tuple[int, int]:
        """Start and end, as typed, of what these parts span; of the whole rule when that is not known."""
        in_text = self._leaves_in_text()
        if not in_text or not paths:
            return 0, len(self.rule.text)
        first = min(
            self._with_prefixes(in_text[self._ranges[path][0]], _nots_at_the_left(at(self.rule.node, path)))
            for path in paths
        )
        last = in_text[max(self._ranges[path][1] for path in paths) - 1]
        first, last = self._balanced(first, last)
        return self.typed.place(self.tokens[first].start, self.tokens[last].end)

    def token_place(self, token: Token) -> tuple[int, int]:
        """Where the token stands, as typed."""
        return self.typed.place(token.start, token.end)

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
        if len(text) > _LONGEST_CURE or not self.affords(_STEPS_TO_READ * len(text)):
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
