"""`start`: what this is, by example."""

from bot import say
from bot.model import Button, Message
from bot.ports import Desk

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
        say.text("1. Give me something to read:"),
        say.code("/source add https://news.un.org/feed/subscribe/en/news/all/rss.xml"),
        say.text("2. Say what to watch for:"),
        say.code('/watch "troop deployment" AND Ukraine'),
        say.text("3. Too much of it? ", say.mono("/mute troops for 2h"), ". Everything else: ", say.mono("/help")),
        buttons=(*offer, Button(label="Help", command="help"), Button(label="Channels", command="channels")),
    )
