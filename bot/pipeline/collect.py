"""Visit the feeds that are due and hand over what they give."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core import schedule
from bot.core.extract import to_document
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Entry, Feed, Poll
from bot.pipeline.ingest import Ingest
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import Clock, Source, Store, Worker
from rules import Document

log = structlog.get_logger(__name__)

AT_ONCE = 16
LEASE = timedelta(minutes=2)  # several times the longest visit: 25 s of network and 3 s of parsing
BATCH = 20  # entries in one transaction: the first alert of a long feed need not wait for its end
SMALL = 64_000  # code points of HTML that no parser needs long for; larger ones go to the killable worker


class Collect:
    """Claims due feeds, polls each through its source, and feeds the documents to `ingest`."""

    def __init__(
        self, store: Store, sources: Mapping[str, Source], worker: Worker, ingest: Ingest, write: Write, clock: Clock
    ) -> None:
        self._store = store
        self._sources = sources
        self._worker = worker
        self._ingest = ingest
        self._write = write
        self._clock = clock
        self.slots = Slots(AT_ONCE, self._claim, self._visit)
        self.delivered = asyncio.Event()  # set whenever messages were queued

    async def _claim(self, free: int) -> list[Feed]:
        return await self._write(self._store.claim_feeds, self._clock(), limit=free, lease=LEASE)

    async def _visit(self, feed: Feed) -> None:
        try:
            await self.feed(feed)
        except Exception as error:  # one feed's surprise must not end the others' polling
            log.exception("a feed's visit failed", feed=feed.url)
            told = WatchwordError(f"internal error while reading it ({type(error).__name__})")
            await self._write(self._store.save_feed, self._failed(feed, told))

    async def feed(self, feed: Feed) -> int:
        """One visit; how many documents were new. The feed is saved with its next time whatever happens."""
        source = self._sources.get(feed.kind)
        if source is None:
            missing = PermanentError(f"there is no source of the kind {feed.kind!r} here")
            await self._write(self._store.save_feed, self._failed(feed, missing))
            return 0
        try:
            poll = await source.poll(feed)
        except (TransientError, PermanentError, UserError) as error:
            await self._write(self._store.save_feed, self._failed(feed, error))
            return 0
        new, lost = await self._entries(feed, poll)
        if lost:
            note = f"{poll.note}; " if poll.note else ""
            poll = replace(poll, note=f"{note}{lost} could not be read")
        after = schedule.after_success(feed, poll, new, self._clock(), source.least_interval)
        await self._write(self._store.save_feed, after)
        return new

    def _failed(self, feed: Feed, error: WatchwordError) -> Feed:
        source = self._sources.get(feed.kind)
        least = source.least_interval if source else timedelta(minutes=1)
        return schedule.after_failure(feed, error, self._clock(), least)

    async def _entries(self, feed: Feed, poll: Poll) -> tuple[int, int]:
        """(documents new to the feed, entries lost)."""
        new = lost = 0
        for at in range(0, len(poll.entries), BATCH):
            documents, unreadable = await self._documents(feed, poll.entries[at : at + BATCH])
            done = await self._write(self._ingest.documents, feed, documents, self._clock())
            new += done.new
            lost += unreadable
            if done.queued:
                self.delivered.set()
        return new, lost

    async def _documents(self, feed: Feed, entries: Sequence[Entry]) -> tuple[list[Document], int]:
        documents, lost = [], 0
        for entry in entries:
            try:
                documents.append(await self._document(feed, entry))
            except (PermanentError, ValueError) as error:
                log.warning("an entry could not be read", feed=feed.url, entry=entry.id, error=str(error))
                lost += 1
            await asyncio.sleep(0)  # chat answers go between two entries
        return documents, lost

    async def _document(self, feed: Feed, entry: Entry) -> Document:
        now = self._clock()
        if entry.is_html and len(entry.content) > SMALL:
            found = await self._worker.run(extract_entry, entry, feed.title, feed.url, now)
            assert isinstance(found, Document)
            return found
        return extract_entry(entry, feed.title, feed.url, now)


def extract_entry(entry: Entry, feed_title: str, feed_url: str, now: datetime) -> Document:
    """`to_document` with positional arguments, as the worker calls it."""
    return to_document(entry, feed_title=feed_title, feed_url=feed_url, now=now)
