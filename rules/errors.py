"""What is wrong with a rule, told where it is and with a cure."""

import unicodedata
from dataclasses import dataclass

CARET_COLUMNS = 72  # columns of the rule that `caret` shows


class RuleError(Exception):
    """A rule that cannot be read. `start` and `end` are code points of `text` as typed; `cure` is a rule or empty."""

    def __init__(
        self, message: str, *, start: int, end: int, text: str, expected: tuple[str, ...] = (), cure: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.text, self.expected, self.cure = message, text, expected, cure
        self.start = max(0, min(start, len(text)))
        self.end = max(self.start, min(end, len(text)))

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.message, self.start, self.end, self.text, self.expected, self.cure)

    def caret(self) -> str:
        """The rule and, below it, carets under the place; of a long rule the part around it."""
        left, right = _window(self.text, self.start, self.end)
        before, shown, cut = "…" * (left > 0), self.text[left:right], "…" * (right < len(self.text))
        line = before + "".join(_visible(char) for char in shown) + cut
        pad = len(before) + sum(_columns(char) for char in self.text[left : self.start])
        carets = sum(_columns(char) for char in self.text[self.start : min(self.end, right)])
        return f"{line}\n{' ' * pad}{'^' * max(1, carets)}"


def _again(message: str, start: int, end: int, text: str, expected: tuple[str, ...], cure: str) -> RuleError:
    return RuleError(message, start=start, end=end, text=text, expected=expected, cure=cure)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    if len(text) <= CARET_COLUMNS:
        return 0, len(text)
    left = max(0, min(start - CARET_COLUMNS // 3, len(text) - CARET_COLUMNS))
    return left, min(len(text), left + CARET_COLUMNS)


def _visible(char: str) -> str:
    """The character, or a space for what would break the line or draw nothing."""
    if _columns(char) == 0:
        return char if unicodedata.category(char) in ("Mn", "Me") else ""
    return " " if unicodedata.category(char) in ("Cc", "Zs", "Zl", "Zp", "Cs") else char


def _columns(char: str) -> int:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" and category != "Zs" else 1


@dataclass(frozen=True, slots=True)
class Fix:
    """Text to put in place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str = ""


class Refusal(Exception):  # noqa: N818 - a RuleError that does not know the typed text yet
    """Raised by the grammar and the operators; `parse` makes a RuleError of it.

    Offsets are into the normalised rule. Each of `cures` is a set of edits that would help; the first that gives a
    rule which parses is offered.
    """

    def __init__(
        self,
        message: str,
        start: int,
        end: int,
        *,
        expected: tuple[str, ...] = (),
        cures: tuple[tuple[Fix, ...], ...] = (),
    ) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.expected, self.cures = message, start, end, expected, cures
