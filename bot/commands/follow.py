"""`follow`: be mentioned when a topic alerts, or when a story goes on."""

from bot import say
from bot.commands._common import pointed_alert, subscribed_channels
from bot.commands._follows import ending, is_this_story
from bot.commands._quotas import need_room
from bot.errors import UserError
from bot.model import Alert, Follow, Message
from bot.ports import Desk

USAGE = "follow <topic | this story>"
SUMMARY = "be mentioned in this chat when a topic alerts, or when a story goes on"
EXAMPLES = ("follow troops", "follow this story")


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
    alert, rest = pointed_alert(desk, argument)
    if is_this_story(rest) or (alert is not None and not rest.strip()):
        return _story(desk, alert or desk.store.last_alert(desk.command.destination))
    topic = topic_named(desk, argument)
    fresh = desk.store.follow(Follow(user=desk.command.user, destination=desk.command.destination, topic=topic))
    if not fresh:
        raise UserError(f"You follow “{topic}” here already.", cure=f"To stop: unfollow {topic}")
    need_room(desk, "follows", more=0)
    return say.message(
        say.text(say.bold(f"You follow “{topic}”"), ": its alerts here will mention you, unless you mute it."),
    )


def _story(desk: Desk, alert: Alert | None) -> Message:
    if alert is None:
        raise UserError("Which story? There was no alert here yet.", cure="Answer an alert with: follow this story")
    if desk.command.destination.user_id:
        raise UserError(
            "In a direct chat there is nobody to mention: what comes here is for you alone.",
            cure="Answer an alert of a shared chat with: follow this story",
        )
    follow = Follow(user=desk.command.user, destination=alert.destination, story=alert.folded or alert.story_id)
    if not desk.store.follow(follow):
        raise UserError("You follow this story here already.", cure=f"To stop: {ending(desk, follow)}")
    need_room(desk, "follows", more=0)
    return say.message(
        say.text(
            say.bold(f"You follow the story “{alert.reports[0].title}”"),
            ": its later reports here will mention you, unless you mute it.",
        ),
    )
