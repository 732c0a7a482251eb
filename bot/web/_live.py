"""Live updates: one reader of the chat renders each delivery once and hands it to every open page."""

import asyncio
import json
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import lru_cache

from aiohttp import web

from bot.errors import WatchwordError
from bot.model import Command, Delivery
from bot.ports import LocalChat
from bot.web._serving import most_connections
from bot.web.looks import Shown, shown

History = Callable[[int], Awaitable[list[Delivery | Command]]]

ON_SHOW = 60  # lines of the conversation on a fresh page
AFTER_A_GAP = 300  # lines that a page gets that has been away
_NEWEST = 20  # items of the history among which commands are looked for that no page shows yet
_BACKLOG = 200  # events that one page may be behind; a page that sleeps longer comes again and reads the history
_KEEP_ALIVE_SECONDS = 20.0
MOST_STREAMS = 32  # open pages
_RENDERED = 400  # lines that are kept as they were rendered: what all pages show


class Live:
    """Fans out the conversation to open pages."""

    def __init__(self, chat: LocalChat, history: History) -> None:
        self._chat = chat
        self._history = history
        self._pages: weakref.WeakSet[_Page] = weakref.WeakSet()
        self._known: set[str] = set()  # ids of the commands in the part of the history that was looked at last
        self._closing = False
        self._most = min(
            MOST_STREAMS, most_connections() // 2
        )  # a stream keeps its connection: leave some for commands
        self._looks = {limit: _Shared(limit, self._read_lines) for limit in (ON_SHOW, AFTER_A_GAP)}

    async def lines(self, limit: int) -> list[Shown]:
        """The newest `limit` lines (ON_SHOW or AFTER_A_GAP), oldest first; a later form of a message takes the earlier
        one's place. All who ask at the same time get one reading, which begins after they asked.
        """
        return await self._looks[limit].get()

    async def _read_lines(self, limit: int) -> list[Shown]:
        lines: dict[str, Shown] = {}
        for item in await self._history(limit):
            if isinstance(item, Command) and item.event:
                continue  # the platform said it, nobody typed it
            line = _rendered(item)
            lines[line.key] = line
            await asyncio.sleep(0)  # rendering a long history must not hold up everybody else
        return list(lines.values())

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """For `cleanup_ctx`: reads the chat while the application runs."""
        reading = asyncio.create_task(self._read(self._chat.events()))
        yield
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading

    async def hang_up(self, _: web.Application) -> None:
        """For `on_shutdown`: open streams end, or the server would wait for them."""
        self._closing = True
        self._drop_pages()

    async def tell_commands(self) -> None:
        """Show pages what was typed since the last look, here or in the terminal."""
        commands = [item for item in await self._history(_NEWEST) if isinstance(item, Command) and not item.event]
        for command in commands:
            if command.id not in self._known:
                self._tell(_rendered(command))
        self._known = {command.id for command in commands}

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: first the history, so that nothing is missed over a gap, then each line as it comes."""
        if len(self._pages) >= self._most:
            text = f"{self._most} pages are open already; close one.\n"
            raise web.HTTPServiceUnavailable(text=text, headers={"Retry-After": "5"})
        page = _Page()
        if not self._closing:
            self._pages.add(page)  # before the history is read: what comes in between is only shown twice, in place
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        try:
            await response.prepare(request)
            with suppress(ConnectionError, TimeoutError):
                await _write(response, b"retry: 1000\n\n")
                for line in await self.lines(AFTER_A_GAP if "Last-Event-ID" in request.headers else ON_SHOW):
                    await _write(response, event(line))
                await _write(response, b"event: current\ndata: {}\n\n")
                while not page.left or not page.queue.empty():
                    await _write(response, await page.next())
        finally:
            self._pages.discard(page)
        return response

    async def _read(self, events: AsyncIterator[Delivery]) -> None:
        while not self._closing:
            async for delivery in events:
                with suppress(WatchwordError):  # the store is away for a moment: the answer is shown all the same
                    await self.tell_commands()  # what was asked comes before the answer
                self._tell(shown(delivery))
            events = self._chat.events()  # we were cut off, or the chat closed; before the pages come again,
            self._drop_pages()  # which then read in the history what nobody told them
            await asyncio.sleep(1)  # a closed chat's events end at once

    def _tell(self, line: Shown) -> None:
        data = event(line)
        for page in list(self._pages):
            page.take(data)

    def _drop_pages(self) -> None:
        for page in list(self._pages):
            page.leave()


class _Page:
    """One open page's events."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.left = False

    def take(self, data: bytes) -> None:
        if self.queue.qsize() >= _BACKLOG:
            self.leave()
        elif not self.left:
            self.queue.put_nowait(data)

    def leave(self) -> None:
        if not self.left:
            self.left = True
            self.queue.put_nowait(b": bye\n\n")  # wakes the one who waits

    async def next(self) -> bytes:
        try:
            return await asyncio.wait_for(self.queue.get(), _KEEP_ALIVE_SECONDS)
        except TimeoutError:
            return b": still here\n\n"  # finds out that the browser has gone, too


class _Shared:
    """One reading of the newest lines for all who ask while another one is under way."""

    def __init__(self, limit: int, read: Callable[[int], Awaitable[list[Shown]]]) -> None:
        self._limit = limit
        self._read = read
        self._turn = asyncio.Lock()
        self._begun = self._done = 0
        self._lines: list[Shown] = []

    async def get(self) -> list[Shown]:
        """What a reading gave that began after this call."""
        wanted = self._begun + 1
        async with self._turn:
            if self._done < wanted:
                self._begun += 1
                number = self._begun
                self._lines = await self._read(self._limit)
                self._done = number
            return self._lines


async def _write(response: web.StreamResponse, data: bytes) -> None:
    """A page that takes nothing for so long is gone; it comes again when it wakes up."""
    async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
        await response.write(data)


@lru_cache(_RENDERED)
def _rendered(item: Delivery | Command) -> Shown:
    return shown(item)


@lru_cache(_RENDERED)
def event(line: Shown) -> bytes:
    """One server-sent event."""
    data = json.dumps({"key": line.key, "version": line.version, "html": line.html})
    return f"id: {line.version}\nevent: line\ndata: {data}\n\n".encode()
