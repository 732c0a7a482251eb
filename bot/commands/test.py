"""`test`: what a rule would have sent, before it is saved."""

from bot import say
from bot.commands._common import parse_here
from bot.commands._preview import blocks, other_reading, preview
from bot.core.alerts import topics
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "test <rule> [topic:<name>]"
SUMMARY = "what a rule would have sent from the archive; saves nothing"
EXAMPLES = ('test "troop deployment" AND Ukraine', "test ~deploy NEAR/5 (troops OR soldiers)")


def run(desk: Desk, argument: str) -> Message:
    """The reading, the forecast and the findings, and a button that saves. Raises RuleError, UserError."""
    text, _ = topics.split_topic(argument)
    if not text:
        raise UserError("Which rule shall I try?", cure=f"For example: {EXAMPLES[0]}")
    shown = preview(desk, parse_here(desk, text))
    save = f"watch {argument.strip()}" + (" save:anyway" if shown.serious else "")
    buttons = say.button("Save", save)
    if other_reading(shown.rule):
        buttons += say.button("Other reading", f"test {other_reading(shown.rule)}")
    if shown.busy:
        buttons += say.button("Narrow", f"narrow {text}")
    return say.message(
        say.text(say.bold("A test: nothing is saved or sent.")),
        *blocks(shown),
        say.meta("To save it: ", say.mono(save)),
        buttons=buttons,
    )


prepare = run  # it writes nothing: all of it is done outside the writer thread


def glance(desk: Desk, argument: str) -> Message:
    """The same without what is said around it, for a window in which the rule is being typed. Raises as `run`."""
    text, _ = topics.split_topic(argument)
    return say.message(*blocks(preview(desk, parse_here(desk, text))))
