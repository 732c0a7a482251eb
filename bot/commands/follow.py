"""`follow`: be mentioned when a topic alerts."""

from bot import say
from bot.commands._common import subscribed_channels
from bot.errors import UserError
from bot.model import Button, Follow, Message
from bot.ports import Desk

USAGE = "follow <topic>"
SUMMARY = "be mentioned in this chat when a topic alerts"
EXAMPLES = ("follow troops",)


def topic_named(desk: Desk, words: str) -> str:
    """The topic as its rule spells it. Raises UserError."""
    wanted = words.strip().strip('"“”').casefold()
    topics = [rule.topic for channel in subscribed_channels(desk) for rule in desk.store.rules(channel.id)]
    for topic in topics:
        if topic.casefold() == wanted:
            return topic
    known = ", ".join(sorted(set(topics))[:8])
    raise UserError(
        f"No rule here has the topic “{words.strip()}”." if wanted else "Which topic?",
        cure=f"Topics: {known}." if known else "Make a rule first: watch <rule>",
    )


def run(desk: Desk, argument: str) -> Message:
    """Mention the asker from now on. Raises UserError."""
    topic = topic_named(desk, argument)
    fresh = desk.store.follow(Follow(user=desk.command.user, destination=desk.command.destination, topic=topic))
    if not fresh:
        raise UserError(f"You follow “{topic}” here already.", cure=f"To stop: unfollow {topic}")
    return say.message(
        say.text(say.bold(f"You follow “{topic}”"), ": its alerts here will mention you, unless you mute it."),
        buttons=(Button(label="Undo", command=f"unfollow {topic}"),) if len(topic.encode()) <= 45 else (),
    )
