"""The index: rules with their conditions in, pairs of document and rule out.

rule --condition--> features, groups, tests --> a row of the shelf (settled) or an entry of the latest rules
documents --words--> features and where they stand --> rows whose groups hold --> those whose tests hold
    --> those whose tree says yes, where the index cannot say it
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b

import numpy as np

from rules.document import Document
from rules.engine import batch as batches
from rules.engine import positions, texts
from rules.engine.arrays import Array, Ints, Words64, distinct
from rules.engine.batch import Batch
from rules.engine.compile import Compiled, compile_condition
from rules.engine.features import Features, Frequency
from rules.engine.latest import Entry, Latest
from rules.engine.matches import Matches
from rules.engine.packed import Packed
from rules.engine.rows import Writer
from rules.engine.shelf import Listed, Shelf, together
from rules.engine.tokens import Tokeniser
from rules.engine.vocabulary import Vocabulary
from rules.page import Page
from rules.rule import Rule

MOST_CHARACTERS = 1 << 20  # in one batch, unless a document is longer
ReadRule = Callable[[], Rule]  # raises where the text of a settled rule is none any more
Decide = Callable[[str, ReadRule, Page], bool]  # whether the rule of that id is true of the document, by its tree
Pairs = tuple[list[Ints], list[Ints]]  # places of documents, numbers of rules


class Index:
    """Rules by id. `decide` is asked where a condition is not exact."""

    def __init__(self, features: Features, decide: Decide, shelf: Shelf | None = None) -> None:
        self._decide = decide
        self._features = features
        self._vocabulary = Vocabulary(features)
        self._tokeniser = Tokeniser(self._vocabulary, features.hashing)
        self._latest = Latest(features)
        self._shelf = shelf
        self._mask: Words64 = np.zeros(0, np.uint64)

    # ---------------------------------------------------------------------------------------------------------- rules

    def __len__(self) -> int:
        return len(self._latest.entries) + (len(self._shelf) if self._shelf else 0)

    @property
    def unsettled(self) -> int:
        """How many rules came, or went, since the last `settle`."""
        return len(self._latest.entries) + (self._shelf.removed if self._shelf else 0)

    @property
    def known_words(self) -> int:
        """How many different words documents had."""
        return self._vocabulary.size

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._latest.entries or (self._shelf is not None and self._shelf.number(rule_id) >= 0)

    def rule(self, rule_id: str) -> Rule:
        """The rule. Raises KeyError when it is not there, RuleError when its text is no rule any more."""
        entry = self._latest.entries.get(rule_id)
        if entry is not None:
            return entry.rule
        number = self._shelf.number(rule_id) if self._shelf else -1
        if self._shelf is None or number < 0:
            raise KeyError(rule_id)
        return texts.read(self._shelf.texts[number])

    def ids(self) -> Iterator[str]:
        """All rules, settled ones first."""
        if self._shelf:
            for number in self._shelf.numbers().tolist():
                yield self._shelf.ids[number]
        yield from self._latest.entries

    def add(self, rule_id: str, rule: Rule) -> None:
        """Add a rule whose id is not there; it counts from the next document on."""
        self._latest.add(rule_id, Entry(rule, self._compiled(rule)))

    def remove(self, rule_id: str) -> bool:
        """False when it is not there."""
        if self._latest.remove(rule_id):
            return True
        number = self._shelf.number(rule_id) if self._shelf else -1
        if self._shelf and number >= 0:
            self._shelf.cross_out(number)
        return number >= 0

    def settle(self, more: Iterable[tuple[str, Rule]] = ()) -> None:
        """Put the latest rules, and `more` (each id once), with the settled ones. `more` replaces rules of its ids."""
        new = _listed((rule_id, rule, self._compiled(rule)) for rule_id, rule in more)
        for rule_id in new.ids:
            self.remove(rule_id)
        parts = [self._shelf.listed()] if self._shelf and len(self._shelf) else []
        came = ((rule_id, entry.rule, entry.compiled) for rule_id, entry in self._latest.entries.items())
        parts += [_listed(came), new]
        self._shelf = Shelf.settled(together(parts))
        self._latest = Latest(self._features)

    def _compiled(self, rule: Rule) -> Compiled:
        return compile_condition(rule.node.condition(True), self._features)

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved; the latest rules are settled for that."""
        if self.unsettled or self._shelf is None:
            self.settle()
        assert self._shelf is not None
        return {**self._shelf.arrays(), **self._features.arrays()}

    @classmethod
    def loaded(cls, arrays: Mapping[str, Array], frequency: Frequency, decide: Decide) -> "Index":
        """The index that was saved."""
        arrays = {name: np.asarray(array) for name, array in arrays.items()}  # memmap's own indexing is slow
        return cls(Features.loaded(arrays, frequency), decide, Shelf(arrays))

    # ------------------------------------------------------------------------------------------------------- matching

    def match(self, documents: Sequence[Document]) -> Matches:
        """Every pair of a document and a rule that is true of it."""
        places: list[Ints] = []
        numbers: list[Ints] = []
        latest: list[tuple[str, Rule]] = []
        start = 0
        for part in _parts(documents):
            self._vocabulary.refresh()
            batch = batches.split(part, self._features, self._tokeniser, self._vocabulary)
            for found, rules in self._settled_and_latest(batch, latest):
                places.append(found + start)
                numbers.append(rules)
            start += len(part)
        nothing = np.zeros(0, np.int64)
        return Matches(np.concatenate([nothing, *places]), np.concatenate([nothing, *numbers]), self._shelf, latest)

    def _settled_and_latest(self, batch: Batch, latest: list[tuple[str, Rule]]) -> Iterator[tuple[Ints, Ints]]:
        if len(self._mask) < self._features.size:
            self._mask = np.zeros(self._features.size * 5 // 4, np.uint64)
        mask = self._mask
        present = batch.mark(mask)
        try:
            if self._shelf:
                yield self._of_shelf(self._shelf, batch, present)
            for rule_id, bits in self._latest.survivors(mask, present, batch.everyone):
                yield self._of_latest(rule_id, bits, batch, latest)
        finally:
            mask[present] = 0

    def _of_shelf(self, shelf: Shelf, batch: Batch, present: Array) -> tuple[Ints, Ints]:
        documents, rows = _spread(*shelf.segment.survivors(self._mask, present, batch.everyone))
        pairs = distinct(documents << 32 | rows)
        documents, rows = pairs >> 32, pairs & 0xFFFFFFFF
        tested = np.flatnonzero(shelf.tested[rows])
        if len(tested):
            kept = np.ones(len(rows), np.bool_)
            kept[tested] = positions.passing(batch, shelf.rows, documents[tested], rows[tested])
            documents, rows = documents[kept], rows[kept]
        place, numbers = shelf.shared(rows)
        documents = documents[place]
        doubtful = np.flatnonzero(shelf.rows.tree[rows[place]])
        if len(doubtful):
            kept = np.ones(len(numbers), np.bool_)
            for at in doubtful.tolist():
                number = int(numbers[at])
                read = partial(texts.read, shelf.texts[number])
                kept[at] = self._decide(shelf.ids[number], read, batch.page(int(documents[at])))
            documents, numbers = documents[kept], numbers[kept]
        return documents, numbers

    def _of_latest(self, rule_id: str, bits: int, batch: Batch, latest: list[tuple[str, Rule]]) -> tuple[Ints, Ints]:
        entry = self._latest.entries[rule_id]
        documents = [number for number in range(len(batch.documents)) if bits >> number & 1]
        if entry.compiled.tree or entry.compiled.tests:
            read = partial(self.rule, rule_id)
            documents = [number for number in documents if self._decide(rule_id, read, batch.page(number))]
        latest.append((rule_id, entry.rule))
        return np.array(documents, np.int64), np.full(len(documents), -len(latest), np.int64)


def _parts(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Batches of at most 64 documents, and of so many characters unless one document has more."""
    start, size = 0, 0
    for end, document in enumerate(documents):
        more = len(document.title) + len(document.body)
        if end > start and (end - start == batches.MOST or size + more > MOST_CHARACTERS):
            yield documents[start:end]
            start, size = end, 0
        size += more
    if documents[start:]:
        yield documents[start:]


def _spread(rows: Array, bits: Words64) -> tuple[Ints, Ints]:
    """(document, row) pairs from rows with the bits of their documents."""
    documents, found = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    while len(rows):
        lowest = bits & (~bits + np.uint64(1))
        documents.append(np.bitwise_count(lowest - np.uint64(1)).astype(np.int64))
        found.append(rows.astype(np.int64))
        bits = bits ^ lowest
        more = np.flatnonzero(bits)
        rows, bits = rows[more], bits[more]
    return np.concatenate(documents), np.concatenate(found)


def _listed(rules: Iterable[tuple[str, Rule, Compiled]]) -> Listed:
    """Rules to be settled; those that ask for the same share a row, so that it is decided once for all of them."""
    writer, known = Writer(), dict[bytes, int]()
    row: list[int] = []
    ids: list[str] = []
    written: list[str] = []
    for rule_id, rule, compiled in rules:
        text = texts.write(rule)
        same = blake2b(repr((compiled, text if compiled.tree else "")).encode("utf-8", "surrogatepass"), digest_size=16)
        place = known.setdefault(same.digest(), len(known))
        if place == len(known) - 1 and len(writer) == place:
            writer.add(compiled)
        row.append(place)
        ids.append(rule_id)
        written.append(text)
    return Listed(writer.rows(), np.array(row, np.int32), Packed.of(ids), Packed.of(written))
