"""`cancel`: leave it at that."""

from bot import say
from bot.model import Message
from bot.ports import Desk

USAGE = "cancel"
SUMMARY = "leave a rule that was asked about unsaved"
EXAMPLES = ("cancel",)


def run(desk: Desk, argument: str) -> Message:
    """Say so: what was asked about is nowhere but in the question."""
    return say.message(
        say.text("Good: nothing was saved or changed."), say.meta("What is watched here: ", say.mono("rules"))
    )
