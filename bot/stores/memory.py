"""A store in dicts: for tests, and for a trial that shall leave nothing behind."""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.errors import StoreError, UserError
from bot.model import (
    Arrival,
    Channel,
    Destination,
    Feed,
    Follow,
    Mute,
    State,
    StoredDocument,
    Subscription,
    User,
)
from bot.ports import Kit, Store
from bot.ports.stores.archive import STORY_FIRST, STORY_NEWEST
from bot.stores._memory_archive import MemoryArchive
from bot.stores._memory_belongings import MemoryBelongings
from bot.stores._memory_choices import MemoryChoices
from bot.stores._memory_condition import MemoryCondition
from bot.stores._memory_corrections import MemoryCorrections
from bot.stores._memory_kept import Kept, follow_key
from bot.stores._memory_paces import MemoryPaces
from bot.stores._memory_people import MemoryPeople
from bot.stores._memory_plans import MemoryPlans
from bot.stores._memory_stories import MemoryStories
from rules.document import Document

T = TypeVar("T")


class Memory(
    MemoryPaces,
    MemoryPeople,
    MemoryArchive,
    MemoryCorrections,
    MemoryStories,
    MemoryPlans,
    MemoryChoices,
    MemoryCondition,
    MemoryBelongings,
):
    """See `ports.Store`."""

    def migrate(self) -> list[str]:
        return []

    @contextmanager
    def atomic(self) -> Iterator[None]:
        before = _copied(self._s)
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self._s, name, value)
            raise

    def reader(self) -> Store:
        return _Reader(self._s)

    def end_leases(self) -> None:
        self._s.leases.clear()
        self._s.correction_leases.clear()
        for row in self._s.outbox.values():
            row.leased_until = None

    def backup(self, file: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        raise StoreError("What is only in memory cannot be saved.", cure="Set WATCHWORD_STORE=sqlite.")

    def after_restore(self, now: datetime) -> int:
        self.end_leases()
        self._s.feeds = {
            key: replace(feed, polled_at=None, alert_first_poll=False, next_poll_at=feed.next_poll_at and now)
            for key, feed in self._s.feeds.items()
        }
        self._s.done |= self._s.inbox.keys()
        over, given_up = (State.SENT, State.DEAD), 0
        for row in self._s.outbox.values():
            if row.delivery.state not in over:
                why = "restored from a backup: it was probably sent after that was made"
                row.delivery = replace(row.delivery, state=State.DEAD, error=why)
                given_up += 1
        return given_up

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        return

    # feeds
    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        known = self._s.feeds.setdefault(feed.id, feed)
        if (channel_id, feed.id) not in self._s.channel_feeds:
            self._s.channel_feeds.append((channel_id, feed.id))
        return self._paced(known)

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        if (channel_id, feed_id) not in self._s.channel_feeds:
            return False
        self._s.channel_feeds.remove((channel_id, feed_id))
        self._s.paces.pop((channel_id, feed_id), None)
        return True

    def feed(self, feed_id: str) -> Feed | None:
        feed = self._s.feeds.get(feed_id)
        return self._paced(feed) if feed else None

    def feeds(self, channel_id: str) -> list[Feed]:
        held = [feed_id for channel, feed_id in self._s.channel_feeds if channel == channel_id]
        return [self._paced(self._s.feeds[feed_id]) for feed_id in held]

    def feed_channels(self, feed_id: str) -> set[str]:
        return {channel for channel, feed in self._s.channel_feeds if feed == feed_id}

    def holds(self, channel_id: str, feed_id: str) -> bool:
        return (channel_id, feed_id) in self._s.channel_feeds

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
        return [self._paced(feed) for feed in due[:limit]]

    def save_feed(self, feed: Feed) -> None:
        self._s.feeds[feed.id] = feed
        self._s.leases.pop(feed.id, None)

    def known_documents(self, feed_id: str, ids: Iterable[str]) -> set[str]:
        return set(ids) & self._s.given.get(feed_id, set())

    def add_document(self, document: Document, *, feed_id: str, story_id: str, seen_at: datetime) -> bool:
        arrival = Arrival(document=document, feed_id=feed_id, story_id=story_id, seen_at=seen_at)
        return self._add(arrival)

    def add_documents(self, arrivals: Sequence[Arrival]) -> set[str]:
        return {new.document.id for new in arrivals if self._add(new)}

    def _add(self, new: Arrival) -> bool:
        self._s.given.setdefault(new.feed_id, set()).add(new.document.id)
        if new.document.id in self._s.documents:
            return False
        self._s.seq += 1
        self._s.documents[new.document.id] = StoredDocument(
            seq=self._s.seq,
            document=new.document,
            feed_id=new.feed_id,
            story_id=new.story_id,
            seen_at=new.seen_at,
            relation=new.relation,
        )
        return True

    def document(self, document_id: str) -> StoredDocument | None:
        return self._s.documents.get(document_id)

    def documents_by_id(self, ids: Iterable[str]) -> dict[str, StoredDocument]:
        return {name: self._s.documents[name] for name in ids if name in self._s.documents}

    def document_by_url(self, url: str) -> StoredDocument | None:
        every = self._s.documents.values()
        there = [stored for stored in every if url and f"{stored.document.url}#".startswith(f"{url}#")]
        return max(there, key=lambda stored: stored.seq, default=None)

    def documents(self, *, after_seq: int = 0, since: datetime | None = None) -> list[StoredDocument]:
        return [
            stored
            for stored in self._s.documents.values()
            if stored.seq > after_seq and (since is None or stored.seen_at >= since)
        ]

    def channel_documents(self, channel_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        feeds = {feed for channel, feed in self._s.channel_feeds if channel in channel_ids}
        ids = set().union(*(self._s.given.get(feed, set()) for feed in feeds)) if feeds else set()
        return sorted((self._s.documents[i] for i in ids if i in self._s.documents), key=lambda stored: -stored.seq)[
            :limit
        ]

    def story_documents(self, story_id: str) -> list[StoredDocument]:
        there = [stored for stored in self._s.documents.values() if stored.story_id == story_id]
        return there[:STORY_FIRST] + there[STORY_FIRST:][-STORY_NEWEST:]

    def stories(self, ids: Iterable[str]) -> dict[str, list[StoredDocument]]:
        return {story_id: there for story_id in ids if (there := self.story_documents(story_id))}

    def count_documents(self) -> int:
        return len(self._s.documents)

    def drop_before(self, before: datetime) -> int:
        kept = self._s
        old = {key for key, stored in kept.documents.items() if stored.seen_at < before}
        over = (State.SENT, State.DEAD)
        kept.documents = {key: stored for key, stored in kept.documents.items() if key not in old}
        kept.fingerprints = {key: row for key, row in kept.fingerprints.items() if key not in old}
        kept.ledger = [line for line in kept.ledger if line.document_id not in old]
        kept.alerts = {key: alert for key, alert in kept.alerts.items() if alert.raised_at >= before}
        kept.correction_checks = {key: check for key, check in kept.correction_checks.items() if check.since >= before}
        kept.links = {story_id: link for story_id, link in kept.links.items() if link.at >= before}
        kept.marks = {key: at for key, at in kept.marks.items() if at >= before}
        kept.audit = {key: entry for key, entry in kept.audit.items() if entry.at >= before}
        kept.outbox = {
            key: row
            for key, row in kept.outbox.items()
            if row.delivery.state not in over or row.delivery.created_at >= before
        }
        kept.inbox = {
            key: command for key, command in kept.inbox.items() if key not in kept.done or command.received_at >= before
        }
        kept.merged = {key: into for key, into in kept.merged.items() if into in kept.outbox}
        held = {feed_id for _, feed_id in kept.channel_feeds}
        for feed_id in kept.given.keys() - held:
            kept.given[feed_id] &= kept.documents.keys()
        kept.items = {
            key: item for key, item in kept.items.items() if item.feed_id in held or item.document_id in kept.documents
        }
        return len(old)

    def save_channel(self, channel: Channel) -> None:
        other = self.channel_named(channel.name) if channel.name else None
        if other and other.id != channel.id:
            raise UserError(f"Another channel is called {channel.name} already.", cure="Take another name.")
        self._s.channels[channel.id] = channel

    def channel(self, channel_id: str) -> Channel | None:
        return self._s.channels.get(channel_id)

    def channel_named(self, name: str) -> Channel | None:
        return next(
            (channel for channel in self._s.channels.values() if name and channel.name.casefold() == name.casefold()),
            None,
        )

    def public_channels(self) -> list[Channel]:
        return sorted(
            (channel for channel in self._s.channels.values() if channel.public),
            key=lambda channel: channel.name.casefold(),
        )

    def channels(self) -> list[Channel]:
        return sorted(self._s.channels.values(), key=lambda channel: channel.id)

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
        destinations = {
            d: subscription.destination for (d, c), subscription in self._s.subscriptions.items() if c in wanted
        }
        return [destinations[key] for key in sorted(destinations)]

    def listening(self, destinations: Iterable[Destination], channel_ids: Iterable[str]) -> list[Destination]:
        asked = {place.key for place in destinations}
        return [place for place in self.subscribers(channel_ids) if place.key in asked]

    def readers(self, destinations: Iterable[Destination], feed_id: str) -> list[Destination]:
        return self.listening(destinations, self.feed_channels(feed_id))

    def save_mute(self, mute: Mute) -> None:
        self._s.mutes[mute.id] = mute

    def mute(self, mute_id: str) -> Mute | None:
        return self._s.mutes.get(mute_id)

    def remove_mute(self, mute_id: str) -> bool:
        return self._s.mutes.pop(mute_id, None) is not None

    def mutes(self, now: datetime) -> list[Mute]:
        in_force = [mute for mute in self._s.mutes.values() if mute.until is None or mute.until > now]
        return sorted(in_force, key=lambda mute: (mute.created_at, mute.id))

    def mutes_of(self, destination: Destination, users: Iterable[User], now: datetime) -> list[Mute]:
        keys = {user.key for user in users}
        return [
            mute
            for mute in self.mutes(now)
            if (mute.destination is not None and mute.destination.key == destination.key)
            or (mute.user is not None and mute.user.key in keys)
        ]

    def follow(self, follow: Follow) -> bool:
        if follow_key(follow) in self._s.follows:
            return False
        self._s.follows[follow_key(follow)] = follow
        return True

    def unfollow(self, follow: Follow) -> bool:
        return self._s.follows.pop(follow_key(follow), None) is not None

    def follows(self, destination: Destination) -> list[Follow]:
        return [follow for follow in self._s.follows.values() if follow.destination.key == destination.key]


def _copied(kept: Kept) -> dict[str, object]:
    """All that is kept, as it is now."""
    now = {name: copy.copy(value) for name, value in vars(kept).items()}
    now["given"] = {name: set(ids) for name, ids in kept.given.items()}
    now["outbox"] = {name: copy.copy(row) for name, row in kept.outbox.items()}
    return now


class _Reader(Memory):
    """A copy, so that nothing that is done to it is done to the store."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        for name, value in _copied(kept).items():
            setattr(self._s, name, value)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        raise StoreError("What thinks outside the writer thread may only read.")
        yield


def connect(kit: Kit) -> Store:
    """The adapter: a new, empty one."""
    return Memory()
