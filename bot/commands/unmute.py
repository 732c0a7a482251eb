"""`unmute`: end a mute."""

from bot import say
from bot.commands._common import need_right
from bot.commands._mutes import describe, in_force
from bot.errors import UserError
from bot.model import Message, Mute
from bot.ports import Desk

USAGE = "unmute <number | topic>"
SUMMARY = "hear it again"
EXAMPLES = ("unmute 1", "unmute troops")


def run(desk: Desk, argument: str) -> Message:
    """End one of the asker's mutes, or one of the chat's. Raises UserError."""
    muted = in_force(desk)
    mute = _find(muted, argument.strip().strip('"“”'))
    if mute is None:
        known = ", ".join(f"{number} {describe(desk, mute)}" for number, mute in enumerate(muted[:8], start=1))
        raise UserError(
            f"Nothing called “{argument.strip()}” is muted." if argument.strip() else "Which mute?",
            cure=f"Muted: {known}. Give a number." if muted else "Nothing is muted.",
        )
    if mute.destination is not None:
        need_right(desk, "unmute for everyone")
    shown = describe(desk, mute)
    desk.store.remove_mute(mute.id)
    return say.message(say.text(say.bold("Unmuted"), f": {shown}. You hear of it from the next report on."))


def _find(muted: list[Mute], words: str) -> Mute | None:
    if words.isdecimal() and 1 <= int(words) <= len(muted) and len(words) < 6:
        return muted[int(words) - 1]
    wanted = words.casefold().removeprefix("site:")
    return next((mute for mute in muted if wanted and wanted in (mute.id, mute.what.casefold())), None)
