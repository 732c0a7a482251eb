"""Whose channel, whose chat."""

from collections.abc import Iterable
from dataclasses import replace

from bot.model import Channel, Destination, User, content_id


def new_channel_id(destination: Destination) -> str:
    """The id of a chat's own channel, derived from the chat's identity when it is made."""
    return content_id("channel", destination.key)


def own_channel(channels: Iterable[Channel], destination: Destination) -> Channel | None:
    """The chat's own among the channels that it gets; its id stays when a platform gives the chat another one."""
    return next((channel for channel in channels if channel.home.key == destination.key), None)


def chooser(destination: Destination) -> Destination | User:
    """Whose preferences count for what comes to a destination: a direct chat's person's, else the whole chat's."""
    if destination.user_id:
        return User(platform=destination.platform, workspace=destination.workspace, user_id=destination.user_id)
    return replace(destination, thread_id="")


def direct(user: User) -> Destination:
    """The person's direct chat with the bot: on each of our platforms the person's own id reaches it."""
    return Destination(platform=user.platform, workspace=user.workspace, chat_id=user.user_id, user_id=user.user_id)
