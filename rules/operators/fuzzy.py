"""Fuzzy words.

`word~1` also hits words with one letter too many, too few, another or swapped with its neighbour (Damerau and
Levenshtein's distance); `word~2` allows two of these. The first letter is fixed. The word needs four letters, for `~2`
six: two changes to five letters make another word of nearly any. Besides, a fuzzy word hits the other spellings of a
Russian or Ukrainian name, in Latin and Cyrillic letters, whatever their distance: `Zelensky~1` hits Zelenskyy,
Selenskyj, Зеленський and Зеленский. It does not hit inflected forms such as Зеленского.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import DamerauLevenshtein

from rules import romanised
from rules.conditions import Condition, Term, has, lacks
from rules.errors import Fix, Refusal
from rules.forms import Feature, KeyForm, PatternForm, Screen
from rules.grammar import Call, Shape
from rules.joined import is_joined
from rules.nodes import Node
from rules.operators.words import run_of
from rules.row import places
from rules.run import Run, hit_texts
from rules.tokenized import Hits, Tokenized
from rules.words import LONGEST_CACHED, caseless, fold, words

EXAMPLES = (
    ("Zelensky~1", "President Zelenskyy spoke.", True),
    ("Zelensky~1", "Präsident Selenskyj sprach.", True),
    ("Zelensky~1", "Президент Зеленський виступив.", True),
    ("Зеленский~1", "President Zelensky spoke.", True),
    ("Zelensky~1", "A zealous speech.", False),
    ("government~2", "The goverment fell.", True),
    ("deploy~1", "He is employed.", False),
    ("Chernihiv~1 NEAR/3 attack", "An attack on Чернігів.", True),
)
# Letters, by distance. Over 15,126 English words, ~1 hits 3.2 others of a word of four letters, 2.0 of five and 0.7 of
# seven and more; ~2 hits 29, 18 and 2.5, and 8 of a word of six. The other spellings add 0.002 to that.
LEAST = {1: 4, 2: 6}
NEAR, SPELLED = "fuzzy", "romanised"


def _accepts(key: str, word: str) -> bool:
    wanted, _, most = key.rpartition("~")
    if word[0] != wanted[0] or abs(len(word) - len(wanted)) > int(most):
        return False
    if DamerauLevenshtein.distance(wanted, word, score_cutoff=int(most)) > int(most):
        return False
    return is_joined(word) == is_joined(wanted)


def _first_letter(key: str) -> str:
    return key[0]


def _letter_bits(words: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Which letters each word has."""
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
    bits = np.uint64(1) << (points % np.uint32(64)).astype(np.uint64)
    return np.bitwise_or.reduceat(bits, np.append(0, ends[:-1]))


def _key_bits(keys: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    """A change puts one letter in place of another at most: two bits."""
    parts = [key.rpartition("~") for key in keys]
    return _letter_bits([wanted for wanted, _, _ in parts]), np.array([2 * int(most) for _, _, most in parts], np.uint8)


@dataclass(frozen=True, slots=True)
class Fuzzy(Node):
    """Folded words within `most` changes of `word`, and other spellings of the same name. `word` keeps its accents."""

    word: str
    most: int
    shown: str = field(default="", compare=False)

    @property
    def features(self) -> tuple[Feature, ...]:
        """Of which a word has one to be a hit."""
        near = Feature(NEAR, f"{fold(self.word)}~{self.most}")
        return (near, *(Feature(SPELLED, key) for key in romanised.keys(self.word)))

    def hits(self, tokens: Tokenized) -> Hits | None:
        """The places of all such words."""
        if not tokens.forms().keys:
            return None
        all_places = {place for feature in self.features for place in places(tokens, feature)}
        return [(place, place, ()) for place in sorted(all_places)] or None

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"{self.shown}~{self.most}"

    def terms(self) -> tuple[Term, ...] | None:
        """One for each feature."""
        return tuple(Term((feature,)) for feature in self.features)

    def condition(self, wanted: bool) -> Condition:
        """One of the features, or none."""
        terms = self.terms() or ()
        return has(terms) if wanted else lacks(terms)

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """The spellings found; of a miss the word that is nearest."""
        hits = self.hits(tokens)
        if hits is not None:
            return hit_texts(hits, tokens)
        if self.most < 2 and _letters(self.word) >= LEAST[2]:
            wider = Fuzzy(self.word, 2, self.shown)
            others = wider.hits(tokens)
            if others:
                return f"found “{tokens.quote(tokens.span(*others[0][:2]))}”; write {wider.write()}"
        inside = Run((fold(self.word),), shown=(self.shown,)).detail(tokens, "")
        return inside if inside.startswith("only inside") else f"no word is within {self.most} changes of it"


def _fuzzy(text: str, call: Call) -> Node:
    word, _, distance = text.rpartition("~")
    if word.startswith("~"):
        message = "~ before a word finds its forms, ~1 after it its misspellings: write one of them"
        raise _refuse(message, call, word[1:] + "~" + distance, word)
    run = run_of(word, call)
    if len(run.words) > 1:
        spread = " AND ".join(f"{each}~1" if _letters(each) >= LEAST[1] else each for each in run.shown)
        raise _refuse(f"~{distance} belongs to one word, and “{word[:20]}” is several", call, spread)
    if distance not in ("1", "2"):
        near = f"{word}~{'1' if _letters(word) < LEAST[2] or distance[0] in '01' else '2'}"
        raise _refuse(f"a fuzzy word is word~1 or word~2, not ~{distance[:12]}", call, near, word)
    _check_length(word, int(distance), call)
    return Fuzzy(caseless(run.shown[0]), int(distance), run.shown[0])


def _check_length(word: str, most: int, call: Call) -> None:
    """Raises Refusal for what would hit nearly any word."""
    letters = _letters(word)
    if letters < LEAST[1]:
        message = f"a fuzzy word needs {LEAST[1]} letters: a change to fewer makes another word of nearly any"
        raise _refuse(message, call, word, f"~{word}")
    if letters < LEAST[most]:
        message = f"~2 needs {LEAST[2]} letters: two changes to fewer make another word of nearly any"
        raise _refuse(message, call, f"{word}~1", word)
    if len(fold(word)) > LONGEST_CACHED:
        raise _refuse(f"a fuzzy word has {LONGEST_CACHED} letters at most", call, word)


def _letters(word: str) -> int:
    return sum(char.isalpha() for char in fold(word))


def _fuzzy_phrase(text: str, call: Call) -> Node:
    """Lucene's way to write nearness."""
    inside, _, number = text.rpartition("~")
    reach = min(int(number[:9]), 100)
    spread = f" NEAR/{reach} ".join(words(inside)[:20])
    message = "a number after a phrase does nothing here; NEAR says how many words may stand between"
    raise _refuse(message, call, f"({spread})", inside)


def _refuse(message: str, call: Call, *texts: str) -> Refusal:
    cures = tuple((Fix(call.start, call.end, text),) for text in texts)
    return Refusal(message, call.start, call.end, expected=("word~1", "word~2"), cures=cures)


FORMS = (
    PatternForm(name=NEAR, accepts=_accepts, literal=_first_letter, screen=Screen(_letter_bits, _key_bits)),
    KeyForm(name=SPELLED, key=romanised.key, all_keys=romanised.all_keys),
)
SHAPES = (
    Shape(name="fuzzy word", pattern=re.compile(r'~?[^\s()"~*?^{}|/:]+~\d[^\s()"~^]*'), read=_fuzzy, rank=3),
    Shape(name="fuzzy phrase", pattern=re.compile(r'"[^"]*"~[0-9]+'), read=_fuzzy_phrase),
)
