"""The parts of a text that rules can look in, as the operator families declare them in `ZONES`.

The tree of a rule, the index and the doctor know a zone by its declaration and by nothing else, so that a new
one is one file in `rules/operators/` (docs/extending.md shows one).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rules.document import Document
from rules.families import declared
from rules.grammar import Number
from rules.tokenized import Tokenized


class Layout(NamedTuple):
    """Where a document's words stand, counted as rules/tokenized.py does.

    Those of the title are at 0 to `title_end`, those of the body at `body_start` to `end` (half-open).
    """

    document: Document
    title_end: int
    body_start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of the text. `window` gives its positions in a document, half-open, for its n if it takes a `number`.

    Rules have it as `name:X`, or with a number as `NAME/n X`; then a larger n holds all that a smaller one does. `noun`
    says it to people, with {n} for the number. `inside` names zones that hold all of it in every document.
    """

    name: str
    noun: str
    window: Callable[[Layout, int], tuple[int, int]]
    number: Number | None = None
    inside: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _zones() -> dict[str, Zone]:
    zones: dict[str, Zone] = {}
    for zone in declared("ZONES"):
        assert isinstance(zone, Zone)
        if zone.name in zones:
            raise ValueError(f"two operator families define the zone {zone.name!r}")
        zones[zone.name] = zone
    return zones


@lru_cache(maxsize=4096)
def zone_and_number(name: str) -> tuple[Zone, int]:
    """The zone that is meant by "title", "first/20"; 0 without a number. Raises KeyError when there is none."""
    plain, _, number = name.partition("/")
    return _zones()[plain], int(number or 0)


def noun(name: str) -> str:
    """What people call it."""
    zone, number = zone_and_number(name)
    return zone.noun.format(n=number)


def window(name: str, layout: Layout) -> tuple[int, int]:
    """The positions of a zone in a document, half-open."""
    zone, number = zone_and_number(name)
    return zone.window(layout, number)


def layout_of(tokens: Tokenized) -> Layout:
    """Where the words of a document stand."""
    return Layout(tokens.document, tokens.title_end, tokens.body_start, tokens.end)


def is_inside(name: str, other: str) -> bool:
    """Whether the one zone is a part of the other in every document; False when that is not known."""
    (zone, number), (wider, most) = zone_and_number(name), zone_and_number(other)
    if zone == wider:
        return number <= most
    return wider.number is None and any(wider.name == above or is_inside(above, other) for above in zone.inside)
