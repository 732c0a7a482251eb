"""The whole flow, in one place.

    Feed --Source.poll--> Entry --extract.to_document--> Document --RuleSet.match--> rules that are true of it
         --alerting.decide--> (Alert, Reason) --render.alert_message--> Message
         --Store.put--> Delivery --Chat.send / edit--> message id

    Command --Store.receive--> inbox --commands.<verb>.run--> Message --Store.put--> Delivery --Chat.send--> message id

State sits between the stages, so each restarts by itself: `collect` claims feeds under a lease and archives each batch
with its alerts in one transaction (`ingest`), `answer` carries out each command with its answer in one transaction,
`check` visits articles that alerted for two days and queues an edit when they were corrected,
`deliver` claims what those queued, sends it and marks it. APScheduler ticks each stage; a stage that made work for the
next wakes it.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bot.pipeline.answer import Answer
from bot.pipeline.articles import Articles
from bot.pipeline.collect import Collect
from bot.pipeline.correct import Correct
from bot.pipeline.deliver import Deliver
from bot.pipeline.ingest import Ingest
from bot.pipeline.push import Push
from bot.pipeline.writer import Writer
from bot.ports import Chat, Clock, Http, Source, Store, Worker

__all__ = ["Pipeline", "Writer"]

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
        write: Writer,
        clock: Clock,
        retention: timedelta,
    ) -> None:
        self._store = store
        self._write = write
        self._clock = clock
        self._retention = retention
        ingest = Ingest(store)
        articles = Articles(store, http, worker, ingest, write)
        self.collect = Collect(store, sources, worker, articles, ingest, write, clock)
        self.correct = Correct(store, http, worker, ingest, write, clock)
        self.push = Push(store, sources, self.collect, write, clock)
        self.answer = Answer(store, sources, write, clock, worker)
        self.deliver = Deliver(store, chats, write, clock)

    async def wake(self) -> None:
        """Pass work on at once instead of at the next tick; runs until cancelled."""

        async def when(made: asyncio.Event) -> None:
            while True:
                await made.wait()
                made.clear()
                await self.deliver.slots.fill()

        await asyncio.gather(when(self.collect.delivered), when(self.answer.done), when(self.correct.delivered))

    async def tidy(self) -> None:
        """Forget what is older than the retention time; index what was archived before there was an index."""
        await self._write(self._store.drop_before, self._clock() - self._retention)
        while await self._write(self._store.index_archive, limit=INDEXED_AT_ONCE):
            pass  # a part at a time: other writes go between

    async def settle(self) -> None:
        """Until every due feed is read, every command answered and every due message sent."""
        await self.collect.slots.idle()
        await self.correct.slots.idle()
        await self.answer.slots.idle()
        await self.deliver.slots.idle()

    async def stop(self, grace_seconds: float = 8.0) -> None:
        """End what is under way within the grace; what is cut off is repeated after the next start."""
        await asyncio.gather(
            self.collect.slots.stop(grace_seconds),
            self.correct.slots.stop(grace_seconds),
            self.answer.slots.stop(grace_seconds),
            self.deliver.slots.stop(grace_seconds),
        )
