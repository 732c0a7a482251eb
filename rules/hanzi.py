"""Chinese words in traditional and simplified characters, by OpenCC's tables."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_HANZI = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_SIMPLE = "t2s"
_TRADITIONAL = ("s2t", "s2tw", "s2hk")  # OpenCC's own, Taiwan's and Hong Kong's: 臺灣 there, 台灣 here


def hanzi_either_way(text: str) -> tuple[str, ...]:
    """The text as typed, then simplified, then in each standard of traditional characters.

    >>> hanzi_either_way("台湾"), hanzi_either_way("烏克蘭"), hanzi_either_way("Kyiv")
    (('台湾', '臺灣', '台灣'), ('烏克蘭', '乌克兰'), ('Kyiv',))
    """
    return tuple(dict.fromkeys((text, *_spelled(text)))) if _HANZI.search(text) else (text,)


def _spelled(text: str) -> Iterator[str]:
    simple = _converted(text, _SIMPLE)
    yield simple
    for standard in _TRADITIONAL:
        yield _converted(simple, standard)


def _converted(text: str, table: str) -> str:
    """Character for character, by the words that they stand in; the rest of the text as it is."""
    return _HANZI.sub(lambda match: str(_converter(table).convert(match[0])), text)


@cache
def _converter(table: str) -> "OpenCC":
    """Made once and only where a rule asks for it: the tables take a quarter of a second to load."""
    from opencc import OpenCC

    return OpenCC(table)
