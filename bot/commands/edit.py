"""`edit`: change a rule's text or its topic."""

from dataclasses import replace

from bot import say
from bot.commands._common import find_rule, need_right, parse_here, reading
from bot.core.alerts import topics
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "edit <number> <rule> [topic:<name>]"
SUMMARY = "change a rule; `other` takes its other reading"
EXAMPLES = ('edit 1 "troop deployment" AND (Ukraine OR Moldova)', "edit 1 other", "edit 1 topic:troops")


def run(desk: Desk, argument: str) -> Message:
    """Replace text, topic or both. Raises RuleError, UserError."""
    number, _, rest = argument.strip().partition(" ")
    rule = find_rule(desk, number)
    need_right(desk, f"change rule {rule.number}", rule.owner)
    text, topic = topics.split_topic(rest)
    if text == "other":
        text = next((note.other for note in parse_here(desk, rule.text, rule.lang).notes if note.other), "")
        if not text:
            raise UserError(f"Rule {rule.number} can be read in one way only.", cure="Write the new rule: " + USAGE)
    if not text and not topic:
        raise UserError("What shall the rule be?", cure=f"For example: {EXAMPLES[0]}")
    changed = replace(rule, text=text or rule.text, topic=topic or rule.topic)
    parsed = parse_here(desk, changed.text, changed.lang)
    desk.store.save_rule(changed)
    return say.message(
        say.text(say.bold(f"Changed: rule {changed.number} “{changed.topic}”")),
        *reading(parsed),
        say.meta("It was: ", say.mono(rule.text)),
    )
