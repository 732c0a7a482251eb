"""What follows from what among the facts of a document: its site, its language, its length, its age, its story."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from rules.conditions import Term
from rules.known import form_name
from rules.nodes import Node
from rules.operators.numbers import Age, Length
from rules.operators.story import Sources

_SINGLE = frozenset({form_name("lang"), form_name("country")})  # a document says one at most
_SITE = form_name("site")
_ROWS = frozenset(map(form_name, ("url", "author", "source", "tag")))
_NORWEGIAN = "no"  # of which nb and nn are kinds
_ENDLESS = 1 << 60


def between_facts(terms: Sequence[Term]) -> Iterator[tuple[tuple[Term, bool], ...]]:
    """Clauses about terms that are facts."""
    by_form: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        by_form[term.words[0].form].append(term)
    for name, same in by_form.items():
        for term, other in permutations(same, 2):
            key, weaker = term.words[0].key, other.words[0].key
            if _says_more(name, key, weaker):
                yield (term, False), (other, True)
        for term, other in combinations(same, 2) if name in _SINGLE else ():
            if _NORWEGIAN not in (term.words[0].key, other.words[0].key):
                yield (term, False), (other, False)


def _says_more(form: str, key: str, other: str) -> bool:
    if form == _SITE:
        return key.endswith("." + other)
    if form in _ROWS:
        return f" {other} " in f" {key} "
    if form == form_name("lang"):
        return other == _NORWEGIAN and key in ("nb", "nn")
    if form == form_name("story"):
        return key.isdecimal() and other.isdecimal() and int(key) >= int(other)
    return False


def between_numbers(nodes: Sequence[Node]) -> Iterator[tuple[tuple[Node, bool], ...]]:
    """Clauses about comparisons."""
    for more, fewer in permutations([node for node in nodes if isinstance(node, Sources)], 2):
        if more.number >= fewer.number and (not fewer.minutes or 0 < more.minutes <= fewer.minutes):
            yield (more, False), (fewer, True)
    for kind in (Length, Age):
        ranges = [(node, *_range(node)) for node in nodes if isinstance(node, kind)]
        for (node, low, high), (other, lowest, highest) in permutations(ranges, 2):
            if lowest <= low and high <= highest:
                yield (node, False), (other, True)
            if high < lowest:
                yield (node, False), (other, False)
            if kind is Length and low == 0 and highest == _ENDLESS and lowest <= high + 1:
                yield (node, True), (other, True)


def _range(node: Length | Age) -> tuple[int, int]:
    """The least and the greatest that it takes. Ages are doubled, so that there is something between two minutes."""
    number = node.number if isinstance(node, Length) else 2 * node.minutes
    return {
        "<": (0, number - 1),
        "<=": (0, number),
        "=": (number, number),
        ">=": (number, _ENDLESS),
        ">": (number + 1, _ENDLESS),
    }[node.sign]
