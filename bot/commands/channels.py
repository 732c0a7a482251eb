"""`channels`: what can be subscribed to."""

from bot import say
from bot.commands._common import PAGE, own_id, page_buttons, page_of, subscribed_channels
from bot.errors import UserError
from bot.model import Block, Button, Channel, Message
from bot.ports import Desk

USAGE = "channels [page]"
SUMMARY = "published channels, and the ones that this chat gets"
EXAMPLES = ("channels",)


def run(desk: Desk, argument: str) -> Message:
    """The list, eight to a page. Raises UserError when there is none."""
    subscribed = {channel.id: channel for channel in subscribed_channels(desk)}
    own = own_id(desk)
    public = desk.store.public_channels()
    named = public + [
        channel for channel in subscribed.values() if channel.id not in {other.id for other in public} and channel.name
    ]
    if not named:
        raise UserError("No channel is published yet.", cure="Publish this chat's rules and sources: publish <name>")
    page, pages = page_of(named, argument)
    shown = named[(page - 1) * PAGE : page * PAGE]
    offers = [
        Button(label=f"Subscribe to {channel.name}"[:40], command=f"subscribe {channel.name}")
        for channel in shown
        if channel.id not in subscribed
    ]
    return say.message(
        say.title("Channels"),
        *(_line(desk, channel, channel.id in subscribed, channel.id == own) for channel in shown),
        buttons=(*offers, *page_buttons("channels", page, pages)),
    )


def _line(desk: Desk, channel: Channel, subscribed: bool, own: bool) -> Block:
    rules = say.count(len(desk.store.rules(channel.id)), "rule")
    feeds = say.count(len(desk.store.feeds(channel.id)), "source")
    mark = " - this chat's own" if own else " - subscribed" if subscribed else ""
    return say.item(say.bold(channel.name), f": {feeds}, {rules}{mark}")
