"""`unmute`: end a mute."""

import re

from bot import say
from bot.commands._common import need_right
from bot.commands._mutes import describe, in_force, name_of
from bot.errors import UserError
from bot.model import Message, Mute, MuteKind
from bot.ports import Desk

USAGE = "unmute <number | topic>"
SUMMARY = "hear it again"
EXAMPLES = ("unmute 1", "unmute troops")

_KINDS = "|".join(kind.value for kind in MuteKind)
_BUTTON = re.compile(rf"(?P<everyone>everyone\s+)?(?P<kind>{_KINDS})\b\s*(?P<name>.*)", re.IGNORECASE | re.DOTALL)
_OLD_BUTTON = re.compile(r"[0-9a-f]{16}")  # buttons named the mute by its id once
_ALL = ("all", "everything", "alles", "все", "усе", "tout", "todo")


def run(desk: Desk, argument: str) -> Message:
    """End one of the asker's mutes, or one of the chat's. Raises UserError."""
    words = argument.strip()
    muted = in_force(desk)
    mute = _numbered(muted, words) or _named(desk, muted, words)
    if mute is None:
        if _BUTTON.fullmatch(words) or _OLD_BUTTON.fullmatch(words):
            return say.message(say.text("That mute has ended already."), say.meta("See: ", say.mono("mutes")))
        known = ", ".join(f"{number} {describe(desk, mute)}" for number, mute in enumerate(muted[:8], start=1))
        raise UserError(
            f"Nothing called “{words[:80]}” is muted." if words else "Which mute?",
            cure=f"Muted: {known}. Give a number." if muted else "Nothing is muted.",
        )
    if mute.destination is not None:
        need_right(desk, "unmute for everyone")
    shown = describe(desk, mute)
    desk.store.remove_mute(mute.id)
    return say.message(say.text(say.bold("Unmuted"), f": {shown}. You hear of it from the next report on."))


def _numbered(muted: list[Mute], words: str) -> Mute | None:
    number = words.removeprefix("#")
    if number.isdecimal() and len(number) < 6 and 1 <= int(number) <= len(muted):
        return muted[int(number) - 1]
    return None


def _named(desk: Desk, muted: list[Mute], words: str) -> Mute | None:
    """By its name, with or without its kind; a name that a button had to cut is enough when only one begins so."""
    plain = _plain(words)
    for mute in muted:
        if plain and (plain in (mute.id, _plain(name_of(desk, mute))) or (mute.kind is MuteKind.ALL and plain in _ALL)):
            return mute
    button = _BUTTON.fullmatch(words)
    if button is None:
        return None
    kind, name = MuteKind(button["kind"].casefold()), _plain(button["name"])
    alike = [mute for mute in muted if mute.kind is kind and bool(mute.destination) == bool(button["everyone"])]
    exact = [mute for mute in alike if kind is MuteKind.ALL or _plain(name_of(desk, mute)) == name]
    begun = [mute for mute in alike if name and _plain(name_of(desk, mute)).startswith(name)]
    fitting = exact or begun
    if len(fitting) > 1:
        raise UserError("Several mutes begin like that.", cure="See their numbers with: mutes")
    return fitting[0] if fitting else None


def _plain(words: str) -> str:
    return " ".join(words.split()).strip('"“”').casefold().removeprefix("site:")
