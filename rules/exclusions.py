"""Words that tell some documents from others: what a rule could exclude to be rid of the ones and keep the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.grammar import grammar
from rules.joined import is_joined
from rules.tokenized import Hits, Tokenized
from rules.words import is_unspaced

MOST_WORDS, MOST_PHRASES, MOST_TOGETHER = 4, 2, 3
_NEAR, _FAR = 6.0, 1000  # what nearness to a hit counts: the word beside it says what it is about
_COMMON = 0.12  # of the other documents: a word that says little
_ENOUGH = 6  # documents to keep that all lack a word: then it is not a word that stands everywhere
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Sight:
    """One document to drop: its words in a row, and where the rule hit it."""

    tokens: Tokenized
    row: Sequence[str]
    hits: Hits

    def score(self, at: int) -> float:
        """How much a word at that place is what the document is about: in its title, near the rule's hits."""
        gaps = [max(first - at, at - last, 0) for first, last, _ in self.hits[:50]]
        return 4 * (self.tokens.field(at) == "title") + _NEAR / (1 + min(gaps, default=_FAR))


class Exclusions:
    """`dropped` with the rule's hits, against `kept`; `others` show which words are common."""

    def __init__(
        self, dropped: Sequence[tuple[Tokenized, Hits]], kept: Sequence[Tokenized], others: Sequence[Tokenized]
    ) -> None:
        self._sights = [_Sight(tokens, tokens.forms().row, hits) for tokens, hits in dropped]
        self._kept: frozenset[str] = frozenset().union(*(tokens.forms().keys for tokens in kept))
        self._kept_pairs = {pair for tokens in kept for pair in pairwise(tokens.forms().row)}
        around = [tokens.forms().keys for tokens in (*kept, *others)]
        counts: dict[str, int] = {}
        for key in (key for keys in around for key in keys):
            counts[key] = counts.get(key, 0) + 1
        limit = max(2, _COMMON * len(around)) if len(kept) < _ENOUGH else len(around)
        self._common = {key for key, number in counts.items() if number > limit}

    def words(self) -> list[str]:
        """Words that all to drop have and none to keep has, the most telling first."""
        return [self._spelling(word) for word in self._ranked(self._shared_words())][:MOST_WORDS]

    def phrases(self) -> list[str]:
        """The same of two words in a row, where neither would do alone."""
        shared = set.intersection(*(self._pairs(sight) for sight in self._sights)) - self._kept_pairs
        alone = self._shared_words()
        fit = [pair for pair in shared if not alone & set(pair) and not self._common.issuperset(pair)]
        return [self._spelling(*pair) for pair in sorted(fit, key=self._pair_order)][:MOST_PHRASES]

    def together(self) -> list[str]:
        """Two or three words of which each to drop has one and none to keep has any; empty when there are none."""
        have = [self._own_words(sight) for sight in self._sights]
        chosen: list[str] = []
        left = list(have)
        while left and len(chosen) < MOST_TOGETHER:
            counts: dict[str, int] = {}
            for word in (word for words in left for word in words):
                counts[word] = counts.get(word, 0) + 1
            if not counts:
                return []
            best = min(counts, key=lambda word: (-counts[word], -self._score(word), word))
            chosen.append(best)
            left = [words for words in left if best not in words]
        return [] if left or len(chosen) < 2 else [self._spelling(word) for word in chosen]

    def _shared_words(self) -> set[str]:
        return set.intersection(*(self._own_words(sight) for sight in self._sights))

    def _own_words(self, sight: _Sight) -> set[str]:
        keys = sight.tokens.forms().keys - self._kept - self._common
        hit = {word for first, last, _ in sight.hits[:200] for word in sight.row[first : last + 1] if last - first < 9}
        return {key for key in keys - hit if self._says_something(key)}

    def _says_something(self, word: str) -> bool:
        return not word.isnumeric() and not is_joined(word) and (len(word) >= _SHORTEST or is_unspaced(word))

    def _pairs(self, sight: _Sight) -> set[tuple[str, str]]:
        return {pair for pair in pairwise(sight.row) if all(map(self._says_something, pair))}

    def _ranked(self, words: Iterable[str]) -> list[str]:
        return sorted(words, key=lambda word: (-self._score(word), word))

    def _score(self, word: str) -> float:
        """In how many titles, how near the hits, how often, and a little for length: `of` says less than `drill`."""
        total = 0.0
        for sight in self._sights:
            places = sight.tokens.forms().places(word)[:20]
            total += max(map(sight.score, places), default=0) + min(len(places), 3)
        return total / len(self._sights) + min(len(word), 8) / 16

    def _pair_order(self, pair: tuple[str, str]) -> tuple[float, tuple[str, str]]:
        return -sum(map(self._score, pair)), pair

    def _spelling(self, *run: str) -> str:
        """As rule text, spelt as the first document to drop that has it spells it: in small letters if it ever is."""
        spelling = next(iter(sorted(self._spellings(run), key=lambda text: (not text.islower(), text))), " ".join(run))
        return f'"{spelling}"' if len(run) > 1 or spelling in grammar().names else spelling

    def _spellings(self, run: Sequence[str]) -> Iterator[str]:
        for sight in self._sights:
            for at in sight.tokens.forms().places(run[0])[:20]:
                if list(sight.row[at : at + len(run)]) == list(run):
                    yield " ".join(sight.tokens.quote(sight.tokens.span(at, at + len(run) - 1)).split())
