"""`mutes`: what is silenced, and until when; and what the asker follows here."""

from bot import say
from bot.commands import _mutes
from bot.commands._common import PAGE, page_buttons, page_of
from bot.commands._follows import described, ending, own_follows
from bot.commands._mutes import describe, in_force
from bot.errors import UserError
from bot.model import Block, Button, Message, Mute
from bot.ports import Desk

USAGE = "mutes [page]"
SUMMARY = "what is muted for you and for this chat, with the end, and what you follow here"
EXAMPLES = ("mutes",)


def run(desk: Desk, argument: str) -> Message:
    """The list, eight to a page. Raises UserError when there is none."""
    muted, followed = in_force(desk), own_follows(desk)
    if not muted and not followed:
        raise UserError("Nothing is muted.", cure="For example: mute troops for 2h")
    page, pages = page_of(muted, argument)
    shown = list(enumerate(muted, start=1))[(page - 1) * PAGE : page * PAGE]
    return say.message(
        say.title("Mutes"),
        *(_line(desk, number, mute) for number, mute in shown),
        *(() if muted else (say.text("Nothing is muted."),)),
        *(
            say.item("You follow ", described(desk, follow), ": ", say.mono(ending(desk, follow)))
            for follow in followed[:PAGE]
        ),
        buttons=(
            *(Button(label=f"Unmute {number}", command=_mutes.ending(desk, mute)) for number, mute in shown),
            *page_buttons("mutes", page, pages),
        ),
    )


def _line(desk: Desk, number: int, mute: Mute) -> Block:
    end = (" until ", say.moment(mute.until)) if mute.until else (" until unmuted",)
    whose = " (everyone here)" if mute.destination else ""
    return say.item(say.bold(f"{number}"), f" {describe(desk, mute)}{whose}", *end)
