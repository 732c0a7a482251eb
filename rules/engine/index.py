"""The index: rules with their conditions in, pairs of document and rule out.

rule --condition--> features, groups, checks --> a row of the segment (committed) or an entry of the buffer
documents --words--> features and where they stand --> candidates: rows whose groups hold --> those whose checks hold
    --> those whose tree says yes, where the index cannot say it
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b

import numpy as np

from rules.document import Document
from rules.engine import batch as batches
from rules.engine import positions, stored
from rules.engine.arrays import Array, Ints, Words64, distinct
from rules.engine.batch import Batch
from rules.engine.buffer import Buffer, Entry
from rules.engine.compile import Compiled, compile_condition
from rules.engine.dictionary import Dictionary
from rules.engine.features import Features, Frequency
from rules.engine.matches import Matches
from rules.engine.rows import Writer
from rules.engine.segment import Mergeable, Segment, merge
from rules.engine.strings import StringArray
from rules.engine.tokens import Tokenizer
from rules.rule import Rule
from rules.tokenized import Tokenized

MOST_CHARACTERS = 1 << 20  # in one batch, unless a document is longer
ReadRule = Callable[[], Rule]  # raises where the text of a committed rule is none any more
Decide = Callable[[str, ReadRule, Tokenized], bool]  # whether the rule of that id is true of the document, by its tree
Pairs = tuple[list[Ints], list[Ints]]  # places of documents, numbers of rules


class Index:
    """Rules by id. `decide` is asked where a condition is not exact."""

    def __init__(self, features: Features, decide: Decide, segment: Segment | None = None) -> None:
        self._decide = decide
        self._features = features
        self._dictionary = Dictionary(features)
        self._tokenizer = Tokenizer(self._dictionary, features.hashing)
        self._buffer = Buffer(features)
        self._segment = segment
        self._mask: Words64 = np.zeros(0, np.uint64)

    # ---------------------------------------------------------------------------------------------------------- rules

    def __len__(self) -> int:
        return len(self._buffer.entries) + (len(self._segment) if self._segment else 0)

    @property
    def uncommitted(self) -> int:
        """How many rules came, or went, since the last `commit`."""
        return len(self._buffer.entries) + (self._segment.tombstones if self._segment else 0)

    @property
    def known_words(self) -> int:
        """How many different words documents had."""
        return self._dictionary.size

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._buffer.entries or (self._segment is not None and self._segment.number(rule_id) >= 0)

    def rule(self, rule_id: str) -> Rule:
        """The rule. Raises KeyError when it is not there, RuleError when its text is no rule any more."""
        entry = self._buffer.entries.get(rule_id)
        if entry is not None:
            return entry.rule
        number = self._segment.number(rule_id) if self._segment else -1
        if self._segment is None or number < 0:
            raise KeyError(rule_id)
        return stored.read(self._segment.texts[number])

    def source(self, rule_id: str) -> tuple[str, str, Mapping[str, str]] | None:
        """Text, language and lists of a rule; None when it is not there."""
        entry = self._buffer.entries.get(rule_id)
        if entry is not None:
            return entry.rule.text, entry.rule.lang, entry.rule.lists
        number = self._segment.number(rule_id) if self._segment else -1
        return stored.source(self._segment.texts[number]) if self._segment and number >= 0 else None

    def ids(self) -> Iterator[str]:
        """All rules, committed ones first."""
        if self._segment:
            for number in self._segment.numbers().tolist():
                yield self._segment.ids[number]
        yield from self._buffer.entries

    def add(self, rule_id: str, rule: Rule) -> None:
        """Add a rule whose id is not there; it counts from the next document on."""
        self._buffer.add(rule_id, Entry(rule, self._compiled(rule)))

    def remove(self, rule_id: str) -> bool:
        """False when it is not there."""
        if self._buffer.remove(rule_id):
            return True
        number = self._segment.number(rule_id) if self._segment else -1
        if self._segment and number >= 0:
            self._segment.bury(number)
        return number >= 0

    def commit(self, more: Iterable[tuple[str, Rule]] = ()) -> None:
        """Merge the buffer and `more` (each id once) with the segment, into a new one; `more` replaces its ids."""
        new = _mergeable((rule_id, rule, self._compiled(rule)) for rule_id, rule in more)
        for rule_id in new.ids:
            self.remove(rule_id)
        parts = [self._segment.mergeable()] if self._segment and len(self._segment) else []
        came = ((rule_id, entry.rule, entry.compiled) for rule_id, entry in self._buffer.entries.items())
        parts += [_mergeable(came), new]
        self._segment = Segment.committed(merge(parts))
        self._buffer = Buffer(self._features)

    def _compiled(self, rule: Rule) -> Compiled:
        return compile_condition(rule.node.condition(True), self._features)

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved; the buffered rules are committed for that."""
        if self.uncommitted or self._segment is None:
            self.commit()
        assert self._segment is not None
        return {**self._segment.arrays(), **self._features.arrays()}

    @classmethod
    def loaded(cls, arrays: Mapping[str, Array], frequency: Frequency, decide: Decide) -> "Index":
        """The index that was saved."""
        arrays = {name: np.asarray(array) for name, array in arrays.items()}  # memmap's own indexing is slow
        return cls(Features.loaded(arrays, frequency), decide, Segment(arrays))

    # ------------------------------------------------------------------------------------------------------- matching

    def match(self, documents: Sequence[Document]) -> Matches:
        """Every pair of a document and a rule that is true of it."""
        places: list[Ints] = []
        numbers: list[Ints] = []
        buffered: list[tuple[str, Rule]] = []
        start = 0
        for part in _parts(documents):
            self._dictionary.refresh()
            batch = batches.split(part, self._features, self._tokenizer, self._dictionary)
            for places_in_part, rules in self._committed_and_buffered(batch, buffered):
                places.append(places_in_part + start)
                numbers.append(rules)
            start += len(part)
        nothing = np.zeros(0, np.int64)
        return Matches(np.concatenate([nothing, *places]), np.concatenate([nothing, *numbers]), self._segment, buffered)

    def _committed_and_buffered(self, batch: Batch, buffered: list[tuple[str, Rule]]) -> Iterator[tuple[Ints, Ints]]:
        if len(self._mask) < self._features.size:
            self._mask = np.zeros(self._features.size * 5 // 4, np.uint64)
        mask = self._mask
        present = batch.mark(mask)
        try:
            if self._segment:
                yield self._of_segment(self._segment, batch, present)
            for rule_id, bits in self._buffer.candidates(mask, present, batch.every_document):
                yield self._of_buffer(rule_id, bits, batch, buffered)
        finally:
            mask[present] = 0

    def _of_segment(self, segment: Segment, batch: Batch, present: Array) -> tuple[Ints, Ints]:
        documents, rows = _spread(*segment.postings.candidates(self._mask, present, batch.every_document))
        pairs = distinct(documents << 32 | rows)
        documents, rows = pairs >> 32, pairs & 0xFFFFFFFF
        checked = np.flatnonzero(segment.checked[rows])
        if len(checked):
            kept = np.ones(len(rows), np.bool_)
            kept[checked] = positions.passing(batch, segment.rows, documents[checked], rows[checked])
            documents, rows = documents[kept], rows[kept]
        place, numbers = segment.shared(rows)
        documents = documents[place]
        doubtful = np.flatnonzero(segment.rows.tree[rows[place]])
        if len(doubtful):
            kept = np.ones(len(numbers), np.bool_)
            for at in doubtful.tolist():
                number = int(numbers[at])
                read = partial(stored.read, segment.texts[number])
                kept[at] = self._decide(segment.ids[number], read, batch.tokenized(int(documents[at])))
            documents, numbers = documents[kept], numbers[kept]
        return documents, numbers

    def _of_buffer(self, rule_id: str, bits: int, batch: Batch, buffered: list[tuple[str, Rule]]) -> tuple[Ints, Ints]:
        entry = self._buffer.entries[rule_id]
        documents = [number for number in range(len(batch.documents)) if bits >> number & 1]
        if entry.compiled.tree or entry.compiled.checks:
            read = partial(self.rule, rule_id)
            documents = [number for number in documents if self._decide(rule_id, read, batch.tokenized(number))]
        buffered.append((rule_id, entry.rule))
        return np.array(documents, np.int64), np.full(len(documents), -len(buffered), np.int64)


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
    documents, all_rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    while len(rows):
        lowest = bits & (~bits + np.uint64(1))
        documents.append(np.bitwise_count(lowest - np.uint64(1)).astype(np.int64))
        all_rows.append(rows.astype(np.int64))
        bits = bits ^ lowest
        more = np.flatnonzero(bits)
        rows, bits = rows[more], bits[more]
    return np.concatenate(documents), np.concatenate(all_rows)


def _mergeable(rules: Iterable[tuple[str, Rule, Compiled]]) -> Mergeable:
    """Rules to be committed; those that ask for the same share a row, so that it is decided once for all of them."""
    writer, known = Writer(), dict[bytes, int]()
    row: list[int] = []
    ids: list[str] = []
    written: list[str] = []
    for rule_id, rule, compiled in rules:
        text = stored.write(rule)
        same = blake2b(repr((compiled, text if compiled.tree else "")).encode("utf-8", "surrogatepass"), digest_size=16)
        place = known.setdefault(same.digest(), len(known))
        if place == len(known) - 1 and len(writer) == place:
            writer.add(compiled)
        row.append(place)
        ids.append(rule_id)
        written.append(text)
    return Mergeable(writer.rows(), np.array(row, np.int32), StringArray.of(ids), StringArray.of(written))
