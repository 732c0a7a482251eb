"""A rule's topic: its short name, which people mute and follow."""

import re

from bot.errors import UserError
from rules.typed import read_typed

LONGEST = 40
_OPTION = re.compile(r"\s+(?:topic|name):\s*(?:[\"“”]([^\"“”]*)[\"“”]|(\S+))\s*$", re.IGNORECASE)
_TERM = re.compile(r"\"[^\"]*\"|“[^”]*”|[^\s()\"]+")
_OPERATOR = re.compile(r"AND|OR|(?:NOT )?(?:NEAR|PRE)(?:/\d+)?$")


def split_topic(argument: str) -> tuple[str, str]:
    """`troops AND x topic:war` -> (`troops AND x`, `war`); the topic is empty when none is named."""
    match = _OPTION.search(" " + argument)
    if not match:
        return argument.strip(), ""
    name = (match[1] if match[1] is not None else match[2]).strip()
    if not name or len(name) > LONGEST:
        raise UserError(f"A topic's name has 1 to {LONGEST} characters.", cure="For example: topic:troops")
    return (" " + argument)[: match.start()].strip(), name


def default_topic(rule_text: str) -> str:
    """The rule's first wanted terms: `"troop deployment" AND Ukraine NOT drill` -> `troop deployment Ukraine`."""
    terms: list[str] = []
    skip = False
    for raw in _TERM.findall(read_typed(rule_text).plain):
        if raw == "NOT":
            skip = True
        elif not _OPERATOR.fullmatch(raw):
            if not skip and not raw.startswith("-"):
                terms.append(raw.strip('"“”~@,'))  # an @ would look like a person's name
            skip = False
    name = terms[0] if terms else rule_text
    for term in terms[1:3]:
        if len(name) + 1 + len(term) <= LONGEST:
            name += " " + term
    return name[:LONGEST].strip()
