"""`subscribe`: get what a channel alerts."""

from bot import say
from bot.commands._common import ensure_channel, need_right, own_id
from bot.commands._quotas import need_room
from bot.errors import UserError
from bot.model import Message, Subscription
from bot.ports import Desk
from bot.reading import verbs

USAGE = "subscribe <channel>"
SUMMARY = "get a published channel's alerts in this chat"
EXAMPLES = ("subscribe newsroom",)


def run(desk: Desk, argument: str) -> Message:
    """Subscribe this chat. Raises UserError."""
    need_right(desk, "subscribe it to channels")
    name = argument.strip().lstrip("#")
    channel = desk.store.channel_named(name) if name else None
    own = own_id(desk)
    if channel is None or not (channel.public or channel.id == own):
        names = [channel.name for channel in desk.store.public_channels()]
        near = verbs.nearest(name, names) if name else ""
        known = f"Published: {', '.join(names[:8])}." if names else "None is published yet: publish <name>"
        raise UserError(
            f"There is no published channel “{name}”." if name else "Which channel?",
            cure=f"Did you mean: subscribe {near}?" if near else known,
        )
    if not desk.store.subscribe(Subscription(destination=desk.command.destination, channel_id=channel.id)):
        raise UserError(f"This chat gets {channel.name} already.", cure="See: channels")
    ensure_channel(desk)  # so that the subscription is somebody's
    need_room(desk, "subscriptions", more=0)
    rules = desk.store.rules(channel.id)
    return say.message(
        say.text(say.bold(f"Subscribed to {channel.name}"), f": {say.count(len(rules), 'rule')}, from now on."),
        *(say.item(say.bold(rule.topic), ": ", say.mono(rule.text)) for rule in rules[:8]),
        say.meta("Your own rules read its sources, too."),
    )
