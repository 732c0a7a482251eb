"""How the hits of two sides can have to stand to each other, as the operator families declare it in `CHECKS`.

The index and the doctor know a check by its declaration and by nothing else, so that a new one is one file in
`rules/operators/`. What a kind means for many documents at once is what its operator's `hits` means for one; the tests
hold the two together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol

from rules.engine.arrays import Bools, Ints
from rules.families import declared


class Sides(Protocol):
    """The hits of both sides for many pairs of a document and a rule; `numbers` has each rule's n."""

    numbers: Ints

    def followed(self) -> Bools:
        """By hit of the left side, whether one of the right side begins behind its end, at most n words between."""

    def preceded(self) -> Bools:
        """By hit of the left side, whether one of the right side ends before its start, at most n words between."""

    def shared(self, passage: str) -> Bools:
        """By hit of the left side, whether one of the right side begins in the same "sentence" or "paragraph"."""

    def some(self, good: Bools) -> Bools:
        """By pair, whether one of its left side's hits is good."""

    def counts(self) -> Ints:
        """By pair, how many hits its left side has."""


def wider(number: int, other: int) -> bool:
    """What holds within `number` words holds within `other`."""
    return number <= other


def fewer(number: int, other: int) -> bool:
    """What holds of `number` holds of `other`, which is no more."""
    return number >= other


def always(number: int, other: int) -> bool:
    """Whatever the numbers are."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckKind:
    """A check that the index can do: `holds` gives its answer by pair.

    `weaker` names the kinds that follow from it, and for which numbers (its own, the other's). `either_way`: the sides
    can change places. `lacks_right`: the fewer hits the right side has, the more is true.
    """

    name: str
    holds: Callable[[Sides], Bools]
    weaker: Mapping[str, Callable[[int, int], bool]] = field(default_factory=dict)
    either_way: bool = False
    lacks_right: bool = False

    def implies(self, other: "CheckKind", number: int, its_number: int) -> bool:
        """Whether the other one follows, between the same sides, for these numbers."""
        follows = self.weaker.get(other.name)
        return follows is not None and follows(number, its_number)


@lru_cache(maxsize=256)
def number_of(name: str) -> int:
    """What saved rules have in place of a kind's name: made of it, so that no list of kinds has to stay in order."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")


@lru_cache(maxsize=1)
def check_kinds() -> Mapping[str, CheckKind]:
    """All of them, by name. Other checks are left to the tree."""
    kinds: dict[str, CheckKind] = {}
    for kind in declared("CHECKS"):
        assert isinstance(kind, CheckKind)
        if kind.name in kinds:
            raise ValueError(f"two operator families define the check {kind.name!r}")
        kinds[kind.name] = kind
    if len(set(map(number_of, kinds))) < len(kinds):
        raise ValueError("the names of two checks give the same number; one of them needs another name")
    return kinds


@lru_cache(maxsize=1)
def kinds_by_number() -> Mapping[int, CheckKind]:
    """The same by number."""
    return {number_of(name): kind for name, kind in check_kinds().items()}
