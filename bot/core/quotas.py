"""How much one person may do and keep, over all chats, so that nobody fills the database for all."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["rules", "sources", "lists", "mutes", "follows", "subscriptions"]

REMOVAL: dict[Kind, str] = {
    "rules": "unwatch <number>",
    "sources": "source remove <number>",
    "lists": "list remove <name>",
    "mutes": "unmute <what>",
    "follows": "unfollow <topic>",
    "subscriptions": "unsubscribe <channel>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Of one person; 0 is no limit. Rules, mutes and follows are whoever's who made them; sources, lists and
    subscriptions belong to the person who set the chat up.
    """

    commands_per_minute: int = 0
    rules: int = 1_000
    sources: int = 500
    lists: int = 100
    mutes: int = 500
    follows: int = 500
    subscriptions: int = 200

    def most(self, kind: Kind) -> int:
        """How many of that kind."""
        most: int = getattr(self, kind)
        return most

    def are_exceeded(self, kind: Kind, kept: int) -> bool:
        """Whether so many are too many."""
        return 0 < self.most(kind) < kept


USUAL = Quotas()
