"""What several feeds give at the same time is taken in together: one transaction, one match, one sync to disk."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.core.visits.items import Names
from bot.model import Feed
from bot.pipeline.ingest import Ingest, Ingested, Intake
from bot.pipeline.writer import Write
from bot.ports import Clock
from rules import Document

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 40  # documents in one transaction: nobody waits longer than for those


class Gather:
    """Takes in documents; what comes while others are being taken in goes together with the next ones."""

    def __init__(self, ingest: Ingest, write: Write, clock: Clock) -> None:
        self._ingest = ingest
        self._write = write
        self._clock = clock
        self._waiting: list[tuple[Intake, asyncio.Future[Ingested]]] = []
        self._turn = asyncio.Lock()
        self._under_way: asyncio.Future[None] | None = None  # held, or it could be collected while it runs

    async def __call__(
        self,
        feed: Feed,
        documents: Sequence[Document],
        *,
        articles: bool = False,
        names: Mapping[str, Names] | None = None,
    ) -> Ingested:
        """What came of them, `names` by document id. Raises what went wrong with these, never with those of others."""
        outcome: asyncio.Future[Ingested] = asyncio.get_running_loop().create_future()
        self._waiting.append((Intake(feed=feed, documents=documents, articles=articles, names=names or {}), outcome))
        async with self._turn:
            while not outcome.done():
                # Whoever asked may be cancelled; the others' documents are with these, so it goes on.
                self._under_way = asyncio.ensure_future(self._take_in(self._next()))
                await asyncio.shield(self._under_way)
        return await outcome

    def _next(self) -> list[tuple[Intake, "asyncio.Future[Ingested]"]]:
        """The first that wait, one at least, as many as fit."""
        count, size = 0, 0
        for intake, _ in self._waiting:
            size += len(intake.documents)
            if count and size > MOST_AT_ONCE:
                break
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _take_in(self, taken: list[tuple[Intake, "asyncio.Future[Ingested]"]]) -> None:
        try:
            outcomes = await self._write(self._ingest.documents, [intake for intake, _ in taken], self._clock())
        except Exception as error:
            if len(taken) > 1:
                log.warning("a batch could not be taken in; each feed's part is tried by itself", error=str(error))
                for part in taken:
                    await self._take_in([part])
            else:
                _settle(taken[0][1], error)
            return
        for (_, outcome), ingested in zip(taken, outcomes, strict=True):
            _settle(outcome, ingested)


def _settle(outcome: "asyncio.Future[Ingested]", value: Ingested | Exception) -> None:
    if outcome.done():  # whoever asked has been cancelled
        return
    if isinstance(value, Exception):
        outcome.set_exception(value)
    else:
        outcome.set_result(value)
