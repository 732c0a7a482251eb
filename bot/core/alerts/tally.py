"""What became of every match: each counts once, by what it came to in the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.model import LedgerLine, Reason

Fate = Literal["sent", "folded", "threaded", "again", "muted", "held", "limited", "old", "failed"]

FATES: Mapping[Reason, Fate] = {
    Reason.NEW_STORY: "sent",
    Reason.NEW_SOURCE: "folded",
    Reason.NEW_RULE: "folded",
    Reason.UPDATED: "folded",
    Reason.PROBABLE: "threaded",
    Reason.DUPLICATE: "again",
    Reason.FIRST_POLL: "old",
    Reason.OLD: "old",
    Reason.MUTED: "muted",
    Reason.QUIET: "muted",
    Reason.DROPPED: "muted",
    Reason.HELD: "held",
    Reason.IN_DIGEST: "sent",
    Reason.LIMITED: "limited",
    Reason.FAILED: "failed",
}  # what people said of stories is no match
# What a match came to, when several lines tell of it: a failure undoes what was queued, and what was shown by one way
# was not withheld by another.
_ORDER: tuple[Fate, ...] = ("failed", "sent", "threaded", "folded", "muted", "limited", "held", "old", "again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`last` has the deciding line of each document that matched, in the order of the ledger."""

    last: Mapping[str, LedgerLine]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many matches came to what; they add up to all of them."""
        counted = Counter(FATES[line.reason] for line in self.last.values())
        return {fate: counted[fate] for fate in _ORDER if counted[fate]}

    def withheld(self) -> list[LedgerLine]:
        """Those that nobody saw here, the newest first."""
        hidden = ("muted", "held", "limited", "old", "failed")
        return [line for line in reversed([*self.last.values()]) if FATES[line.reason] in hidden]


def tally(lines: Iterable[LedgerLine]) -> Tally:
    """Of one chat's ledger, oldest first."""
    last: dict[str, LedgerLine] = {}
    for line in lines:
        if line.reason not in FATES or not line.rule_ids:
            continue
        known = last.get(line.document_id)
        if known is None or _rank(line) <= _rank(known):
            last.pop(line.document_id, None)
            last[line.document_id] = line
    return Tally(last=last)


def _rank(line: LedgerLine) -> int:
    return _ORDER.index(FATES[line.reason])
