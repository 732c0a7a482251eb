"""`unsubscribe`: no longer get a channel's alerts."""

from bot import say
from bot.commands._common import need_right, subscribed_channels
from bot.errors import UserError
from bot.model import Message, Subscription
from bot.ports import Desk

USAGE = "unsubscribe <channel>"
SUMMARY = "stop getting a channel's alerts in this chat"
EXAMPLES = ("unsubscribe newsroom",)


def run(desk: Desk, argument: str) -> Message:
    """End the subscription. Raises UserError."""
    need_right(desk, "end its subscriptions")
    name = argument.strip().lstrip("#").casefold()
    subscribed = subscribed_channels(desk)
    channel = next((channel for channel in subscribed if name and name == channel.name.casefold()), None)
    if channel is None:
        names = ", ".join(channel.name for channel in subscribed if channel.name) or "none"
        raise UserError(
            f"This chat does not get “{argument.strip()}”." if name else "Which channel?",
            cure=f"It gets: {names}.",
        )
    if channel.home.key == desk.command.destination.key:
        raise UserError(f"{channel.name} is this chat's own channel.", cure="Remove its rules with: unwatch <number>")
    desk.store.unsubscribe(Subscription(destination=desk.command.destination, channel_id=channel.id))
    return say.message(say.text(say.bold(f"Unsubscribed from {channel.name}"), "."))
