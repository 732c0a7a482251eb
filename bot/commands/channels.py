"""`channels`: what can be subscribed to."""

from bot import say
from bot.commands._common import PAGE, heard_channels, own_id, page_buttons, page_of
from bot.errors import UserError
from bot.model import Block, Button, Channel, Message
from bot.ports import Desk

USAGE = "channels [page]"
SUMMARY = "published channels, and the ones that this chat gets"
EXAMPLES = ("channels",)


def run(desk: Desk, argument: str) -> Message:
    """The list, eight to a page. Raises UserError when there is none."""
    heard = {channel.id: channel for channel in heard_channels(desk)}
    own = own_id(desk)
    public = desk.store.public_channels()
    named = public + [one for one in heard.values() if one.id not in {other.id for other in public} and one.name]
    if not named:
        raise UserError("No channel is published yet.", cure="Publish this chat's rules and sources: publish <name>")
    page, pages = page_of(named, argument)
    shown = named[(page - 1) * PAGE : page * PAGE]
    offers = [
        Button(label=f"Subscribe to {one.name}"[:40], command=f"subscribe {one.name}")
        for one in shown
        if one.id not in heard
    ]
    return say.message(
        say.title("Channels"),
        *(_line(desk, one, one.id in heard, one.id == own) for one in shown),
        buttons=(*offers, *page_buttons("channels", page, pages)),
    )


def _line(desk: Desk, channel: Channel, heard: bool, own: bool) -> Block:
    rules = say.count(len(desk.store.rules(channel.id)), "rule")
    feeds = say.count(len(desk.store.feeds(channel.id)), "source")
    mark = " - this chat's own" if own else " - subscribed" if heard else ""
    return say.item(say.bold(channel.name), f": {feeds}, {rules}{mark}")
