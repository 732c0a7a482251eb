"""What `pause` and `resume` share: which of a chat's rules are meant."""

from bot.commands._common import find_rule, need_right, own_rules
from bot.model import WatchRule
from bot.ports import Desk

ALL = frozenset({"all", "everything", "all rules"})


def rules_meant(desk: Desk, words: str) -> list[WatchRule]:
    """All of them, several numbers, a number, a text, or all rules of a topic. Raises UserError."""
    if bare(words) in ALL and own_rules(desk):
        return own_rules(desk)
    numbers = words.replace(",", " ").replace("#", " ").split()
    if len(numbers) > 1 and all(number.isdecimal() for number in numbers):
        return [find_rule(desk, number) for number in dict.fromkeys(numbers)]
    rule = find_rule(desk, words)
    by_topic = [other for other in own_rules(desk) if other.topic.casefold() == bare(words)]
    return by_topic if rule in by_topic else [rule]


def is_meant(desk: Desk, words: str) -> bool:
    """Whether the words name rules of this chat as they stand, with whatever looks like an end in them."""
    rules = own_rules(desk)
    return bare(words) in ALL or any(bare(words) in (str(rule.number), rule.topic.casefold()) for rule in rules)


def need_right_to(desk: Desk, do: str, rules: list[WatchRule]) -> None:
    """Raises UserError unless the asker may do that to each of them."""
    for rule in rules:
        need_right(desk, f"{do} rule {rule.number}", rule.owner)


def named(rules: list[WatchRule]) -> str:
    """`rule 3 “troops”`, `rules 1 “troops” and 4 “drills”`, `5 rules`."""
    if len(rules) > 3:
        return f"{len(rules)} rules"
    names = [f"{rule.number} “{rule.topic}”" for rule in rules]
    return f"rule {names[0]}" if len(rules) == 1 else f"rules {', '.join(names[:-1])} and {names[-1]}"


def bare(words: str) -> str:
    """Without quotes and the sign of a number, in lower case."""
    return words.strip().strip('"“”„#').casefold()
