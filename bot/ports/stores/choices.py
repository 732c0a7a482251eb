"""What chats and people chose, and who changed what."""

from typing import Protocol

from bot.model import AuditEntry, Destination, Preferences, User


class ChoiceStore(Protocol):
    """Preferences, and the audit log of each chat."""

    def preferences(self, whose: Destination | User) -> Preferences:
        """What that chat or person chose; nothing chosen when it never did."""
        ...

    def save_preferences(self, whose: Destination | User, chosen: Preferences) -> None:
        """In place of what was chosen before."""
        ...

    def add_audit_entry(self, entry: AuditEntry) -> AuditEntry:
        """Keep it under the chat's next number, which is never used again; the entry as kept."""
        ...

    def audit_entry(self, destination: Destination, number: int) -> AuditEntry | None:
        """By the number that it has in that chat. Entries of less than retention ago are there."""
        ...

    def audit_entries(self, destination: Destination, *, limit: int) -> list[AuditEntry]:
        """The newest of that chat, newest first."""
        ...

    def mark_undone(self, destination: Destination, number: int, by: User) -> None:
        """The entry's changes were taken back."""
        ...
