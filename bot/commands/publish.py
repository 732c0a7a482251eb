"""`publish`: give this chat's rules and sources a name that others can subscribe to."""

import re
from dataclasses import replace

from bot import say
from bot.commands._common import ensure_channel, need_right
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "publish <name> | publish off"
SUMMARY = "let others subscribe to this chat's rules and sources"
EXAMPLES = ("publish newsroom", "publish off")
_NAME = re.compile(r"[^\W_][\w-]{1,29}")


def run(desk: Desk, argument: str) -> Message:
    """Name and open the chat's own channel, or close it. Raises UserError."""
    need_right(desk, "publish this chat's channel")
    name = argument.strip().lstrip("#")
    channel = ensure_channel(desk)
    if name.casefold() == "off":
        if not channel.public:
            raise UserError("This chat's channel is not published.", cure="Publish it: publish <name>")
        desk.store.save_channel(replace(channel, public=False))
        return say.message(say.text(say.bold(f"No longer published: {channel.name}"), ". Those who have it keep it."))
    if not _NAME.fullmatch(name) or len(name.encode()) > 45:
        raise UserError(
            "A channel's name has 2 to 30 letters, digits or hyphens." if name else "What shall it be called?",
            cure="For example: publish newsroom",
        )
    desk.store.save_channel(replace(channel, name=name, public=True))
    feeds, rules = len(desk.store.feeds(channel.id)), len(desk.store.rules(channel.id))
    return say.message(
        say.text(say.bold(f"Published: {name}"), f" with {say.count(feeds, 'source')} and {say.count(rules, 'rule')}."),
        say.text("Others get its alerts with ", say.mono(f"subscribe {name}")),
    )
