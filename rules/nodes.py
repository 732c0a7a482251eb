"""What a rule's tree is made of: the protocol of its nodes, and runs of words, its leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.page import Forms, Hit, Hits, Page

# How tightly a node binds; `write` puts parentheses around what binds less.
OR, AND, PROXIMITY, PREFIX, ATOM = range(1, 6)


class Feature(NamedTuple):
    """Something that a document has or lacks: a folded word (`lang` ""), or a stem of a language."""

    lang: str
    key: str


MOST_TERMS = 1000

Cost = Callable[[Feature], float]  # how common a feature is thought to be; bad guesses cost time only


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule. Operators subclass it, frozen; equal parts are equal nodes."""

    @property
    def level(self) -> int:
        """How tightly it binds: OR, AND, PROXIMITY, PREFIX or ATOM."""
        return ATOM

    @property
    def children(self) -> tuple["Node", ...]:
        """The parts it is made of, in the order of the text."""
        return ()

    def hits(self, page: Page) -> Hits | None:
        """Where the document makes it true, sorted; None when it is false. Empty is true without a place (NOT)."""
        raise NotImplementedError

    def write(self, full: bool = False) -> str:
        """As rule text; `full` puts every operator but the outermost into parentheses."""
        raise NotImplementedError

    def anchor(self, wanted: bool, cost: Cost) -> frozenset[Feature] | None:
        """Features of which a document must have one before this can be `wanted`; None when nothing is needed.

        The index lists a rule under them. None is always correct: such a rule is tried on every document.
        """
        return None

    def detail(self, page: Page, lang: str) -> str:
        """For `explain`, in words: what was found, or how near it came."""
        return ""


def bracketed(node: Node, above: int, full: bool) -> str:
    """`node` as rule text, in parentheses unless it binds more tightly than `above`."""
    text = node.write(full)
    return text if node.level > above and (not full or node.level == ATOM) else f"({text})"


def union(many: Sequence[Hits]) -> Hits:
    """All hits of several nodes, sorted, each once."""
    if len(many) == 1:
        return many[0]
    return sorted({hit for hits in many for hit in hits})


def count_terms(node: Node) -> int:
    """How many leaves the tree has; counting stops soon after `MOST_TERMS`."""
    count, rest = 0, [node]
    while rest and count <= MOST_TERMS:
        each = rest.pop()
        rest.extend(each.children)
        count += not each.children
    return count


def cheapest(sets: Iterable[frozenset[Feature] | None], cost: Cost) -> frozenset[Feature] | None:
    """The anchor that fewest documents have; None when there is none at all."""
    found = [each for each in sets if each is not None]
    return min(found, key=lambda each: sum(map(cost, each)), default=None)


def all_needed(sets: Iterable[frozenset[Feature] | None]) -> frozenset[Feature] | None:
    """The anchor of alternatives: features of each; None as soon as one of them needs nothing."""
    together: set[Feature] = set()
    for each in sets:
        if each is None:
            return None
        together |= each
    return frozenset(together)


def anchors(nodes: Iterable[Node], wanted: bool, cost: Cost) -> list[frozenset[Feature] | None]:
    """The anchor of each node."""
    return [node.anchor(wanted, cost) for node in nodes]


@dataclass(frozen=True, slots=True)
class Run(Node):
    """Words in a row: one word or a phrase. With `lang` its `words` are stems, and any inflected form is a hit.

    `glued[i]` says that nothing may stand before word i: so phrases in scripts without spaces are substrings.
    `shown` is the spelling as typed, for people; it does not count when nodes are compared.
    """

    words: tuple[str, ...]
    lang: str = ""
    glued: tuple[bool, ...] = ()
    shown: tuple[str, ...] = field(default=(), compare=False)

    def hits(self, page: Page) -> Hits | None:
        """Every place of the run, overlapping ones included."""
        forms, size = page.forms(self.lang), len(self.words)
        if not forms.keys.issuperset(self.words):
            return None
        if size == 1:
            return [(at, at, ()) for at in forms.places(self.words[0])]
        starts = _find(self.words, forms)
        if any(self.glued):
            starts = [at for at in starts if self._is_whole(page, at)]
        found: list[Hit] = [(at, at + size - 1, ()) for at in starts]
        return found or None

    def _is_whole(self, page: Page, at: int) -> bool:
        return all(page.touch(at + place) for place, glued in enumerate(self.glued) if glued)

    @property
    def plain(self) -> str:
        """The words as typed."""
        parts = [self.shown[0]]
        for word, glued in zip(self.shown[1:], self.glued[1:], strict=True):
            parts += [word] if glued else [" ", word]
        return "".join(parts)

    def write(self, full: bool = False) -> str:
        """A word bare where it can be, a phrase in quotes."""
        text = self.plain
        if self.lang:
            return f"~{text}" if len(self.words) == 1 else f'"{text}"~'
        return f'"{text}"' if len(self.words) > 1 or text in reserved_words() else text

    def anchor(self, wanted: bool, cost: Cost) -> frozenset[Feature] | None:
        """Its rarest word."""
        if not wanted:
            return None
        return frozenset({min((Feature(self.lang, word) for word in self.words), key=cost)})

    def detail(self, page: Page, lang: str) -> str:
        """The spellings found, or what came near."""
        from rules.nearmiss import of_run

        return of_run(self, page, lang)


def reserved_words() -> frozenset[str]:
    """Names of operators: as search words they must be quoted."""
    from rules.grammar import grammar

    return grammar().names


def _find(words: Sequence[str], forms: Forms) -> list[int]:
    """Where `words` stand in the row, in time linear in the row even for a text of one word a million times."""
    rarest = min(range(len(words)), key=lambda place: len(forms.places(words[place])))
    places = forms.places(words[rarest])
    if len(places) * len(words) > 4 * len(forms.row):
        return _find_all(words, forms.row)
    row, size, wanted = forms.row, len(words), list(words)
    starts = (at - rarest for at in places)
    return [at for at in starts if at >= 0 and row[at : at + size] == wanted]


def _find_all(words: Sequence[str], row: Sequence[str]) -> list[int]:
    """Knuth, Morris and Pratt's search."""
    fall = [0] * len(words)
    length = 0
    for place in range(1, len(words)):
        while length and words[place] != words[length]:
            length = fall[length - 1]
        length += words[place] == words[length]
        fall[place] = length
    found, length = [], 0
    for at, word in enumerate(row):
        while length and (length == len(words) or word != words[length]):
            length = fall[length - 1]
        length += word == words[length]
        if length == len(words):
            found.append(at - length + 1)
    return found
