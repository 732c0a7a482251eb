"""A Telegram that outlives the process that talks to it, keeps the Bot API's rates, and can be made to misbehave."""

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from aiohttp.test_utils import TestServer

from tests.fake_telegram import FakeTelegram, Fault, Json, Refusal
from tests.waiting import LONG

PER_SECOND = 30  # messages to all chats together
BURST = 4  # messages to one chat within as many seconds: one a second, with a little patience
SENDING = ("sendMessage", "editMessageText")


class Arrival(NamedTuple):
    """A message that is in a chat, since when."""

    at: float
    chat: int
    text: str


class Pause(NamedTuple):
    """A time in which a chat may not be sent to, as a 429 said."""

    chat: int
    since: float
    until: float


class Platform(FakeTelegram):
    """`arrived` is what is in the chats; `too_early` counts calls that came before a Retry-After had ended."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[Arrival] = []
        self.pauses: list[Pause] = []
        self.too_early = 0
        self.over_rate = 0
        self.cuts = 0  # links cut, after or before the message was taken: nobody can tell which
        self.polls = 0
        self.asked = 0  # sends and edits, refused ones included
        self.latency = 0.1  # seconds between a message being in its chat and the answer: a kill may fall between
        self.misbehave: Any = None  # called with the chat at each send: a fault, or None
        self._closed_until: dict[int, float] = {}
        self._lately: deque[float] = deque()
        self._in_chat: dict[int, deque[float]] = defaultdict(deque)
        self.loop = asyncio.new_event_loop()

    def push(self, kind: str, body: Json) -> Json:
        """See the base; from any thread."""
        self._update_id += 1
        self.updates.append({"update_id": self._update_id, kind: body})
        self.loop.call_soon_threadsafe(self._news.set)
        return body

    def _fault(self, method: str) -> Fault | None:
        now, arguments = time.monotonic(), self.calls.pop()[1]  # a long run would keep them all
        self.polls += method == "getUpdates"
        if method not in SENDING:
            return super()._fault(method)
        chat = int(arguments["chat_id"])
        self.asked += 1
        self.too_early += now < self._closed_until.get(chat, 0.0)
        fault: Fault | None = self.misbehave(chat) if self.misbehave else super()._fault(method)
        self.cuts += fault in ("drop", "refuse")
        return fault or self._over_rate(chat, now)

    def _over_rate(self, chat: int, now: float) -> Refusal | None:
        """Telegram's own 429; what is refused does not count."""
        mine = self._in_chat[chat]
        for window, length in ((self._lately, 1.0), (mine, float(BURST))):
            while window and window[0] <= now - length:
                window.popleft()
        if len(self._lately) >= PER_SECOND or len(mine) >= BURST + 1:
            self.over_rate += 1
            return self.flood_wait(chat, 1)
        self._lately.append(now)
        mine.append(now)
        return None

    def flood_wait(self, chat: int, seconds: int) -> Refusal:
        """A 429 of so many seconds for one chat."""
        now = time.monotonic()
        self._closed_until[chat] = now + seconds
        self.pauses.append(Pause(chat, now, now + seconds))
        return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    async def _sendMessage(self, arguments: Json) -> Json:  # type: ignore[override]  # the base calls either kind
        shown = super()._sendMessage(arguments)
        self.arrived.append(Arrival(time.monotonic(), int(arguments["chat_id"]), str(arguments["text"])))
        await asyncio.sleep(self.latency)
        return shown


@contextmanager
def platform() -> Iterator[tuple[Platform, str]]:
    """In a thread of its own. (platform, address)."""
    peer, started, address = Platform(), threading.Event(), list[str]()

    async def serve() -> None:
        server = TestServer(peer.application())
        await server.start_server()
        address.append(str(server.make_url("/")))
        started.set()

    thread = threading.Thread(target=peer.loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), peer.loop)
    assert started.wait(LONG)
    try:
        yield peer, address[0]
    finally:
        peer.loop.call_soon_threadsafe(peer.loop.stop)
        thread.join(timeout=LONG)
