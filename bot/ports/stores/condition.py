"""How it all stands, in numbers: for health."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.core.condition import Lanes, Sources


class ConditionStore(Protocol):
    """How it all stands, in numbers: for health. What it costs may grow with the sources: ask a reader."""

    def source_counts(self) -> Mapping[str, Sources]:
        """By kind, the sources that are in some channel."""
        ...

    def lanes(self, now: datetime) -> Mapping[str, Lanes]:
        """By platform, the chats for which something waits.

        A chat is ready since its next message was queued, its pause was over and the message's own wait was; not while
        one is being sent there.
        """
        ...
