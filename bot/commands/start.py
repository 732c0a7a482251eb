"""`start`: what this is, by example."""

from bot import say
from bot.model import Button, Message
from bot.ports import Desk
from bot.writing.answers import steps

USAGE = "start"
SUMMARY = "what Watchword does, by example"
EXAMPLES = ("start",)


def run(desk: Desk, argument: str) -> Message:
    """The first thing that a person reads. A payload (deep link) names a channel to subscribe to."""
    name = argument.strip()
    channel = desk.store.channel_named(name) if name else None
    offer = (Button(label=f"Subscribe to {channel.name}", command=f"subscribe {channel.name}"),) if channel else ()
    return say.message(
        say.title("Watchword"),
        say.text("I read sources for you. A story that matches your words comes once, in the source's own words."),
        *steps(),
        buttons=(*offer, Button(label="Help", command="help"), Button(label="Channels", command="channels")),
    )
