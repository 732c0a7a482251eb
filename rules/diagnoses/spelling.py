"""Likely typos: a word that no document has, beside a very similar one that many have."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.diagnoses.chart import Chart, leaves
from rules.diagnoses.finding import Finding, Vocabulary
from rules.lexer import Token
from rules.run import WRITTEN, Run
from rules.stems import stemmer
from rules.words import fold, offsets

_SHORTEST = 5  # letters; shorter words have too many neighbours
_LONGEST = 40
_MOST_ASKED = 12  # words of one rule
_FEWEST = 5  # documents that a neighbour must have
_SHARE = 0.002  # of the archive, likewise
_ENOUGH = 50  # more than this a neighbour never needs
_RARER = 200  # times rarer than its neighbour: a long word that is there all the same, as a typo of the archive's own
_LONG = 7


class _Word(NamedTuple):
    shown: str
    start: int  # in the plain text
    end: int
    lang: str  # of its stem; "" for the word itself

    @property
    def folded(self) -> str:
        return fold(self.shown)


def spelling(chart: Chart) -> list[Finding]:
    """Each word with a much more frequent neighbour, and the rule with that one instead."""
    vocabulary = chart.archive
    if vocabulary is None:
        return []
    suspects = [word for word in _words(chart.tokens) if _can_be_misspelt(word.folded)]
    counted = [(word, vocabulary.count(word.folded)) for word in suspects]
    asked = [word for word, count in counted if not count or (len(word.folded) >= _LONG and count <= 2)][:_MOST_ASKED]
    near = _Neighbourhood(vocabulary, [word.folded for word in asked])
    findings = []
    for word in asked:
        better = near.better(word, chart.rule.lang)
        if better:
            findings.append(_finding(chart, word, better, vocabulary))
    return findings


def _can_be_misspelt(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def _words(tokens: Sequence[Token]) -> Iterator[_Word]:
    for token in tokens:
        run = next(leaves(token.node), None) if token.node else None  # below a `^`
        if not isinstance(run, Run) or run.write() not in token.text:
            continue
        lang = "" if run.lang == WRITTEN else run.lang
        for start, end in offsets(token.text):
            yield _Word(token.text[start:end], token.start + start, token.start + end, lang)


def _finding(chart: Chart, word: _Word, better: str, vocabulary: Vocabulary) -> Finding:
    count, of_it = vocabulary.count(better), vocabulary.count(word.folded)
    shown = _spelled_like(better, word.shown)
    is_there = f"is in {of_it} document{'s' * (of_it != 1)} only" if of_it else "is in no document"
    message = f"“{word.shown}” {is_there}; did you mean “{shown}” ({count:,} documents)?"
    cure = chart.with_text(word.start, word.end, shown)
    return Finding("typo", "warning", message, *chart.typed.place(word.start, word.end), cure)


def _spelled_like(word: str, example: str) -> str:
    if len(example) > 1 and example.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if example[:1].isupper() else word


class _Neighbourhood:
    """The archive's words that begin as the asked ones do, so that one pass over the archive's words is enough."""

    def __init__(self, vocabulary: Vocabulary, asked: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)  # by first letter and length
        starts = frozenset(letter for word in asked for letter in word[:2])
        if starts:
            for word in vocabulary.words():
                if word[:1] in starts and len(word) >= _SHORTEST - 1:
                    self._by_start[word[0], len(word)].append(word)

    def better(self, word: _Word, lang: str) -> str:
        """The most frequent word that was probably meant; empty when there is none."""
        folded = word.folded
        stem = stemmer(word.lang or lang) or fold
        own = stem(folded)
        if word.lang and any(stem(each) == own for each in self._beginning(folded[:3])):
            return ""
        meant = [
            each
            for each in self._close(folded)
            if self._is_frequent(each, folded) and stem(each) != own and not _is_ending(each, folded)
        ]
        return max(meant, key=lambda each: (self._vocabulary.count(each), each), default="")

    def _beginning(self, letters: str) -> Iterator[str]:
        same = (words for (letter, _), words in list(self._by_start.items()) if letter == letters[0])
        return (word for words in same for word in words if word.startswith(letters))

    def _close(self, word: str) -> list[str]:
        """Words one edit away: with the same first letter, or with the first two letters swapped."""
        like = [each for size in (-1, 0, 1) for each in self._by_start[word[0], len(word) + size]]
        same = process.extract(word, like, scorer=OSA.distance, score_cutoff=1, limit=None)
        swapped = word[1] + word[0] + word[2:]
        close = [each for each, distance, _ in same if distance]
        return [*close, swapped] if word[0] != word[1] and self._vocabulary.count(swapped) else close

    def _is_frequent(self, word: str, than: str) -> bool:
        """Often enough to be what was meant; the shorter the words and the less like a slip, the more often."""
        if _is_other_letter(word, than) and len(than) == _SHORTEST:
            return False  # Sudan, sedan; Timor, tumor
        enough = float(_ENOUGH)
        if len(than) >= _LONG or (len(than) > _SHORTEST and not _is_other_letter(word, than)) or _is_swap(word, than):
            enough = min(_ENOUGH, max(_FEWEST, _SHARE * self._vocabulary.size))
        return self._vocabulary.count(word) >= max(enough, _RARER * self._vocabulary.count(than))


def _is_swap(word: str, other: str) -> bool:
    """Of words one edit apart: whether two letters changed places."""
    return sorted(word) == sorted(other)


def _is_other_letter(word: str, other: str) -> bool:
    """Of words one edit apart: whether one letter is another."""
    return len(word) == len(other) and not _is_swap(word, other)


def _is_ending(word: str, other: str) -> bool:
    """Whether the two differ in their last letter only: rather another form of the word than a typo."""
    if _is_swap(word, other):
        return False
    shared = sum(1 for _ in _common_start(word, other))
    return shared >= max(len(word), len(other)) - 1


def _common_start(word: str, other: str) -> Iterator[str]:
    for a, b in zip(word, other, strict=False):
        if a != b:
            return
        yield a
