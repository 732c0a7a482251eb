"""A proposed change of a rule: a button that makes it, and what is said once it is made."""

from dataclasses import replace

from bot import say
from bot.commands._common import parse_here, reading
from bot.model import Button, Message, WatchRule, content_id
from bot.ports import Desk


def change_button(label: str, rule: WatchRule, text: str, asked: str) -> Button:
    """Types `edit N <text>`; where that is too long, what was asked with a mark that finds the change again."""
    command = f"edit {rule.number} {text}"
    if not say.fits_button(command) or text == "other":  # `edit 1 other` takes the other reading
        command = f"{asked} take:{mark_of(rule, text)}"
    return Button(label=label[:40], command=command)


def mark_of(rule: WatchRule, text: str) -> str:
    """Eight hexadecimal digits that stand for a change of that rule."""
    return content_id("change", rule.id, rule.text, text)[:8]


def change(desk: Desk, rule: WatchRule, text: str) -> Message:
    """Save it, and say what the rule was. Raises RuleError."""
    parsed = parse_here(desk, text, rule.lang)
    desk.store.save_rule(replace(rule, text=text))
    undo = f"edit {rule.number} {rule.text}"
    return say.message(
        say.text(say.bold(f"Changed: rule {rule.number} “{rule.topic}”")),
        *reading(parsed),
        say.meta("It was: ", say.mono(rule.text)),
        buttons=say.button("Undo", undo),
    )
