"""Whose channel, whose chat."""

from bot.model import Destination, User, content_id


def own_channel_id(destination: Destination) -> str:
    """Every chat has one channel of its own, derived from its identity."""
    return content_id("channel", destination.key)


def direct(user: User) -> Destination:
    """The person's direct chat with the bot: on each of our platforms the person's own id reaches it."""
    return Destination(
        platform=user.platform, workspace=user.workspace, chat_id=user.user_id, user_id=user.user_id
    )
