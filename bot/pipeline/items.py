"""Arriving documents and the items of their feeds: which are versions of what a feed gave before, which are old."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.visits.items import NAMELESS, Names, is_long_ago, is_same_item
from bot.model import Feed, Item, StoredDocument
from bot.ports import Archive, StoryStore
from rules import Document


class ItemStore(Archive, StoryStore, Protocol):
    """What is read and written of items."""


class Items:
    """Those that the documents of one transaction belong to. Made for it, saved at its end."""

    def __init__(self, store: ItemStore, names: Mapping[tuple[str, str], Names], now: datetime) -> None:
        """`names` of each (feed id, document id)."""
        self._store = store
        self._names = names
        self._feeds: dict[str, list[str]] = {}
        for feed_id, document_id in names:
            self._feeds.setdefault(document_id, []).append(feed_id)
        self._old: set[tuple[str, str]] = set()
        self._now = now
        self._known: dict[tuple[str, str], Item] = {}
        wanted: dict[str, list[str]] = {}
        for (feed_id, _), its in names.items():
            wanted.setdefault(feed_id, []).extend(its.all)
        for feed_id, asked in wanted.items():
            self._known |= {(feed_id, name): item for name, item in store.items(feed_id, asked).items()}
        self._documents: dict[str, Document | StoredDocument] = {}
        self._documents |= store.documents_by_id({item.document_id for item in self._known.values()})

    def version_of(self, document: Document, feed_id: str) -> Item | None:
        """What the document is a version of; it is the newest one from now on, or a new item's first."""
        names = self._names.get((feed_id, document.id), NAMELESS)
        item = next((item for name in names.all if (item := self._same(document, feed_id, name, names))), None)
        self._documents[document.id] = document
        for name in names.all:
            self._known[feed_id, name] = Item(
                feed_id=feed_id,
                name=name,
                own=names.own,
                document_id=document.id,
                story_id=item.story_id if item else "",
            )
        if item is not None and (item.old or (feed_id, item.document_id) in self._old):
            self.mark_old(document.id, feed_id)
        return item

    def _same(self, document: Document, feed_id: str, name: str, names: Names) -> Item | None:
        item = self._known.get((feed_id, name))
        if item is None or item.document_id == document.id:
            return item
        there = self._documents.get(item.document_id)
        if there is None:  # the archive has let go of it, so nobody can tell
            return None
        old, apart = (
            (there, timedelta()) if isinstance(there, Document) else (there.document, self._now - there.seen_at)
        )
        own, renamed = name == names.own, bool(item.own and names.own and item.own != names.own)
        same = is_same_item(old, document, arrived_apart=apart, by_own_name=own, renamed=renamed)
        return item if same else None

    def are_distinct(self, old_id: str, new_id: str) -> bool:
        """Whether a feed that gave both documents calls them by names of its own that differ."""
        for feed_id in self._feeds.get(new_id, ()):
            own, here = self._names[feed_id, new_id].own, self._names.get((feed_id, old_id))
            others = {here.own} if here else {item.own for item in self._store.items_of(feed_id, [old_id])}
            if own and any(other and other != own for other in others):
                return True
        return False

    def is_old(self, document_id: str, feed_id: str) -> bool:
        """Whether the feed gave this document as something old, now or before."""
        if (feed_id, document_id) in self._names:
            return (feed_id, document_id) in self._old
        return any(item.old for item in self._store.items_of(feed_id, [document_id]))

    def mark_old(self, document_id: str, feed_id: str) -> None:
        """From now on it is."""
        self._old.add((feed_id, document_id))

    def save(self, stories: Mapping[str, str]) -> None:
        """Keep what is known now; `stories` of the documents by id."""
        arrived = (item for item in self._known.values() if (item.feed_id, item.document_id) in self._names)
        self._store.save_items(
            [
                replace(
                    item,
                    story_id=stories[item.document_id],
                    old=(item.feed_id, item.document_id) in self._old,
                )
                for item in arrived
            ]
        )


def arrived_late(
    arriving: Iterable[tuple[Feed, Document]], now: datetime, limit: timedelta | None
) -> set[tuple[str, str]]:
    """(feed id, document id) of what was published more than `limit` before its feed could give it to us.

    While nobody visited the feed, what was published had no chance to arrive; at the first visit nothing is late.
    """
    return {
        (feed.id, document.id)
        for feed, document in arriving
        if limit is not None
        and feed.polled_at is not None
        and is_long_ago(document.published_at, min(now, feed.polled_at), limit)
    }
