"""The Slack chat: commands in through bolt, messages out through the Web API."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.chats import _slack_inbound as inbound
from bot.chats._slack_door import Door
from bot.chats._slack_errors import BOT_TOKEN
from bot.chats._slack_lookup import Lookup, mark
from bot.chats._slack_people import People
from bot.chats._slack_socket import Socket, Timing
from bot.chats._slack_web import Web, sdk_logger
from bot.chats._slack_windows import Windows
from bot.errors import PermanentError, TransientError, UnknownOutcome
from bot.model import Command, Delivery, Limits
from bot.ports import Clock, Handle, Peek
from bot.writing.slack import format_message

log = structlog.get_logger(__name__)

T = TypeVar("T")

_EPHEMERAL = "response:"  # what only its asker sees has no id of Slack's


class SlackChat:
    """What both ways of hearing Slack share; a subclass says how it hears."""

    platform = "slack"
    # Slack: one message a second per channel, "several hundred a minute" per workspace; `text` below 4,000 so that
    # `chat.update` takes it.
    limits = Limits(pace=timedelta(seconds=1), per_second=5)

    def __init__(self, web: Web, clock: Clock, timing: Timing) -> None:
        self._web = web
        self._clock = clock
        self._timing = timing
        self._people = People(web, clock)
        self._windows = Windows(web, self._people, clock)
        self._me: inbound.Identity | None = None
        self._handle: Handle | None = None
        self.ready = asyncio.Event()  # set while commands can be taken
        self._app: AsyncApp | None = None
        self._in_order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._doubt = asyncio.Event()  # the token was refused somewhere: look at once
        self._lookup = Lookup(web, clock)
        self._direct_chats: dict[str, str] = {}  # person -> direct chat, as `chat.update` takes only the latter

    @property
    def peek(self) -> Peek | None:
        """What windows ask; set by the pipeline."""
        return self._windows.peek

    @peek.setter
    def peek(self, peek: Peek | None) -> None:
        self._windows.peek = peek

    # ------------------------------------------------------------------------------------------------------------ in

    async def listen(self, handle: Handle) -> None:
        """Take commands until cancelled."""
        self._me = await self._web.who()
        if not self._me.team_id or not self._me.user_id:
            raise PermanentError(f"What {BOT_TOKEN} names is no bot of a workspace; copy the Bot User OAuth Token.")
        self._handle = handle
        self.ready.set()
        try:
            await _first_end(self._watch(), self._hear())
        finally:
            self.ready.clear()
            self._handle = None

    async def _hear(self) -> None:
        raise NotImplementedError

    async def _watch(self) -> None:
        """Ask every minute whether the token still holds. Raises PermanentError when it does not."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), self._timing.watch)
            self._doubt.clear()
            with contextlib.suppress(TransientError, UnknownOutcome):
                await self._web.who()

    async def _dispatched(self, payload: Mapping[str, Any]) -> BoltResponse:
        """bolt's answer to a payload that is known to be Slack's; 200 only once the commands in it are on disk."""
        # Always as if from a socket. Over HTTP, bolt 1.30 takes a slash command that has the word "payload" in its
        # text for an empty request, and its signature check fails on malformed headers.
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=dict(payload))
        except Exception:  # bolt looks into a payload without asking what is there: this one is not Slack's
            return BoltResponse(status=400)
        if self._app is None:
            self._app = self._new_app()
        response = await self._app.async_dispatch(request)
        return BoltResponse(status=400) if response.status == 500 else response  # the same, found a step later

    def _new_app(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            """Who we are, so that bolt drops our own messages without asking Slack for every event."""
            me = self._me or inbound.Identity(team_id="", user_id="")
            return AuthorizeResult(enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id)

        app = AsyncApp(
            name="watchword",
            logger=sdk_logger(),
            client=AsyncWebClient(logger=sdk_logger(), retry_handlers=[]),
            authorize=authorize,
            signing_secret="",
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        app.use(self._take)  # listeners would leave what none of them matches unacknowledged: this takes everything
        return app

    async def _take(self, body: dict[str, Any]) -> BoltResponse:
        """Hand on the commands in a payload, and acknowledge when all are on disk: Slack repeats what is not."""
        if self._me is None or self._handle is None:
            return BoltResponse(status=503)
        try:
            said, answer = await self._windows.take(body, self._me)
            for command in [*said, *inbound.commands(body, self._me, self._clock())]:
                await self._receive(command, self._handle)
        except Exception:  # whatever it was: not acknowledged, so Slack sends it again
            log.exception("a command could not be kept")
            return BoltResponse(status=503)
        return BoltResponse(status=200, body=dict(answer) if answer else "")

    async def _receive(self, command: Command, handle: Handle) -> None:
        """In the order of arrival within a chat, although the look-up of a role may take longer for one of two."""
        lock = self._in_order.setdefault(command.destination.key, asyncio.Lock())
        async with lock:
            if not command.admin and not command.event:
                admin = await self._people.is_admin(command.user.user_id, command.destination.chat_id)
                command = replace(command, admin=admin)
            await handle(command)

    # ----------------------------------------------------------------------------------------------------------- out

    async def send(self, delivery: Delivery) -> str:
        """Through the response URL where there is one (only the asker sees it), else into the chat."""
        sent = await self._send(delivery)
        if not delivery.alert_key:
            self._windows.answered(delivery.destination)
        return sent

    async def _send(self, delivery: Delivery) -> str:
        payload = format_message(delivery.message, plain=delivery.plain, is_alert=bool(delivery.alert_key))
        destination = delivery.destination
        root = _root(delivery)
        thread = {"thread_ts": root} if root else {}
        if delivery.reply_handle and await self._web.respond(delivery.reply_handle, {**payload, **thread}):
            return _EPHEMERAL + delivery.id
        post = self._web.post(destination.chat_id, payload, metadata=mark(delivery.id), **thread)
        channel, ts = await self._doubting(post)
        if destination.chat_id.startswith(("U", "W")):
            self._direct_chats[destination.chat_id] = channel
        return ts

    async def lookup(self, delivery: Delivery) -> str | None:
        """See the port. What only its asker saw is in no history."""
        channel = await self._channel(delivery.destination.chat_id)
        bot_id = self._me.bot_id if self._me is not None else ""
        since = delivery.created_at
        ts = await self._lookup.ts(channel, _root(delivery), delivery.id, since=since, bot_id=bot_id)
        return ts or (None if delivery.reply_handle else ts)

    async def edit(self, delivery: Delivery) -> None:
        """Replace the message; Slack takes an edit that changes nothing."""
        payload = format_message(delivery.message, plain=delivery.plain, is_alert=bool(delivery.alert_key))
        if delivery.message_id.startswith(_EPHEMERAL):
            handle = delivery.reply_handle  # of a press in it
            if not handle or not await self._web.respond(handle, {**payload, "replace_original": True}):
                raise PermanentError("An answer that only its asker sees cannot be changed.")
            return
        channel = await self._doubting(self._channel(delivery.destination.chat_id))
        await self._doubting(self._web.update(channel, delivery.message_id, payload))

    async def _channel(self, chat_id: str) -> str:
        """The channel behind a chat's id, which may be a person's."""
        if not chat_id.startswith(("U", "W")):
            return chat_id
        if chat_id not in self._direct_chats:
            self._direct_chats[chat_id] = await self._web.direct_chat(chat_id)
        return self._direct_chats[chat_id]

    async def _doubting(self, call: Awaitable[T]) -> T:
        """The call; when it is refused for good, `_watch` looks at once whether it was for the token."""
        try:
            return await call
        except PermanentError:
            self._doubt.set()
            raise

    async def close(self) -> None:
        """Let go of connections."""
        await self._windows.close()
        await self._web.close()


class SocketChat(SlackChat):
    """Hears Slack over Socket Mode: no public address is needed."""

    def __init__(self, web: Web, clock: Clock, *, app_token: str, timing: Timing) -> None:
        super().__init__(web, clock, timing)
        self._socket = Socket(web, app_token=app_token, timing=timing, dispatch=self._answered)

    async def _hear(self) -> None:
        await self._socket.run()

    async def _answered(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        response = await self._dispatched(payload)
        if response.status != 200:
            return None
        return dict(json.loads(response.body)) if response.body else {}


class HttpChat(SlackChat):
    """Hears Slack over HTTP: events, slash commands and presses of buttons all come to `path`, signed."""

    path = "/slack/events"

    def __init__(self, web: Web, clock: Clock, *, signing_secret: str, timing: Timing) -> None:
        super().__init__(web, clock, timing)
        self._door = Door(signing_secret, clock)

    async def _hear(self) -> None:
        await asyncio.Event().wait()

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Answer one POST: see `Door`."""
        return await self._door.receive(headers, body, self._dispatched)


def _root(delivery: Delivery) -> str:
    """The thread that it stands in: below an alert in the chat itself, or its destination's own."""
    return delivery.destination.thread_id or (delivery.reply_to if delivery.alert_key else "")


async def _first_end(*works: Awaitable[None]) -> None:
    """Run all until one ends; raises what it raised. The others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
