"""A document as the operators see it: one row of words, title first, analysed once and no further than asked."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

from rules.document import Document, Span
from rules.forms import KeyForm, form
from rules.passages import paragraphs, sentences
from rules.words import offsets, words

_LONG = 5000  # words
SEAM = 101  # empty words between title and body: more than any NEAR reaches, so nothing spans fields

EMPTY_DOCUMENT = Document(id="")
_SEAM = ("",) * SEAM
_WRAP = re.compile(r"[ \t\u3000]{0,8}\r?\n[ \t\u3000]{0,8}")  # where mails and posts wrap a line

# (first word, last word, hits it is made of): positions in the row, the last one included. The third part is empty
# when the hit is a run of words; otherwise it lists the runs that NEAR joined.
Hit: TypeAlias = tuple[int, int, tuple[tuple[int, int], ...]]
Hits: TypeAlias = list[Hit]  # sorted, without duplicates


class Forms:
    """The row in one form: folded words, or their stems in one language."""

    def __init__(self, row: list[str]) -> None:
        self.row = row
        self.keys = frozenset(row) - {""}
        self._places: dict[str, list[int]] = {}
        self._sorted = ""

    def holding(self, part: str) -> str:
        """The first word, in the order of the alphabet, with `part` in it; empty when there is none."""
        if not self._sorted:
            self._sorted = "\n".join(["", *sorted(self.keys), ""])  # one search instead of one for each word
        at = self._sorted.find(part) if part else -1
        return self._sorted[self._sorted.rfind("\n", 0, at) + 1 : self._sorted.find("\n", at)] if at >= 0 else ""

    def places(self, key: str) -> Sequence[int]:
        """Positions of a word, ascending."""
        if key not in self.keys:
            return ()
        places = self._places.get(key)
        if places is None:
            places = self._places[key] = self._search(key)
        return places

    def _search(self, key: str) -> list[int]:
        """In a short text a few words are looked for one by one; in a long one all places are noted at once."""
        if len(self.row) > _LONG:
            for position, word in enumerate(self.row):
                self._places.setdefault(word, []).append(position)
            return self._places[key]
        at, places = -1, []
        for _ in range(self.row.count(key)):
            at = self.row.index(key, at + 1)
            places.append(at)
        return places


class Tokenized:
    """The words of one document, in every form that rules ask for (rules/forms.py)."""

    is_part = False  # whether words of the document are left out

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title, self.body = document.title, document.body
        self._forms: dict[str, Forms] = {}
        self._offsets: list[tuple[int, int]] | None = None
        self._parts: dict[tuple[int, int], Tokenized] = {}
        self._passages: dict[tuple[str, str], list[int]] = {}

    @cached_property
    def _head(self) -> list[str]:
        return words(self.title)

    @cached_property
    def _tail(self) -> list[str]:
        return words(self.body)

    @cached_property
    def title_end(self) -> int:
        """Where the title ends in the row."""
        return len(self._head)

    @cached_property
    def body_start(self) -> int:
        """Where the body begins in the row."""
        return self.title_end + SEAM

    @cached_property
    def end(self) -> int:
        """How long the row is."""
        return self.body_start + len(self._tail)

    def forms(self, name: str = "") -> Forms:
        """The row with each word in one form: folded, stems of a language, or another `KeyForm`."""
        forms = self._forms.get(name)
        if forms is None:
            key = form(name)
            assert isinstance(key, KeyForm), f"{name!r} does not give each word one key"
            forms = self._forms[name] = Forms([*map(key.key, self._head), *_SEAM, *map(key.key, self._tail)])
        return forms

    def within(self, start: int, end: int) -> "Tokenized":
        """The same document with nothing in it but the words at positions `start` to `end` (half-open)."""
        start, end = max(start, 0), min(end, self.end)
        part = self._parts.get((start, end))
        if part is None:
            part = self._parts[start, end] = _Part(self, start, end)
        return part

    def spot(self, at: str, offset: int) -> int:
        """The position of the first word of a field ("title" or "body") that ends behind `offset`; may be none's."""
        first, last = (0, len(self._head)) if at == "title" else (self.body_start, self.end)
        return bisect_right(range(first, last), offset, key=lambda position: self.offsets(position)[1]) + first

    def passages(self, at: str, kind: str) -> list[int]:
        """Where the sentences or paragraphs (`kind` "sentence", "paragraph") of a field begin, ascending, from 0 on."""
        passages = self._passages.get((at, kind))
        if passages is None:
            split = sentences if kind == "sentence" else paragraphs
            passages = self._passages[at, kind] = [0] if at == "title" else split(self.body)
        return passages

    def sentence(self, position: int) -> int:
        """The number of the sentence in which a word stands; the title is number -1."""
        return self._passage(position, "sentence")

    def paragraph(self, position: int) -> int:
        """The number of the paragraph in which a word stands; the title is number -1."""
        return self._passage(position, "paragraph")

    def _passage(self, position: int, kind: str) -> int:
        if position < self.body_start:
            return -1
        return bisect_right(self.passages("body", kind), self.offsets(position)[0]) - 1

    def field(self, position: int) -> str:
        """ "title" or "body": where a word stands."""
        return "body" if position >= self.body_start else "title"

    def text(self, position: int) -> str:
        """The text of the field in which a word stands."""
        return self.title if self.field(position) == "title" else self.body

    def offsets(self, position: int) -> tuple[int, int]:
        """Start and end of a word in its field."""
        if self._offsets is None:
            self._offsets = [*offsets(self.title), *[(0, 0)] * SEAM, *offsets(self.body)]
        return self._offsets[position]

    def touch(self, position: int) -> bool:
        """Whether nothing stands between this word and the one before it, or but the end of a line."""
        if position <= 0 or self.field(position) != self.field(position - 1):
            return False
        end, start = self.offsets(position - 1)[1], self.offsets(position)[0]
        return start <= end or _WRAP.fullmatch(self.text(position), end, start) is not None

    def span(self, first: int, last: int) -> Span:
        """The text from word `first` to word `last`."""
        return Span(self.field(first), self.offsets(first)[0], self.offsets(last)[1])

    def spans(self, hits: Iterable[Hit]) -> tuple[Span, ...]:
        """Where the hits are, in reading order, without duplicates."""
        return tuple(self.span(first, last) for first, last in sorted(set(_runs(hits))))

    def quote(self, span: Span) -> str:
        """The text of a span."""
        return (self.title if span.field == "title" else self.body)[span.start : span.end]


class _Part(Tokenized):
    """Some of a document's words, at the positions that they have in the whole."""

    is_part = True

    def __init__(self, whole: Tokenized, start: int, end: int) -> None:
        super().__init__(whole.document)
        self.title_end, self.body_start, self.end = whole.title_end, whole.body_start, whole.end
        self._whole, self._window = whole, (start, end)

    def forms(self, name: str = "") -> Forms:
        forms = self._forms.get(name)
        if forms is None:
            start, end = self._window
            row = self._whole.forms(name).row
            forms = self._forms[name] = Forms([*[""] * start, *row[start:end], *[""] * (len(row) - end)])
        return forms

    def within(self, start: int, end: int) -> Tokenized:
        return self._whole.within(max(start, self._window[0]), min(end, self._window[1]))

    def spot(self, at: str, offset: int) -> int:
        return self._whole.spot(at, offset)

    def offsets(self, position: int) -> tuple[int, int]:
        return self._whole.offsets(position)

    def passages(self, at: str, kind: str) -> list[int]:
        return self._whole.passages(at, kind)


def _runs(hits: Iterable[Hit]) -> Iterator[tuple[int, int]]:
    for first, last, parts in hits:
        yield from parts or ((first, last),)


@lru_cache(maxsize=8)
def tokenize(document: Document) -> Tokenized:
    """The document cut into words; kept for a while, because rules are asked about the same document in a row."""
    return Tokenized(document)


EMPTY = Tokenized(EMPTY_DOCUMENT)
