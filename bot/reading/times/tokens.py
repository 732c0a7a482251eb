"""A stretch of words as tokens: `until Mon 9:30` -> UNTIL, W0, `9:30`."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.reading.times.vocabulary import CLOCK_UNTIL, FOR, IGNORED, SHORT, TOKENS, UNTIL, with_phrases

Marker = Literal["", "for", "until", "until o'clock"]

_LEXEME = re.compile(
    r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)(?:t(?=\d))?"
    r"|(?P<dotted>\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?)(?!\d)"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d\d))?)(?![\d/])"
    r"|(?P<dashed>\d{1,2}-\d{1,2}-\d{4})(?!\d)"
    r"|(?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?![\d:])"
    r"|(?P<number>\d{1,9}(?:[.,]\d{1,2})?)(?![\d:/])(?:(?:st|nd|rd|th|-?го|er)\b|\.(?=\s|$))?"
    r"|(?P<word>(?:[^\W\d_]|['’])(?:[^\W\d_]|['’.-](?=[^\W\d_]|\.))*)\.?"
)
_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a token of `vocabulary`, or "iso", "dotted", "slashed", "dashed", "clock", "number", with its text."""

    kind: str
    text: str = ""


class Tokens:
    """What is left of a stretch of words; taken from the left."""

    def __init__(self, tokens: list[Token]) -> None:
        self.left = list(tokens)

    def kinds(self, count: int = 99) -> list[str]:
        """The kinds of the next tokens."""
        return [token.kind for token in self.left[:count]]

    def kind(self, at: int = 0) -> str:
        """The kind of the next token, or of one behind it; empty beyond the end."""
        return self.left[at].kind if at < len(self.left) else ""

    def take(self, *kinds: str) -> Token | None:
        """The next token, when it is of these kinds."""
        return self.left.pop(0) if self.left and self.left[0].kind in kinds else None

    def take_all(self, *kinds: str) -> bool:
        """Take the next tokens when they are of just these kinds, in this order."""
        if self.kinds(len(kinds)) != list(kinds):
            return False
        del self.left[: len(kinds)]
        return True

    def whole_number(self, digits: int = 0, at: int = 0) -> int | None:
        """The number there, which stays; None when it is none, has a fraction, or not that many digits."""
        text = self.left[at].text if self.kind(at) == "number" else ""
        return int(text) if text.isdecimal() and digits in (0, len(text)) else None


def marker_of(word: str) -> Marker:
    """What a folded word says of the words behind it."""
    if word in UNTIL:
        return "until o'clock" if word in CLOCK_UNTIL else "until"
    return "for" if word in FOR else ""


def tokens_of(text: str, *, marked: bool) -> list[Token] | None:
    """Folded text as tokens, without the small words; None when a word of it is no word of times."""
    rest, tokens, at = with_phrases(text.strip(" ,!?;")), list[Token](), 0
    while at < len(rest):
        match = _LEXEME.match(rest, at)
        if match is None or match.lastgroup is None:
            return None
        lexeme, at = match[match.lastgroup], match.end()
        if match.lastgroup != "word":
            tokens.append(Token(match.lastgroup, lexeme))
        elif lexeme not in IGNORED or (lexeme == "am" and _is_behind_a_time(tokens, rest[at:])):
            kind = _kind(lexeme, marked=marked)
            if kind is None:
                return None
            tokens.append(Token("number", kind) if kind.isdecimal() else Token(kind, lexeme))
        gap = _GAP.match(rest, at)
        at = gap.end() if gap else at
    return tokens


def _kind(word: str, *, marked: bool) -> str | None:
    if word.isupper():  # a phrase, which is tokens already
        return word
    return TOKENS.get(word) or (SHORT.get(word) if marked else None)


def _is_behind_a_time(tokens: list[Token], rest: str) -> bool:
    """Whether "am" is the one of "9 am", not that of "am Montag"."""
    return bool(tokens) and tokens[-1].kind in ("number", "clock") and not rest.strip()
