"""What `mute`, `mutes` and `unmute` share."""

from bot.core.alerts import mutes
from bot.model import Mute, MuteKind
from bot.ports import Desk

_SHOWN_BYTES = 36  # of a name in a button's command


def in_force(desk: Desk) -> list[Mute]:
    """The asker's own and this chat's, oldest first: the order in which they are numbered."""
    everything = desk.store.mutes(desk.now)
    own = mutes.of_user(everything, desk.command.user)
    here = mutes.of_destination(everything, desk.command.destination)
    return [mute for mute in everything if mute in own or mute in here]


def name_of(desk: Desk, mute: Mute) -> str:
    """What people call it: the topic, the rule's text, the site, the title of the story."""
    if mute.kind is not MuteKind.STORY:
        return mute.what
    documents = desk.store.story_documents(mute.what)
    return documents[0].document.title or "Untitled" if documents else "a story of the past"


def describe(desk: Desk, mute: Mute) -> str:
    """What it silences, in words."""
    return "everything" if mute.kind is MuteKind.ALL else f"{mute.kind} “{name_of(desk, mute)}”"


def ending(desk: Desk, mute: Mute) -> str:
    """The command that ends it, in words that a person can type: `unmute topic troops`. A long name is cut."""
    name = name_of(desk, mute)
    cut = name.encode()[:_SHOWN_BYTES].decode(errors="ignore").strip()
    whose = "everyone " if mute.destination else ""
    return f"unmute {whose}{mute.kind}" + ("" if mute.kind is MuteKind.ALL else f" {' '.join(cut.split())}")
