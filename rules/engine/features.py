"""Numbers for everything that rules ask of documents, so that the index works on arrays of them."""

import json
from array import array
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rules.conditions import Term
from rules.engine.arrays import Array, Bools, Growing, Table
from rules.engine.hashing import Hashing
from rules.engine.patterns import Patterns
from rules.forms import FactForm, Feature, PatternForm, form

Frequency = Callable[[Feature], float]
_COLUMNS = ("length", "role")
_MOST_NEW = 5000  # asking for so many one by one takes longer than learning the words again
_MEMORY = 200_000  # features whose numbers are at hand while many rules are read


class Features:
    """Feature numbers from 1 on: of single words and facts, of phrases (paths of a trie of them), of terms in zones."""

    def __init__(self, frequency: Frequency, seed: int | None = None) -> None:
        self._frequency = frequency
        self.hashing = Hashing(seed)
        self.table = Table(14)  # key hash -> feature
        self.phrases = Table(14)  # feature so far << 32 | next word's feature -> feature
        self.zones = Table(10)  # feature << 32 | zone -> feature
        self.zone_names: list[tuple[str, ...]] = [()]
        self.cost = array("f")  # how common each is thought to be: the share of documents that have it
        self.length = Growing(np.int32)  # words of the phrase
        self.role = Growing(np.uint8)  # STARTS a phrase, GOES_ON in one, HAS_ZONES
        self._flags: Bools = np.zeros(0, np.bool_)
        self.key_forms: list[str] = []
        self.fact_forms: list[str] = []
        self._patterns: dict[str, Patterns] = {}
        self._memory: dict[Feature, int] = {}
        self._new: dict[str, dict[str, int]] = {}
        self._new_count = 0
        self.version = 0
        self._next(1.0)

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved."""
        names = {
            "seed": self.hashing.seed,
            "zones": self.zone_names,
            "keys": self.key_forms,
            "facts": self.fact_forms,
            "patterns": {name: each.all() for name, each in self._patterns.items()},
        }
        tables = {"features": self.table, "phrases": self.phrases, "zoned": self.zones}
        parts = {f"{name}_{part}": array for name, table in tables.items() for part, array in table.arrays().items()}
        columns = {name: getattr(self, name).used for name in _COLUMNS}
        named = {"cost": np.array(self.cost, np.float32), "names": np.frombuffer(json.dumps(names).encode(), np.uint8)}
        return {**parts, **columns, **named}

    @classmethod
    def loaded(cls, arrays: Mapping[str, Array], frequency: Frequency) -> "Features":
        """What was saved."""
        names = json.loads(bytes(arrays["names"]).decode())
        features = cls(frequency, names["seed"])
        features.table = Table.loaded(arrays, "features")
        features.phrases = Table.loaded(arrays, "phrases")
        features.zones = Table.loaded(arrays, "zoned")
        features.cost = array("f", arrays["cost"].tobytes())
        for name in _COLUMNS:
            column = getattr(features, name)
            setattr(features, name, Growing(column.array.dtype, arrays[name]))
        features.zone_names = [tuple(each) for each in names["zones"]]
        features.key_forms, features.fact_forms = names["keys"], names["facts"]
        for name, patterns in names["patterns"].items():
            kind = form(name)
            assert isinstance(kind, PatternForm)
            features._patterns[name] = Patterns(kind, patterns)
        return features

    @property
    def size(self) -> int:
        """One more than the highest number."""
        return len(self.cost)

    def _next(self, cost: float, length: int = 1) -> int:
        self.cost.append(cost)
        self.length.append(length)
        self.role.append(0)
        return len(self.cost) - 1

    def flags(self) -> Bools:
        """One for each feature, all false: to be left so."""
        if len(self._flags) < self.size:
            self._flags = np.zeros(self.size * 5 // 4, np.bool_)
        return self._flags

    def term(self, term: Term) -> int:
        """The number of a term; given when it has none yet."""
        feature = self._word(term.words[0])
        for length, word in enumerate(term.words[1:], 2):
            feature = self._longer(feature, self._word(word), length)
        return self._zoned(feature, term.zones) if term.zones else feature

    def _word(self, feature: Feature) -> int:
        number = self._memory.get(feature)
        if number is None:
            hashed = self.hashing.word(feature.key, feature.form)
            number = self.table.find(hashed) or self._new_word(feature, hashed)
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[feature] = number
        return number

    def _new_word(self, feature: Feature, hashed: int) -> int:
        number = self._next(self._frequency(feature))
        self.table.add(hashed, number)
        self._announce(feature.form, feature.key, number)
        return number

    def _announce(self, name: str, key: str, number: int) -> None:
        """Texts are to be asked for this from now on."""
        if name not in self.key_forms and name not in self.fact_forms:
            kind = form(name)
            if isinstance(kind, PatternForm):
                if name not in self._patterns:
                    self._patterns[name] = Patterns(kind)
                self._patterns[name].add(key, number)
            else:
                (self.fact_forms if isinstance(kind, FactForm) else self.key_forms).append(name)
        self.version += 1
        self._new_count += 1
        if self._new_count <= _MOST_NEW:
            self._new.setdefault(name, {})[key] = number

    @property
    def too_many_new(self) -> bool:
        """So many came since the last `take_new` that they were not noted: whoever knows words has to ask anew."""
        return self._new_count > _MOST_NEW

    def take_new(self) -> dict[str, dict[str, int]]:
        """By form, the keys that came since the last call."""
        new, self._new, self._new_count = self._new, {}, 0
        return new

    def _longer(self, feature: int, word: int, length: int) -> int:
        key = feature << 32 | word
        number = self.phrases.find(key)
        if not number:
            cost = min(self.cost[feature], self.cost[word]) * 0.2
            number = self._next(cost, length)
            self.phrases.add(key, number)
            role = self.role.writable()
            role[feature] |= STARTS
            role[word] |= GOES_ON
        return number

    def _zoned(self, feature: int, zones: tuple[str, ...]) -> int:
        if zones not in self.zone_names:
            self.zone_names.append(zones)
        key = feature << 32 | self.zone_names.index(zones)
        number = self.zones.find(key)
        if not number:
            number = self._next(self.cost[feature] * 0.5, int(self.length.array[feature]))
            self.zones.add(key, number)
            self.role.writable()[feature] |= HAS_ZONES
        return number

    def accepting(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """(place of a folded word, pattern feature that accepts it)."""
        return [pair for each in self._patterns.values() for pair in each.accepting(words)]


STARTS, GOES_ON, HAS_ZONES = 1, 2, 4
