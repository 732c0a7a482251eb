"""A proposed change of a rule: a button that makes it, and what is said once it is made."""

from dataclasses import dataclass, replace

from bot import say
from bot.commands._common import need_right, parse_here, reading
from bot.errors import UserError
from bot.model import Button, Message, WatchRule, content_id
from bot.ports import Desk
from rules import Rule


def change_button(label: str, rule: WatchRule, text: str, asked: str) -> Button:
    """Types `edit N <text>`; where that is too long, what was asked with a mark that finds the change again."""
    command = f"edit {rule.number} {text}"
    if not say.fits_button(command) or text == "other":  # `edit 1 other` takes the other reading
        command = f"{asked} take:{mark_of(rule, text)}"
    return Button(label=label[:40], command=command)


def mark_of(rule: WatchRule, text: str) -> str:
    """Eight hexadecimal digits that stand for a change of that rule."""
    return content_id("change", rule.id, rule.text, text)[:8]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule's new text, found and parsed outside the writer thread: what is left to do there is short."""

    rule: WatchRule  # as it was when the change was found
    text: str
    parsed: Rule

    @classmethod
    def to(cls, desk: Desk, rule: WatchRule, text: str) -> "Change":
        """The change of `rule` to `text`. Raises RuleError."""
        return cls(rule, text, parse_here(desk, text, rule.lang))

    def save(self, desk: Desk) -> Message:
        """Save it, and say what the rule was. Raises UserError when somebody changed the rule in the meantime."""
        now = desk.store.rule(self.rule.id)
        if now is None or now.text != self.rule.text:
            raise UserError("That rule was changed just now.", cure="Ask again, and see what is proposed then.")
        need_right(desk, f"change rule {now.number}", now.owner)
        desk.store.save_rule(replace(now, text=self.text))
        return say.message(
            say.text(say.bold(f"Changed: rule {now.number} “{now.topic}”")),
            *reading(self.parsed),
            say.meta("It was: ", say.mono(now.text)),
        )
