"""Alerts, the ledger of every match, and what was marked as not wanted."""

from datetime import datetime
from typing import Protocol

from bot.model import Alert, Destination, LedgerLine, User


class AlertStore(Protocol):
    """Alerts, the ledger of every match, and what was marked as not wanted."""

    def save_alert(self, alert: Alert) -> None:
        """Insert or replace by key."""
        ...

    def move_alert(self, key: str, alert: Alert) -> None:
        """`alert` takes the place of the one with that key: its message and what waits for it."""
        ...

    def alert(self, key: str) -> Alert | None:
        """By key, with `message_id` once it was sent."""
        ...

    def story_alerts(self, story_id: str) -> list[Alert]:
        """The alerts that tell of it, in all chats."""
        ...

    def alert_of_message(self, destination: Destination, message_id: str) -> Alert | None:
        """The alert that a posted message shows."""
        ...

    def last_alert(self, destination: Destination) -> Alert | None:
        """The newest alert there."""
        ...

    def record(self, line: LedgerLine) -> None:
        """Add a line to the ledger; the same line again does nothing."""
        ...

    def ledger(self, destination: Destination, *, since: datetime) -> list[LedgerLine]:
        """What became of every match there, oldest first."""
        ...

    def mark_irrelevant(self, destination: Destination, story_id: str, *, by: User, at: datetime) -> bool:
        """Somebody says that the story's alert was not wanted there; False when it was marked already."""
        ...

    def unmark_irrelevant(self, destination: Destination, story_id: str) -> bool:
        """False when it was not marked."""
        ...

    def irrelevant(self, destination: Destination) -> set[str]:
        """Ids of the stories that are marked there."""
        ...
