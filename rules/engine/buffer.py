"""The rules that came last: a few, found by a dictionary and decided one by one, so that adding one takes no time."""

from typing import NamedTuple

import numpy as np

from rules.engine.arrays import Array, Words64
from rules.engine.compile import Compiled
from rules.engine.features import Features
from rules.rule import Rule


class Entry(NamedTuple):
    """A rule that is not committed yet."""

    rule: Rule
    compiled: Compiled


class Buffer:
    """Rules by id, listed under their anchors."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self.entries: dict[str, Entry] = {}
        self._listed: dict[int, set[str]] = {}
        self._always: set[str] = set()
        self._flags = np.zeros(0, np.bool_)  # by feature: some rule is listed under it

    def add(self, rule_id: str, entry: Entry) -> None:
        """Add a rule whose id is not there."""
        self.entries[rule_id] = entry
        if entry.compiled.anchor is None:
            self._always.add(rule_id)
        if len(self._flags) < self._features.size:
            wider = np.zeros(self._features.size * 2, np.bool_)
            wider[: len(self._flags)] = self._flags
            self._flags = wider
        for feature in entry.compiled.anchor or ():
            self._listed.setdefault(feature, set()).add(rule_id)
            self._flags[feature] = True

    def remove(self, rule_id: str) -> bool:
        """False when it is not there."""
        entry = self.entries.pop(rule_id, None)
        if entry is None:
            return False
        self._always.discard(rule_id)
        for feature in entry.compiled.anchor or ():
            self._listed[feature].discard(rule_id)
            if not self._listed[feature]:
                del self._listed[feature]
                self._flags[feature] = False
        return True

    def candidates(self, mask: Words64, present: Array, every_document: np.uint64) -> list[tuple[str, int]]:
        """Rules, and in which documents (as bits) all their groups hold."""
        if not self.entries:
            return []
        known = present[: np.searchsorted(present, len(self._flags))]
        listed = dict.fromkeys(sorted(self._always), int(every_document))
        for feature in known[self._flags[known]].tolist():
            for rule_id in self._listed[feature]:
                listed[rule_id] = listed.get(rule_id, 0) | int(mask[feature])
        decided = ((rule_id, self._decide(rule_id, bits, mask)) for rule_id, bits in listed.items())
        return [(rule_id, bits) for rule_id, bits in decided if bits]

    def _decide(self, rule_id: str, bits: int, mask: Words64) -> int:
        for group in self.entries[rule_id].compiled.groups:
            if not bits:
                break
            either = 0
            for literal in group:
                held = int(mask[literal >> 1])
                either |= ~held if literal & 1 else held
            bits &= either
        return bits
