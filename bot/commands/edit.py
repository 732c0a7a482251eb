"""`edit`: change a rule's text or its topic."""

from dataclasses import replace

from bot import say
from bot.commands._common import find_rule, need_right, parse_here, reading
from bot.core.alerts import topics
from bot.errors import UserError
from bot.model import Message, WatchRule
from bot.ports import Desk

USAGE = "edit <number> <rule> [topic:<name>]"
SUMMARY = "change a rule; `other` takes its other reading, `urgent` lets it alert in quiet hours"
EXAMPLES = (
    'edit 1 "troop deployment" AND (Ukraine OR Moldova)',
    "edit 1 other",
    "edit 1 topic:troops",
    "edit 1 urgent",
)


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
    if text.casefold() in ("urgent", "not urgent"):
        return _urgent(desk, rule, urgent=text.casefold() == "urgent")
    if not text and not topic:
        raise UserError("What shall the rule be?", cure=f"For example: {EXAMPLES[0]}", ask=f"edit {rule.number}")
    changed = replace(rule, text=text or rule.text, topic=topic or rule.topic)
    parsed = parse_here(desk, changed.text, changed.lang)
    desk.store.save_rule(changed)
    return say.message(
        say.text(say.bold(f"Changed: rule {changed.number} “{changed.topic}”")),
        *reading(parsed),
        say.meta("It was: ", say.mono(rule.text)),
    )


def _urgent(desk: Desk, rule: WatchRule, *, urgent: bool) -> Message:
    if rule.urgent == urgent:
        raise UserError(f"Rule {rule.number} is {'' if urgent else 'not '}urgent already.", cure="See: rules")
    desk.store.save_rule(replace(rule, urgent=urgent))
    effect = (
        "alerts at once, also in quiet hours for all but the urgent and before a digest"
        if urgent
        else "waits as others do"
    )
    return say.message(say.text(say.bold(f"Rule {rule.number} “{rule.topic}”"), f" {effect} from now on."))
