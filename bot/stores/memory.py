"""A store in dicts: for tests, and for a trial that shall leave nothing behind."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import UserError
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
    State,
    StoredDocument,
    Subscription,
    WatchRule,
)
from bot.ports import Kit, Store
from rules.document import Document


@dataclass
class _Row:
    """A delivery and what only the store knows of it."""

    seq: int
    delivery: Delivery
    leased_until: datetime | None = None


@dataclass
class _State:
    """Everything; copied at the beginning of a transaction, put back when it fails."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    channel_feeds: list[tuple[str, str]] = field(default_factory=list)
    documents: dict[str, StoredDocument] = field(default_factory=dict)
    given: dict[str, set[str]] = field(default_factory=dict)
    seq: int = 0
    channels: dict[str, Channel] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    rules: dict[str, WatchRule] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    version: int = 0
    mutes: dict[str, Mute] = field(default_factory=dict)
    follows: dict[tuple[str, str, str], Follow] = field(default_factory=dict)
    paused: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, datetime] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    outbox: dict[str, _Row] = field(default_factory=dict)
    ledger: dict[tuple[str, str, str, str], LedgerLine] = field(default_factory=dict)
    inbox: dict[str, Command] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


class Memory:
    """See `ports.Store`."""

    def __init__(self) -> None:
        self._s = _State()
        self._depth = 0

    def migrate(self) -> list[str]:
        return []

    @contextmanager
    def atomic(self) -> Iterator[None]:
        before = {name: copy.copy(value) for name, value in vars(self._s).items()}
        before["given"] = {name: set(ids) for name, ids in self._s.given.items()}
        before["outbox"] = {name: copy.copy(row) for name, row in self._s.outbox.items()}
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self._s, name, value)
            raise

    def end_leases(self) -> None:
        self._s.leases.clear()
        for row in self._s.outbox.values():
            row.leased_until = None

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        return

    # feeds
    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        known = self._s.feeds.setdefault(feed.id, feed)
        if (channel_id, feed.id) not in self._s.channel_feeds:
            self._s.channel_feeds.append((channel_id, feed.id))
        return known

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        if (channel_id, feed_id) not in self._s.channel_feeds:
            return False
        self._s.channel_feeds.remove((channel_id, feed_id))
        return True

    def feed(self, feed_id: str) -> Feed | None:
        return self._s.feeds.get(feed_id)

    def feeds(self, channel_id: str) -> list[Feed]:
        return [self._s.feeds[feed_id] for channel, feed_id in self._s.channel_feeds if channel == channel_id]

    def feed_channels(self, feed_id: str) -> set[str]:
        return {channel for channel, feed in self._s.channel_feeds if feed == feed_id}

    def claim_feeds(self, now: datetime, *, limit: int, lease: timedelta) -> list[Feed]:
        held = {feed_id for _, feed_id in self._s.channel_feeds}
        due = [
            feed
            for feed in self._s.feeds.values()
            if feed.id in held
            and feed.next_poll_at
            and feed.next_poll_at <= now
            and self._s.leases.get(feed.id, now) <= now
        ]
        due.sort(key=lambda feed: feed.next_poll_at or now)
        for feed in due[:limit]:
            self._s.leases[feed.id] = now + lease
        return due[:limit]

    def save_feed(self, feed: Feed) -> None:
        self._s.feeds[feed.id] = feed
        self._s.leases.pop(feed.id, None)

    def known_documents(self, feed_id: str, ids: Iterable[str]) -> set[str]:
        return set(ids) & self._s.given.get(feed_id, set())

    def add_document(self, document: Document, *, feed_id: str, story_id: str, seen_at: datetime) -> bool:
        self._s.given.setdefault(feed_id, set()).add(document.id)
        if document.id in self._s.documents:
            return False
        self._s.seq += 1
        self._s.documents[document.id] = StoredDocument(
            seq=self._s.seq, document=document, feed_id=feed_id, story_id=story_id, seen_at=seen_at
        )
        return True

    def document(self, document_id: str) -> StoredDocument | None:
        return self._s.documents.get(document_id)

    def documents(self, *, after_seq: int = 0, since: datetime | None = None) -> list[StoredDocument]:
        return [
            one for one in self._s.documents.values() if one.seq > after_seq and (since is None or one.seen_at >= since)
        ]

    def channel_documents(self, channel_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        feeds = {feed for channel, feed in self._s.channel_feeds if channel in channel_ids}
        ids = set().union(*(self._s.given.get(feed, set()) for feed in feeds)) if feeds else set()
        return sorted((self._s.documents[i] for i in ids if i in self._s.documents), key=lambda one: -one.seq)[:limit]

    def story_documents(self, story_id: str) -> list[StoredDocument]:
        return [one for one in self._s.documents.values() if one.story_id == story_id]

    def count_documents(self) -> int:
        return len(self._s.documents)

    def drop_documents(self, before: datetime) -> int:
        old = [one.document.id for one in self._s.documents.values() if one.seen_at < before]
        for i in old:
            del self._s.documents[i]
        return len(old)

    # users
    def save_channel(self, channel: Channel) -> None:
        other = self.channel_named(channel.name) if channel.name else None
        if other and other.id != channel.id:
            raise UserError(f"Another channel is called {channel.name} already.", cure="Take another name.")
        self._s.channels[channel.id] = channel

    def channel(self, channel_id: str) -> Channel | None:
        return self._s.channels.get(channel_id)

    def channel_named(self, name: str) -> Channel | None:
        return next((one for one in self._s.channels.values() if name and one.name.casefold() == name.casefold()), None)

    def public_channels(self) -> list[Channel]:
        return sorted((one for one in self._s.channels.values() if one.public), key=lambda one: one.name.casefold())

    def subscribe(self, subscription: Subscription) -> bool:
        key = (subscription.destination.key, subscription.channel_id)
        if key in self._s.subscriptions:
            return False
        self._s.subscriptions[key] = subscription
        return True

    def unsubscribe(self, subscription: Subscription) -> bool:
        return self._s.subscriptions.pop((subscription.destination.key, subscription.channel_id), None) is not None

    def subscriptions(self, destination: Destination) -> list[Channel]:
        return [self._s.channels[c] for d, c in self._s.subscriptions if d == destination.key and c in self._s.channels]

    def subscribers(self, channel_ids: Iterable[str]) -> list[Destination]:
        wanted = set(channel_ids)
        found = {
            d: one.destination
            for (d, c), one in self._s.subscriptions.items()
            if c in wanted and d not in self._s.paused
        }
        return list(found.values())

    def add_rule(self, rule: WatchRule) -> WatchRule:
        number = self._s.numbers.get(rule.channel_id, 0) + 1
        self._s.numbers[rule.channel_id] = number
        self._s.rules[rule.id] = replace(rule, number=number)
        self._s.version += 1
        return self._s.rules[rule.id]

    def save_rule(self, rule: WatchRule) -> None:
        self._s.rules[rule.id] = rule
        self._s.version += 1

    def remove_rule(self, rule_id: str) -> bool:
        self._s.version += 1
        return self._s.rules.pop(rule_id, None) is not None

    def rule(self, rule_id: str) -> WatchRule | None:
        return self._s.rules.get(rule_id)

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        return sorted(
            (one for one in self._s.rules.values() if channel_id in (None, one.channel_id)),
            key=lambda one: (one.channel_id, one.number),
        )

    def rules_version(self) -> int:
        return self._s.version

    def save_mute(self, mute: Mute) -> None:
        self._s.mutes[mute.id] = mute

    def remove_mute(self, mute_id: str) -> bool:
        return self._s.mutes.pop(mute_id, None) is not None

    def mutes(self, now: datetime) -> list[Mute]:
        return [one for one in self._s.mutes.values() if one.until is None or one.until > now]

    def follow(self, follow: Follow) -> bool:
        key = (follow.user.key, follow.destination.key, follow.topic.casefold())
        if key in self._s.follows:
            return False
        self._s.follows[key] = follow
        return True

    def unfollow(self, follow: Follow) -> bool:
        return self._s.follows.pop((follow.user.key, follow.destination.key, follow.topic.casefold()), None) is not None

    def follows(self, destination: Destination) -> list[Follow]:
        return [one for one in self._s.follows.values() if one.destination.key == destination.key]

    def pause_destination(self, destination: Destination, why: str) -> None:
        self._s.paused[destination.key] = why

    def resume_destination(self, destination: Destination) -> bool:
        return self._s.paused.pop(destination.key, None) is not None

    def move_destination(self, old: Destination, new: Destination) -> None:
        def moved(value: Any) -> Any:
            return new if isinstance(value, Destination) and value.key == old.key else value

        s = self._s
        s.channels = {i: replace(c, home=moved(c.home)) for i, c in s.channels.items()}
        s.subscriptions = {
            (moved(v.destination).key, c): replace(v, destination=moved(v.destination))
            for (_, c), v in s.subscriptions.items()
        }
        s.alerts = {i: replace(a, destination=moved(a.destination)) for i, a in s.alerts.items()}
        for row in s.outbox.values():
            row.delivery = replace(row.delivery, destination=moved(row.delivery.destination))

    # outbox
    def save_alert(self, alert: Alert) -> None:
        self._s.alerts[alert.key] = alert

    def alert(self, key: str) -> Alert | None:
        return self._s.alerts.get(key)

    def alert_of_message(self, destination: Destination, message_id: str) -> Alert | None:
        return next(
            (
                one
                for one in self._s.alerts.values()
                if one.message_id == message_id and one.destination.key == destination.key
            ),
            None,
        )

    def last_alert(self, destination: Destination) -> Alert | None:
        mine = [one for one in self._s.alerts.values() if one.destination.key == destination.key]
        return max(mine, key=lambda one: one.raised_at, default=None)

    def put(self, delivery: Delivery) -> None:
        if delivery.id in self._s.outbox:
            return
        if delivery.kind == "edit":
            for row in self._s.outbox.values():
                d = row.delivery
                if d.alert_key == delivery.alert_key and d.state is State.PENDING:
                    row.delivery = replace(d, message=delivery.message)
                    return
        self._s.outbox[delivery.id] = _Row(len(self._s.outbox) + 1, delivery)

    def claim(self, now: datetime, *, limit: int, lease: timedelta, platforms: Sequence[str]) -> list[Delivery]:
        lanes: dict[str, _Row] = {}
        for row in self._s.outbox.values():
            d = row.delivery
            if d.state in (State.SENT, State.DEAD) or d.destination.platform not in platforms:
                continue
            best = lanes.get(d.destination.key)
            order = (bool(d.alert_key), row.seq)
            busy = d.state is State.SENDING
            if (
                best is None
                or busy
                or (best.delivery.state is not State.SENDING and order < (bool(best.delivery.alert_key), best.seq))
            ):
                lanes[d.destination.key] = row
        claimed: list[Delivery] = []
        for key, row in sorted(lanes.items(), key=lambda one: one[1].seq):
            d = row.delivery
            if key in self._s.paused or self._s.lanes.get(key, now) > now or (d.not_before and d.not_before > now):
                continue
            if d.state is State.SENDING:
                if row.leased_until and row.leased_until > now:
                    continue
                d = replace(d, state=State.UNKNOWN)
            if len(claimed) >= limit:
                break
            message_id = d.message_id
            if d.kind == "edit":
                alert = self._s.alerts.get(d.alert_key)
                message_id = alert.message_id if alert else ""
            row.leased_until = now + lease
            row.delivery = replace(d, state=State.SENDING, attempts=d.attempts + 1, message_id=message_id)
            claimed.append(replace(row.delivery, state=d.state if d.state is State.UNKNOWN else State.SENDING))
        return claimed

    def _set(self, delivery_id: str, **changes: Any) -> Delivery:
        row = self._s.outbox[delivery_id]
        row.delivery = replace(row.delivery, **changes)
        row.leased_until = None
        return row.delivery

    def sent(self, delivery_id: str, *, message_id: str, at: datetime, lane_opens: datetime) -> None:
        d = self._set(delivery_id, state=State.SENT, message_id=message_id)
        self._s.lanes[d.destination.key] = lane_opens
        if d.alert_key and d.alert_key in self._s.alerts:
            self._s.alerts[d.alert_key] = replace(self._s.alerts[d.alert_key], message_id=message_id)

    def retry(
        self, delivery_id: str, *, not_before: datetime, error: str, close_lane: bool, plain: bool = False
    ) -> None:
        d = self._set(delivery_id, state=State.PENDING, not_before=not_before, error=error, plain=plain)
        if close_lane:
            self._s.lanes[d.destination.key] = not_before

    def unknown(self, delivery_id: str, *, not_before: datetime, error: str) -> None:
        self._set(delivery_id, state=State.UNKNOWN, not_before=not_before, error=error)

    def dead(self, delivery_id: str, *, error: str) -> None:
        self._set(delivery_id, state=State.DEAD, error=error)

    def deliveries(self, destination: Destination, *, limit: int) -> list[Delivery]:
        return [r.delivery for r in self._s.outbox.values() if r.delivery.destination.key == destination.key][-limit:]

    def counts(self) -> dict[str, int]:
        out: dict[str, int] = {}
        for r in self._s.outbox.values():
            out[r.delivery.state] = out.get(r.delivery.state, 0) + 1
        return out

    def next_due(self) -> datetime | None:
        due = []
        for r in self._s.outbox.values():
            d = r.delivery
            if d.state in (State.PENDING, State.UNKNOWN) and d.destination.key not in self._s.paused:
                due.append(max(d.not_before or d.created_at, self._s.lanes.get(d.destination.key, d.created_at)))
        return min(due, default=None)

    def record(self, line: LedgerLine) -> None:
        self._s.ledger.setdefault((line.document_id, line.destination.key, line.reason, line.at.isoformat()), line)

    def ledger(self, destination: Destination, *, since: datetime) -> list[LedgerLine]:
        return [one for one in self._s.ledger.values() if one.destination.key == destination.key and one.at >= since]

    # inbox
    def receive(self, command: Command) -> bool:
        if command.id in self._s.inbox:
            return False
        self._s.inbox[command.id] = command
        return True

    def waiting(self, *, limit: int) -> list[Command]:
        return [c for c in self._s.inbox.values() if c.id not in self._s.done][:limit]

    def done(self, command_id: str) -> None:
        self._s.done.add(command_id)

    def heard(self, destination: Destination, *, limit: int) -> list[Command]:
        return [c for c in self._s.inbox.values() if c.destination.key == destination.key][-limit:]


def connect(kit: Kit) -> Store:
    """The adapter: a new, empty one."""
    return Memory()
