"""`unfollow`: no longer be mentioned for a topic."""

from bot import say
from bot.errors import UserError
from bot.model import Follow, Message
from bot.ports import Desk

USAGE = "unfollow <topic>"
SUMMARY = "no longer be mentioned when a topic alerts"
EXAMPLES = ("unfollow troops",)


def run(desk: Desk, argument: str) -> Message:
    """End it. Raises UserError."""
    wanted = argument.strip().strip('"“”').casefold()
    here, user = desk.command.destination, desk.command.user
    mine = [follow for follow in desk.store.follows(here) if follow.user.key == user.key]
    follow = next((follow for follow in mine if wanted and follow.topic.casefold() == wanted), None)
    if follow is None:
        known = ", ".join(follow.topic for follow in mine) or "nothing"
        raise UserError(f"You do not follow “{argument.strip()}” here.", cure=f"You follow: {known}.")
    desk.store.unfollow(Follow(user=user, destination=here, topic=follow.topic))
    return say.message(say.text(say.bold(f"You no longer follow “{follow.topic}”"), "."))
