"""Watchword: rules of our own, as another chat or `rules` gives them.

They stay as they are; a rule that cannot be read is answered with its place, as `watch` does.
"""

from collections.abc import Mapping

from rules.dialects._common import Part, Translation
from rules.grammar import NO_LISTS
from rules.rule import parse

TITLE = "Watchword"


def translate(text: str, lists: Mapping[str, str] = NO_LISTS) -> Translation:
    """The rule as it is. Raises RuleError."""
    parse(text, lists=lists)
    rule = text.strip()
    start = len(text) - len(text.lstrip())
    return Translation(rule, (Part(rule, start, start + len(rule), "kept", rule),))


EXAMPLES = (
    ('"troop deployment" AND Ukraine', '"troop deployment" AND Ukraine', "kept"),
    ("~deploy NEAR/5 (troops OR soldiers)", "~deploy NEAR/5 (troops OR soldiers)", "kept"),
    ("earthquake NOT drill", "earthquake NOT drill", "kept"),
)
