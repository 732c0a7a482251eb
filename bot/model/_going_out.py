"""The nouns of what goes out: alerts, messages, deliveries, commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.model._who import Destination, User
from rules.document import Document


class Reason(StrEnum):
    """Why a match did or did not become a message; kept in the ledger and told by `/why`."""

    NEW_STORY = "new story"
    PROBABLE = "probably the story of an alert, in its thread"
    NEW_SOURCE = "also reported by another source"
    NEW_RULE = "another rule matches the same story"
    FOLDED = "said to be the story of another alert"
    APART = "said to be a story of its own"
    UPDATED = "a newer version of a report"
    DUPLICATE = "the same report again"
    FIRST_POLL = "older than the source's first poll"
    OLD = "old"
    MUTED = "muted"
    HELD = "held"
    IN_DIGEST = "in a digest"
    QUIET = "in quiet hours, which drop alerts"
    LIMITED = "too many were held already"
    DROPPED = "dropped by somebody while it was held"
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
    copied: bool = False  # it has the words of an earlier report


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
    under: str = ""  # story in whose alert's thread it stands: its own is probably the same
    related: str = ""  # story of an older alert that it names ("see also")
    folded: str = ""  # story whose alert tells this one now: people or later evidence said that they are one


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


FactKind = Literal["figure", "changed figure", "name", "quotation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact in the report's own words: code points `start` to `end` (half-open) of `field`, "title" or "body".

    `was`: of a changed figure, what an earlier report said ("12 dead").
    """

    kind: FactKind
    text: str
    field: str
    start: int
    end: int
    was: str = ""


Style = Literal["bold", "italic", "code", "hit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text in one look. At most one of `url`, `mention`, `time` is set; `text` is its fallback.

    `secret_of` (kind of source, address): the secret of that source takes the place of `text` while the message is
    sent. What is stored, and shown later, is `text`.
    """

    text: str
    styles: tuple[Style, ...] = ()
    url: str = ""
    mention: User | None = None
    time: datetime | None = None
    secret_of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph-like part. "item" is a list line; "code" keeps spaces and lines (carets)."""

    kind: Literal["title", "text", "meta", "quote", "item", "code"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Pressing it is the same as typing `command`, or it opens `url`. `say.button` knows how long a command may be."""

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
    preview: bool = False  # with the platform's own preview of its links
    ask: str = ""  # it is a question: the command that an answer to it completes ("watch")


UNWRITTEN = Message(blocks=())


class State(StrEnum):
    """A delivery's state; see docs/architecture.md."""

    PENDING = "pending"
    HELD = "held"  # until a time, or until its chat is back: it holds up nothing else
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one destination, or one edit of a message that is there. A "reply" stands in the thread
    of the alert that `alert_key` names.

    An alert's `message` is UNWRITTEN until it is claimed: it says what the alert is then.
    """

    id: str
    destination: Destination
    message: Message = UNWRITTEN
    kind: Literal["send", "edit", "reply"] = "send"
    alert_key: str = ""  # set for alerts: an edit or a reply finds its message through it
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
    title: str = ""  # what the platform calls the chat; kept with the chat, not with the command
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast a platform takes messages."""

    pace: timedelta  # between two messages to one chat
    per_second: int  # over all chats
    group_per_minute: int = 0  # 0: no such limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A document on its way into the archive: the feed that gave it, and the story that it tells.

    `relation` says how it came into the story: "" opened it, or came before that was kept; "copy" has the words of an
    earlier report, "version" is one that its outlet changed, "report" tells the same event independently.
    """

    document: Document
    feed_id: str
    story_id: str
    seen_at: datetime
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintRow:
    """What story grouping remembers of one archived document; only bot/core/stories/memory.py reads `features`."""

    document_id: str
    story_id: str
    seen_at: datetime
    features: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintRows:
    """Many of them in the order of arrival, column by column; `features` holds all of them without a gap.

    `last_seq` is the newest document's number in the archive, zero when there is none.
    """

    document_ids: Sequence[str] = ()
    story_ids: Sequence[str] = ()
    features: bytes = b""
    last_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """What evidence remembers of one archived document; only bot/core/stories/evidence/stored.py reads `features`."""

    document_id: str
    story_id: str
    seen_at: datetime
    features: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """What a story has to do with an older one. A later link of the same story takes the place of the earlier one.

    "near": it is probably the same, and stands in its thread; "related": its alert names that one ("see also");
    "merged": they turned out to be one, and whatever comes of the story belongs to the other.
    """

    story_id: str
    kind: Literal["near", "related", "merged"]
    other_id: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of the archive: `seq` grows with each, over all feeds. `relation`: see `Arrival`."""

    seq: int
    document: Document
    feed_id: str
    story_id: str
    seen_at: datetime
    relation: str = ""
