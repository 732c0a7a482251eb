"""`ports.ChoiceStore` in memory."""

from dataclasses import replace

from bot.model import AuditEntry, Destination, Preferences, User
from bot.stores._memory_kept import Kept


class MemoryChoices:
    """Preferences, and the audit log of each chat."""

    _s: Kept

    def preferences(self, whose: Destination | User) -> Preferences:
        return self._s.preferences.get(_key(whose), Preferences())

    def save_preferences(self, whose: Destination | User, chosen: Preferences) -> None:
        self._s.preferences[_key(whose)] = chosen

    def add_audit_entry(self, entry: AuditEntry) -> AuditEntry:
        place = f"audit {entry.destination.key}"
        self._s.numbers[place] = self._s.numbers.get(place, 0) + 1
        kept = replace(entry, number=self._s.numbers[place])
        self._s.audit[entry.destination.key, kept.number] = kept
        return kept

    def audit_entry(self, destination: Destination, number: int) -> AuditEntry | None:
        return self._s.audit.get((destination.key, number))

    def audit_entries(self, destination: Destination, *, limit: int) -> list[AuditEntry]:
        there = [entry for (place, _), entry in self._s.audit.items() if place == destination.key]
        return sorted(there, key=lambda entry: -entry.number)[:limit]

    def mark_undone(self, destination: Destination, number: int, by: User) -> None:
        key = (destination.key, number)
        if key in self._s.audit:
            self._s.audit[key] = replace(self._s.audit[key], undone_by=by)


def _key(whose: Destination | User) -> tuple[str, str]:
    return "chat" if isinstance(whose, Destination) else "user", whose.key
