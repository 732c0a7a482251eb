"""Has the rules in force before documents are taken in, and keeps the saved index close, off the writer thread."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.pipeline.match import Matcher, StoppedError
from bot.pipeline.writer import Write
from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

BETWEEN_SAVINGS = timedelta(minutes=1)


class Rulebook:
    """Documents wait until the rules are in force, so that none is missed; commands and messages do not."""

    def __init__(self, store: Store, matcher: Matcher, write: Write, clock: Clock) -> None:
        self._store = store
        self._matcher = matcher
        self._write = write
        self._clock = clock
        self._preparing: asyncio.Task[None] | None = None
        self._prepared_at: datetime | None = None
        self._stopped = False

    @property
    def ready(self) -> bool:
        """Whether documents can be matched."""
        return self._matcher.ready

    def tick(self) -> None:
        """Begin what is due: to prepare the rules, or to save them."""
        since = self._clock() - self._prepared_at if self._prepared_at is not None else BETWEEN_SAVINGS
        rested = not timedelta() <= since < BETWEEN_SAVINGS  # below zero: the clock was ahead
        if not self.ready or (self._matcher.unsaved and rested):
            self._begin()

    async def wait(self) -> None:
        """Until all rules are in force, those that came in a crowd just now, too. Cancels its caller at the end."""
        while not self.ready or await self._write(self._matcher.lagging):
            await asyncio.shield(self._begin())
            if self._stopped:  # the documents come again after the next start
                raise asyncio.CancelledError

    def _begin(self) -> "asyncio.Task[None]":
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare())
        return self._preparing

    async def _prepare(self) -> None:
        try:
            reader = await self._write(self._store.reader)
            try:
                await asyncio.to_thread(self._matcher.prepare, reader)
            finally:
                reader.close()
        except StoppedError:
            pass
        except Exception:  # never fatal: it is done the slow way
            log.exception("the rules could not be prepared; they are read by the thread that needs them")
            self._matcher.forgo()
        self._prepared_at = self._clock()

    async def stop(self) -> None:
        """End what is under way."""
        self._stopped = True
        self._matcher.stop()
        if self._preparing is not None:
            await self._preparing
