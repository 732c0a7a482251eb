"""Whether there is room for one more of a person's things, and what is said when there is not."""

from bot.commands._common import own_channel
from bot.core.quotas import REMOVAL, Kind
from bot.errors import UserError
from bot.model import User
from bot.ports import Desk


def need_room(desk: Desk, kind: Kind, more: int = 1) -> None:
    """Raises UserError when a person would have too many with so many `more`; 0: they are saved already.

    What a chat has in common counts for whoever set it up: else a person with many chats would have no limit.
    """
    owner = _owner(desk, kind)
    if not desk.quotas.are_exceeded(kind, desk.store.count_of(owner, kind, desk.now) + more):
        return
    asker = desk.command.user
    who = "You have" if owner.key == asker.key else f"{owner.name or 'Whoever'} set this chat up, and has"
    raise UserError(
        f"{who} {desk.quotas.most(kind):,} {kind} over all chats: that is the most for one person.",
        cure=f"Remove some first: {REMOVAL[kind]}. Whoever runs this Watchword can allow more, with "
        f"WATCHWORD_{kind.upper()}_PER_PERSON.",
    )


def need_room_for_all(desk: Desk) -> None:
    """Raises UserError when the chat has as many mutes for everyone as a person may have."""
    mutes = desk.store.mutes_of(desk.command.destination, (), desk.now)
    if desk.quotas.are_exceeded("mutes", len(mutes) + 1):
        raise UserError(
            f"This chat has {len(mutes):,} mutes for everyone: that is the most.",
            cure=f"Remove some first: {REMOVAL['mutes']}",
        )


def _owner(desk: Desk, kind: Kind) -> User:
    if kind in ("rules", "mutes", "follows"):
        return desk.command.user
    channel = own_channel(desk)
    # Whoever had themselves forgotten owns nothing: then it counts for whoever adds to it.
    return channel.owner if channel is not None and channel.owner.user_id else desk.command.user
