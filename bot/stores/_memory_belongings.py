"""`ports.BelongingStore` in memory."""

from datetime import datetime

from bot.core.quotas import Kind
from bot.model import User
from bot.stores._memory_kept import Kept


class MemoryBelongings:
    """What belongs to a person."""

    _s: Kept

    def count_of(self, user: User, kind: Kind, now: datetime) -> int:
        kept = self._s
        own = {channel.id: channel.home.key for channel in kept.channels.values() if channel.owner.key == user.key}
        mutes = [mute for mute in kept.mutes.values() if mute.user is not None and mute.user.key == user.key]
        homes = {home: channel_id for channel_id, home in own.items()}
        things: dict[Kind, list[bool]] = {
            "rules": [rule.owner.key == user.key for rule in kept.rules.values()],
            "sources": [channel_id in own for channel_id, _ in kept.channel_feeds],
            "lists": [word_list.channel_id in own for word_list in kept.lists.values()],
            "mutes": [mute.until is None or mute.until > now for mute in mutes],
            "follows": [follow.user.key == user.key for follow in kept.follows.values()],
            "subscriptions": [
                homes.get(gets.destination.key, gets.channel_id) != gets.channel_id
                for gets in kept.subscriptions.values()
            ],
        }
        return sum(things[kind])
