"""A bounded crew: at most so many at work at once, more taken as soon as one is free."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Slots(Generic[T]):
    """`take(n)` fetches up to n pieces of work, `work(piece)` does one and must not raise."""

    def __init__(
        self, most: int, take: Callable[[int], Awaitable[list[T]]], work: Callable[[T], Awaitable[None]]
    ) -> None:
        self._most = most
        self._take = take
        self._work = work
        self._running: set[asyncio.Task[None]] = set()
        self._filling = asyncio.Lock()
        self._again = False

    async def fill(self) -> None:
        """Take work for every free place. Called by the tick, by whoever made work, and when a piece is done."""
        self._again = True
        if self._filling.locked():
            return
        async with self._filling:
            while self._again and len(self._running) < self._most:
                self._again = False
                for piece in await self._take(self._most - len(self._running)):
                    task = asyncio.create_task(self._run(piece))
                    self._running.add(task)

    async def _run(self, piece: T) -> None:
        try:
            await self._work(piece)
        except Exception:  # the store, most likely; the lease runs out, and the piece is taken again
            log.exception("a piece of work failed")
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._running.discard(task)
        try:
            await self.fill()
        except Exception:  # nobody waits for it; the next tick fills again
            log.exception("no more work could be taken")

    async def idle(self) -> None:
        """Wait until nothing is at work and nothing more is to be had."""
        await self.fill()
        while self._running:
            await asyncio.wait(set(self._running))
            await asyncio.sleep(0)

    async def stop(self, grace_seconds: float) -> None:
        """Let what is at work end within the grace, then cancel it."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=grace_seconds)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


class Stage(Protocol):
    """A part of the flow: it takes its work from the store and does it in its slots."""

    slots: Slots[Any]
