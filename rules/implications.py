"""What follows from what among the smallest parts of rules, whatever the document: a phrase implies its words, a word
the pattern that accepts it, NEAR/3 implies NEAR/10. Each statement is a clause: one of its literals holds.

A text may spell a word with accents that the rule's word lacks, and the two can have different stems (résumé, resume);
that is left aside: whoever writes `resume OR ~resume` means the same word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, permutations, product

from rules.checks import check_kinds
from rules.conditions import Check, Term
from rules.forms import FactForm, Feature, PatternForm, form
from rules.implied_facts import between_facts, between_numbers
from rules.nodes import Node
from rules.run import WRITTEN
from rules.solver import Patience
from rules.stems import stemmer
from rules.words import fold
from rules.zones import is_inside

Atom = Term | Check | Node
_APART = ("title", "body")  # no word stands in both
Clause = tuple[tuple[Atom, bool], ...]


def implications(atoms: Iterable[Atom], patience: Patience) -> Iterator[Clause]:
    """What is known of these atoms. Raises OutOfPatienceError in the middle."""
    known = list(atoms)
    terms = [atom for atom in known if isinstance(atom, Term)]
    yield from (((atom, False),) for atom in known if _is_nowhere(atom))
    yield from _between_terms([term for term in terms if not _is_fact(term)], patience)
    yield from between_facts([term for term in terms if _is_fact(term)])
    yield from between_numbers([atom for atom in known if isinstance(atom, Node)])
    yield from _between_checks([atom for atom in known if isinstance(atom, Check)], patience)


def _follows(stronger: Atom, weaker: Atom) -> Clause:
    return (stronger, False), (weaker, True)


def _is_fact(term: Term) -> bool:
    return isinstance(form(term.words[0].form), FactForm)


# --------------------------------------------------------------------------------------------------------------- words


def weaker_features(features: Iterable[Feature]) -> dict[Feature, tuple[Feature, ...]]:
    """Each feature with those of them that every word has which has this one, itself included."""
    known = dict.fromkeys(features)
    stems = [name for name in dict.fromkeys(feature.form for feature in known) if stemmer(name)]
    patterns = [(feature, kind) for feature in known if isinstance(kind := form(feature.form), PatternForm)]
    return {
        feature: tuple(each for each in dict.fromkeys(_weaker(feature, stems, patterns)) if each in known)
        for feature in known
    }


def _weaker(
    feature: Feature, stems: Sequence[str], patterns: Sequence[tuple[Feature, PatternForm]]
) -> Iterator[Feature]:
    yield feature
    if feature.form and feature.form != WRITTEN:
        return
    word = fold(feature.key)
    yield Feature("", word)
    for name in stems:
        stem = stemmer(name)
        assert stem is not None
        yield Feature(name, stem(feature.key))
    for pattern, kind in patterns:
        if kind.accepts(pattern.key, word):
            yield pattern


def _between_terms(terms: Sequence[Term], patience: Patience) -> Iterator[Clause]:
    weaker = weaker_features(feature for term in terms for feature in term.words)
    starting: dict[tuple[Feature, ...], list[Term]] = defaultdict(list)  # by the first two words, or the only one
    for term in terms:
        starting[term.words[:2]].append(term)
    for term in terms:
        for at in range(len(term.words)):
            choices = [weaker[feature] for feature in term.words[at : at + 2]]
            for start in chain(product(*choices[:1]), product(*choices) if len(choices) == 2 else ()):
                patience.spend(1 + len(starting.get(start, ())))
                for other in starting.get(start, ()):
                    if other is not term and _stands_in(other, term, at, weaker):
                        yield _follows(term, other)


def _stands_in(part: Term, whole: Term, at: int, weaker: Mapping[Feature, tuple[Feature, ...]]) -> bool:
    """Whether every hit of `whole` has one of `part` that begins at its word number `at`."""
    if len(part.words) > len(whole.words) - at or not _zones_hold(part.zones, whole.zones):
        return False
    pairs = zip(part.words, whole.words[at:], strict=False)
    return all(wanted in weaker[given] for wanted, given in pairs)


def _zones_hold(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Whether what stands in the zones `given`, all of them at once, stands in those `wanted`."""
    return all(any(is_inside(each, zone) for each in given) for zone in wanted)


def _is_nowhere(atom: Atom) -> bool:
    """Whether it asks for what stands in the title and in the body at once."""
    if isinstance(atom, Check):
        return bool(atom.left) and all(map(_is_nowhere, atom.left))
    return isinstance(atom, Term) and all(any(is_inside(zone, part) for zone in atom.zones) for part in _APART)


# -------------------------------------------------------------------------------------------------------------- checks


def _between_checks(checks: Sequence[Check], patience: Patience) -> Iterator[Clause]:
    weaker = weaker_features(
        feature for check in checks for term in (*check.left, *check.right) for feature in term.words
    )

    def covered(terms: Iterable[Term], by: Sequence[Term]) -> bool:
        return all(any(_same_place(term, other, weaker) for other in by) for term in terms)

    kinds = check_kinds()
    for check, other in permutations(checks, 2):
        patience.spend()
        kind, weaker_kind = kinds.get(check.kind), kinds.get(other.kind)
        if kind is None or weaker_kind is None or not kind.implies(weaker_kind, check.number, other.number):
            continue
        patience.spend(4)  # its terms are compared
        sides = [(other.left, other.right)]
        if weaker_kind.either_way:
            sides.append((other.right, other.left))
        if kind.lacks_right:
            follows = covered(check.left, other.left) and covered(other.right, check.right)
        else:
            follows = any(covered(check.left, left) and covered(check.right, right) for left, right in sides)
        if follows:
            yield _follows(check, other)


def _same_place(term: Term, other: Term, weaker: Mapping[Feature, tuple[Feature, ...]]) -> bool:
    """Whether each hit of `term` is a hit of `other` with the same words."""
    return len(term.words) == len(other.words) and _stands_in(other, term, 0, weaker)
