"""`unwatch`: remove a rule."""

from bot import say
from bot.commands._common import find_rule, need_right
from bot.model import Message
from bot.ports import Desk

USAGE = "unwatch <number>"
SUMMARY = "remove a rule of this chat"
EXAMPLES = ("unwatch 1", "unwatch troops")


def run(desk: Desk, argument: str) -> Message:
    """Remove it, and say how to have it back. Raises UserError."""
    rule = find_rule(desk, argument)
    need_right(desk, f"remove rule {rule.number}", rule.owner)
    desk.store.remove_rule(rule.id)
    topic = f'"{rule.topic}"' if " " in rule.topic else rule.topic
    undo = f"watch {rule.text} topic:{topic}"
    return say.message(
        say.text(say.bold(f"Removed: rule {rule.number} “{rule.topic}”")),
        say.meta("To have it back: ", say.mono(undo)),
    )
