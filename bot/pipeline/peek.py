"""Answers that change nothing, given at once: a rule's preview while it is typed, a person's overview.

They read what is committed in threads of their own: neither the inbox nor the writer waits for them.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from bot import registry, say
from bot.errors import UserError
from bot.model import UNWRITTEN, Command, HomePart, Message
from bot.pipeline.writer import Write
from bot.ports import Clock, Desk, Store
from bot.reading import verbs
from bot.zones import zone_named

T = TypeVar("T")

AT_ONCE = 2  # threads: what is typed in windows must not take the processor from what is read


class Peek:
    """See the port."""

    def __init__(self, store: Store, write: Write, clock: Clock) -> None:
        self._store = store
        self._write = write
        self._clock = clock
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="peek")

    async def answer(self, command: Command) -> Message:
        """See the port. Verbs that prepare more than a message have nothing to say: they only check."""
        verb, argument = verbs.split(command.text)
        try:
            module = registry.module("bot.commands", verb)
            prepare: Callable[[Desk, str], object] = getattr(module, "glance", None) or module.prepare
        except (KeyError, AttributeError):
            raise UserError(f"There is no preview of “{verb}”.") from None
        prepared = await self._read(command, lambda desk: prepare(desk, argument))
        return prepared if isinstance(prepared, Message) else UNWRITTEN

    async def home(self, command: Command) -> Sequence[HomePart]:
        """See the port. Times are in the zone that the person chose."""
        try:
            parts: Callable[[Desk], Sequence[HomePart]] = registry.module("bot.commands", "home").parts
        except KeyError:
            return ()
        return await self._read(command, lambda desk: [_in_zone(part, desk) for part in parts(desk)])

    async def _read(self, command: Command, work: Callable[[Desk], T]) -> T:
        # Whoever asks may give up waiting: the reader is closed all the same, by the thread that uses it.
        reading = asyncio.ensure_future(self._reading(command, work))
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(reading)

    async def _reading(self, command: Command, work: Callable[[Desk], T]) -> T:
        reader = await self._write(self._store.reader)

        def run() -> T:
            try:
                return work(Desk(store=reader, command=command, now=self._clock()))
            finally:
                reader.close()

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)


def _in_zone(part: HomePart, desk: Desk) -> HomePart:
    zone = zone_named(desk.store.preferences(desk.command.user).zone)
    lines = [replace(line, block=say.in_zone(say.message(line.block), zone).blocks[0]) for line in part.lines]
    return replace(part, lines=tuple(lines))
