"""The beginning of a report as words that know their places, without what outlets wrap around it."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.core.stories.evidence.language.vocabulary import MONTH, STOP, TITLE_OF_PERSON, vocabulary_of
from bot.core.stories.words import TERM, fold, places, words
from rules.document import Document

HEAD_WORDS = 60  # of the body: what comes later is background
_HEAD_LETTERS, _TITLE_LETTERS, _WRAPPED = 1_500, 400, 300
# "BERLIN (Reuters) - ", "Kyiv, 3 May (AP) —", "New York – ": who sent it and from where.
_DATELINE = re.compile(r"\s*[^\W\d_a-zа-яёіїєґ][^.!?:\n()\"“„«]{0,50}(?:\([^)\n]{2,40}\)\s?)?[-–—]{1,2}\s")
_BYLINE = re.compile(
    r"\s*(?:by|von|par|por|автор|текст|text|photos?|fotos?|image|credit|updated|published|aktualisiert|publié|"
    r"publicado|оновлено|опубліковано|обновлено|опубликовано)\b[^.!?\n]{0,80}(?:\n|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands. `opens`: a sentence starts with it; `joined`: only a blank before it."""

    raw: str
    folded: str
    field: str
    start: int
    end: int
    opens: bool
    joined: bool
    flags: int  # of the vocabulary
    stem: int  # the same number for all forms of a word

    @property
    def is_small(self) -> bool:
        """Whether it is a word of grammar, a month, a weekday or a side: nothing that is counted or named."""
        return bool(self.flags & (STOP | MONTH)) or kind_of(self.raw) == TERM

    @property
    def is_date(self) -> bool:
        """A month or weekday; May, but not may. Sides and ranks, too."""
        return bool(self.flags & MONTH and self.raw[0].isupper()) or (
            not self.flags & STOP and kind_of(self.raw) == TERM
        )

    @property
    def is_title(self) -> bool:
        """Mr, President."""
        return bool(self.flags & TITLE_OF_PERSON)


def kind_of(raw: str) -> str:
    """What words.py takes a word for by itself."""
    read = words(f"x {raw[:40]}")
    return read[-1].kind if read else ""


@dataclass
class Reading:
    """A report as it is read for facts."""

    document: Document

    @property
    def lang(self) -> str:
        """The primary subtag of its language, empty where it says none."""
        return self.document.lang[:2].lower()

    @cached_property
    def begins(self) -> int:
        """Where the text of the body begins, behind its headline, bylines and dateline."""
        title, body, at = self.document.title.strip(), self.document.body, 0
        if len(title) > 10 and body.lstrip().startswith(title):
            at = body.index(title) + len(title)
        for _ in range(4):
            wrapped = _BYLINE.match(body, at)
            if wrapped is None or wrapped.end() == at:
                break
            at = wrapped.end()
        dateline = _DATELINE.match(body[at : at + _WRAPPED])
        return at + (dateline.end() if dateline else 0)

    @cached_property
    def title(self) -> list[Word]:
        """The headline's."""
        return self.words("title", 0, _TITLE_LETTERS)

    @cached_property
    def lead(self) -> list[Word]:
        """The first of the body."""
        return self.words("body", self.begins, self.begins + _HEAD_LETTERS)[:HEAD_WORDS]

    def words(self, field: str, start: int, end: int) -> list[Word]:
        """Those between two places of a field."""
        text = (self.document.title if field == "title" else self.document.body)[start:end]
        spots = [*places(text)]
        known = vocabulary_of(self.document.lang).numbered([text[first:last] for first, last, _ in spots])
        made: list[Word] = []
        before = 0
        for (first, last, opens), flags, stem in zip(
            spots, known["flags"].tolist(), known["feature"].tolist(), strict=True
        ):
            raw, joined = text[first:last], bool(made) and text[before:first] in (" ", "\u00a0", "\u202f")
            made.append(Word(raw, fold(raw), field, start + first, start + last, opens, joined, flags, stem))
            before = last
        return made

    def text(self, field: str, start: int, end: int) -> str:
        """As the report has it."""
        return (self.document.title if field == "title" else self.document.body)[start:end]
