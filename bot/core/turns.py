"""Whose command is next: everybody in turn, and nobody more often in a minute than is allowed.

Times are seconds on a clock that nobody sets.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model import Command

MINUTE = 60.0
_MOST_KNOWN = 10_000  # people; then those are forgotten who have said nothing for a minute


@dataclass(slots=True)
class _Person:
    taken: deque[float] = field(default_factory=deque)  # when, within the last minute
    notified: float | None = None


@dataclass(slots=True)
class Turns:
    """Decides only; the caller carries out. `per_minute`: commands of one person; 0 is no limit."""

    per_minute: int = 0
    _people: dict[str, _Person] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)  # user: the number of their last turn
    _turn: int = 0

    def order(self, waiting: Sequence[Command]) -> list[Command]:
        """Who had no turn for longest comes first; of those, who asked first."""
        return sorted(waiting, key=lambda command: self._last.get(command.user.key, 0))

    def is_free(self, command: Command, now: float) -> bool:
        """Whether its sender may have another turn now. What a platform reports itself is never held back."""
        if not self.per_minute or command.event:
            return True
        return len(self._of(command, now).taken) < self.per_minute

    def take(self, command: Command, now: float) -> None:
        """It is carried out now."""
        self._turn += 1
        self._last[command.user.key] = self._turn
        if self.per_minute and not command.event:
            self._of(command, now).taken.append(now)

    def is_to_be_notified(self, command: Command, now: float) -> bool:
        """Whether its sender shall read now that it waits; once a minute."""
        person = self._of(command, now)
        if person.notified is not None and now - person.notified < MINUTE:
            return False
        person.notified = now
        return True

    def _of(self, command: Command, now: float) -> _Person:
        if len(self._people) >= _MOST_KNOWN:
            self._people = {
                key: each for key, each in self._people.items() if each.taken and now - each.taken[-1] < MINUTE
            }
            self._last = {key: turn for key, turn in self._last.items() if key in self._people}
        person = self._people.setdefault(command.user.key, _Person())
        while person.taken and now - person.taken[0] >= MINUTE:
            person.taken.popleft()
        return person
