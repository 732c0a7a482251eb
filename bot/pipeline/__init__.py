"""The whole flow, in one place.

    Feed --Source.poll--> Entry --extract.to_document--> Document --RuleSet.match--> rules that are true of it
         --alerting.decide--> (Alert, Reason) --alert.alert_message--> Message
         --Outbox.put--> Delivery --Chat.send / edit--> message id

    Command --Inbox.receive--> inbox --commands.<verb>.run--> Message --Outbox.put--> Delivery --Chat.send--> message id

State sits between the stages, so each restarts by itself: `answer` carries out each command with its answer in one
transaction, `collect` claims feeds under a lease and archives each batch with its alerts in one transaction (`ingest`),
`correct` visits articles that alerted for two days and queues an edit when they were corrected, `deliver` claims what
those queued, sends it and marks it. APScheduler ticks the stages; one that queued a message wakes `deliver`.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from bot.core.archive.keeping import forget_before
from bot.core.quotas import USUAL, Quotas
from bot.errors import WatchwordError
from bot.pipeline.answer import Answer
from bot.pipeline.articles import Articles
from bot.pipeline.collect import Collect
from bot.pipeline.correct import Correct
from bot.pipeline.deliver import Deliver
from bot.pipeline.digests import Digests
from bot.pipeline.forgetting import REMOVED_AFTER, forget_removed
from bot.pipeline.gather import Gather
from bot.pipeline.ingest import Ingest
from bot.pipeline.match import Matcher
from bot.pipeline.peek import Peek
from bot.pipeline.placing import OLD_AFTER, STORY_WINDOW
from bot.pipeline.push import Push
from bot.pipeline.render import Renderer
from bot.pipeline.resuming import Resuming
from bot.pipeline.rulebook import Rulebook
from bot.pipeline.slots import Stage
from bot.pipeline.timekeeping import Timekeeper
from bot.pipeline.writer import Writer, Writing
from bot.ports import Chat, Clock, Http, Peeking, Source, Steady, Store, Worker
from bot.ports.meter import SILENT, Meter

__all__ = ["Pipeline", "Writer"]

log = structlog.get_logger(__name__)

INDEXED_AT_ONCE = 500  # documents


class Pipeline:
    """The stages over one store, and the door for what is pushed to us instead of polled."""

    def __init__(
        self,
        *,
        store: Store,
        sources: Mapping[str, Source],
        chats: Mapping[str, Chat],
        worker: Worker,
        http: Http,
        write: Writing,
        clock: Clock,
        steady: Steady,
        retention: timedelta,
        old_after: timedelta | None = OLD_AFTER,
        rules_folder: Path | None = None,
        meter: Meter = SILENT,
        quotas: Quotas = USUAL,
        removed_after: timedelta = REMOVED_AFTER,
    ) -> None:
        """`old_after`: what was published longer before it arrived is no news; None: it is.

        `steady` counts seconds and is never set, as `clock` may be. `rules_folder`: where the index of the rules is
        saved, so that the next start loads it. `quotas`: of one person. `removed_after`: see `forgetting`.
        """
        self._archive = store
        self._write = write
        self._clock = clock
        self._retention = retention
        self._removed_after = removed_after
        self._queued = asyncio.Event()  # a stage queued a message
        queued = self._queued.set
        matcher = Matcher(store, rules_folder)
        self.rulebook = Rulebook(store, matcher, write, clock)
        renderer = Renderer(store, matcher)
        ingest = Ingest(store, matcher, renderer, old_after)
        articles = Articles(store, http, worker, ingest, write)
        self.answer = Answer(store, sources, write.urgent, clock, worker, queued, steady, quotas, meter=meter)
        self.collect = Collect(
            store, sources, worker, articles, Gather(ingest, write, clock), write, clock, queued, self.rulebook, meter
        )
        self.correct = Correct(store, http, worker, ingest, write, clock, queued)
        self.deliver = Deliver(store, renderer, chats, sources, write.urgent, clock, meter=meter, opened=queued)
        self.timekeeper = Timekeeper(store, write.urgent, clock, steady, self.collect.clock_set)
        self.resuming = Resuming(store, write.urgent, clock)
        self.digests = Digests(store, write.urgent, clock)
        self.push = Push(store, sources, self.collect, write, clock)
        _give_peek(chats, Peek(store, write.urgent, clock))
        # People who ask go before feeds, and both before what they queue is sent.
        self.stages: tuple[Stage, ...] = (self.answer, self.collect, self.correct, self.deliver)

    async def tick(self) -> None:
        """Give every stage what is due for it."""
        await self.timekeeper.tick()
        await self.resuming.tick()
        self.rulebook.tick()
        await self.digests.tick()
        for stage in self.stages:
            await stage.slots.fill()

    async def wake(self) -> None:
        """Send what is queued at once instead of at the next tick; runs until cancelled."""
        while True:
            await self._queued.wait()
            self._queued.clear()
            try:
                await self.deliver.slots.fill()
            except WatchwordError as error:  # a store that is locked or full: the next tick takes what is queued
                log.warning("what is queued cannot be taken yet", error=str(error))

    async def tidy(self) -> None:
        """Forget old documents and chats that are long gone; index what was archived before there was an index."""
        await self._write(self._forget)
        await forget_removed(self._archive, self._write, self._clock(), self._removed_after)
        await self._write(self._archive.drop_fingerprints, self._clock() - STORY_WINDOW)
        while await self._write(self._archive.index_archive, limit=INDEXED_AT_ONCE):
            pass  # a part at a time: other writes go between

    def _forget(self) -> None:
        """By what the archive has seen pass, not by the clock alone. In the writer thread."""
        before = forget_before(self._clock(), self._retention, self._archive.days_seen())
        self._archive.drop_before(before)

    async def settle(self) -> None:
        """Until every due feed is read, every command answered and every due message sent."""
        await self.timekeeper.tick()
        await self.answer.slots.idle()
        await self.resuming.tick()
        await self.rulebook.wait()
        await self.digests.tick()
        for stage in self.stages:
            await stage.slots.idle()

    async def stop(self, grace_seconds: float = 8.0) -> None:
        """End what is under way within the grace; what is cut off is repeated after the next start."""
        await asyncio.gather(self.rulebook.stop(), *(stage.slots.stop(grace_seconds) for stage in self.stages))


def _give_peek(chats: Mapping[str, Chat], peek: Peek) -> None:
    """To those that show what is in the store besides messages."""
    for chat in chats.values():
        if isinstance(chat, Peeking):
            chat.peek = peek
