"""Wildcards.

`deploy*` is any word that begins with "deploy"; `*` stands for any letters, or none, also in the middle (`colo*r`), and
`?` for exactly one (`wom?n`, `troop?`). A word with wildcards needs three letters or digits of its own, and the first
character is one of them. Wildcards work inside phrases, `"troop deploy*"`, where a `?` at the end of a word is a
question mark, and beside NEAR. Capitals and accents do not count: ß is ss, for `?` as well.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rules.errors import Fix, Refusal
from rules.forms import Feature, PatternForm
from rules.grammar import Call, Shape
from rules.joined import is_joined
from rules.nodes import Node
from rules.operators.words import run_of
from rules.row import Row
from rules.words import LONGEST_CACHED, fold, offsets, words

EXAMPLES = (
    ("deploy*", "Troops were deployed.", True),
    ("deploy*", "Troops deploy.", True),
    ("deploy*", "Troops redeployed.", False),
    ("wom?n", "The women left.", True),
    ("wom?n", "The womans left.", False),
    ("colo*r", "A colour film.", True),
    ("deploy* NEAR/3 Ukraine", "Deploying to Ukraine.", True),
    ('"troop deploy*"', "New troop deployments.", True),
    ('"troop deploy*"', "Deployments of a troop.", False),
)
LEAST = 3  # letters and digits of its own: of fewer, a wildcard is a large part of the dictionary
MOST_WILD = 10  # wildcards in a word
NAME = "wildcard"


_QUESTION = re.compile(r"\?+(?![*?])")


class _Word(NamedTuple):
    """A word of the rule: its text, its pattern on folded words (the word itself when nothing is wild), its place."""

    shown: str
    pattern: str
    start: int
    end: int

    @property
    def wild(self) -> bool:
        return "*" in self.pattern or "?" in self.pattern

    @property
    def feature(self) -> Feature:
        return Feature(NAME if self.wild else "", self.pattern)


def _accepts(pattern: str, word: str) -> bool:
    if pattern.find("*") == len(pattern) - 1 and "?" not in pattern:  # nearly all of them
        is_hit = word.startswith(pattern[:-1])
    else:
        is_hit = _compiled(pattern).fullmatch(word) is not None
    return is_hit and (is_joined(pattern) or not is_joined(word))


@lru_cache(maxsize=10_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Atomic groups keep it linear in the word: each part between two `*` is taken where it comes first."""
    first, *rest = [re.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    if not rest:
        return re.compile(first, re.DOTALL)
    *middle, last = rest
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + ".*" + last, re.DOTALL)


def literal(pattern: str) -> str:
    """What every word begins with that the pattern accepts."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


def _split(text: str, start: int) -> list[_Word]:
    """The words of a text with wildcards, which stick to the words that they touch. `start`: its place in the rule."""
    all_words: list[_Word] = []
    before = 0
    for shown, (at, end) in zip(words(text), offsets(text), strict=True):
        between = text[before:at]
        tail, head = _touching(between) if all_words else ("", between[len(between.rstrip("*?")) :])
        word = _Word(shown, fold(shown), start + at, start + end)
        if tail and tail == between:
            all_words.append(_joined(all_words.pop(), tail, word))
        else:
            if tail:
                all_words.append(_joined(all_words.pop(), tail, None))
            all_words.append(_Word(head + shown, _tidy(head) + word.pattern, word.start - len(head), word.end))
        before = end
    tail = _touching(text[before:])[0]
    if all_words and tail:
        all_words.append(_joined(all_words.pop(), tail, None))
    return all_words


def _touching(between: str) -> tuple[str, str]:
    """The wildcards that stick to the word before and to the word after."""
    rest = between.lstrip("*?")
    return between[: len(between) - len(rest)], rest[len(rest.rstrip("*?")) :]


def _joined(word: _Word, wild: str, after: _Word | None) -> _Word:
    end = after.end if after else word.end + len(wild)
    return _Word(
        word.shown + wild + (after.shown if after else ""),
        word.pattern + _tidy(wild) + (after.pattern if after else ""),
        word.start,
        end,
    )


def _tidy(wild: str) -> str:
    """`*?*` is `?*`: that many letters at least."""
    return "?" * wild.count("?") + "*" * ("*" in wild)


def _question_marks(text: str) -> list[tuple[int, int]]:
    """Start and end of those that stand at the end of a word."""
    spans = (marks.span() for marks in _QUESTION.finditer(text))
    return [(start, end) for start, end in spans if not words(text[end : end + 1])]


def _without(text: str, places: list[tuple[int, int]]) -> str:
    """With spaces in these places."""
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _wild(text: str, call: Call) -> Node:
    asked = _question_marks(text)
    if asked and len(words(text.replace("*", ""))) > 1:
        message = "in several words a ? at the end of one is a question mark; * stands for any letters"
        bare = _without(text, asked)
        start, end = call.start + asked[0][0], call.start + asked[0][1]
        raise Refusal(message, start, end, expected=("deploy*",), cures=((Fix(call.start, call.end, bare),),))
    return _row(text, call.start, call)


def _wild_phrase(text: str, call: Call) -> Node:
    return _row(_without(text[1:-1], _question_marks(text[1:-1])), call.start + 1, call)


def _row(text: str, start: int, call: Call) -> Node:
    all_words = _split(text, start)
    if not all_words:
        message = "a wildcard never stands alone; write at least three letters before it"
        raise Refusal(message, call.start, call.end, expected=("deploy*",), cures=((Fix(call.start, call.end, " "),),))
    for word in all_words:
        if word.wild:
            _check(word)
    if _wildness(text) != sum(_wildness(word.shown) for word in all_words):
        message = "a wildcard touches the word that it belongs to"
        bare = re.sub(r"[*?]", " ", text)
        raise Refusal(message, call.start, call.end, expected=("deploy*",), cures=((Fix(call.start, call.end, bare),),))
    run = run_of(re.sub(r"[*?]+", "", text), call)
    if not any(word.wild for word in all_words):
        return run
    glued = run.glued if len(run.glued) == len(all_words) else (False,) * len(all_words)
    return Row(tuple(word.feature for word in all_words), glued, tuple(word.shown for word in all_words))


def _wildness(text: str) -> int:
    return text.count("*") + text.count("?")


def _check(word: _Word) -> None:
    """Raises Refusal for what would be any word, or too slow to look for."""
    own = sum(char not in "*?" for char in word.pattern)
    wild = len(word.pattern) - own
    if word.pattern[0] in "*?":
        message = "a word cannot begin with a wildcard; begin with the letters that are certain"
        lead = len(word.shown) - len(word.shown.lstrip("*?"))
        raise _refuse(message, word, (Fix(word.start, word.start + lead),))
    bare = re.sub(r"[*?]", "", word.shown)
    if own < LEAST:
        message = f"a word with wildcards needs {LEAST} letters of its own, or it is half the dictionary"
        raise _refuse(message, word, (Fix(word.start, word.end, bare),))
    if wild > MOST_WILD or own > LONGEST_CACHED:
        message = f"a word with wildcards has {MOST_WILD} of them and {LONGEST_CACHED} letters at most"
        raise _refuse(message, word, (Fix(word.start, word.end, bare),))


def _refuse(message: str, word: _Word, cure: tuple[Fix, ...]) -> Refusal:
    expected = ("at least three letters, as in deploy*",)
    return Refusal(message, word.start, word.end, expected=expected, cures=(cure, (Fix(word.start, word.end, " "),)))


def _both(text: str, call: Call) -> Node:
    """A `~` and a wildcard on one word or phrase."""
    bare = re.sub(r"[*?]", "", text)
    cures = ((Fix(call.start, call.end, text.strip("~")),), (Fix(call.start, call.end, bare),))
    message = "~ finds the forms of a word, a wildcard any ending: write one of them"
    raise Refusal(message, call.start, call.end, expected=("deploy*", "~deploy"), cures=cures)


_LETTERS = r"[^\s()\"/:~^{}|*?]"
FORMS = (PatternForm(name=NAME, accepts=_accepts, literal=literal),)
SHAPES = (
    Shape(name=NAME, pattern=re.compile(rf"(?![@'!]){_LETTERS}*[*?][^\s()\"/:~^{{}}|]*"), read=_wild, rank=1),
    Shape(name="wildcard phrase", pattern=re.compile(r'"(?=[^"]*(?:\*|\?\w))[^"]*"'), read=_wild_phrase, rank=3),
    Shape(name="inflected wildcard", pattern=re.compile(rf"~{_LETTERS}+[*?][^\s()\"/:~^{{}}|]*"), read=_both, rank=3),
    Shape(name="inflected wildcard phrase", pattern=re.compile(r'"(?=[^"]*(?:\*|\?\w))[^"]*"~'), read=_both, rank=3),
)
