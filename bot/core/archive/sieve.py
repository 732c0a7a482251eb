"""What an archive's index can tell of a rule: which documents can match, and sometimes that they do.

    rule --condition (rules/conditions.py)--> groups of terms --sieve, by the archive's vocabulary--> words that it has
    archive --index--> documents that pass --engine--> those that match; when the sieve is exact, all that pass

Words are tokens: folded as rules fold them (rules/words.py), and each exactly one word for every index.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, product
from typing import NamedTuple, Protocol

from rules.conditions import Check, Condition, Group, Term
from rules.diagnoses.finding import Vocabulary
from rules.document import Document
from rules.forms import FactForm, Feature, Form, PatternForm, form
from rules.joined import Piece, joined
from rules.run import WRITTEN
from rules.words import PUNCTUATION, cached, fold, words

LONGEST = 64  # characters of a token; what is longer is cut, and then no longer told apart
MOST_WORDS = 500  # that a stem or a pattern may stand for
MOST_SPELLINGS = 150_000  # that are asked for their key, one by one
MOST_PHRASES = 200  # into which a phrase of stems, or a NEAR of groups, is written out

# Languages whose stemmers change the end of a word only. (Dutch loses "ge-", Ukrainian has a dictionary ...)
SUFFIXES_ONLY = frozenset(
    ("ca", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nb", "nn", "no", "pt", "ro", "ru", "sv")
)
_COLUMNS = frozenset({"title", "body"})
_ODD = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum() or chr(code).isupper()}


def _byte(code: int) -> int | None:
    """The folded character, a space for what splits, as one byte each; None where one byte cannot tell (ß, ½)."""
    char = chr(code)
    if not char.isalnum():
        return None if code == 0xAD else 0x20  # soft hyphens do not split
    folded = fold(char)
    return ord(folded) if len(words(char)) == len(folded) == 1 and folded < "\u0100" else None


# Latin-1 text is split and folded byte by byte, by two tables. (Punctuation beyond it becomes "?", which splits.)
_FOLDED = bytes(_byte(code) or 0x20 for code in range(256))
_APART = bytes(code if chr(code).isalnum() else 0x20 for code in range(256))
_LATIN = "".join(re.escape(chr(code)) for code in range(256) if _byte(code))
_NOT_LATIN = re.compile(f"[^{_LATIN}{PUNCTUATION}]")


def token(word: str) -> str:
    """A folded word as the index keeps it: without ASCII that an index could take for more than one word."""
    return word[:LONGEST].translate(_ODD)


token_of = cached(lambda word: token(fold(word)))  # of a word as written


class Entered(NamedTuple):
    """What the index takes in of a text: its tokens with spaces between, and its different words as written."""

    tokens: str
    written: set[str]


def entered(text: str) -> Entered:
    """See there. In most languages of Western Europe the words are not folded one by one, but the text as a whole."""
    if text.isascii() or not _NOT_LATIN.search(text):
        pieces = joined(text)
        latin = text.encode("latin-1", "replace")
        written = set(b" ".join(_between(latin, pieces)).translate(_APART).decode("latin-1").split())
        if max(map(len, written), default=0) <= LONGEST:
            gaps = [gap.decode("latin-1") for gap in _between(latin.translate(_FOLDED), pieces)]
            surfaces = [piece.surface for piece in pieces]
            tokens = [part for pair in zip(gaps, map(token_of, surfaces), strict=False) for part in pair]
            written.update(surfaces)
            return Entered(" ".join([*tokens, gaps[-1]]), written)
    all_words = words(text)
    return Entered(" ".join(map(token_of, all_words)), set(all_words))


def _between(latin: bytes, pieces: Sequence[Piece]) -> list[bytes]:
    """What stands before, between and behind the pieces."""
    starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
    return [latin[start:end] for start, end in zip([0, *ends], [*starts, len(latin)], strict=True)]


class Glance(NamedTuple):
    """An archived document without its text. `sifted`: the index knows it, so it passed the sieve.

    `at`: when it was published, or read where it says nothing or a later date. (What a new source has already is read
    on one day, and would not have alerted on that day.)
    """

    seq: int
    document_id: str
    story_id: str
    at: datetime
    sifted: bool


class Phrase(NamedTuple):
    """Tokens in a row within one field; `field` is "title", "body", or empty for either."""

    tokens: tuple[str, ...]
    field: str = ""


class Near(NamedTuple):
    """Two phrases with at most `most` words between the end of the one and the start of the other."""

    left: Phrase
    right: Phrase
    most: int


Part = Phrase | Near


class Sieve(NamedTuple):
    """Of each group one part is there, and none of `absent`. `exact`: what passes matches."""

    groups: tuple[tuple[Part, ...], ...] = ()
    absent: tuple[Phrase, ...] = ()
    exact: bool = False


OPEN = Sieve()


class ArchiveVocabulary(Vocabulary, Protocol):
    """The words of an archive, as tokens, and how they are written there."""

    def words(self) -> Iterable[str]:
        """Every token, sorted. A token of a document that is gone may stay for a while."""
        ...

    def spellings(self, *, start: str = "", inside: str = "") -> Iterable[tuple[str, str]]:
        """(token, a word as written that folds to it), sorted; at least those that begin with or contain a text.

        Words longer than `LONGEST` come in any case, and their spelling is cut behind one character more.
        """
        ...


def spelling(word: str) -> str:
    """A word as written, as a vocabulary keeps it."""
    return word[: LONGEST + 1]


def rows(document: Document) -> tuple[list[str], list[str]]:
    """The words of title and body, as written."""
    return words(document.title), words(document.body)


# ----------------------------------------------------------------------------------------------------- from conditions


class _Words(NamedTuple):
    """The tokens that a feature stands for in this archive; `exact`: a document with one of them has the feature."""

    tokens: tuple[str, ...]
    exact: bool


class _Parts(NamedTuple):
    parts: tuple[Phrase, ...]
    exact: bool


def sieve(condition: Condition, vocabulary: ArchiveVocabulary) -> Sieve:
    """What documents of this archive must have to meet the condition, as far as an index can look for it."""
    return _Maker(vocabulary).sieve(condition)


class _Maker:
    def __init__(self, vocabulary: ArchiveVocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[Feature, _Words | None] = {}

    def sieve(self, condition: Condition) -> Sieve:
        groups: list[tuple[Part, ...]] = []
        absent: list[Phrase] = []
        exact = condition.exact
        for group in condition.groups:
            phrases = self._parts(group)
            if phrases is not None and len(group) == 1 and not next(iter(group)).present:
                absent += phrases.parts if phrases.exact else ()
            elif phrases is not None:
                groups.append(phrases.parts)
            exact = exact and phrases is not None and phrases.exact
        for check in condition.checks:
            near, sure = self._near(check)
            groups += [near] if near is not None else []
            exact = exact and sure
        return Sieve(tuple(groups), tuple(absent), exact)

    def _parts(self, group: Group) -> _Parts | None:
        """The phrases of which one is there, or for a lone negative literal none; None: nothing to look for."""
        if len(group) > 1 and not all(literal.present for literal in group):
            return None
        return self._either([literal.term for literal in sorted(group)])

    def _either(self, terms: Sequence[Term]) -> _Parts | None:
        parts: dict[Phrase, None] = {}
        exact = True
        for term in terms:
            phrases = self._phrases(term)
            if phrases is None or len(parts) + len(phrases.parts) > MOST_WORDS:
                return None
            parts.update(dict.fromkeys(phrases.parts))
            exact = exact and phrases.exact
        return _Parts(tuple(parts), exact)

    def _phrases(self, term: Term) -> _Parts | None:
        field = term.zones[0] if len(term.zones) == 1 and term.zones[0] in _COLUMNS else ""
        known = [self._words(feature) for feature in term.words]
        places = [each for each in known if each is not None]
        if not places:
            return None
        size = 1
        for each in places:
            size *= len(each.tokens)
        if len(places) < len(known) or (size > MOST_PHRASES and len(places) > 1):
            fewest = min(places, key=lambda each: len(each.tokens))
            return _Parts(tuple(Phrase((word,), field) for word in fewest.tokens), False)
        exact = all(each.exact for each in places) and len(term.zones) == bool(field)
        return _Parts(tuple(Phrase(row, field) for row in product(*(each.tokens for each in places))), exact)

    def _near(self, check: Check) -> tuple[tuple[Part, ...] | None, bool]:
        """The pairs of phrases of which one is near enough; and whether that is all that the check asks."""
        if check.kind != "near":
            return None, False
        left, right = self._either(check.left), self._either(check.right)
        if left is None or right is None or len(left.parts) * len(right.parts) > MOST_PHRASES:
            return None, False
        pairs = [(first, second) for first, second in product(left.parts, right.parts) if first.field == second.field]
        complete = len(pairs) == len(left.parts) * len(right.parts)
        if not complete:  # one side may stand anywhere, the other in the title: the index has no shape for it
            return None, False
        apart = all(len(part.tokens) == 1 for part in (*left.parts, *right.parts))
        apart = apart and not {part.tokens for part in left.parts} & {part.tokens for part in right.parts}
        return tuple(Near(first, second, check.number) for first, second in pairs), left.exact and right.exact and apart

    def _words(self, feature: Feature) -> _Words | None:
        if feature not in self._known:
            self._known[feature] = self._index_words(feature)
        return self._known[feature]

    def _index_words(self, feature: Feature) -> _Words | None:
        if not feature.form:
            return _Words((token(feature.key),), len(feature.key) < LONGEST)
        kind = form(feature.form)
        if isinstance(kind, FactForm):
            return None
        written = list(self._spellings(kind, feature))
        if len(written) > MOST_SPELLINGS and not isinstance(kind, PatternForm):
            return None  # keys of any word at all, and each takes a while
        return self._accepted(kind, feature.key, written)

    def _accepted(self, kind: Form, key: str, written: Sequence[tuple[str, str]]) -> _Words | None:
        accepted: list[str] = []
        exact = True
        for word, spellings in groupby(written, key=lambda pair: pair[0]):
            verdicts = {_accepts(kind, key, spelling) for _, spelling in spellings}
            if verdicts == {False}:
                continue
            accepted.append(word)
            exact = exact and verdicts == {True}
            if len(accepted) > MOST_WORDS:
                return None
        return _Words(tuple(accepted), exact)

    def _spellings(self, kind: Form, feature: Feature) -> Iterable[tuple[str, str]]:
        if isinstance(kind, PatternForm):
            literal = token(kind.literal(feature.key))
            where = {"inside": literal} if kind.anywhere else {"start": literal}
            return self._vocabulary.spellings(**where)
        starts_alike = feature.form in SUFFIXES_ONLY or feature.form == WRITTEN
        return self._vocabulary.spellings(start=token(fold(feature.key))[:1] if starts_alike else "")


def _accepts(kind: Form, key: str, written: str) -> bool | None:
    """Whether a word as written has the key; None when it was cut, so that nobody can tell."""
    assert not isinstance(kind, FactForm)
    if len(written) > LONGEST:
        return None
    return kind.accepts(key, fold(written)) if isinstance(kind, PatternForm) else kind.key(written) == key


# ---------------------------------------------------------------------------------------------------- without an index


def passes(sieve: Sieve, document: Document) -> bool:
    """Whether the document passes: what an index has to answer."""
    row = {name: [token_of(word) for word in column] for name, column in zip(_FIELDS, rows(document), strict=True)}
    there = all(any(_is_there(part, row) for part in parts) for parts in sieve.groups)
    return there and not any(_is_there(part, row) for part in sieve.absent)


_FIELDS = ("title", "body")


def _is_there(part: Part, row: dict[str, list[str]]) -> bool:
    if isinstance(part, Phrase):
        return any(True for _ in _starts(part, row))
    left, right = list(_starts(part.left, row)), list(_starts(part.right, row))
    sizes = len(part.left.tokens), len(part.right.tokens)
    return any(
        name == other and (there - here - sizes[0] if here <= there else here - there - sizes[1]) <= part.most
        for name, here in left
        for other, there in right
    )


def _starts(phrase: Phrase, row: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    wanted = list(phrase.tokens)
    for name in (phrase.field,) if phrase.field else _FIELDS:
        words_there = row[name]
        for at, word in enumerate(words_there):
            if word == wanted[0] and words_there[at : at + len(wanted)] == wanted:
                yield name, at
