"""Slack with many workspaces: one address at which all of them are heard, a token for each."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.chats import _slack_inbound as inbound
from bot.chats._slack_chat import SlackChat
from bot.chats._slack_door import Door
from bot.chats._slack_errors import INSTALLED
from bot.chats._slack_install import Installed, Installer
from bot.chats._slack_socket import Timing
from bot.chats._slack_web import Web
from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError
from bot.model import Delivery
from bot.ports import Clock, Handle, Peek, Vault

log = structlog.get_logger(__name__)

PATIENCE = 2.0  # seconds, for Slack to say whether a token holds: the event is acknowledged within three


class Workspace(SlackChat):
    """One of many. Who we are there is known from the installation, and what it is to be told comes from outside."""

    def __init__(self, web: Web, clock: Clock, timing: Timing, me: inbound.Identity) -> None:
        super().__init__(web, clock, timing)
        self.me = self._me = me

    def attend(self, handle: Handle | None, peek: Peek | None) -> None:
        """From now on commands go there; without a handle none are taken."""
        self._handle = handle
        self.peek = peek

    async def dispatched(self, payload: Mapping[str, Any]) -> BoltResponse:
        """bolt's answer to a payload of this workspace."""
        return await self._dispatched(payload)

    async def holds(self) -> bool:
        """Whether the token is still good. Raises TransientError, UnknownOutcome, TimeoutError."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._web.who()
        except PermanentError:
            return False
        return True


class Workspaces:
    """See `ports.Chat`, `HttpReceiver`, `HttpPages`: each workspace's own chat does the work."""

    platform = "slack"
    limits = SlackChat.limits
    path = "/slack/events"
    pages = Installer.pages

    def __init__(
        self,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        signing_secret: str,
        public_url: str,
        vault: Vault,
        clock: Clock,
        timing: Timing,
        proxy: str | None = None,
    ) -> None:
        self._base_url = base_url
        self._proxy = proxy
        self._vault = vault
        self._clock = clock
        self._timing = timing
        self._door = Door(signing_secret, clock)
        self._installer = Installer(
            client_id=client_id,
            client_secret=client_secret,
            base_url=base_url,
            proxy=proxy,
            public_url=public_url,
            clock=clock,
            keep=self._keep,
        )
        self._known: dict[str, Workspace] = {}
        self._read = False  # whether all that were installed before are known
        self._reading = asyncio.Lock()
        self._handle: Handle | None = None
        self._peek: Peek | None = None
        self.ready = asyncio.Event()  # set while commands can be taken

    @property
    def peek(self) -> Peek | None:
        """What windows ask; set by the pipeline."""
        return self._peek

    @peek.setter
    def peek(self, peek: Peek | None) -> None:
        self._peek = peek
        self._attend()

    def _attend(self) -> None:
        for workspace in self._known.values():
            workspace.attend(self._handle, self._peek)

    # --------------------------------------------------------------------------------------------------- workspaces

    async def _all(self) -> Mapping[str, Workspace]:
        """Those that have the app, by id. Raises PermanentError when another key sealed their tokens, StoreError."""
        async with self._reading:
            if not self._read:
                for secret in (await self._vault.secrets()).values():
                    await self._add(Installed.read(secret))
                self._read = True
        return self._known

    async def _keep(self, installed: Installed) -> None:
        """It was just installed there, perhaps once more. Raises StoreError, PermanentError."""
        await self._all()
        await self._vault.keep(installed.team_id, installed.written())
        await self._add(installed)
        log.info("installed in a workspace", workspace=installed.team_id)

    async def _add(self, installed: Installed) -> None:
        before = self._known.get(installed.team_id)
        web = Web(base_url=self._base_url, bot_token=installed.token, token_name=INSTALLED, proxy=self._proxy)
        me = inbound.Identity(team_id=installed.team_id, user_id=installed.user_id, bot_id=installed.bot_id)
        workspace = Workspace(web, self._clock, self._timing, me)
        workspace.attend(self._handle, self._peek)
        self._known[installed.team_id] = workspace
        if before is not None:
            await before.close()

    # ------------------------------------------------------------------------------------------------------------ in

    async def listen(self, handle: Handle) -> None:
        """Take commands until cancelled."""
        await self._all()
        self._handle = handle
        self._attend()
        self.ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ready.clear()
            self._handle = None
            self._attend()

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Answer one POST: see `Door`."""
        return await self._door.receive(headers, body, self._carried_out)

    async def page(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The pages on which the app is installed."""
        return await self._installer.page(path, query, headers)

    async def _carried_out(self, payload: Mapping[str, Any]) -> BoltResponse:
        if inbound.text_at(payload, "type") == "url_verification":
            challenge = json.dumps({"challenge": inbound.text_at(payload, "challenge")})
            return BoltResponse(status=200, body=challenge, headers={"content-type": "application/json"})
        try:
            known = await self._all()
        except WatchwordError:
            return BoltResponse(status=503)
        team = inbound.team_of(payload)
        if team not in known:  # an error would make Slack send it again, and in the end turn the address off
            words = "Watchword is not installed in this workspace; install it again." if "command" in payload else ""
            return BoltResponse(status=200, body=words)
        if inbound.uninstalls(payload, known[team].me, self._clock()):
            return await self._uninstalled(team, payload)
        return await known[team].dispatched(payload)

    async def _uninstalled(self, team: str, payload: Mapping[str, Any]) -> BoltResponse:
        """Its data go, unless Slack tells of an earlier time: it may be an hour late, and the app there again since."""
        workspace = self._known[team]
        try:
            if await workspace.holds():
                return BoltResponse(status=200)
        except (TransientError, UnknownOutcome, TimeoutError):
            return BoltResponse(status=503)
        response = await workspace.dispatched(payload)
        if response.status == 200 and self._known.get(team) is workspace:
            del self._known[team]
            await workspace.close()
        return response

    # ----------------------------------------------------------------------------------------------------------- out

    async def _of(self, delivery: Delivery) -> Workspace:
        """Whoever can send it. Raises TransientError, PermanentError."""
        try:
            workspace = (await self._all()).get(delivery.destination.workspace)
        except WatchwordError as error:  # nothing is given up for that
            raise TransientError(str(error)) from None
        if workspace is None:
            raise PermanentError("Watchword is not installed in that workspace; install it again.", gone=True)
        return workspace

    async def send(self, delivery: Delivery) -> str:
        """With the token of its workspace."""
        return await (await self._of(delivery)).send(delivery)

    async def lookup(self, delivery: Delivery) -> str | None:
        """See the port."""
        return await (await self._of(delivery)).lookup(delivery)

    async def edit(self, delivery: Delivery) -> None:
        """See the port."""
        await (await self._of(delivery)).edit(delivery)

    async def close(self) -> None:
        """Let go of connections."""
        for workspace in self._known.values():
            with contextlib.suppress(Exception):
                await workspace.close()
