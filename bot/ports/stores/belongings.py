"""What belongs to a person, over all chats."""

from datetime import datetime
from typing import Protocol

from bot.core.quotas import Kind
from bot.model import User


class BelongingStore(Protocol):
    """What belongs to a person, over all chats."""

    def count_of(self, user: User, kind: Kind, now: datetime) -> int:
        """How many of the kind the person has: rules and follows of their own, mutes of their own that are in force at
        `now`; sources, lists and subscriptions (but a chat's to itself) of the chats whose channel they own.
        """
        ...
