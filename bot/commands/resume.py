"""`resume`: a paused rule alerts again."""

from dataclasses import replace

from bot import say
from bot.commands._common import own_rules
from bot.commands._pausing import named, need_right_to, rules_meant
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "resume <number | topic | all>"
SUMMARY = "have a paused rule alert again"
EXAMPLES = ("resume 1", "resume troops", "resume all")
LONGEST_SHOWN = 200  # characters of a rule that is shown to be searched for


def run(desk: Desk, argument: str) -> Message:
    """Only what comes from now on is alerted. Raises UserError."""
    paused = [rule for rule in own_rules(desk) if not rule.enabled]
    if not argument.strip() and paused:
        raise UserError("Which rule shall alert again?", cure=f"Paused: {named(paused)}. For example: resume all")
    rules = [rule for rule in rules_meant(desk, argument) if not rule.enabled]
    if not rules:
        listed = f"Paused: {named(paused)}." if paused else "No rule of this chat is paused."
        raise UserError("That is not paused.", cure=f"{listed} See: rules")
    need_right_to(desk, "resume", rules)
    for rule in rules:
        desk.store.save_rule(replace(rule, enabled=True, paused_until=None))
    blocks = [say.text(say.bold(f"Resumed: {named(rules)}")), say.meta("What comes from now on alerts again.")]
    if len(rules) == 1 and len(rules[0].text) <= LONGEST_SHOWN:
        blocks.append(say.meta("What came meanwhile: ", say.mono(f"search {rules[0].text}")))
    return say.message(*blocks)
