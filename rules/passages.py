"""Passages of a text: its sentences and its paragraphs."""

import re
from collections.abc import Iterator

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")
_CLOSING = "\"'”’»“)\\]"
# What may end a sentence, with what closes after it; where scripts have no spaces, none is needed behind it.
_STOP = re.compile(
    rf"(?<![.!?…؟])(?P<stop>[.!?…؟]++)[{_CLOSING}]*+\s++(?=(?P<next>\S))"
    r"|[。！？｡]+[」』”’）〉》]*\s*|[।။៕]+\s*"
)
_BEFORE = 16  # characters that are looked at before a full stop
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*|\d+)$")
_ABBREVIATIONS = """
mr mrs ms dr prof gen col lt sgt capt cpl maj adm cmdr gov sen rep rev hon pres sec min st mt no nos nr vs etc inc ltd
co corp jr sr fr hr str bzw ca evtl ggf usw vgl abs art bd kap tel al ed eds est approx dept fig vol pp jan feb mar apr
jun jul aug sept sep oct nov dec mm mme mlle sig sra dra им гг ул стр тыс млн млрд руб тел др ст проф акад ім вул тис
"""
_SHORT = frozenset(_ABBREVIATIONS.split())
_MONTH_NAMES = """
januar februar märz april mai juni juli august september oktober november dezember jahrhundert
"""
_MONTHS = frozenset(_MONTH_NAMES.split())
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_DAY = 2  # digits


def sentences(text: str) -> list[int]:
    """Where the sentences of a text begin, ascending; the first at 0."""
    starts = set(paragraphs(text))
    starts.update(match.end() for match in _STOP.finditer(text) if _is_end(text, match))
    return sorted(starts)


def paragraphs(text: str) -> list[int]:
    """Where its paragraphs begin: behind blank lines; in a text without any, behind the end of each line."""
    return list(each_paragraph(text))


def each_paragraph(text: str) -> Iterator[int]:
    """The same one by one, for who does not need all."""
    yield 0
    pattern = _BLANK_LINE if _BLANK_LINE.search(text.strip()) else _LINE
    yield from (match.end() for match in pattern.finditer(text) if 0 < match.end() < len(text))


def _is_end(text: str, match: re.Match[str]) -> bool:
    """Whether a stop ends the sentence: not behind an abbreviation, an initial or a day, not before a small letter."""
    following = match["next"]
    if following is None:
        return True
    if following.islower():
        return False
    if match["stop"] != ".":
        return True
    before = _LAST_WORD.search(text, max(0, match.start() - _BEFORE), match.start())
    if before is None:
        return True
    word = before[1]
    if word.isdigit():
        after = _NEXT_WORD.match(text, match.end())
        return len(word) > _LONGEST_DAY or after is None or after[0].lower() not in _MONTHS
    return len(word) > 1 and "." not in word and word.lower() not in _SHORT
