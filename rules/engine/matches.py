"""Which rules are true of which documents: what a batch gives."""

from collections.abc import Iterator, Sequence

from rules.engine import stored
from rules.engine.arrays import Ints
from rules.engine.segment import Segment
from rules.rule import Rule


class Matches:
    """Pairs of a document (its place in the batch) and a rule. Ids and rules are looked up when asked for."""

    def __init__(
        self, documents: Ints, numbers: Ints, segment: Segment | None, buffered: Sequence[tuple[str, Rule]]
    ) -> None:
        """`numbers`: of rules in the segment; below zero, -1 - its place in `buffered`."""
        self.documents, self.numbers, self._segment, self._buffered = documents, numbers, segment, buffered

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[tuple[int, str, int]]:
        """(document, rule id, number of the rule)."""
        for document, number in zip(self.documents.tolist(), self.numbers.tolist(), strict=True):
            yield document, self._id(number), number

    def _id(self, number: int) -> str:
        if number < 0:
            return self._buffered[-1 - number][0]
        assert self._segment is not None
        return self._segment.ids[number]

    def rule(self, number: int) -> Rule:
        """The rule of that number, as it was when it matched."""
        if number < 0:
            return self._buffered[-1 - number][1]
        assert self._segment is not None
        return stored.read(self._segment.texts[number])

    def pairs(self) -> list[tuple[int, str]]:
        """(document, rule id), sorted."""
        return sorted((document, rule_id) for document, rule_id, _ in self)
