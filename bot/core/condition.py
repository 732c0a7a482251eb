"""What health says of sources and platforms: who is silent, who does not take messages, what waits too long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

LONGEST_READY = timedelta(minutes=2)  # that a message may wait which nothing holds back
LEAST_FAILING = 3  # sources; if all of so many fail, it is hardly they
GIVES_UP_HOPE = 3  # attempts of a message that all failed
_OURS = ("directory", "webhook")  # kinds that need no network


class Sources(NamedTuple):
    """The sources of a kind that are in some channel. `failing`: the last visit failed; `paused`: given up."""

    number: int
    failing: int = 0
    paused: int = 0


class Lanes(NamedTuple):
    """The chats of a platform for which something waits; paused chats do not count."""

    chats: int
    ready: int = 0  # that could be sent to now
    ready_since: datetime | None = None  # since when the first of those could be
    failing: int = 0  # whose next message has failed GIVES_UP_HOPE times or more
    error: str = ""  # what one of them failed with


def in_words(
    sources: Mapping[str, Sources], lanes: Mapping[str, Lanes], now: datetime, platforms: Sequence[str]
) -> tuple[bool, list[str]]:
    """(whether we do our own work, what is to be said). `platforms`: those that are on; of the others nothing is said.

    A network that is down or a platform that takes nothing is said, but no fault of ours: a restart mends neither.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> in_words({"feed": Sources(12, failing=3, paused=1)}, {}, noon, ())[1]
    ['sources: 3 of 12 are failing, 1 more is paused after a week of failures; “sources” in their chats says why']
    >>> in_words({"feed": Sources(12, failing=12), "directory": Sources(1)}, {}, noon, ())
    (True, ['sources: all 12 are failing; the network of this machine is probably down'])
    >>> in_words({}, {"slack": Lanes(4, 4, noon - timedelta(minutes=7))}, noon, ["slack"])
    (False, ['slack: a backlog; messages for 4 chats could be sent and are not, the oldest for 7 minutes'])
    >>> in_words({}, {"slack": Lanes(4, failing=4, error="slack answers 503.")}, noon, ["slack"])
    (True, ['slack: seems to be down; all 4 chats for which something waits were tried in vain: slack answers 503.'])
    """
    remarks = _of_sources(sources)
    sound = True
    for platform in platforms:
        here = lanes.get(platform, Lanes(0))
        if here.ready_since is not None and now - here.ready_since > LONGEST_READY:
            sound = False
            remarks.append(
                f"{platform}: a backlog; messages for {_chats(here.ready)} could be sent and are not,"
                f" the oldest for {_minutes(now - here.ready_since)}"
            )
        if here.failing and here.failing == here.chats:
            whom = f"all {_chats(here.chats)}" if here.chats > 1 else "the one chat"
            verb = "were" if here.chats > 1 else "was"
            remarks.append(
                f"{platform}: seems to be down; {whom} for which something waits {verb} tried in vain: {here.error}"
            )
    return sound, remarks


def _of_sources(sources: Mapping[str, Sources]) -> list[str]:
    """All kinds together, but for those that need no network."""
    far = [each for kind, each in sources.items() if kind not in _OURS]
    number, failing, paused = (sum(each[at] for each in far) for at in range(3))
    if failing and failing + paused == number and number >= LEAST_FAILING:
        return [f"sources: all {number} are failing; the network of this machine is probably down"]
    said = [f"{failing} of {number} {_are(failing)} failing"] if failing else []
    if paused:
        count = f"{paused} more {_are(paused)}" if failing else f"{paused} of {number} {_are(paused)}"
        said.append(f"{count} paused after a week of failures")
    return [f"sources: {', '.join(said)}; “sources” in their chats says why"] if said else []


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _chats(number: int) -> str:
    return "1 chat" if number == 1 else f"{number} chats"


def _minutes(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
