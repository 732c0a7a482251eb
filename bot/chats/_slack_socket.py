"""Socket Mode: one task owns one connection at a time.

Not the SDK's client: after an idle reconnect that can go silently deaf, and it asks for ever with a token that was
refused. Here a connection that does not answer pings, or never says hello, ends, and the next one is made from scratch.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from bot.chats._slack_web import Web
from bot.errors import TransientError, UnknownOutcome

log = structlog.get_logger(__name__)

# Carries out an envelope's payload; the body of the acknowledgement, or None when it must not be acknowledged.
Dispatch = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]

MOST_FRAME_BYTES = 4 << 20
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds. A ping goes out after `heartbeat` of silence and must be answered within half of that."""

    heartbeat: float = 10.0
    hello: float = 10.0
    watch: float = 60.0  # between two looks at whether the token still holds
    finish: float = 3.0  # for what is under way when a connection ends


class Socket:
    """Hears Slack until cancelled. Raises PermanentError when the app token is refused."""

    def __init__(self, web: Web, *, app_token: str, timing: Timing, dispatch: Dispatch) -> None:
        self._web = web
        self._app_token = app_token
        self._timing = timing
        self._dispatch = dispatch

    async def run(self) -> None:
        """One connection after the other: at once after one that Slack ended in order, else with growing pauses."""
        pause = FIRST_PAUSE
        while True:
            asked = 0.0
            try:
                if await self._connection():
                    pause = FIRST_PAUSE
                    continue
            except TransientError as error:
                log.warning("no Slack socket yet", error=str(error))
                asked = error.retry_after.total_seconds() if error.retry_after else 0.0
            except (UnknownOutcome, aiohttp.ClientError, TimeoutError, OSError) as error:
                # Only the kind of a link's error: its text may hold the socket's address, and that the ticket in it.
                reason = str(error) if isinstance(error, UnknownOutcome) else type(error).__name__
                log.warning("the Slack socket broke", error=reason)
            await asyncio.sleep(max(pause, asked))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connection(self) -> bool:
        """Hear one connection to its end; whether that end was announced."""
        url = await self._web.socket_url(self._app_token)
        under_way: set[asyncio.Task[None]] = set()
        async with self._web.session.ws_connect(
            url, heartbeat=self._timing.heartbeat, max_msg_size=MOST_FRAME_BYTES, proxy=self._web.proxy
        ) as socket:
            hello = _parsed(await socket.receive(timeout=self._timing.hello))
            if hello.get("type") != "hello":
                raise UnknownOutcome("the socket did not say hello")
            try:
                async for frame in socket:
                    envelope = _parsed(frame)
                    if envelope.get("type") == "disconnect":
                        return True
                    if envelope.get("envelope_id"):
                        task = asyncio.create_task(self._carry_out(socket, envelope))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
            finally:
                if under_way:
                    await asyncio.wait(under_way, timeout=self._timing.finish)
            raise UnknownOutcome(f"it closed ({socket.close_code})")

    async def _carry_out(self, socket: aiohttp.ClientWebSocketResponse, envelope: Mapping[str, Any]) -> None:
        payload = envelope.get("payload")
        answer = await self._dispatch(payload if isinstance(payload, dict) else {})
        if answer is None:
            return
        reply = {"envelope_id": envelope["envelope_id"], **({"payload": answer} if answer else {})}
        try:
            await socket.send_json(reply)
        except (aiohttp.ClientError, OSError):
            log.warning("the Slack socket ended before an acknowledgement")  # Slack sends it again; the inbox knows it


def _parsed(frame: aiohttp.WSMessage) -> Mapping[str, Any]:
    """The object in a text frame; empty for anything else."""
    if frame.type is not aiohttp.WSMsgType.TEXT:
        return {}
    try:
        value = json.loads(frame.data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
