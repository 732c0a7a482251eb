"""`watch`: a new rule."""

from collections.abc import Sequence

from bot.commands._common import archive_hits, heard_channels, own_channel, own_rules, reading
from bot.core import say, topics
from bot.errors import UserError
from bot.model import Block, Button, Message, Run, StoredDocument, WatchRule, content_id
from bot.ports import Desk
from rules import parse

USAGE = "watch <rule> [topic:<name>]"
SUMMARY = "alert this chat when a text matches the rule"
EXAMPLES = (
    'watch "troop deployment" AND Ukraine',
    "watch ~deploy NEAR/5 (troops OR soldiers) topic:troops",
    "watch earthquake NOT drill",
)
MOST_RULES = 1000  # in one chat


def run(desk: Desk, argument: str) -> Message:
    """Save the rule; echo how it was read and what it would have found. Raises RuleError, UserError."""
    text, topic = topics.split_topic(argument)
    if not text:
        raise UserError("What shall I watch for?", cure=f"For example: {EXAMPLES[0]}")
    rule = parse(text)
    rules = own_rules(desk)
    twin = next((one for one in rules if str(parse(one.text)) == str(rule)), None)
    if twin is not None:
        raise UserError(f"This chat watches that already: rule {twin.number} “{twin.topic}”.", cure="See: rules")
    if len(rules) >= MOST_RULES:
        raise UserError(f"A chat can have {MOST_RULES} rules.", cure="Remove one first: unwatch <number>")
    channel = own_channel(desk)
    saved = desk.store.add_rule(
        WatchRule(
            id=content_id("rule", channel.id, desk.command.id),
            number=0,
            channel_id=channel.id,
            owner=desk.command.user,
            topic=topic or topics.default_topic(text),
            text=text,
            created_at=desk.now,
        )
    )
    buttons = [Button(label="Undo", command=f"unwatch {saved.number}")]
    if rule.notes and any(note.other for note in rule.notes):
        buttons.insert(0, Button(label="Other reading", command=f"edit {saved.number} other"))
    return say.message(
        say.text(say.bold(f"Watching: rule {saved.number} “{saved.topic}”")),
        *reading(rule),
        *(_archive(desk, archive_hits(desk, rule))),
        buttons=buttons,
    )


def _archive(desk: Desk, hits: Sequence[StoredDocument]) -> list[Block]:
    feeds = [feed for channel in heard_channels(desk) for feed in desk.store.feeds(channel.id)]
    if not feeds:
        return [say.text("This chat has nothing to read yet. Add a source: ", say.mono("source add <address>"))]
    if not hits:
        read = say.count(len(feeds), "source")
        return [say.meta(f"Nothing in the archive matches; {read} will be read from now on.")]
    lines = [say.text(f"In the archive {say.count(len(hits), 'story matches', 'stories match')} (not sent again):")]
    for stored in hits[:3]:
        document = stored.document
        site = f" - {document.site}" if document.site else ""
        lines.append(say.item(Run(text=document.title or "Untitled", url=document.url), site))
    return lines
