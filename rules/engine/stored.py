"""A committed rule as text, and back: a million of them lie in a file, and few are looked at."""

import json
from functools import lru_cache

from rules.rule import Rule, parse


def write(rule: Rule) -> str:
    """All that `read` needs."""
    return f"{rule.lang}\n{json.dumps(dict(rule.lists)) if rule.lists else ''}\n{rule.text}"


def source(text: str) -> tuple[str, str, dict[str, str]]:
    """What the rule that was written is read from: its text, its language, its lists."""
    lang, lists, plain = text.split("\n", 2)
    return plain, lang, json.loads(lists) if lists else {}


@lru_cache(maxsize=20_000)
def read(text: str) -> Rule:
    """The rule that was written."""
    plain, lang, lists = source(text)
    return parse(plain, lang=lang, lists=lists)
