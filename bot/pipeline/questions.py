"""An answer to a question of ours completes the command that was asked about."""

from dataclasses import replace

from bot import registry
from bot.model import Command
from bot.ports import Store
from bot.reading import verbs

SEARCHED = 60  # messages, the newest, among which is the question


def completed(store: Store, command: Command) -> Command:
    """`troops AND Ukraine`, typed as an answer to "What shall I watch for?", as `watch troops AND Ukraine`.

    What begins with a command of its own stays that.
    """
    if command.event or not command.reply_to or verbs.split(command.text)[0] in registry.names("bot.commands"):
        return command
    for delivery in reversed(store.deliveries(command.destination, limit=SEARCHED)):
        if delivery.message_id == command.reply_to:
            ask = delivery.message.ask
            return replace(command, text=f"{ask} {command.text}") if ask else command
    return command
