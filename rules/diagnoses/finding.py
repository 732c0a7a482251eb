"""What the doctor says of a rule, and what it may look at besides the rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, Protocol

from rules.errors import RuleError

Severity = Literal["wrong", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `start` and `end` are its place in the rule as typed; `cure` is a rule that parses, or empty.

    `severity`: "wrong", the rule cannot do what it is for; "warning", it probably does something else than meant;
    "hint", it could be shorter, or nothing came of it yet.
    """

    kind: str
    severity: Severity
    message: str
    start: int
    end: int
    cure: str = ""

    def caret(self, text: str) -> str:
        """The rule `text` with carets under the place."""
        return RuleError(self.message, start=self.start, end=self.end, text=text).caret()


class Vocabulary(Protocol):
    """The words of the archive, folded as rules fold them (rules/words.py)."""

    @property
    def size(self) -> int:
        """How many documents were counted."""
        ...

    def count(self, word: str) -> int:
        """Documents with that folded word."""
        ...

    def words(self) -> Iterable[str]:
        """Every word that a document has."""
        ...


class Remembered:
    """A vocabulary that is asked each thing once: an archive on disk takes its time for every answer."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.count = lru_cache(maxsize=10_000)(vocabulary.count)
        self._vocabulary = vocabulary

    @cached_property
    def size(self) -> int:
        """See `Vocabulary`."""
        return self._vocabulary.size

    def words(self) -> Sequence[str]:
        """Every word, sorted."""
        return self._words

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._vocabulary.words())


class ForecastLike(Protocol):
    """What the rule would have sent, told from the archive."""

    @property
    def per_day(self) -> float:
        """Alerts a day, a story once."""
        ...

    @property
    def stories(self) -> int:
        """Stories that it matched in those days."""
        ...

    @property
    def before(self) -> int:
        """Further stories in the archive, from before those days."""
        ...

    @property
    def documents(self) -> int:
        """Documents that were looked at."""
        ...

    @property
    def days(self) -> int:
        """Days that they cover."""
        ...
