"""What `mutes` and `unmute` share."""

from bot.core.alerts import mutes
from bot.model import Mute, MuteKind
from bot.ports import Desk


def in_force(desk: Desk) -> list[Mute]:
    """The asker's own and this chat's, oldest first: the order in which they are numbered."""
    everything = desk.store.mutes(desk.now)
    own = mutes.of_user(everything, desk.command.user)
    here = mutes.of_destination(everything, desk.command.destination)
    return [mute for mute in everything if mute in own or mute in here]


def describe(desk: Desk, mute: Mute) -> str:
    """What it silences, in words."""
    if mute.kind is MuteKind.STORY:
        documents = desk.store.story_documents(mute.what)
        return f"story “{documents[0].document.title}”" if documents else "a story of the past"
    return f"{mute.kind} “{mute.what}”"
