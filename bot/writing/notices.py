"""What is said of deliveries: that one may be a repeat, that one could not be made."""

from dataclasses import replace

from bot import say
from bot.model import Delivery, Message, State


def as_sent(delivery: Delivery) -> Delivery:
    """A delivery whose earlier try may have arrived says so."""
    if delivery.state is not State.UNKNOWN:
        return delivery
    note = say.meta("(You may have received this already: the connection broke while it was being sent.)")
    message = replace(delivery.message, blocks=(*delivery.message.blocks, note))
    return replace(delivery, message=message)


def not_delivered(delivery: Delivery, error: str, *, gone: bool) -> Message:
    """To the owner of a rule whose alert could not be delivered; `gone`: nothing can be, to that chat."""
    destination = delivery.destination
    where = f"{destination.platform} chat {destination.chat_id}"
    cure = (
        "Nothing more goes there until I am back in that chat: add me again and say /start there."
        if gone
        else "Later alerts go there as before."
    )
    return say.message(
        say.text(say.bold("An alert could not be delivered"), f" to {where}: {delivery.message.gist}"),
        say.text(f"Reason: {error}"),
        say.text(cure),
    )
