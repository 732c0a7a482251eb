"""What people and chats do not want, and what they follow."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.model import Destination, Follow, Mute, User


class MuteStore(Protocol):
    """What people and chats do not want, and what they follow."""

    def save_mute(self, mute: Mute) -> None:
        """Insert or replace by id."""
        ...

    def mute(self, mute_id: str) -> Mute | None:
        """By id, in force or not."""
        ...

    def remove_mute(self, mute_id: str) -> bool:
        """False when there was none."""
        ...

    def mutes(self, now: datetime) -> list[Mute]:
        """All that are in force at `now`, oldest first."""
        ...

    def mutes_of(self, destination: Destination, users: Iterable[User], now: datetime) -> list[Mute]:
        """Those in force at `now` that were made for the destination or by one of the users, oldest first."""
        ...

    def follow(self, follow: Follow) -> bool:
        """False when it was there already."""
        ...

    def unfollow(self, follow: Follow) -> bool:
        """False when there was none."""
        ...

    def follows(self, destination: Destination) -> list[Follow]:
        """Who follows what there."""
        ...
