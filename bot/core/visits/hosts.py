"""How many feeds of one host may be under way, and when the others come again: a host that hangs delays only its own.

The way out (bot/http.py) lets two visits to a host through at once. Without a bound before it, the feeds of one slow
host fill every place, wait there for longer than their lease, and no other feed is read.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

MOST = 6  # under way for one host: 2 visit, 4 wait; at 25 s a visit 75 s, which is well below a lease
_LEAST = timedelta(seconds=1)  # what a visit is taken to last before one has ended
_FORGETS = timedelta(hours=1)


def host_of(url: str) -> str:
    """The host of a feed's address; empty for folders and the like, which have none.

    >>> host_of("https://News.example:8443/feed"), host_of("seeds/"), host_of("http://[")
    ('news.example', '', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(slots=True)
class _Host:
    under_way: int = 0
    lasts: timedelta = _LEAST  # a visit of late, waiting for its turn included
    next_turn: datetime | None = None  # of those that were sent away, the last one's


@dataclass(slots=True)
class Hosts:
    """Who is under way where. Decides only; the caller moves the feeds."""

    _hosts: dict[str, _Host] = field(default_factory=dict)
    _swept: datetime | None = None

    def enter(self, host: str, now: datetime) -> datetime | None:
        """None: go ahead, and `leave` afterwards. Else when to come again: each that is sent away gets its own time."""
        if not host:
            return None
        self._sweep(now)
        it = self._hosts.setdefault(host, _Host())
        if it.under_way < MOST:
            it.under_way += 1
            return None
        it.next_turn = max(it.next_turn or now, now) + it.lasts / MOST
        return it.next_turn

    def forget_turns(self) -> None:
        """The clock was set: the turns that were given out were by another time."""
        for it in self._hosts.values():
            it.next_turn = None

    def leave(self, host: str, began: datetime, now: datetime) -> None:
        """A visit that `enter` let through has ended."""
        it = self._hosts.get(host)
        if it is None:
            return
        it.under_way -= 1
        it.lasts = max(_LEAST, (it.lasts + (now - began)) / 2)

    def _sweep(self, now: datetime) -> None:
        """Forget, once an hour, the hosts where nobody is and nobody is expected."""
        if self._swept is not None and now - self._swept < _FORGETS:
            return
        self._swept = now
        self._hosts = {
            host: it for host, it in self._hosts.items() if it.under_way or (it.next_turn and it.next_turn > now)
        }
