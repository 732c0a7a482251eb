"""Visit the feeds that are due and hand over what they give."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.core.visits import health, schedule
from bot.core.visits.hosts import Hosts, host_of
from bot.core.visits.items import Names, names_of
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Entry, Feed, Poll
from bot.pipeline.articles import GIVEN_UP, Articles
from bot.pipeline.feedbook import VisitStore, put_back, save_visited
from bot.pipeline.gather import Gather
from bot.pipeline.ingest import Ingested
from bot.pipeline.rulebook import Rulebook
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import Clock, KeepsPace, Source, Worker, asker
from bot.ports.meter import SILENT, Meter
from bot.reading.text.extract import extract_entry
from rules import Document

log = structlog.get_logger(__name__)

AT_ONCE = 64  # 100,000 sources an hour are 28 a second, and a visit takes about one
LEASE = timedelta(minutes=3)  # more than the longest visit: 25 s of network, 3 s of parsing, articles, parsing
PATIENCE_SECONDS = 60.0  # for the articles of a visit; what is not there by then is matched as the feed gave it
BATCH = 20  # entries in one transaction: the first alert of a long feed need not wait for its end
SMALL = 64_000  # code points of HTML that no parser needs long for; larger ones go to the killable worker


@dataclass(slots=True)
class Taken:
    """What a visit gave: documents new to the feed, entries lost, how long ago the new ones had been published."""

    new: int = 0
    lost: int = 0
    ages: list[timedelta] = field(default_factory=list)
    pages_failed: int = 0
    ungrouped: int = 0


class Collect:
    """Claims due feeds, polls each through its source, and hands the documents to `gather`."""

    def __init__(
        self,
        store: VisitStore,
        sources: Mapping[str, Source],
        worker: Worker,
        articles: Articles,
        gather: Gather,
        write: Write,
        clock: Clock,
        queued: Callable[[], None],
        rulebook: Rulebook,
        meter: Meter = SILENT,
    ) -> None:
        self._store = store
        self._sources = sources
        self._worker = worker
        self._articles = articles
        self._gather = gather
        self._write = write
        self._clock = clock
        self._hosts = Hosts()
        self._queued = queued  # called whenever messages were queued
        self._rulebook = rulebook
        self._meter = meter
        self.slots = Slots(AT_ONCE, self._claim, self._in_turn)

    async def _claim(self, free: int) -> list[Feed]:
        if not self._rulebook.ready:  # what no rule is held against would be missed; it stays due
            return []
        return await self._write(self._store.claim_feeds, self._clock(), limit=free, lease=LEASE)

    async def _in_turn(self, feed: Feed) -> None:
        """A visit, unless enough others are under way to its host: then the feed is put back for a little later."""
        host, began = host_of(feed.url), self._clock()
        later = self._hosts.enter(host, began)
        if later is not None:
            await self._put_back(feed, later)
            return
        try:
            await self._visit(feed)
        finally:
            self._hosts.leave(host, began, self._clock())

    def clock_set(self) -> None:
        """What was planned here, and is in memory only, is planned anew."""
        self._hosts.forget_turns()

    async def _put_back(self, feed: Feed, later: datetime) -> None:
        try:
            await self._write(put_back, self._store, feed, later)
        except WatchwordError as error:  # it stays leased, and comes again when the lease ends
            log.warning("a feed could not be put back", feed=feed.url, error=str(error))

    async def _visit(self, feed: Feed) -> None:
        asker.set(feed.id)
        began = time.perf_counter()
        try:
            await self.feed(feed)
        except Exception as error:  # one feed's surprise must not end the others' polling
            log.exception("a feed's visit failed", feed=feed.url)
            internal = WatchwordError(health.internal_error(error))
            await self._save(feed, self._failed(feed, internal))
        self._meter.took("visit", time.perf_counter() - began, kind=feed.kind)

    async def _save(self, before: Feed, after: Feed) -> None:
        if await self._write(save_visited, self._store, before, after, self._clock()):
            self._queued()

    async def feed(self, feed: Feed) -> int:
        """One visit; how many documents were new. The feed is saved with its next time whatever happens."""
        source = self._sources.get(feed.kind)
        if source is None:
            await self._save(feed, self._failed(feed, PermanentError(health.unknown_kind(feed.kind))))
            return 0
        if source.links_articles:
            self._worker.warm()  # while the feed's server thinks
        try:
            poll = await source.poll(feed)
        except (TransientError, PermanentError, UserError) as error:
            await self._save(feed, self._failed(feed, error))
            return 0
        try:
            taken = await self._entries(feed, poll, articles=source.links_articles)
        except TransientError as error:  # the cursor stays, so the next visit brings the rest
            await self._save(feed, self._failed(feed, error))
            return 0
        pages_failed = taken.pages_failed if taken.pages_failed >= GIVEN_UP else 0
        note = health.note(poll.note, lost=taken.lost, pages_failed=pages_failed, ungrouped=taken.ungrouped)
        poll = replace(poll, note=note)
        feed = replace(feed, health=replace(feed.health, pages_failed=taken.pages_failed))
        longest = source.longest_interval if isinstance(source, KeepsPace) else schedule.LONGEST
        after = schedule.after_success(feed, poll, taken.new, self._clock(), source.least_interval, taken.ages, longest)
        await self._save(feed, after)
        self._meter.count("visits", kind=feed.kind, outcome="new" if taken.new else "nothing")
        return taken.new

    async def pushed(self, feed: Feed, poll: Poll) -> Taken:
        """Take in what was pushed to `feed` instead of polled."""
        source = self._sources.get(feed.kind)
        return await self._entries(feed, poll, articles=source is not None and source.links_articles)

    def _failed(self, feed: Feed, error: WatchwordError) -> Feed:
        self._meter.count("visits", kind=feed.kind, outcome="failed")
        source = self._sources.get(feed.kind)
        least = source.least_interval if source else timedelta(minutes=1)
        longest = source.longest_interval if isinstance(source, KeepsPace) else schedule.LONGEST
        return schedule.after_failure(feed, error, self._clock(), least, longest)

    async def _entries(self, feed: Feed, poll: Poll, *, articles: bool) -> Taken:
        taken = Taken(pages_failed=feed.health.pages_failed)
        ends = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        for at in range(0, len(poll.entries), BATCH):
            documents, names, unreadable = await self._documents(feed, poll.entries[at : at + BATCH])
            await self._rulebook.wait()
            if articles:
                patience = ends - asyncio.get_running_loop().time()
                read = await self._articles.read(feed, documents, pages_failed=taken.pages_failed, patience=patience)
                documents, taken.pages_failed = read.documents, read.pages_failed
            documents = await self._articles.in_languages(feed, documents)
            done = await self._gather(feed, documents, articles=articles, names=names)
            taken.new += done.new
            taken.lost += unreadable
            taken.ages += done.ages
            taken.ungrouped += done.ungrouped
            self._note(feed, done)
            if done.queued:
                self._queued()
        return taken

    def _note(self, feed: Feed, done: Ingested) -> None:
        if done.new:
            self._meter.count("documents", done.new, kind=feed.kind)
        if done.queued:
            self._meter.count("queued", done.queued)
        if feed.polled_at is not None:  # a first visit finds weeks of entries
            for age in done.ages:
                self._meter.took("publication_to_archive", age.total_seconds())

    async def _documents(self, feed: Feed, entries: Sequence[Entry]) -> tuple[list[Document], dict[str, Names], int]:
        """What could be read, the names by which the feed knows each, and how many could not be read."""
        documents, names, lost = list[Document](), dict[str, Names](), 0
        for entry in entries:
            try:
                document = await self._document(feed, entry)
                documents.append(document)
                names[document.id] = names_of(entry.id, entry.url, feed.url, again=bool(entry.occasion))
            except (PermanentError, ValueError) as error:
                log.warning("an entry could not be read", feed=feed.url, entry=entry.id, error=str(error))
                lost += 1
            await asyncio.sleep(0)  # chat answers go between two entries
        return documents, names, lost

    async def _document(self, feed: Feed, entry: Entry) -> Document:
        now = self._clock()
        if entry.is_html and len(entry.content) > SMALL:
            document = await self._worker.run(extract_entry, entry, feed.title, feed.url, now)
            assert isinstance(document, Document)
            return document
        return extract_entry(entry, feed.title, feed.url, now)
