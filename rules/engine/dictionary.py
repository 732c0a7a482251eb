"""The words that texts have used so far, each with the features that rules ask of it."""

from collections.abc import Sequence

import numpy as np

from rules.engine.arrays import Growing, Ints32, Table, Words64
from rules.engine.elisions import ELIDABLE, Elisions
from rules.engine.features import Features
from rules.forms import KeyForm, PatternForm, form
from rules.joined import NOTABLE, OPENERS
from rules.words import fold_all, lower_all, plain_words

_FEW = 6
MOST_WORDS = 1 << 18  # then all are forgotten and learned again, so that hostile text cannot fill the memory


class Dictionary:
    """Word numbers from 1 on; `starts[word]`, `counts[word]` say where its features are in `held`.

    A word's number is found by its hash (`table`), which only the tokenizer knows how to make. The number -1 says that
    what looks like one word stands for several; that of a word that may be elided is ELIDABLE more than its own.
    """

    def __init__(self, features: Features) -> None:
        self._features = features
        self.forget()

    def forget(self) -> None:
        """Start again."""
        self.table = Table(16, spare=4)  # every word of every text is looked up here
        self._by_surface: dict[str, int] = {}  # of odd texts, and of elided words
        self.elisions = Elisions()
        self._folded: list[str] = [""]
        self._forms = list(self._features.key_forms)
        self._hashes = {name: Growing(np.uint64) for name in self._forms}  # the hash of each word's key
        self.starts, self.counts, self.features = Growing(np.int64), Growing(np.int32), Growing(np.int32)
        for each in (self.starts, self.counts, *self._hashes.values()):
            each.extend(0, 1)
        self._features.take_new()
        self._version = self._features.version

    @property
    def size(self) -> int:
        """How many words are known."""
        return len(self._folded) - 1

    def refresh(self) -> None:
        """Take over features that came since the last call; to be called before a batch."""
        if len(self._folded) > MOST_WORDS or self._forms != self._features.key_forms or self._features.too_many_new:
            self.forget()
        elif self._version != self._features.version:
            self._version = self._features.version
            self._ask_again()

    def learn(self, surfaces: Sequence[str], hashes: Words64) -> None:
        """Number new words of plain texts."""
        small = lower_all(surfaces)
        if not OPENERS.isdisjoint(small) or not "".join(surfaces).isascii():
            single = np.fromiter(map(_is_single, surfaces), np.bool_)
            several = hashes[~single]
            self.table.put(several, np.full(len(several), -1, np.int32))
            surfaces = [surface for surface, is_single in zip(surfaces, single.tolist(), strict=True) if is_single]
            hashes = hashes[single]
        numbers = self._number(surfaces)
        elidable = self.elisions.learn(surfaces, numbers, self) if not NOTABLE.isdisjoint(small) else []
        marked = numbers.copy()
        marked[elidable] += ELIDABLE
        self.table.put(hashes, marked)

    def numbers(self, surfaces: Sequence[str]) -> Ints32:
        """The numbers of the words of an odd text."""
        known = self._by_surface
        new = [surface for surface in dict.fromkeys(surfaces) if surface not in known]
        known.update(zip(new, self._number(new).tolist(), strict=True))
        return np.fromiter(map(known.__getitem__, surfaces), np.int32, len(surfaces))

    def _number(self, surfaces: Sequence[str]) -> Ints32:
        """Numbers for new words, with what rules ask of them so far."""
        start = len(self._folded)
        folded = fold_all(surfaces)
        self._folded += folded
        numbers = np.arange(start, start + len(surfaces), dtype=np.int32)
        pairs = [self._keyed(surfaces, numbers)]
        accepted = self._features.accepting(folded)
        if accepted:
            accepted_pairs = np.array(accepted, np.int32)
            pairs.append((accepted_pairs[:, 0] + np.int32(start), accepted_pairs[:, 1]))
        self._hold(numbers, pairs)
        return numbers

    def _keyed(self, surfaces: Sequence[str], numbers: Ints32) -> tuple[Ints32, Ints32]:
        """(word, feature) pairs of all key forms."""
        hashes = self._features.hashing.forms({name: _keys(name, surfaces) for name in self._forms})
        for name, hashed in zip(self._forms, hashes, strict=True):
            self._hashes[name].extend(hashed, len(hashed))
        features = self._features.table.get(hashes.ravel())
        there = np.flatnonzero(features)
        return numbers[there % len(numbers)], features[there]

    def _hold(self, numbers: Ints32, pairs: list[tuple[Ints32, Ints32]]) -> None:
        """Note the features of new words."""
        words_of = np.concatenate([word for word, _ in pairs])
        features = np.concatenate([feature for _, feature in pairs])
        order = np.argsort(words_of, kind="stable")
        counts = np.bincount(words_of - numbers[0], minlength=len(numbers)) if len(numbers) else np.zeros(0, np.int64)
        self.starts.extend(self.features.size + np.cumsum(counts) - counts, len(numbers))
        self.counts.extend(counts, len(numbers))
        self.features.extend(features[order], len(features))

    # -------------------------------------------------------------------------------- rules that came after the words

    def _ask_again(self) -> None:
        """Give the words so far the features that are new."""
        added: list[tuple[int, int]] = []  # (word, feature)
        for name, keys in self._features.take_new().items():
            kind = form(name)
            if isinstance(kind, KeyForm):
                added += self._having(name, keys)
            elif isinstance(kind, PatternForm):
                added += self._accepted(kind, keys)
        for word, feature in added:
            start, count = int(self.starts.array[word]), int(self.counts.array[word])
            moved = np.append(self.features.array[start : start + count], np.int32(feature))
            self.starts.array[word], self.counts.array[word] = self.features.size, count + 1
            self.features.extend(moved, count + 1)

    def _having(self, name: str, keys: dict[str, int]) -> list[tuple[int, int]]:
        """The words whose key is one of these. For few keys, as of one new rule, comparing is quicker than sorting."""
        kept = self._hashes[name].used
        wanted = {self._features.hashing.word(key, name): feature for key, feature in keys.items()}
        hashes = np.sort(np.fromiter(wanted, np.uint64, len(wanted)))
        if len(hashes) <= _FEW:
            there = np.concatenate([np.flatnonzero(kept == hashed) for hashed in hashes])
        else:
            there = np.flatnonzero(hashes[np.searchsorted(hashes[:-1], kept)] == kept)
        return [(word, wanted[int(kept[word])]) for word in there.tolist()]

    def _accepted(self, kind: PatternForm, keys: dict[str, int]) -> list[tuple[int, int]]:
        pairs = []
        for key, feature in keys.items():
            literal = kind.literal(key)
            for word, folded in enumerate(self._folded):
                if (literal in folded if kind.anywhere else folded.startswith(literal)) and kind.accepts(key, folded):
                    pairs.append((word, feature))
        return pairs


def _is_single(surface: str) -> bool:
    """Whether it stands for itself in every text; what begins an address does not."""
    return surface.lower() not in OPENERS and (surface.isascii() or len(plain_words(surface)) == 1)


def _keys(name: str, surfaces: Sequence[str]) -> list[str]:
    kind = form(name)
    assert isinstance(kind, KeyForm)
    return kind.keys(surfaces)
