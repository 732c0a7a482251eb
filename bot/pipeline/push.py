"""What others push to us: proven by its source, then in by the same way as polled entries."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.core.visits import health
from bot.errors import WatchwordError
from bot.model import Feed, Poll
from bot.pipeline.collect import Collect, Taken
from bot.pipeline.feedbook import VisitStore, save_visited
from bot.pipeline.writer import Write
from bot.ports import Clock, Pushed, PushedSource, Pushing, Source

log = structlog.get_logger(__name__)

UNKNOWN = Pushed(status=404, text="There is nothing to push to at this address.\n")
REMOVED = Pushed(status=410, text="This source was removed.\n")


class Push:
    """Answers `/in/<kind>/<feed id>`. A request is answered once its entries are archived."""

    def __init__(
        self, store: VisitStore, sources: Mapping[str, Source], collect: Collect, write: Write, clock: Clock
    ) -> None:
        self._store = store
        self._sources = sources
        self._collect = collect
        self._write = write
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # only of feeds that exist

    async def receive(self, kind: str, feed_id: str, pushing: Pushing) -> Pushed:
        """The answer to one request; 503 when it could not be kept, so that the sender tries again."""
        source = self._sources.get(kind)
        if not isinstance(source, PushedSource):
            return UNKNOWN
        try:
            feed, wanted = await self._write(self._wanted, feed_id)
            if feed is None or feed.kind != kind:
                return UNKNOWN
            if not wanted:
                return REMOVED
            async with self._turns[feed_id]:  # of two copies of one request, the second finds the first's mark
                feed, wanted = await self._write(self._wanted, feed_id)
                return await self._take(source, feed, pushing) if feed is not None and wanted else REMOVED
        except WatchwordError as error:
            log.warning("a pushed request could not be kept", feed=feed_id, error=str(error))
            return Pushed(status=503, text="It could not be kept; send it again later.\n")

    def _wanted(self, feed_id: str) -> tuple[Feed | None, bool]:
        """The feed, and whether any chat has it still."""
        return self._store.feed(feed_id), bool(self._store.feed_channels(feed_id))

    async def _take(self, source: PushedSource, feed: Feed, pushing: Pushing) -> Pushed:
        pushed = await source.receive(feed, pushing)
        taken = Taken()
        if pushed.entries:
            news = replace(feed, polled_at=feed.polled_at or self._clock()) if pushed.all_new else feed
            taken = await self._collect.pushed(news, Poll(entries=pushed.entries))
        if pushed.cursor or pushed.poll_now or taken.new:
            await self._write(self._mark, feed.id, pushed, taken)
        if taken.lost:
            said = f"{taken.lost} of {len(pushed.entries)} could not be read; the others were taken.\n"
            return replace(pushed, status=422, text=said)
        return pushed

    def _mark(self, feed_id: str, pushed: Pushed, taken: Taken) -> None:
        with self._store.atomic():
            feed = self._store.feed(feed_id)
            if feed is None:
                return
            due = self._clock() if pushed.poll_now else feed.next_poll_at
            after = replace(feed, cursor=pushed.cursor or feed.cursor, next_poll_at=due)
            if taken.new:  # what is pushed is news as well as what is polled
                after = replace(after, health=health.after_visit(feed, taken.new, taken.ages, self._clock()))
            save_visited(self._store, feed, after, self._clock())
