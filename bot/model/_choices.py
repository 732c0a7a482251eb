"""What chats and people choose for themselves, and what was changed by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.model._coming_in import Feed
from bot.model._who import Channel, Destination, Follow, Mute, Subscription, User, WatchRule, WordList


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `start` to `end`, minutes after midnight in the zone of whoever chose them; `end` may be the next day's.

    `then`: what becomes of an alert in between. "digest": all come together at the end; "drop": none comes;
    "urgent": those of urgent rules come at once, the others at the end.
    """

    start: int
    end: int
    then: Literal["digest", "drop", "urgent"] = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """Alerts come together: every hour, every day at `at` (minutes after midnight), or every week on `weekday` (0 is
    Monday) at `at`, in the zone of whoever chose it.
    """

    every: Literal["hour", "day", "week"]
    at: int = 0
    weekday: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a chat or a person chose; empty where nothing was chosen."""

    zone: str = ""  # an IANA name, "Europe/Kyiv"
    language: str = ""  # two letters, "uk"
    owner: User | None = None  # of a chat: who brought the bot there
    open_to_members: bool = False  # every member may change what the chat shares
    compact: bool = False  # alerts in two lines, without excerpts
    excerpts: bool = True
    source_as: Literal["title", "host"] = "title"
    preview: bool = False  # the platform's own preview of the link
    quiet: QuietHours | None = None
    digest: DigestPlan | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """One thing as it was at a moment. `key` tells it from others of its kind; not `there`: it did not exist.

    Keys: a rule's, channel's or mute's id; (channel id, name) of a list; (channel id, feed id) of a source;
    (destination, channel id) of a subscription; user, destination, topic and story of a follow; "chat" or "user" and
    its key of preferences.
    """

    kind: Literal["rule", "list", "channel", "source", "subscription", "mute", "follow", "preferences"]
    key: tuple[str, ...]
    there: bool = True
    rule: WatchRule | None = None
    word_list: WordList | None = None
    channel: Channel | None = None
    feed: Feed | None = None
    every: timedelta | None = None  # of a source: the interval that its channel chose
    subscription: Subscription | None = None
    mute: Mute | None = None
    follow: Follow | None = None
    preferences: Preferences | None = None
    chat: Destination | None = None  # whose preferences
    person: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What one command changed: who, when, in which words, and what each thing was before and after it.

    `number` counts within the chat. `undone_by`: the one who took it back.
    """

    number: int = 0
    destination: Destination
    user: User
    at: datetime
    what: str  # the first line of the answer: "Removed: rule 3 “troops”"
    shared: bool  # it changed what the whole chat shares
    before: tuple[Was, ...]
    after: tuple[Was, ...]
    takes_back: bool = False  # it is itself an undo
    undone_by: User | None = None
