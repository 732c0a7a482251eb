"""Who may have a slow command carried out now, so that nobody's slow commands are in the way of anybody else's.

A command that thinks holds a thread, one that asks the network waits for a stranger's server. A person has one of them
at a time, whatever chats it was typed in, and all together leave room for the commands that are done at once.

A chat has one command at a time under way, too; but while one of them asks the network, its others are carried out that
do not depend on what comes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Pace(Enum):
    """What a command takes, as far as its verb tells."""

    QUICK = "quick"  # a look into the store
    THINKS = "thinks"  # a thread for a second or two
    ASKS = "asks"  # the network, for up to half a minute


ROOM: Mapping[Pace, int] = {Pace.THINKS: 4, Pace.ASKS: 6}  # people; threads share one interpreter: more only slow it
QUICK_ROOM = 2  # for these there is always room
EVERYBODY = sum(ROOM.values()) + QUICK_ROOM  # commands that are under way at once


@dataclass(slots=True)
class Crowd:
    """Decides only; the caller carries out."""

    _slow: dict[str, Pace] = field(default_factory=dict)  # user: what their slow command takes

    def has_room(self, user: str, pace: Pace) -> bool:
        """Whether a command of this person and pace may begin."""
        if pace is Pace.QUICK:
            return True
        return user not in self._slow and sum(each is pace for each in self._slow.values()) < ROOM[pace]

    def enter(self, user: str, pace: Pace) -> None:
        """It begins."""
        if pace is not Pace.QUICK:
            self._slow[user] = pace

    def leave(self, user: str, pace: Pace) -> None:
        """It is done."""
        if pace is not Pace.QUICK:
            self._slow.pop(user, None)


@dataclass(slots=True)
class Chats:
    """Which chats have a command under way. Decides only."""

    _busy: set[str] = field(default_factory=set)
    _asking: set[str] = field(default_factory=set)

    def is_free(self, chat: str, pace: Pace, *, depends: bool) -> bool:
        """Whether a command may begin there; `depends`: on what a command brings that asks the network."""
        return chat not in self._busy and not (chat in self._asking and (depends or pace is Pace.ASKS))

    def enter(self, chat: str, pace: Pace) -> None:
        """It begins."""
        (self._asking if pace is Pace.ASKS else self._busy).add(chat)

    def leave(self, chat: str, pace: Pace) -> None:
        """It is done."""
        (self._asking if pace is Pace.ASKS else self._busy).discard(chat)
