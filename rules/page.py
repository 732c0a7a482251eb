"""A document as the operators see it: one row of words, title first, analysed once and no further than asked."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from rules.document import Document, Span
from rules.stems import stemmer
from rules.words import fold, offsets, words

_LONG = 5000  # words
SEAM = 101  # empty words between title and body: more than any NEAR reaches, so nothing spans fields

_SEAM = ("",) * SEAM

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

    def places(self, key: str) -> Sequence[int]:
        """Positions of a word, ascending."""
        if key not in self.keys:
            return ()
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._look_for(key)
        return found

    def _look_for(self, key: str) -> list[int]:
        """In a short text a few words are looked for one by one; in a long one all places are noted at once."""
        if len(self.row) > _LONG:
            for position, word in enumerate(self.row):
                self._places.setdefault(word, []).append(position)
            return self._places[key]
        at, found = -1, []
        for _ in range(self.row.count(key)):
            at = self.row.index(key, at + 1)
            found.append(at)
        return found


class Page:
    """The words of one document. `lang` "" means folded words, a language code means stems."""

    def __init__(self, title: str, body: str) -> None:
        self.title, self.body = title, body
        self._head, self._tail = words(title), words(body)
        self._body_start = len(self._head) + SEAM
        self._forms: dict[str, Forms] = {}
        self._offsets: list[tuple[int, int]] | None = None

    def forms(self, lang: str = "") -> Forms:
        """The row as folded words, or as stems of `lang` (which must have a stemmer)."""
        found = self._forms.get(lang)
        if found is None:
            form = stemmer(lang) if lang else fold
            assert form is not None, f"no stemmer for {lang!r}"
            found = self._forms[lang] = Forms([*map(form, self._head), *_SEAM, *map(form, self._tail)])
        return found

    def field(self, position: int) -> str:
        """ "title" or "body": where a word stands."""
        return "body" if position >= self._body_start else "title"

    def offsets(self, position: int) -> tuple[int, int]:
        """Start and end of a word in its field."""
        if self._offsets is None:
            self._offsets = [*offsets(self.title), *[(0, 0)] * SEAM, *offsets(self.body)]
        return self._offsets[position]

    def touch(self, position: int) -> bool:
        """Whether nothing stands between this word and the one before it."""
        return (
            position > 0
            and self.offsets(position)[0] <= self.offsets(position - 1)[1]
            and self.field(position) == self.field(position - 1)
        )

    def span(self, first: int, last: int) -> Span:
        """The text from word `first` to word `last`."""
        return Span(self.field(first), self.offsets(first)[0], self.offsets(last)[1])

    def spans(self, hits: Iterable[Hit]) -> tuple[Span, ...]:
        """Where the hits are, in reading order, without duplicates."""
        return tuple(self.span(first, last) for first, last in sorted(set(_runs(hits))))

    def quote(self, span: Span) -> str:
        """The text of a span."""
        return (self.title if span.field == "title" else self.body)[span.start : span.end]


def _runs(hits: Iterable[Hit]) -> Iterator[tuple[int, int]]:
    for first, last, parts in hits:
        yield from parts or ((first, last),)


@lru_cache(maxsize=8)
def _page(title: str, body: str) -> Page:
    return Page(title, body)


def page_of(document: Document) -> Page:
    """The document's page; kept for a while, because rules are asked about the same document in a row."""
    return _page(document.title, document.body)


EMPTY = Page("", "")
