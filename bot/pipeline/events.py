"""What a platform itself reports: the bot came, went or was uninstalled, a chat got another id. Nobody types these."""

from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.model import Message
from bot.pipeline.digests import offer_held
from bot.pipeline.forgetting import forget_workspace
from bot.pipeline.losing import tell_of_loss
from bot.ports import Desk
from bot.writing.answers import welcome


def run(desk: Desk) -> Message | None:
    """Carry out one event; the answer, if the chat is to read one."""
    word, _, argument = desk.command.text.partition(" ")
    destination = desk.command.destination
    if word == "bot-added":
        if desk.store.resume_destination(destination):
            offer_held(desk.store, destination, desk.now)
        chosen = desk.store.preferences(destination)
        desk.store.save_preferences(destination, replace(chosen, owner=desk.command.user))
        return welcome()
    if word == "bot-removed":
        _is_lost(desk, "I was removed from it.", removed_at=desk.now)
        return None
    if word == "bot-silenced":
        _is_lost(desk, "I am not allowed to post there any more.")
        return None
    if word == "bot-may-post":
        if desk.store.resume_destination(destination):
            offer_held(desk.store, destination, desk.now)
        return None
    if word == "uninstalled":
        forget_workspace(desk.store, destination.platform, destination.workspace, desk.now)
        return None
    if word == "chat-moved":
        desk.store.move_destination(destination, replace(destination, chat_id=argument.strip()))
        return None
    raise UserError(f"unknown platform event “{word}”")


def _is_lost(desk: Desk, why: str, *, removed_at: datetime | None = None) -> None:
    """Nothing can be posted there. Who did that to us knows it."""
    command = desk.command
    if not desk.store.paused(command.destination):
        tell_of_loss(desk.store, command.destination, why, desk.now, key=command.id, by=command.user)
    desk.store.pause_destination(command.destination, why, removed_at=removed_at)
