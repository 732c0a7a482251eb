"""What a batch of documents has of all that rules ask for: which features, and where."""

from collections.abc import Iterator, Sequence

import numpy as np

from rules.document import Document
from rules.engine.arrays import Array, Bools, Ints, Ints32, Words64, distinct, ragged
from rules.engine.dictionary import Dictionary
from rules.engine.features import GOES_ON, HAS_ZONES, STARTS, Features
from rules.engine.tokens import BIG, Tokenizer, Tokens
from rules.forms import FactForm, form
from rules.passages import paragraphs, sentences
from rules.tokenized import SEAM, Tokenized, tokenize
from rules.words import offsets
from rules.zones import Layout, window

MOST = 64  # documents of one batch: the bits of a mask


class Batch:
    """Up to 64 documents. `features[i]` stands at `places[i]` (rules.engine.tokens) and is `lengths[i]` words long."""

    def __init__(self, documents: Sequence[Document], features: Features, tokens: Tokens) -> None:
        self.documents, self._features, self.tokens = documents, features, tokens
        self.every_document = np.uint64((1 << len(documents)) - 1)
        self._tokenized: dict[int, Tokenized] = {}
        self._passages: dict[tuple[str, int], Ints] = {}

    def find(self, dictionary: Dictionary) -> None:
        """Look up what every word gives, then phrases, then what stands in zones."""
        counts = dictionary.counts.array[self.tokens.words]
        asked = np.flatnonzero(counts)
        words, counts = self.tokens.words[asked], counts[asked]
        self.features: Ints32 = dictionary.features.array[ragged(dictionary.starts.array[words], counts)]
        self.places: Ints = np.repeat(self.tokens.places[asked], counts)
        role = self._features.role.array[self.features]
        if self._features.phrases.size:
            self._find_phrases(role)
            role = self._features.role.array[self.features]
        if self._features.zones.size:
            self._find_zoned(np.flatnonzero(role & HAS_ZONES))

    def _find_phrases(self, role: Array) -> None:
        """Walk all phrases at once, a word further with each turn."""
        follows = np.flatnonzero(role & GOES_ON)
        follower, follower_at = self.features[follows].astype(np.int64), self.places[follows]
        here = np.flatnonzero(role & STARTS)
        node, first, size = self.features[here].astype(np.int64), self.places[here], 1
        all_features, all_places = [self.features], [self.places]
        while len(node):
            low = np.searchsorted(follower_at, first + size)
            count = np.searchsorted(follower_at, first + size, "right") - low
            key = np.repeat(node, count) << 32 | follower[ragged(low, count)]
            longer = self._features.phrases.get(key.view(np.uint64))
            there = np.flatnonzero(longer)
            node, first, size = longer[there].astype(np.int64), np.repeat(first, count)[there], size + 1
            all_features.append(longer[there])
            all_places.append(first)
            going = np.flatnonzero(self._features.role.array[node] & STARTS)
            node, first = node[going], first[going]
        self.features, self.places = np.concatenate(all_features), np.concatenate(all_places)

    def _find_zoned(self, here: Ints) -> None:
        """Features that are asked for in a part of the text only."""
        base, places = self.features[here].astype(np.int64), self.places[here]
        last = places + self._features.length.array[base] - 1
        all_features, all_places = [self.features], [self.places]
        for number in range(1, len(self._features.zone_names)):
            zoned = self._features.zones.get((base << 32 | number).view(np.uint64))
            asked = np.flatnonzero(zoned)
            if len(asked):
                low, high = self._windows(number, distinct(places[asked] // BIG).tolist())
                document = places[asked] // BIG
                inside = (places[asked] >= low[document]) & (last[asked] < high[document])
                all_features.append(zoned[asked][inside])
                all_places.append(places[asked][inside])
        self.features, self.places = np.concatenate(all_features), np.concatenate(all_places)

    def _windows(self, number: int, documents: Sequence[int]) -> tuple[Ints, Ints]:
        """By document, the places where a zone begins and ends; those of other `documents` may be missing."""
        origin = np.arange(len(self.documents), dtype=np.int64) * BIG
        low, high = origin.copy(), origin + self.tokens.sizes
        for document in documents:
            windows = [window(name, self._layout(document)) for name in self._features.zone_names[number]]
            low[document] += max(start for start, _ in windows)
            high[document] = min(high[document], origin[document] + min(end for _, end in windows))
        return low, high

    def _layout(self, document: int) -> Layout:
        """Where a document's words stand, for the zones."""
        head = int(self.tokens.heads[document])
        return Layout(self.documents[document], head, head + SEAM, int(self.tokens.sizes[document]))

    def passages(self, kind: str, documents: Sequence[int]) -> Ints:
        """Where the passages ("sentence", "paragraph") of the bodies of these documents begin, ascending."""
        for document in documents:
            if (kind, document) not in self._passages:
                body = self.documents[document].body
                starts = sentences(body) if kind == "sentence" else paragraphs(body)
                words = np.searchsorted([start for start, _ in offsets(body)], starts)
                self._passages[kind, document] = document * BIG + self.tokens.heads[document] + SEAM + words
        return np.concatenate([self._passages[kind, document] for document in documents])

    def tokenized(self, document: int) -> Tokenized:
        """The words of one document, for what the arrays do not know."""
        tokens = self._tokenized.get(document)
        if tokens is None:
            tokens = self._tokenized[document] = tokenize(self.documents[document])
        return tokens

    @property
    def flags(self) -> Bools:
        """One for each feature, all false: to be left so."""
        return self._features.flags()

    def lengths(self, features: Array) -> Array:
        """How many words each feature is long."""
        lengths: Array = self._features.length.array[features]
        return lengths

    def mark(self, mask: Words64) -> Array:
        """Set the bits of all features; which ones were set, ascending."""
        features, documents = self.features, self.places // BIG
        for facts, having in self._facts():
            features, documents = np.append(features, facts), np.append(documents, having)
        np.bitwise_or.at(mask, features, np.uint64(1) << documents.astype(np.uint64))
        return distinct(features)

    def _facts(self) -> Iterator[tuple[Ints32, Ints]]:
        """Features and the documents that have them, for facts of whole documents."""
        for name in self._features.fact_forms:
            kind = form(name)
            assert isinstance(kind, FactForm)
            keys = [list(kind.keys(document)) for document in self.documents]
            hashes = self._features.hashing.words([key for some in keys for key in some], name)
            features = self._features.table.get(hashes)
            documents = np.repeat(np.arange(len(keys)), [len(some) for some in keys])
            known = np.flatnonzero(features)
            yield features[known], documents[known]


def split(documents: Sequence[Document], features: Features, tokenizer: Tokenizer, dictionary: Dictionary) -> Batch:
    """The batch of these documents."""
    batch = Batch(documents, features, tokenizer.split(documents))
    batch.find(dictionary)
    return batch
