"""What keeps everything: one database behind five parts."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.archive.sieve import Glance, Sieve, Vocabulary
from bot.model import (
    Alert,
    Channel,
    Command,
    Delivery,
    Destination,
    Feed,
    Follow,
    LedgerLine,
    Mute,
    StoredDocument,
    Subscription,
    User,
    WatchRule,
    WordList,
)
from bot.ports.rereads import Rereads
from rules.document import Document


class FeedStore(Protocol):
    """Feeds, the archive, stories."""

    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        """Put the feed into the channel. A feed that is already known is kept as it is (and returned)."""
        ...

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        """Take it out of the channel; a feed in no channel is no longer claimed."""
        ...

    def feed(self, feed_id: str) -> Feed | None:
        """The feed, if known."""
        ...

    def feeds(self, channel_id: str) -> list[Feed]:
        """The channel's feeds, in the order in which they were added."""
        ...

    def feed_channels(self, feed_id: str) -> set[str]:
        """Ids of the channels that hold this feed."""
        ...

    def claim_feeds(self, now: datetime, *, limit: int, lease: timedelta) -> list[Feed]:
        """Due feeds, most overdue first, leased to the caller: nobody else gets them before `now + lease`."""
        ...

    def save_feed(self, feed: Feed) -> None:
        """Write back everything of a claimed feed and end its lease."""
        ...

    def known_documents(self, feed_id: str, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that this feed gave before (another feed's copy of the same document does not count)."""
        ...

    def add_document(self, document: Document, *, feed_id: str, story_id: str, seen_at: datetime) -> bool:
        """Archive it and note that this feed gave it.

        False when the archive held it already, from whichever feed: then only the feed is noted.
        """
        ...

    def document(self, document_id: str) -> StoredDocument | None:
        """From the archive."""
        ...

    def document_by_url(self, url: str) -> StoredDocument | None:
        """The newest with that address, in its canonical form (bot/reading/text/extract.py)."""
        ...

    def documents(self, *, after_seq: int = 0, since: datetime | None = None) -> list[StoredDocument]:
        """The archive after `after_seq`, seen at or after `since`, in the order of arrival."""
        ...

    def channel_documents(self, channel_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        """The newest `limit` documents from these channels' feeds, newest first."""
        ...

    def story_documents(self, story_id: str) -> list[StoredDocument]:
        """The documents of a story, in the order of arrival."""
        ...

    def count_documents(self) -> int:
        """Size of the archive."""
        ...

    def sift(
        self, sieve: Sieve, channel_ids: Sequence[str] | None, *, since: datetime | None = None
    ) -> list[Glance]:
        """The documents from these channels' feeds that pass the sieve, the latest arrival first, told since then.

        Without channels, of every feed. Those that the index does not know yet come along, marked as not `sifted`.
        """
        ...

    def count_heard(self, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> int:
        """How many archived documents these channels' feeds gave that were told (`Glance.at`) since then."""
        ...

    def archived(self, seqs: Sequence[int]) -> list[StoredDocument]:
        """The documents with these numbers, the latest arrival first."""
        ...

    def vocabulary(self) -> Vocabulary:
        """The words of the whole archive, as they are when asked for."""
        ...

    def index_archive(self, *, limit: int) -> int:
        """Take at most `limit` documents, the newest, into the index that are not in it; how many still are not.

        New documents are in it at once; those wait that were archived before there was an index.
        """
        ...

    def drop_before(self, before: datetime) -> int:
        """Retention: forget documents seen before then with their ledger lines, and alerts, deliveries and commands
        that are over and as old; how many documents. What a feed gave stays known.
        """
        ...


class UserStore(Protocol):
    """Channels, subscriptions, rules, mutes, follows."""

    def save_channel(self, channel: Channel) -> None:
        """Insert or replace by id. Raises UserError when another channel has that name (case-insensitive)."""
        ...

    def channel(self, channel_id: str) -> Channel | None:
        """By id."""
        ...

    def channel_named(self, name: str) -> Channel | None:
        """By name, case-insensitive."""
        ...

    def public_channels(self) -> list[Channel]:
        """Published ones, by name."""
        ...

    def channels(self) -> list[Channel]:
        """All of them, by id."""
        ...

    def subscribe(self, subscription: Subscription) -> bool:
        """False when it was there already."""
        ...

    def unsubscribe(self, subscription: Subscription) -> bool:
        """False when there was none."""
        ...

    def subscriptions(self, destination: Destination) -> list[Channel]:
        """The channels that a destination gets, own one included if it has one, in order of subscribing."""
        ...

    def subscribers(self, channel_ids: Iterable[str]) -> list[Destination]:
        """Every destination that gets at least one of these channels, paused ones left out."""
        ...

    def add_rule(self, rule: WatchRule) -> WatchRule:
        """Store it with the channel's next free number (never reused); the rule as stored."""
        ...

    def save_rule(self, rule: WatchRule) -> None:
        """Replace by id."""
        ...

    def remove_rule(self, rule_id: str) -> bool:
        """False when there was none."""
        ...

    def rule(self, rule_id: str) -> WatchRule | None:
        """By id."""
        ...

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        """Of one channel or of all, by channel and number."""
        ...

    def rules_version(self) -> int:
        """Grows with each change to any rule or word list, in any process."""
        ...

    def save_list(self, word_list: WordList) -> None:
        """Insert, or replace the channel's list of that name (case-insensitive)."""
        ...

    def remove_list(self, channel_id: str, name: str) -> bool:
        """False when there was none."""
        ...

    def lists(self, channel_id: str | None = None) -> list[WordList]:
        """Of one channel or of all, by channel and name."""
        ...

    def save_mute(self, mute: Mute) -> None:
        """Insert or replace by id."""
        ...

    def remove_mute(self, mute_id: str) -> bool:
        """False when there was none."""
        ...

    def mutes(self, now: datetime) -> list[Mute]:
        """All that are in force at `now`, oldest first."""
        ...

    def follow(self, follow: Follow) -> bool:
        """False when it was there already."""
        ...

    def unfollow(self, follow: Follow) -> bool:
        """False when there was none."""
        ...

    def follows(self, destination: Destination) -> list[Follow]:
        """Who follows what there."""
        ...

    def pause_destination(self, destination: Destination, why: str) -> None:
        """Send nothing there until `resume_destination`: the chat is gone for us. Its subscriptions stay.

        A chat (no thread) stands for all of its threads, here and in `resume_destination`.
        """
        ...

    def resume_destination(self, destination: Destination) -> bool:
        """Undo a pause; False when it was not paused."""
        ...

    def move_destination(self, old: Destination, new: Destination) -> None:
        """The platform gave a chat another id: rewrite every row that names it."""
        ...


class Outbox(Protocol):
    """Alerts and deliveries: written with the document, sent after, marked after that."""

    def save_alert(self, alert: Alert) -> None:
        """Insert or replace by key."""
        ...

    def alert(self, key: str) -> Alert | None:
        """By key, with `message_id` once it was sent."""
        ...

    def story_alerts(self, story_id: str) -> list[Alert]:
        """The alerts that tell of it, in all chats."""
        ...

    def alert_of_message(self, destination: Destination, message_id: str) -> Alert | None:
        """The alert that a posted message shows."""
        ...

    def last_alert(self, destination: Destination) -> Alert | None:
        """The newest alert there."""
        ...

    def put(self, delivery: Delivery) -> None:
        """Queue it. Same id again: nothing happens.

        An edit whose alert is still waiting to be sent (or has an edit waiting) replaces that waiting message instead.
        """
        ...

    def claim(self, now: datetime, *, limit: int, lease: timedelta, platforms: Sequence[str]) -> list[Delivery]:
        """Due deliveries, at most one per destination, in order of arrival, marked `sending` with one attempt more.

        Nothing for a destination that is paused, that has one in `sending` under a live lease, or whose lane is closed.
        A `sending` whose lease ran out comes back as `unknown`. Edits come with their message's id.
        """
        ...

    def sent(self, delivery_id: str, *, message_id: str, at: datetime, lane_opens: datetime) -> None:
        """It arrived. Its alert learns the message id; its destination's lane stays closed until `lane_opens`."""
        ...

    def retry(
        self, delivery_id: str, *, not_before: datetime, error: str, close_lane: bool, plain: bool = False
    ) -> None:
        """Try again at `not_before`; `close_lane` holds the whole destination back until then."""
        ...

    def unknown(self, delivery_id: str, *, not_before: datetime, error: str) -> None:
        """It may have arrived: claimed again at `not_before`, as `unknown`."""
        ...

    def dead(self, delivery_id: str, *, error: str) -> None:
        """Give up on it; it stays in the ledger and no longer blocks its lane."""
        ...

    def deliveries(self, destination: Destination, *, limit: int) -> list[Delivery]:
        """The newest `limit` there, oldest first; edits applied to the message that they changed."""
        ...

    def counts(self) -> dict[str, int]:
        """Deliveries by state."""
        ...

    def next_due(self) -> datetime | None:
        """When the earliest waiting delivery may be claimed; None when nothing waits."""
        ...

    def record(self, line: LedgerLine) -> None:
        """Add a line to the ledger; the same line again does nothing."""
        ...

    def ledger(self, destination: Destination, *, since: datetime) -> list[LedgerLine]:
        """What became of every match there, oldest first."""
        ...

    def mark_irrelevant(self, destination: Destination, story_id: str, *, by: User, at: datetime) -> bool:
        """Somebody says that the story's alert was not wanted there; False when it was marked already."""
        ...

    def unmark_irrelevant(self, destination: Destination, story_id: str) -> bool:
        """False when it was not marked."""
        ...

    def irrelevant(self, destination: Destination) -> set[str]:
        """Ids of the stories that are marked there."""
        ...


class Inbox(Protocol):
    """Commands: on disk before they are acknowledged, applied once."""

    def receive(self, command: Command) -> bool:
        """Keep it; False when a command with this id was received before."""
        ...

    def waiting(self, *, limit: int) -> list[Command]:
        """Received and not yet done, in order of arrival."""
        ...

    def done(self, command_id: str) -> None:
        """Its effects are in this same transaction."""
        ...

    def heard(self, destination: Destination, *, limit: int) -> list[Command]:
        """The newest `limit` commands from there, oldest first."""
        ...


class Store(FeedStore, UserStore, Outbox, Inbox, Rereads, Protocol):
    """One database."""

    def migrate(self) -> list[str]:
        """Bring the schema up to date; names of the steps applied. Raises StoreError (damaged, newer than us)."""
        ...

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction around several calls; may be nested; undone on any exception."""
        ...

    def end_leases(self) -> None:
        """No other process is at work here, so every lease is a dead one's: feeds are free, `sending` is `unknown`."""
        ...

    def check(self) -> list[str]:
        """What is wrong with it, in words; empty when sound."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
