"""Which story each arriving document tells, and what is stored of that.

The rules for copies and versions come first, then evidence; both remember in arrays, which are stored with the
documents and come back at a start. Blocking; lives in the writer thread.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.stories.events.joining import Joining, Merge
from bot.core.stories.facts import with_story
from bot.core.stories.grouper import Batch as Remembered
from bot.core.stories.grouper import Grouper
from bot.core.stories.judging import Placement
from bot.core.visits.items import Names
from bot.model import Arrival, Feed, Item, StoredDocument, StoryLink, content_id
from bot.pipeline.items import Items, ItemStore, arrived_late
from bot.ports import Transactions
from rules import Document

log = structlog.get_logger(__name__)

STORY_WINDOW = timedelta(days=3)
OLD_AFTER = timedelta(days=3)
RESTORED_AT_ONCE = 100  # documents of an archive that knows no fingerprints: about 50 ms


class PlacingStore(ItemStore, Transactions, Protocol):
    """What is asked and written to tell stories apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """A document that its feed did not give before. `names`: what its feed calls it."""

    document: Document
    feed: Feed
    names: Names
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Feeds may give one document each."""
        return self.feed.id, self.document.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A document with its story: `earlier` are the story's reports before it, `document` knows how many they are.

    `versions`: ids of the documents that its feed gave before as the same item. `old`: it is no news of that feed;
    `late`: because it was published long before it arrived, which rules about the age may want all the same.
    `relation`: how it came into its story ("" opens it), `why` in words. `failed`: it could not be compared with
    others, which makes it a story of its own.
    """

    document: Document
    story_id: str
    earlier: tuple[Document, ...]
    opens_story: bool
    versions: frozenset[str]
    old: bool
    late: bool
    relation: str = ""
    why: str = ""
    link: StoryLink | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a document belongs, and its relation to what is there: "new" opens the story."""

    story_id: str
    relation: str
    why: str = ""
    failed: bool = False


class Placing:
    """Remembers stories of the last days. A batch is placed inside `batch`, around its transaction."""

    def __init__(self, store: PlacingStore, old_after: timedelta | None) -> None:
        """What was published longer than `old_after` before it arrived is no news; None: however long."""
        self._store = store
        self._old_after = old_after
        self._merged: dict[str, str] = {}
        self._joining: Joining | None = None
        self._grouper = Grouper(window=STORY_WINDOW, text_of=self._text_of, join=self._join)
        self._remembered: Remembered | None = None
        self._wanted: Collection[str] = ()
        self._all_remembered = False

    # ------------------------------------------------------------------------------------------------------- memory

    def learn(self, now: datetime) -> None:
        """Take over what is stored of stories: all of it at a start, later what another process added."""
        since = now - STORY_WINDOW
        self._grouper.learn(self._store.fingerprints(after_seq=self._grouper.seq, since=since))
        if self._joining is None:
            self._joining = Joining(merged=self._merged)
            rows = self._store.evidence(since=since)
            links = self._store.links({row.story_id for row in rows})
            self._joining.restore(rows, {story: link.other_id for story, link in links.items() if link.kind == "near"})
        if not self._all_remembered:
            self._restore(since)

    def _restore(self, since: datetime) -> None:
        """Of documents that were archived by a version which kept nothing of them."""
        with self.batch(), self._store.atomic():
            waiting = self._store.without_fingerprint(since=since, limit=RESTORED_AT_ONCE)
            for stored in waiting:
                self._grouper.restore(stored.document, stored.story_id, stored.seen_at)
            self._save()
        self._all_remembered = len(waiting) < RESTORED_AT_ONCE

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Around a transaction: when that is undone, nothing of it is remembered."""
        merged = dict(self._merged)
        try:
            with self._grouper.batch() as self._remembered:
                yield
        except BaseException:
            self._merged, self._joining = merged, None  # read again from the store: a failure is rare
            raise
        finally:
            self._remembered = None
            if self._joining is not None:
                self._joining.stored()

    def _save(self) -> None:
        assert self._remembered is not None, "inside a batch"
        rows = [replace(row, story_id=self._now(row.story_id)) for row in self._remembered.fingerprints]
        self._store.save_fingerprints(rows, dropped=self._remembered.dropped)
        if self._joining is not None:
            self._store.save_evidence(self._joining.rows)

    def _text_of(self, document_id: str) -> Document | None:
        stored = self._store.document(document_id)
        return stored.document if stored else None

    # ------------------------------------------------------------------------------------------------------ placing

    def place(self, arriving: Sequence[Arriving], wanted: Collection[str]) -> tuple[list[Placed], list[Merge]]:
        """Each document with its story, in the order of arrival, archived; and stories that turned out to be one, of
        which all is merged but the alerts.

        `wanted`: ids of the documents that any rule may be true of. Of the others evidence is not asked.
        """
        self._wanted = wanted
        items = Items(self._store, {each.key: each.names for each in arriving}, arriving[0].at)
        archived = self._store.documents_by_id([each.document.id for each in arriving])
        versions = {each.key: items.version_of(each.document, each.feed.id) for each in arriving}
        late = {key for key, item in versions.items() if item is None}
        late &= arrived_late(((each.feed, each.document) for each in arriving), arriving[0].at, self._old_after)
        for each in arriving:
            if is_learnt(each.feed) or each.key in late:
                items.mark_old(each.document.id, each.feed.id)
        # What another feed gave before keeps its story; this feed's audience may not have seen it.
        homes = {document_id: _Home(stored.story_id, stored.relation) for document_id, stored in archived.items()}
        self._find_homes([each for each in arriving if each.document.id not in archived], homes, versions, items)
        merges = self._merges(arriving[0].at)
        placed = self._archived(arriving, homes, versions, items, late, set(archived))
        self._save()
        items.save({document_id: home.story_id for document_id, home in homes.items()})
        return placed, merges

    def _archived(
        self,
        arriving: Sequence[Arriving],
        homes: Mapping[str, _Home],
        versions: Mapping[tuple[str, str], Item | None],
        items: Items,
        late: Collection[tuple[str, str]],
        here: set[str],
    ) -> list[Placed]:
        """Archive them; each with its story so far. `here`: ids of those that were archived before."""
        links = self._store.links({home.story_id for home in homes.values()})
        joined = self._store.stories({home.story_id for home in homes.values() if home.relation != "new"})
        stories: dict[str, list[Arrival | StoredDocument]] = {story_id: [*story] for story_id, story in joined.items()}
        placed, arrivals = [], []
        for each in arriving:
            document, home = each.document, homes[each.document.id]
            story = stories.setdefault(home.story_id, [])
            arrival = Arrival(
                document=document,
                feed_id=each.feed.id,
                story_id=home.story_id,
                seen_at=each.at,
                relation="" if home.relation == "new" else home.relation,
            )
            placed.append(
                Placed(
                    document=with_story(document, each.at, story, relation=arrival.relation),
                    story_id=home.story_id,
                    earlier=tuple(report.document for report in story if report.document.id != document.id),
                    opens_story=home.relation == "new" and document.id not in here,
                    versions=_given_by(each.feed, story) if versions[each.key] else frozenset(),
                    old=items.is_old(document.id, each.feed.id),
                    late=each.key in late,
                    relation=arrival.relation,
                    why=home.why,
                    link=links.get(home.story_id),
                    failed=home.failed and document.id not in here,
                )
            )
            arrivals.append(arrival)
            if document.id not in here:
                story.append(arrival)
                here.add(document.id)
        self._store.add_documents(arrivals)
        return placed

    def _merges(self, at: datetime) -> list[Merge]:
        """What evidence saw to be one, stored as one."""
        merges = [*self._joining.merges] if self._joining is not None else []
        for merge in merges:
            self._store.merge_stories(merge.story_id, merge.into_id, why=merge.why, at=at)
        return merges

    def _find_homes(
        self,
        arriving: Sequence[Arriving],
        homes: dict[str, _Home],
        versions: Mapping[tuple[str, str], Item | None],
        items: Items,
    ) -> None:
        """Add to `homes` where each document belongs.

        A version goes where its item is, whatever it says. One that trips grouping up is a story of its own, and so is
        a state that came back.
        """
        first = [*{each.document.id: each for each in reversed(arriving)}.values()][::-1]
        new = [each for each in first if versions[each.key] is None and not each.names.again]
        documents = [each.document for each in new]
        placements = self._grouper.place_all(documents, new[0].at, items.are_distinct) if new else []
        for each, placement in zip(new, placements, strict=True):
            if placement.failed:
                log.error("a document could not be compared", document=each.document.id, error=placement.failed)
            homes[each.document.id] = self._home(placement, each.at)
            if placement.like and items.is_old(placement.like, each.feed.id):
                items.mark_old(each.document.id, each.feed.id)
        for each in first:
            item = versions[each.key]
            if item is None and each.names.again:
                story_id = content_id("story", each.document.id)
                self._grouper.restore(each.document, story_id, each.at)
                homes[each.document.id] = _Home(story_id, "new", "its source says again what it said before")
            if item is not None:
                story_id = self._now(item.story_id or homes[item.document_id].story_id)
                self._grouper.restore(each.document, story_id, each.at)
                homes[each.document.id] = _Home(story_id, "version", "the same item of its source")

    def _home(self, placement: Placement, at: datetime) -> _Home:
        story_id = self._now(placement.story_id)
        if story_id != placement.story_id:
            return _Home(story_id, "report", placement.why)
        if placement.relation == "new":
            self._link(placement, at)
        return _Home(story_id, placement.relation, placement.why, bool(placement.failed))

    def _now(self, story_id: str) -> str:
        """The story that tells it since some turned out to be one."""
        return self._merged.get(story_id, story_id)

    def _join(self, document: Document, placement: Placement, at: datetime) -> Placement:
        """What evidence makes of a placement by the rules for copies and versions."""
        assert self._joining is not None, "learned before"
        return self._joining.place(document, placement, at, judged=document.id in self._wanted)

    def _link(self, placement: Placement, at: datetime) -> None:
        """Note what a new story has to do with an older one."""
        other = self._now(placement.near or placement.related)
        if not other:
            return
        above = self._store.links([other]).get(other) if placement.near else None
        if above is not None and above.kind == "near":  # threads have one level
            other = above.other_id
        self._store.save_link(
            StoryLink(
                story_id=placement.story_id,
                kind="near" if placement.near else "related",
                other_id=other,
                why=placement.why,
                at=at,
            )
        )


def is_learnt(feed: Feed) -> bool:
    """Whether what it gives was there before it was added."""
    return feed.polled_at is None and not feed.alert_first_poll


def _given_by(feed: Feed, story: Sequence[Arrival | StoredDocument]) -> frozenset[str]:
    """What of a story this feed told."""
    return frozenset(report.document.id for report in story if report.feed_id == feed.id)
