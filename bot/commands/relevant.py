"""`relevant`: take back that an alert was marked as irrelevant."""

from bot import say
from bot.commands._common import pointed_alert
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "relevant"
SUMMARY = "take back `irrelevant` (answer the alert)"
EXAMPLES = ("relevant",)


def run(desk: Desk, argument: str) -> Message:
    """Remove the mark; rules stay as they are. Raises UserError."""
    alert, _ = pointed_alert(desk, argument)
    if alert is None:
        raise UserError("Which alert is relevant after all?", cure="Answer the alert with: relevant")
    title = alert.reports[0].title or "Untitled"
    if not desk.store.unmark_irrelevant(alert.destination, alert.story_id):
        raise UserError(f"“{title}” is not marked as irrelevant.", cure="Rules are changed back with: edit")
    return say.message(say.text(say.bold("Relevant after all: "), title))
