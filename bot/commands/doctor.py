"""`doctor`: what is wrong with this chat's rules."""

from bot import say
from bot.commands._checkup import examined
from bot.commands._common import PAGE, own_id, own_rules, page_buttons, page_of, subscribed_channels
from bot.errors import UserError
from bot.model import Block, Button, Message
from bot.ports import Desk
from bot.writing.findings import blocks as finding_blocks
from bot.writing.findings import buttons as finding_buttons

USAGE = "doctor [page]"
SUMMARY = "examine this chat's rules, and offer what would mend them"
EXAMPLES = ("doctor",)
_MOST_BUTTONS = 5


def run(desk: Desk, argument: str) -> Message:
    """The findings on eight rules a page, each with its cure. Raises UserError when there are no rules."""
    rules = own_rules(desk)
    if not rules:
        raise UserError("This chat has no rules yet.", cure="Make one: watch troops AND Ukraine")
    page, pages = page_of(rules, argument.strip())
    shown = rules[(page - 1) * PAGE : page * PAGE]
    subscribed = [channel.id for channel in subscribed_channels(desk)]
    blocks: list[Block] = []
    buttons: list[Button] = []
    for rule, findings in examined(desk.store, shown, channel_id=own_id(desk), subscribed=subscribed, now=desk.now):
        if findings:
            blocks += [say.text(say.bold(f"Rule {rule.number} “{rule.topic}”: "), say.mono(rule.text))]
            blocks += finding_blocks(findings)
            buttons += finding_buttons(rule.number, findings)
    head = f"Doctor: rules, page {page} of {pages}" if pages > 1 else "Doctor"
    if not blocks:
        blocks = [say.text(f"{say.count(len(shown), 'rule')} examined: nothing to say against {_them(len(shown))}.")]
    shown_buttons = (*buttons[:_MOST_BUTTONS], *page_buttons("doctor", page, pages))
    return say.message(say.title(head), *blocks, buttons=shown_buttons)


prepare = run  # it writes nothing: all of it is done outside the writer thread


def _them(number: int) -> str:
    return "it" if number == 1 else "them"
