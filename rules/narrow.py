"""A narrower rule: the smallest changes that make a rule false of some documents and leave it true of others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.document import Document
from rules.edits import NUMBER, SPELLING, UNSCOPED, Change, Reader, bare, renumbered
from rules.edits import short as quoted
from rules.exclusions import Exclusions
from rules.grammar import NO_LISTS
from rules.nodes import AND as AND_LEVEL
from rules.nodes import Node, bracketed, rebuilt
from rules.operators.boolean import And, Not, Or
from rules.rule import Rule
from rules.tokenized import Tokenized
from rules.words import fold, words

EXCLUDED, EXCLUDED_PHRASE, BRANCH, EXCLUDED_SITE, NEARER = 12, 14, 14, 16, 25
_MOST_PLACES = 60  # parts of the rule that are looked at
_MOST_SPELLINGS = 3
_MOST_BRANCHES = 8
_NEARER = (5, 10, 20, 50)
_MOST_OF_A_KIND = 2


def narrowed(
    rule: Rule,
    dropped: Sequence[Document],
    kept: Sequence[Document],
    *,
    others: Sequence[Document] = (),
    lists: Mapping[str, str] = NO_LISTS,
    most: int = 3,
) -> list[Change]:
    """Changed rules, the smallest change first: each false of all `dropped`, true of all `kept` that `rule` is true of.

    `others` are any documents of the same kind; a word that is in many of them is not worth excluding. Empty when the
    rule is true of none of `dropped`, or no small change tells them from the others.

    >>> from rules import Document, parse
    >>> drill, real = Document(id="1", title="Earthquake drill in Rome"), Document(id="2", title="Earthquake in Rome")
    >>> narrowed(parse("earthquake"), [drill], [real])[0].text
    'earthquake AND NOT drill'
    """
    reader = Reader(rule.lang, lists)
    bad = [tokens for tokens in map(Tokenized, dropped) if rule.node.hits(tokens) is not None]
    good = [tokens for tokens in map(Tokenized, kept) if rule.node.hits(tokens) is not None]
    if not bad:
        return []
    narrower = _Narrower(rule.node, reader, bad, good, [Tokenized(document) for document in others])
    return narrower.best(most)


@dataclass(frozen=True, slots=True)
class _Way:
    """A proposal, in words, with what it costs; of one `kind` only the first few are offered."""

    node: Node
    why: str
    cost: int
    kind: str


@dataclass(slots=True)
class _Narrower:
    """Proposes, and tries every proposal on all documents, as it will be read from its text."""

    root: Node
    reader: Reader
    bad: Sequence[Tokenized]
    good: Sequence[Tokenized]
    others: Sequence[Tokenized]

    def best(self, most: int) -> list[Change]:
        changes: dict[str, Change] = {}
        kinds: dict[str, int] = {}
        for way in sorted(self._ways(), key=lambda way: way.cost):
            text = way.node.write()
            if text in changes or kinds.get(way.kind, 0) >= _MOST_OF_A_KIND or not self._holds(text):
                continue
            changes[text] = Change(text, way.why, way.cost)
            kinds[way.kind] = kinds.get(way.kind, 0) + 1
            if len(changes) == most:
                break
        return list(changes.values())

    def _holds(self, text: str) -> bool:
        node = self.reader.read(text)
        return node is not None and self._drops(node) and all(node.hits(tokens) is not None for tokens in self.good)

    def _drops(self, node: Node) -> bool:
        return all(node.hits(tokens) is None for tokens in self.bad)

    def _ways(self) -> Iterator[_Way]:
        yield from self._exclusions()
        yield from self._sites()
        for part, put in places(self.root):
            yield from self._numbers(part, put)
            if not part.children and any(part.hits(tokens) for tokens in self.bad):
                yield from self._spellings(part, put)
                yield from self._scopes(part, put)
            if isinstance(part, And):
                yield from self._nearer(part, put)
            if isinstance(part, Or):
                yield from self._without_a_branch(part, put)
        yield from self._scopes(self.root, lambda node: node)

    # ------------------------------------------------------------------------------------------------ NOT something

    def _exclusions(self) -> Iterator[_Way]:
        hits = [(tokens, self.root.hits(tokens) or []) for tokens in self.bad]
        exclusions = Exclusions(hits, self.good, self.others)
        for number, text in enumerate(exclusions.words()):
            yield from self._without(text, EXCLUDED + number, "word")
        for number, text in enumerate(exclusions.phrases()):
            yield from self._without(text, EXCLUDED_PHRASE + number, "word")
        together = exclusions.together()
        if together:
            yield from self._without(f"({' OR '.join(together)})", EXCLUDED * len(together), "words")

    def _sites(self) -> Iterator[_Way]:
        sites = {tokens.document.site for tokens in self.bad}
        site = next(iter(sites)) if len(sites) == 1 else ""
        if site and " " not in site:
            yield from self._without(f"site:{site}", EXCLUDED_SITE, "site")

    def _without(self, text: str, cost: int, kind: str) -> Iterator[_Way]:
        unwanted = self.reader.read(text)
        if unwanted is not None:
            parts = self.root.parts if isinstance(self.root, And) else (self.root,)
            yield _Way(And((*parts, Not(unwanted))), self._whereabouts(f"“{text.strip('()')}”"), cost, kind)

    def _whereabouts(self, what: str) -> str:
        """Where it stands, and where not."""
        there = "it" if len(self.bad) == 1 else f"all {len(self.bad)} to drop"
        kept = {0: "", 1: " and not in the one to keep"}.get(
            len(self.good), f" and in none of the {len(self.good)} to keep"
        )
        return f"{what} is in {there}{kept}"

    # ------------------------------------------------------------------------------------ other numbers and spellings

    def _numbers(self, part: Node, put: Callable[[Node], Node | None]) -> Iterator[_Way]:
        def suits(other: Node) -> bool:
            whole = put(other)
            return whole is not None and self._drops(whole)

        for other, distance in renumbered(part, suits):
            whole = put(other)
            if whole is not None:
                why = f"{quoted(other)} in place of {quoted(part)}"
                yield _Way(whole, why, NUMBER + min(distance // 10, 9), "number")

    def _spellings(self, leaf: Node, put: Callable[[Node], Node | None]) -> Iterator[_Way]:
        """The forms, then the very letters, that only the documents to keep have."""
        seen, unwanted = self._seen(leaf, self.good), self._seen(leaf, self.bad)
        forms = sorted(set(map(_folded, seen)) - set(map(_folded, unwanted)))
        if leaf.write() != bare(leaf) and 0 < len(forms) <= _MOST_SPELLINGS:
            yield from self._instead(leaf, put, [f'"{text}"' for text in forms], SPELLING, "form")
        letters = sorted(seen - unwanted)
        if 0 < len(letters) <= _MOST_SPELLINGS and not any(text.islower() for text in letters):
            yield from self._instead(leaf, put, [f"{{{text}}}" for text in letters], SPELLING + 1, "case")

    def _seen(self, leaf: Node, texts: Sequence[Tokenized]) -> set[str]:
        """How the documents spell it."""
        hits = ((tokens, hit) for tokens in texts for hit in (leaf.hits(tokens) or [])[:50])
        return {" ".join(tokens.quote(tokens.span(first, last)).split()) for tokens, (first, last, _) in hits}

    def _scopes(self, part: Node, put: Callable[[Node], Node | None]) -> Iterator[_Way]:
        inside = part.write() if not part.children else f"({part.write()})"
        size = 0 if not part.children else 5
        for number, scope in enumerate(("title", "lead")):
            yield from self._instead(part, put, [f"{scope}:{inside}"], UNSCOPED + number + size, "scope")

    def _without_a_branch(self, part: Or, put: Callable[[Node], Node | None]) -> Iterator[_Way]:
        """An OR without the one side that only the documents to drop needed."""
        hit = [side for side in part.parts if any(side.hits(tokens) is not None for tokens in self.bad)]
        for branch in hit[:_MOST_BRANCHES]:
            rest = tuple(side for side in part.parts if side is not branch)
            whole = put(rest[0] if len(rest) == 1 else Or(rest))
            if whole is not None:
                yield _Way(whole, f"without {quoted(branch)}, which none to keep needs", BRANCH, "branch")

    def _nearer(self, part: And, put: Callable[[Node], Node | None]) -> Iterator[_Way]:
        """Two wanted terms close together in place of anywhere."""
        wanted = [each for each in part.parts if not isinstance(each, Not)]
        if len(wanted) != 2:
            return
        rest = [each for each in part.parts if isinstance(each, Not)]
        sides = [bracketed(each, AND_LEVEL, False) for each in wanted]
        for number, distance in enumerate(_NEARER):
            near = self.reader.read(f" NEAR/{distance} ".join(sides))
            whole = near and put(And((near, *rest)) if rest else near)
            if near and whole:
                yield _Way(whole, f"{quoted(near)} in place of anywhere", NEARER - number, "nearer")

    def _instead(
        self, part: Node, put: Callable[[Node], Node | None], texts: Sequence[str], cost: int, kind: str
    ) -> Iterator[_Way]:
        text = " OR ".join(texts)
        node = self.reader.read(text)
        whole = put(node) if node is not None and node != part else None
        if whole is not None:
            assert node is not None
            yield _Way(whole, f"{quoted(node)} in place of {quoted(part)}", cost + 2 * (len(texts) - 1), kind)


def places(root: Node) -> Iterator[tuple[Node, Callable[[Node], Node | None]]]:
    """Parts of the rule from the top, each with what puts another node into its place: the whole rule, or None."""
    waiting: list[tuple[Node, Callable[[Node], Node | None]]] = [(root, lambda node: node)]
    for _ in range(_MOST_PLACES):
        if not waiting:
            return
        part, put = waiting.pop(0)
        yield part, put
        for number in range(len(part.children)):
            waiting.append((part.children[number], _putter(part, number, put)))


def _putter(parent: Node, number: int, put: Callable[[Node], Node | None]) -> Callable[[Node], Node | None]:
    def put_child(child: Node) -> Node | None:
        whole = rebuilt(parent, [*parent.children[:number], child, *parent.children[number + 1 :]])
        return put(whole) if whole is not None else None

    return put_child


def _folded(text: str) -> str:
    return " ".join(map(fold, words(text)))
