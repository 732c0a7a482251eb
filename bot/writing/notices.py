"""What is said of deliveries: that one may be a repeat, that one could not be made."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from bot import say
from bot.model import Block, Delivery, Message, State


def as_sent(delivery: Delivery) -> Delivery:
    """A delivery whose earlier try may have arrived says so."""
    if delivery.state is not State.UNKNOWN:
        return delivery
    note = say.meta("(You may have received this already: the connection broke while it was being sent.)")
    message = replace(delivery.message, blocks=(*delivery.message.blocks, note))
    return replace(delivery, message=message)


def with_secrets(delivery: Delivery, secret: Callable[[str, str], str]) -> Delivery:
    """A delivery as it is shown this once; what is stored has no secret in it."""
    blocks = delivery.message.blocks
    if not any(run.secret_of for block in blocks for run in block.runs):
        return delivery
    shown = tuple(_filled(block, secret) for block in blocks)
    return replace(delivery, message=replace(delivery.message, blocks=shown))


def _filled(block: Block, secret: Callable[[str, str], str]) -> Block:
    """Runs of one look are joined: platforms mark a code block as a whole."""
    runs = [replace(run, text=secret(*run.secret_of), secret_of=None) if run.secret_of else run for run in block.runs]
    alike = groupby(runs, key=lambda run: replace(run, text=""))
    return replace(block, runs=tuple(replace(form, text="".join(run.text for run in same)) for form, same in alike))


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
