"""The embedded chat: one person, one conversation, shown by a web page and by the terminal at the same time."""

import asyncio
import re
import unicodedata
import uuid
import weakref
from collections import deque
from dataclasses import replace
from datetime import timedelta

from bot.errors import PermanentError
from bot.model import Command, Delivery, Destination, Limits, User
from bot.ports import Clock, Handle, Kit, LocalChat

BACKLOG = 256  # deliveries that one viewer may be behind before it is cut off; it can read the history and come again
_UNSEEN = ("Cc", "Cs")
_ADDRESSED = re.compile(r"(?:[/@]watchword\b|/)\s*", re.IGNORECASE)


def connect(kit: Kit) -> LocalChat:
    """Always there; needs no token."""
    return Local(kit.clock)


class Local:
    """Messages live in the store; this only hands them to whoever looks on, and takes what is typed."""

    platform = "local"
    limits = Limits(pace=timedelta(0), per_second=1_000)
    here = Destination(platform="local", chat_id="you", user_id="you")
    you = User(platform="local", user_id="you", name="you")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._handle: Handle | None = None
        self._listening = asyncio.Event()
        self._closed = False
        self._viewers: weakref.WeakSet[Viewer] = weakref.WeakSet()  # one that nobody reads any more just goes

    async def listen(self, handle: Handle) -> None:
        """Hand typed commands to `handle` until cancelled."""
        self._handle = handle
        self._listening.set()
        try:
            await asyncio.Event().wait()
        finally:
            if self._handle is handle:
                self._handle = None
                self._listening.clear()

    async def submit(self, text: str, *, reply_to: str = "") -> None:
        """Say `text` as the local user; returns once it is on disk, which may have to wait for `listen`.

        `/verb`, `verb`, `/watchword verb` and `@watchword verb` are the same. Nothing typed is nothing said.
        Raises what the handler raises; PermanentError after `close`.
        """
        if self._closed:
            raise PermanentError("The local chat is closed.")
        text = spoken(text)
        if not text:
            return
        event_id = uuid.uuid4().hex
        command = Command(
            id=f"local-{event_id}",
            user=self.you,
            destination=self.here,
            text=text,
            message_id=event_id,
            reply_to=reply_to,
            received_at=self._clock(),
        )
        while self._handle is None:
            await self._listening.wait()
        await self._handle(command)

    async def send(self, delivery: Delivery) -> str:
        """Show it to everyone who looks on; with nobody there it waits in the history."""
        self._require_here(delivery)
        self._show(replace(delivery, message_id=delivery.id))
        return delivery.id

    async def lookup(self, delivery: Delivery) -> str | None:
        """Messages go by their delivery's id: sent again, it takes the place of the same one."""
        return ""

    async def edit(self, delivery: Delivery) -> None:
        """Show the new form of `delivery.message_id`."""
        self._require_here(delivery)
        self._show(delivery)

    def events(self) -> "Viewer":
        """Every delivery from this call on. Ends when the chat closes, or when the reader falls `BACKLOG` behind."""
        viewer = Viewer()
        if self._closed:
            viewer.end()
        self._viewers.add(viewer)
        return viewer

    async def close(self) -> None:
        """Let every viewer go."""
        self._closed = True
        for viewer in list(self._viewers):
            viewer.end()

    def _require_here(self, delivery: Delivery) -> None:
        if self._closed:
            raise PermanentError("The local chat is closed.")
        if delivery.destination.key != self.here.key:
            raise PermanentError(f"The local chat has no conversation {delivery.destination.chat_id!r}.", gone=True)

    def _show(self, delivery: Delivery) -> None:
        for viewer in list(self._viewers):
            viewer.take(delivery)


class Viewer:
    """One reader's queue of deliveries: bounded, so that a reader who has gone to sleep costs the chat nothing."""

    def __init__(self) -> None:
        self._waiting: deque[Delivery] = deque()
        self._news = asyncio.Event()
        self._ended = False

    def take(self, delivery: Delivery) -> None:
        """Queue it, or end this viewer when it is too far behind."""
        if len(self._waiting) >= BACKLOG:
            self._waiting.clear()
            self.end()
        elif not self._ended:
            self._waiting.append(delivery)
            self._news.set()

    def end(self) -> None:
        """No more after what is queued."""
        self._ended = True
        self._news.set()

    def __aiter__(self) -> "Viewer":
        return self

    async def __anext__(self) -> Delivery:
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


def spoken(text: str) -> str:
    """What was typed, without slash or name in front and without characters that no store can keep or nobody sees."""
    kept = "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in _UNSEEN
    )
    kept = kept.strip()
    address = _ADDRESSED.match(kept)
    return kept[address.end() :].strip() if address else kept
