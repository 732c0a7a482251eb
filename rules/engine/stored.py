"""A committed rule as text, and back: a million of them lie in a file, and few are looked at."""

import json
from functools import lru_cache

from rules.rule import Rule, parse


def write(rule: Rule) -> str:
    """All that `read` needs."""
    return f"{rule.lang}\n{json.dumps(dict(rule.lists)) if rule.lists else ''}\n{rule.text}"


@lru_cache(maxsize=20_000)
def read(text: str) -> Rule:
    """The rule that was written."""
    lang, lists, source = text.split("\n", 2)
    return parse(source, lang=lang, lists=json.loads(lists) if lists else {})
