"""Which hosts asked to be left alone, and until when: who pastes an address again has not waited for that."""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_HOSTS = 1_000  # then those are forgotten whose time comes first


@dataclass(slots=True)
class Pauses:
    """`steady` is a clock that nobody sets, in seconds; memory only: after a restart a host is asked once more."""

    steady: Callable[[], float]
    _until: dict[str, float] = field(default_factory=dict)

    def note(self, host: str, seconds: float) -> None:
        """It asked for that much from now on; a shorter wish does not undo a longer one."""
        now = self.steady()
        self._until[host] = max(now + seconds, self._until.get(host, 0.0))
        if len(self._until) > MOST_HOSTS:
            ahead = sorted((until, each) for each, until in self._until.items() if until > now)
            self._until = {each: until for until, each in ahead[-MOST_HOSTS:]}

    def left(self, host: str) -> float:
        """How many seconds it is still to be left alone."""
        return max(self._until.get(host, 0.0) - self.steady(), 0.0)
