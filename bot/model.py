"""The nouns, in the order in which the flow meets them.

Frozen, slots, keyword-only. Times are aware UTC `datetime`, durations `timedelta`, offsets half-open code points,
ids strings derived from content, so that repeating a step is harmless on any machine.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from rules.document import Document


def content_id(*parts: str) -> str:
    """Sixteen hexadecimal digits derived from `parts`: the same parts give the same id everywhere."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


# ---------------------------------------------------------------------------------------------------------- coming in


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a feed has been, over all visits."""

    failing_since: datetime | None = None
    known_since: datetime | None = None  # the first visit
    newest_at: datetime | None = None  # the last visit that brought news
    news: int = 0  # visits that did
    longest_pause: timedelta = timedelta()
    latency: timedelta | None = None  # from publication to receipt
    silent_since: datetime | None = None  # an alarm was raised
    pages_failed: int = 0  # articles in a row that could not be had


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Anything polled. `cursor` is opaque to all but the feed's source; `kind` names that source."""

    id: str
    kind: str
    url: str
    title: str = ""
    interval: timedelta = timedelta(minutes=10)
    cursor: str = ""
    next_poll_at: datetime | None = None
    polled_at: datetime | None = None  # last successful poll; None until the first one
    failures: int = 0  # in a row
    last_error: str = ""  # in words, empty when healthy
    note: str = ""  # what could not be read although the poll succeeded
    health: Health = Health()
    alert_first_poll: bool = False  # an added feed's old entries are archived, not alerted, unless this is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as published: HTML or plain text, exactly as the source gave it. `id` is the source's own (guid)."""

    id: str
    url: str = ""
    title: str = ""
    content: str = ""
    is_html: bool = True
    author: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    outlet: str = ""  # the publisher's name where the item gives one
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one visit to a feed gave. `wait` is the pause that the server asked for; `note` is for `/sources`."""

    entries: tuple[Entry, ...] = ()
    cursor: str = ""
    title: str = ""
    unchanged: bool = False
    note: str = ""
    moved_to: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What discovery found behind an address that somebody pasted: a feed that `source add` can take."""

    kind: str
    url: str
    title: str = ""
    newest_title: str = ""
    newest_at: datetime | None = None
    entries: int = 0
    setup: str = ""  # what its owner must know once it is added, a secret for instance: told once, as it is
    note: str = ""  # what could not be read there


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP answer after redirects: `url` is the last address; header names are lower-case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    moved_to: str = ""  # where permanent redirects alone lead, empty without any


# ---------------------------------------------------------------------------------------------------------------- who


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A chat, thread or person that gets messages. `user_id` is set when this is that person's direct chat."""

    platform: str
    workspace: str = ""
    chat_id: str
    thread_id: str = ""
    user_id: str = ""

    @property
    def key(self) -> str:
        """The identity, as stored: the person behind a direct chat is not part of it."""
        return "/".join((self.platform, self.workspace, self.chat_id, self.thread_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person on one platform; `name` is for showing only."""

    platform: str
    workspace: str = ""
    user_id: str
    name: str = ""

    @property
    def key(self) -> str:
        """The identity, as stored."""
        return "/".join((self.platform, self.workspace, self.user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A named bundle of feeds and rules. Every chat has its own (`id` = content_id of the destination's key)."""

    id: str
    name: str = ""  # empty until published
    owner: User
    home: Destination
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A destination gets what a channel alerts."""

    destination: Destination
    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule:
    """A stored query. `number` counts within its channel and is what people type; `topic` is what they mute."""

    id: str
    number: int
    channel_id: str
    owner: User
    topic: str
    text: str
    lang: str = "en"
    enabled: bool = True
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """What `@name` stands for in a channel's rules: a rule, or words and phrases separated by commas or lines."""

    channel_id: str
    name: str
    text: str


class MuteKind(StrEnum):
    """What a mute silences."""

    TOPIC = "topic"
    RULE = "rule"  # `what` is a rule text: any document it matches
    STORY = "story"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Silence for one user (`user` set) or for a whole destination (`destination` set); `until` None is for good."""

    id: str
    kind: MuteKind
    what: str
    user: User | None = None
    destination: Destination | None = None
    until: datetime | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A person who is mentioned when a topic alerts in a shared chat."""

    user: User
    destination: Destination
    topic: str


# ---------------------------------------------------------------------------------------------------------- going out


class Reason(StrEnum):
    """Why a match did or did not become a message; kept in the ledger and told by `/why`."""

    NEW_STORY = "new story"
    NEW_SOURCE = "also reported by another source"
    NEW_RULE = "another rule matches the same story"
    UPDATED = "a newer version of a report"
    DUPLICATE = "the same report again"
    FIRST_POLL = "older than the source's first poll"
    MUTED = "muted"
    FAILED = "could not be delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The source's own words. `start` is the offset of `text` in `field`; `highlights` are offsets into `text`."""

    text: str
    field: str
    start: int
    highlights: tuple[tuple[int, int], ...]
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One document's telling of a story, as far as a message names it."""

    document_id: str
    site: str
    title: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A story raised to a destination: one message, edited by later reports. `reports[0]` is the one quoted."""

    key: str  # content_id("alert", destination.key, story_id)
    destination: Destination
    story_id: str
    rule_ids: tuple[str, ...]
    reports: tuple[Report, ...]
    mentions: tuple[User, ...] = ()
    raised_at: datetime
    message_id: str = ""  # the platform's, once sent


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A match and what became of it."""

    document_id: str
    story_id: str
    destination: Destination
    rule_ids: tuple[str, ...]
    reason: Reason
    at: datetime
    detail: str = ""


Style = Literal["bold", "italic", "code", "hit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text in one look. At most one of `url`, `mention`, `time` is set; `text` is its fallback."""

    text: str
    styles: tuple[Style, ...] = ()
    url: str = ""
    mention: User | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph-like part. "item" is a list line; "code" keeps spaces and lines (carets)."""

    kind: Literal["title", "text", "meta", "quote", "item", "code"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Pressing it is the same as typing `command` (at most 60 bytes); or it opens `url`."""

    label: str
    command: str = ""
    url: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person reads, free of any platform's markup. `gist` is one line for notifications."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    gist: str = ""
    silent: bool = False


class State(StrEnum):
    """A delivery's state; see docs/architecture.md."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one destination, or one edit of a message that is there."""

    id: str
    destination: Destination
    message: Message
    kind: Literal["send", "edit"] = "send"
    alert_key: str = ""  # set for alerts: an edit finds its message through it
    message_id: str = ""  # of the message to edit; once sent, of the message itself
    reply_to: str = ""  # message id that an answer belongs under
    reply_handle: str = ""  # opaque way back to the asker (Slack's response_url); may expire
    state: State = State.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    created_at: datetime
    error: str = ""
    plain: bool = False  # fall back to the plainest form: the rich one was refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody typed or pressed. `id` is derived from the platform's own event id, so a repeat is seen."""

    id: str
    user: User
    destination: Destination
    text: str  # without slash, bot name or mention: "watch troops AND Ukraine"
    message_id: str = ""  # of the typed message
    reply_to: str = ""  # message id that it answers, or whose button was pressed
    reply_handle: str = ""
    admin: bool = True  # may change what the whole chat shares
    event: bool = False  # the platform itself says it ("bot-added", "bot-removed", "chat-moved <id>"), nobody typed it
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes: sizes in its own units, pace per chat and overall."""

    text_units: int
    pace: timedelta  # between two messages to one chat
    per_second: int  # over all chats
    group_per_minute: int = 0  # 0: no such limit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of the archive: `seq` grows with each, over all feeds."""

    seq: int
    document: Document
    feed_id: str
    story_id: str
    seen_at: datetime
