"""How many alerts came when, from where, and by which topics. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.core.alerts.tally import FATES, Tally
from bot.model import LedgerLine

DAILY = 31  # days up to which each has a bar of its own; beyond it a week has


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """`counts` are the alerts of each day in the zone, from `first` on, up to today."""

    first: date
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)

    @property
    def per_day(self) -> float:
        """Alerts a day."""
        return self.total / len(self.counts)

    @property
    def busiest(self) -> tuple[date, int]:
        """The day with most, the latest of several, and how many."""
        most = max(self.counts)
        at = len(self.counts) - 1 - self.counts[::-1].index(most)
        return self.first + timedelta(days=at), most

    @property
    def bars(self) -> tuple[Sequence[int], str]:
        """What is drawn, the oldest first, and what a bar stands for: a day, or seven that end today."""
        if len(self.counts) <= DAILY:
            return self.counts, "day"
        ends = range(len(self.counts), 0, -7)
        return [sum(self.counts[max(end - 7, 0) : end]) for end in ends][::-1], "week"


def alerted(tallied: Tally) -> list[LedgerLine]:
    """The lines of what came as an alert of its own, in a digest, or in a thread."""
    return [line for line in tallied.last.values() if FATES[line.reason] in ("sent", "threaded")]


def volume(lines: Sequence[LedgerLine], since: datetime, now: datetime, zone: tzinfo) -> Volume:
    """Of these lines, by the days of the zone."""
    first, last = (moment.astimezone(zone).date() for moment in (since, now))
    days = Counter(line.at.astimezone(zone).date() for line in lines)
    length = (last - first).days + 1
    return Volume(first=first, counts=tuple(days[first + timedelta(days=number)] for number in range(length)))


def most(names: Mapping[str, int], number: int = 5) -> list[tuple[str, int]]:
    """The most frequent, those of the same number by name."""
    return sorted(names.items(), key=lambda pair: (-pair[1], pair[0].casefold()))[:number]
