"""What the memory store keeps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import NamedTuple

from bot.model import (
    Alert,
    AuditEntry,
    Channel,
    Command,
    CorrectionCheck,
    Delivery,
    Destination,
    EvidenceRow,
    Feed,
    FingerprintRow,
    Follow,
    Item,
    LedgerLine,
    Mute,
    Preferences,
    StoredDocument,
    StoryLink,
    Subscription,
    WatchRule,
    WordList,
)


@dataclass
class Row:
    """A delivery and what only the store knows of it."""

    seq: int
    delivery: Delivery
    leased_until: datetime | None = None
    uncertain: bool = False  # an earlier attempt may have arrived


class RuleChange(NamedTuple):
    """What one version of the rules changed: a rule, or the lists of a channel."""

    rule_id: str | None
    channel_id: str | None
    stamp: str


@dataclass
class Kept:
    """Everything; copied at the beginning of a transaction, put back when it fails."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    channel_feeds: list[tuple[str, str]] = field(default_factory=list)
    paces: dict[tuple[str, str], timedelta] = field(default_factory=dict)  # by channel and feed
    documents: dict[str, StoredDocument] = field(default_factory=dict)
    fingerprints: dict[str, FingerprintRow] = field(default_factory=dict)
    items: dict[tuple[str, str], Item] = field(default_factory=dict)  # by feed and name
    evidence: dict[str, EvidenceRow] = field(default_factory=dict)
    links: dict[str, StoryLink] = field(default_factory=dict)
    given: dict[str, set[str]] = field(default_factory=dict)
    seq: int = 0
    channels: dict[str, Channel] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    rules: dict[str, WatchRule] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    version: int = 0
    rule_changes: dict[int, RuleChange] = field(default_factory=dict)  # by version
    first_stamp: str = field(default_factory=lambda: token_hex(8))  # of the version before any change
    lists: dict[tuple[str, str], WordList] = field(default_factory=dict)
    mutes: dict[str, Mute] = field(default_factory=dict)
    follows: dict[tuple[str, str, str, str], Follow] = field(default_factory=dict)
    preferences: dict[tuple[str, str], Preferences] = field(default_factory=dict)  # ("chat" or "user", key)
    audit: dict[tuple[str, int], AuditEntry] = field(default_factory=dict)  # by chat and number
    paused: dict[str, str] = field(default_factory=dict)
    removed: dict[str, tuple[Destination, datetime]] = field(default_factory=dict)  # by key: since when we are gone
    sealed: dict[tuple[str, str], str] = field(default_factory=dict)  # by platform and workspace
    titles: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, datetime] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    outbox: dict[str, Row] = field(default_factory=dict)
    queued: int = 0  # the seq of the newest
    merged: dict[str, str] = field(default_factory=dict)  # id of an edit: of the delivery that took its message
    ledger: list[LedgerLine] = field(default_factory=list)
    marks: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (destination, story): when
    correction_checks: dict[str, CorrectionCheck] = field(default_factory=dict)
    correction_leases: dict[str, datetime] = field(default_factory=dict)
    clock: datetime | None = None  # the latest time that it has shown
    inbox: dict[str, Command] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


def follow_key(follow: Follow) -> tuple[str, str, str, str]:
    """By which it is told from others."""
    return follow.user.key, follow.destination.key, follow.topic, follow.story
