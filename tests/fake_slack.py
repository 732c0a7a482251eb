"""Slack in a test: its Web API, a Socket Mode link, response URLs and signed requests, over real HTTP.

async with FakeSlack() as slack:
    chat = SocketChat(Web(base_url=slack.api, bot_token=slack.bot_token), ...)
    await slack.heard()                                  # until the socket said hello
    envelope = await slack.push("slash_commands", slack.slash("watch troops"))
    await slack.acked(envelope)
    slack.fail("chat.postMessage", status=429, retry_after="7")
"""

import asyncio
import hashlib
import hmac
import json
import os
import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, encode_basic_auth, web

from tests import slack_history, slack_rules
from tests.slack_faults import Fault, dropped, failure
from tests.slack_payloads import ANNA, ANNAS, BORIS, BOT_ID, BOT_USER, ROOM, TEAM, Json, form_of
from tests.slack_views import ViewError, Views
from tests.waiting import LONG

__all__ = ["ANNA", "ANNAS", "BORIS", "BOT_ID", "BOT_USER", "ROOM", "TEAM", "FakeSlack", "check_message", "form_of"]

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


@dataclass
class Room:
    members: set[str] = field(default_factory=lambda: {BOT_USER, ANNA, BORIS})
    archived: bool = False
    creator: str = "U0CREATOR"


class RefusedError(Exception):
    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class FakeSlack(Views):
    """One workspace. Everything that was said and asked is kept in plain lists."""

    def __init__(self) -> None:
        self.bot_token = "xoxb-canary-bot-token"
        self.app_token = "xapp-canary-app-token"
        self.signing_secret = "canary-signing-secret"
        self.client = ("canary-client-id", "canary-client-secret")
        self.tokens: dict[str, str] = {}  # of other workspaces that have the app -> which
        self.codes: dict[str, Json] = {}  # what oauth.v2.access answers, once
        self.rooms: dict[str, Room] = {ROOM: Room(), ANNAS: Room(members={BOT_USER, ANNA})}
        self.users: dict[str, Json] = {ANNA: {"is_admin": True}, BORIS: {}}
        self.directs = {ANNA: ANNAS, BORIS: "D0BORIS"}
        self.rooms["D0BORIS"] = Room(members={BOT_USER, BORIS})
        self.messages: dict[tuple[str, str], Json] = {}
        self.calls: list[tuple[str, Json]] = []
        self.bearers: list[str] = []  # the tokens of calls that were carried out
        self.responses: list[Json] = []  # what came through response URLs
        self.uses_left: dict[str, int] = {}
        self.scopes = {"im:history"}  # of those that not every app has: as manifest.yaml asks for them
        self.holds_up, self.held_up, self.go_on = "", 0, asyncio.Event()  # a method whose answers wait, how many do
        self.says_hello = self.answers_pings = True
        self.links = 0  # sockets that were ever opened
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        super().__init__()
        self.address = ""

    async def __aenter__(self) -> "FakeSlack":
        # slack_sdk would send requests to loopback through the caller's proxy as well.
        self._proxies = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link", self._link)
        app.router.add_post("/respond/{name}", self._respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()
        os.environ.update(self._proxies)

    @property
    def api(self) -> str:
        return f"{self.address}/api/"

    def fail(self, method: str, times: int = 1, **fault: Any) -> None:
        """Let the next calls of `method` ("respond" for response URLs) meet a fault."""
        self._faults[method].extend(Fault(**fault) for _ in range(times))

    def said(self, method: str = "chat.postMessage") -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    # ------------------------------------------------------------------------------------------------------- Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        if method == self.holds_up:
            self.held_up += 1
            await self.go_on.wait()
        fault = self._faults[method].popleft() if self._faults[method] else Fault()
        if fault.drop == "before":
            return await dropped(request)
        if fault.body or fault.error or fault.status != 200:
            self.calls.append((f"{method} (failed)", arguments))
            return failure(fault)
        try:
            answer = {"ok": True, **self._carried_out(method, arguments, request.headers.get("Authorization", ""))}
        except (RefusedError, ViewError) as error:
            answer = {"ok": False, "error": error.error, **error.more}
        self.calls.append((method, arguments))
        if fault.drop == "after":
            return await dropped(request)
        return web.json_response(answer)

    def _carried_out(self, method: str, arguments: Json, authorization: str) -> Json:
        if method == "oauth.v2.access":
            return self._exchange(arguments, authorization)
        tokens = {self.app_token: ""} if method == "apps.connections.open" else {self.bot_token: TEAM, **self.tokens}
        team = tokens.get(authorization.removeprefix("Bearer "))
        if team is None:
            raise RefusedError("invalid_auth" if authorization else "not_authed")
        self.bearers.append(authorization.removeprefix("Bearer "))
        methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": lambda _: {"team_id": team, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "Newsroom"},
            "apps.connections.open": self._open_link,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": lambda given: slack_history.history(self._readable(given), given),
            "conversations.info": self._room_info,
            "conversations.open": self._open_direct,
            "conversations.replies": self._replies,
            "users.info": self._user_info,
            "views.open": self.open_view,
            "views.publish": self.publish,
            "views.update": self.update_view,
        }
        if method not in methods:
            raise RefusedError("unknown_method")
        return methods[method](arguments)

    def code_for(self, workspace: str, token: str, **changes: Any) -> str:
        """The code with which Slack would send a browser back that installed the app there."""
        code = f"canary-code-{next(self._count)}"
        self.tokens[token] = workspace
        self.codes[code] = {
            "app_id": "A0APP",
            "access_token": token,
            "token_type": "bot",
            "bot_user_id": BOT_USER,
            "team": {"id": workspace, "name": f"The <{workspace}>"},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": ANNA},
            **changes,
        }
        return code

    def _exchange(self, arguments: Json, authorization: str) -> Json:
        if authorization != encode_basic_auth(*self.client):
            raise RefusedError("bad_client_secret")
        if arguments.get("code") not in self.codes:
            raise RefusedError("invalid_code")
        return self.codes.pop(arguments["code"])

    def _open_link(self, _: Json) -> Json:
        ticket = f"canary-ticket-{next(self._count)}"
        self._tickets.add(ticket)
        return {"url": f"{self.address.replace('http', 'ws')}/link?ticket={ticket}"}

    def _post(self, arguments: Json) -> Json:
        channel = self.directs.get(arguments.get("channel", ""), arguments.get("channel", ""))
        self._check_room(channel)
        check_message(arguments)
        ts = f"1700000000.{next(self._count):06d}"
        self.messages[channel, ts] = {**arguments, "ts": ts, "bot_id": BOT_ID}
        return {"channel": channel, "ts": ts, "message": arguments}

    def _post_ephemeral(self, arguments: Json) -> Json:
        self._check_room(arguments.get("channel", ""))
        check_message(arguments)
        return {"message_ts": f"1700000000.{next(self._count):06d}"}

    def _update(self, arguments: Json) -> Json:
        channel, ts = arguments.get("channel", ""), arguments.get("ts", "")
        self._check_room(channel)
        if (channel, ts) not in self.messages:
            raise RefusedError("message_not_found")
        check_message(arguments, most_text=4_000)
        given = {name: arguments[name] for name in ("text", "blocks") if name in arguments}
        self.messages[channel, ts] |= given
        return {"channel": channel, "ts": ts, "text": arguments.get("text", "")}

    def _readable(self, arguments: Json) -> list[Json]:
        """The room's messages, in order, where the app may read them."""
        channel = arguments["channel"]
        needed = "im:history" if channel.startswith("D") else "channels:history"
        if needed not in self.scopes:
            raise RefusedError("missing_scope", needed=needed, provided=",".join(self.scopes))
        self._check_room(channel)
        return [message for (room, _), message in sorted(self.messages.items()) if room == channel]

    def _replies(self, arguments: Json) -> Json:
        replies = slack_history.replies(self._readable(arguments), arguments)
        if replies is None:
            raise RefusedError("thread_not_found")
        return replies

    def _check_room(self, channel: str) -> None:
        room = self.rooms.get(channel)
        if room is None:
            raise RefusedError("channel_not_found")
        if room.archived:
            raise RefusedError("is_archived")
        if BOT_USER not in room.members:
            raise RefusedError("not_in_channel")

    def _room_info(self, arguments: Json) -> Json:
        if arguments.get("channel") not in self.rooms:
            raise RefusedError("channel_not_found")
        room = self.rooms[arguments["channel"]]
        return {"channel": {"id": arguments["channel"], "creator": room.creator, "is_member": BOT_USER in room.members}}

    def _open_direct(self, arguments: Json) -> Json:
        if arguments.get("users") not in self.directs:
            raise RefusedError("user_not_found")
        return {"channel": {"id": self.directs[arguments["users"]]}}

    def _user_info(self, arguments: Json) -> Json:
        if arguments.get("user") not in self.users:
            raise RefusedError("user_not_found")
        return {"user": {"id": arguments["user"], **self.users[arguments["user"]]}}

    # ------------------------------------------------------------------------------------------------- response URLs

    def response_url(self, uses: int = 5) -> str:
        name = f"canary-response-{next(self._count)}"
        self.uses_left[name] = uses
        return f"{self.address}/respond/{name}"

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults["respond"].popleft() if self._faults["respond"] else Fault()
        if fault.drop == "before":
            return await dropped(request)
        if fault.status != 200:
            return failure(fault)
        if self.uses_left.get(request.match_info["name"], 0) <= 0:
            return web.Response(status=404, text="expired_url")
        self.uses_left[request.match_info["name"]] -= 1
        payload = await request.json()
        try:
            check_message(payload)
        except RefusedError as error:
            return web.Response(status=400, text=error.error)
        self.responses.append(payload)
        return await dropped(request) if fault.drop == "after" else web.Response(text="ok")

    # --------------------------------------------------------------------------------------------------- Socket Mode

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(request.query["ticket"])  # good for one link
        socket = web.WebSocketResponse(autoping=self.answers_pings)
        await socket.prepare(request)
        self._sockets.append(socket)
        self.links += 1
        self._changed.set()
        if self.says_hello:
            await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0APP"}})
            self._ready.set()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                reply = json.loads(frame.data)
                future = self._acks.setdefault(reply["envelope_id"], asyncio.get_running_loop().create_future())
                if not future.done():
                    future.set_result(reply)
        self._sockets.remove(socket)
        return socket

    async def heard(self) -> None:
        """Until a link is up."""
        await asyncio.wait_for(self._ready.wait(), LONG)

    async def linked(self, times: int) -> None:
        """Until that many links were made."""
        async with asyncio.timeout(LONG):
            while self.links < times:
                self._changed.clear()
                await self._changed.wait()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """What Slack sends before it takes a link down."""
        self._ready.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": reason})

    async def cut(self) -> None:
        """Close the link without a word."""
        self._ready.clear()
        await self._sockets[-1].close()

    async def push(self, kind: str, payload: Json, **more: Any) -> str:
        """Send an envelope; its id."""
        await self.heard()
        envelope_id = f"env-{next(self._count)}"
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": True}
        await self._sockets[-1].send_json({**envelope, **more})
        return envelope_id

    async def acked(self, envelope_id: str, seconds: float = LONG) -> Json:
        """The acknowledgement. Raises TimeoutError when none comes in time."""
        return await asyncio.wait_for(asyncio.shield(self._acks[envelope_id]), seconds)

    # ----------------------------------------------------------------------------------------------- signed requests

    def signed(self, body: bytes, at: float, *, form: bool = False, secret: str = "") -> dict[str, str]:
        """The headers under which Slack would send `body`, lower-case."""
        base = b"v0:%d:" % int(at) + body
        digest = hmac.new((secret or self.signing_secret).encode(), base, hashlib.sha256).hexdigest()
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        return {
            "content-type": kind,
            "x-slack-request-timestamp": str(int(at)),
            "x-slack-signature": f"v0={digest}",
        }


def check_message(arguments: Json, *, most_text: int = 40_000) -> None:
    """Refuse what Slack refuses about a message."""
    text, blocks = arguments.get("text", ""), arguments.get("blocks") or []
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if not str(text).strip() and not blocks:
        raise RefusedError("no_text")
    if slack_rules.units(str(text)) > most_text:
        raise RefusedError("msg_too_long")
    wrong = slack_rules.faults(blocks)
    if any("msg_blocks_too_long" in fault for fault in wrong):
        raise RefusedError("msg_blocks_too_long")
    if wrong:
        raise RefusedError("invalid_blocks", response_metadata={"messages": wrong})
    metadata = arguments.get("metadata")
    if metadata is not None and not re.fullmatch(r"[\w-]+", metadata["event_type"]):
        raise RefusedError("invalid_metadata_format")


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
