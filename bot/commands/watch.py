"""`watch`: a new rule."""

import re

from bot import say
from bot.commands._common import ensure_channel, language_of, need_right, own_rules, parse_here
from bot.commands._preview import Preview, blocks, other_reading, preview
from bot.commands._quotas import need_room
from bot.core.alerts import topics
from bot.errors import UserError
from bot.model import Button, Message, WatchRule, content_id
from bot.ports import Desk
from rules import Rule, RuleError

USAGE = "watch <rule> [topic:<name>] [save:anyway]"
SUMMARY = "alert this chat when a text matches the rule"
EXAMPLES = (
    'watch "troop deployment" AND Ukraine',
    "watch ~deploy NEAR/5 (troops OR soldiers) topic:troops",
    "watch earthquake NOT drill",
)
MOST_RULES = 1000  # in one chat
_ANYWAY = re.compile(r"(?:^|\s)save:\s*anyway(?=\s|$)", re.IGNORECASE)


def run(desk: Desk, argument: str) -> Message:
    """Save the rule and tell what it would have sent; ask first when it cannot work. Raises RuleError, UserError."""
    need_right(desk, "add rules")
    asked, anyway = _ANYWAY.subn(" ", argument)
    text, topic = topics.split_topic(asked)
    shown = desk.prepared if isinstance(desk.prepared, Preview) else prepare(desk, argument)
    if shown.serious and not anyway:
        return _ask(shown, text, asked.strip())
    return _saved(shown, _save(desk, text, topic))


def prepare(desk: Desk, argument: str) -> Preview:
    """What the rule would do: asked outside the writer thread, because it takes long. Raises RuleError, UserError."""
    need_right(desk, "add rules")
    text, _ = topics.split_topic(_ANYWAY.sub(" ", argument))
    if not text:
        raise UserError("What shall I watch for?", cure=f"For example: {EXAMPLES[0]}", ask="watch")
    rule = parse_here(desk, text)
    _check_room(desk, rule)
    return preview(desk, rule)


def _check_room(desk: Desk, rule: Rule) -> None:
    """Raises UserError when the chat has the rule, or no room for another."""
    rules = own_rules(desk)
    twin = next((stored for stored in rules if _written(desk, stored) == str(rule)), None)
    if twin is not None:
        raise UserError(f"This chat watches that already: rule {twin.number} “{twin.topic}”.", cure="See: rules")
    if len(rules) >= MOST_RULES:
        raise UserError(f"A chat can have {MOST_RULES} rules.", cure="Remove one first: unwatch <number>")
    need_room(desk, "rules")


def _written(desk: Desk, stored: WatchRule) -> str:
    """A stored rule's plain form; empty when it cannot be read any more."""
    try:
        return str(parse_here(desk, stored.text, stored.lang))
    except RuleError:
        return ""


def _save(desk: Desk, text: str, topic: str) -> WatchRule:
    need_room(desk, "rules")  # others of this person's may have come since it was looked at
    channel = ensure_channel(desk)
    return desk.store.add_rule(
        WatchRule(
            id=content_id("rule", channel.id, desk.command.id),
            number=0,
            channel_id=channel.id,
            owner=desk.command.user,
            topic=topic or topics.default_topic(text),
            text=text,
            lang=language_of(desk),
            created_at=desk.now,
        )
    )


def _saved(shown: Preview, saved: WatchRule) -> Message:
    buttons: list[Button] = []
    if other_reading(shown.rule):
        buttons += say.button("Other reading", f"edit {saved.number} other")
    if shown.busy:
        buttons += say.button("Narrow", f"narrow {saved.number}")
    head = say.text(say.bold(f"Watching: rule {saved.number} “{saved.topic}”"))
    return say.message(head, *blocks(shown, hints=False), buttons=buttons)


def _ask(shown: Preview, text: str, asked: str) -> Message:
    """Nothing is saved yet: what stands against the rule, and the ways on."""
    anyway = f"watch {asked} save:anyway"
    buttons = say.button("Save anyway", anyway)
    if shown.busy:
        buttons += say.button("Narrow", f"narrow {text}")
    if other_reading(shown.rule):
        buttons += say.button("Other reading", f"watch {other_reading(shown.rule)}")
    buttons += say.button("Cancel", "cancel")
    return say.message(
        say.text(say.bold("Not saved yet: see what stands against this rule.")),
        *blocks(shown),
        say.meta("To save it all the same: ", say.mono(anyway)),
        buttons=buttons,
    )
