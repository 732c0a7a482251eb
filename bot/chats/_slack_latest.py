"""Work of which only the newest matters: one at a time for each key, and what was overtaken is never begun."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import WatchwordError

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[None]]


class Latest:
    """Runs behind whoever asks, and survives what goes wrong: it is told in the log."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, Work] = {}

    def put(self, key: str, work: Work) -> None:
        """Do it, after what is under way for that key, in place of what waits."""
        if key in self._running:
            self._next[key] = work
        else:
            self._running[key] = asyncio.create_task(self._run(key, work))

    async def _run(self, key: str, work: Work | None) -> None:
        try:
            while work is not None:
                try:
                    await work()
                except WatchwordError as error:
                    log.info("a window of Slack could not be shown", error=str(error))  # closed meanwhile, most often
                except Exception:
                    log.exception("a window of Slack could not be made")
                work = self._next.pop(key, None)
        finally:
            self._running.pop(key, None)
            self._next.pop(key, None)

    async def close(self) -> None:
        """Give up all of it."""
        tasks = [*self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
