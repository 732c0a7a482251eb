"""What is counted and timed of the work; whoever runs Watchword reads it at `/metrics`."""

from typing import Protocol


class Meter(Protocol):
    """Takes figures; what they are called, and their labels, is in `bot/metrics.py`."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """So many more."""
        ...

    def took(self, name: str, seconds: float, **labels: str) -> None:
        """It lasted so long."""
        ...


class _Silent:
    """Takes no notice."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """See Meter."""

    def took(self, name: str, seconds: float, **labels: str) -> None:
        """See Meter."""


SILENT: Meter = _Silent()
