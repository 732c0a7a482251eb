"""Updates under way: those of one chat one after the other, those of several chats beside each other.

Asking for the next update confirms those before it, and an update may be confirmed only when it is on disk. While one
of them waits for an answer of Telegram's, its chat waits with it; the others are taken, fetched again with it until it
is done, and passed over then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update

BESIDE = 0.2  # seconds that the next update, or question, waits for what is under way


class _Behind(Exception):  # noqa: N818 - nothing is wrong with it
    """An update whose chat has an earlier one that was not kept: it waits for that."""


class Lanes:
    """Takes updates, each once."""

    def __init__(self, take: Callable[[Update], Awaitable[None]]) -> None:
        self._take = take
        # By update: under way, or taken and not yet confirmed; None is to be begun again.
        self._tasks: dict[int, asyncio.Task[None] | None] = {}
        self._last: dict[int, asyncio.Task[None]] = {}  # by chat
        self._asked: int | None = None

    def offset(self) -> int | None:
        """The first update that is not taken: asking for it confirms those before it. None: whatever is there."""
        waiting = [number for number, task in self._tasks.items() if task is None or not _is_taken(task)]
        newest = max(self._tasks) + 1 if self._tasks else None
        self._asked = min(waiting) if waiting else newest
        return self._asked

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return any(task is not None and not task.done() for task in self._tasks.values())

    async def add(self, updates: Sequence[Update]) -> None:
        """Begin with what is new of the answer to `offset`, in its order while nothing makes us wait. What that
        confirmed is forgotten, as is what another program confirmed: it never comes again.
        """
        there = {update.update_id for update in updates}
        self._tasks = {
            number: task
            for number, task in self._tasks.items()
            if number >= (self._asked or 0) and (task is not None or number in there)
        }
        for update in updates:
            if self._tasks.get(update.update_id) is None:
                is_alone = not self.is_busy
                chat = update.effective_chat.id if update.effective_chat is not None else 0
                task = asyncio.create_task(self._after(self._last.get(chat), update))
                self._tasks[update.update_id] = self._last[chat] = task
                if is_alone:
                    await asyncio.wait({task}, timeout=BESIDE)

    async def wait(self) -> None:
        """Until all are done, or a moment has passed. Raises what the first that was not taken raised; it is begun
        again when it comes again.
        """
        under_way = [task for task in self._tasks.values() if task is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=BESIDE)
        self._last = {chat: task for chat, task in self._last.items() if not task.done()}
        errors: list[BaseException] = []
        for number, task in sorted(self._tasks.items()):
            if task is not None and task.done() and (error := task.exception()) is not None:
                self._tasks[number] = None
                errors += [error] if not isinstance(error, _Behind) else []
        if errors:
            raise errors[0]

    async def stop(self) -> None:
        """End what is under way; it was not confirmed, and comes again."""
        under_way = [task for task in self._tasks.values() if task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _after(self, before: "asyncio.Task[None] | None", update: Update) -> None:
        if before is not None:
            await asyncio.wait({before})
            if not _is_taken(before):
                raise _Behind
        await self._take(update)


def _is_taken(task: "asyncio.Task[None]") -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
