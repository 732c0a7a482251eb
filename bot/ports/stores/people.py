"""Forgetting people, chats and workspaces."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Destination, User


class PersonStore(Protocol):
    """What is kept of people goes when they, or their workspace, want it to go."""

    def forget_person(self, user: User) -> Mapping[str, int]:
        """Delete what is kept of somebody, for good: how many of what, in words ("rules": 3), without zeros.

        Their direct chat goes with all that belongs to it. In shared chats their mutes, follows, typed commands and
        audit entries go; rules and channels that others use stay, made by nobody; nothing names them any more.
        """
        ...

    def forget_workspace(self, platform: str, workspace: str) -> int:
        """Delete all that belongs to a workspace, its chats, its people and its secret; how many chats that were.

        Raises ValueError without a workspace: a platform without any has one for all.
        """
        ...

    def removed_before(self, before: datetime) -> Sequence[Destination]:
        """Chats that removed us before then (`pause_destination`) and did not take us back, the longest gone first."""
        ...

    def forget_destination(self, destination: Destination) -> Mapping[str, int]:
        """Delete a chat with its threads and all that belongs to it: how many of what, as in `forget_person`."""
        ...
