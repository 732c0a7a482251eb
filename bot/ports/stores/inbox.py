"""Commands: on disk before they are acknowledged, applied once."""

from collections.abc import Collection
from typing import Protocol

from bot.model import Command, Destination


class Inbox(Protocol):
    """Commands: on disk before they are acknowledged, applied once."""

    def receive(self, command: Command) -> bool:
        """Keep it; False when a command with this id was received before."""
        ...

    def waiting(self, *, limit: int, besides: Collection[str] = ()) -> list[Command]:
        """What is not yet done, of each user in each chat the first, in order of arrival: a flood hides nobody.

        `besides`: ids of commands under way whose next need not wait for them.
        """
        ...

    def is_waiting(self, command_id: str) -> bool:
        """Whether it is still to be done: not when it was forgotten meanwhile, with its person or its workspace."""
        ...

    def done(self, command_id: str) -> None:
        """Its effects are in this same transaction."""
        ...

    def commands(self, destination: Destination, *, limit: int) -> list[Command]:
        """The newest `limit` commands from there, oldest first."""
        ...
