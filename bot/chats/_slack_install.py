"""Installing the app in one workspace after the other: Slack's OAuth, with the pages that a browser sees of it.

bolt drives it. Ours are the state, which is good once, for ten minutes and in one browser; where the token is kept; and
what the pages say.
"""

import asyncio
import hashlib
import hmac
import html
import json
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp
import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chats._slack_web import TOTAL, sdk_logger
from bot.errors import WatchwordError
from bot.ports import Clock

log = structlog.get_logger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
# Exactly the bot scopes of manifest.yaml.
SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
EXPIRES = 600  # seconds, of a state
MOST_USED = 10_000  # states that are remembered as used; they are good for ten minutes
AT_ONCE = 4  # codes that are exchanged at the same time: anybody can have us ask Slack about a made-up one
_STATE = re.compile(r"([0-9a-f]{32})-([0-9]{1,12})-([0-9a-f]{64})")
_WHY = {
    "access_denied": "It was not allowed in Slack.",
    "invalid_browser": "It was begun in another browser, or longer than ten minutes ago.",
    "invalid_state": "This address was used before, or is older than ten minutes.",
    "invalid_code": "Slack did not accept the code in this address: it was used before, or is older than ten minutes.",
    "missing_code": "This address lacks the code that Slack adds to it.",
    "busy": "Too many are installing it just now. Load this page again in a minute.",
    "unreachable": "Slack cannot be reached just now.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What is kept of a workspace that has the app."""

    team_id: str
    token: str
    user_id: str
    bot_id: str = ""

    def written(self) -> str:
        """As `read` takes it."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> "Installed":
        """What `written` gave."""
        return cls(**json.loads(text))


Keep = Callable[[Installed], Awaitable[None]]  # raises WatchwordError


class States(AsyncOAuthStateStore):
    """Says of a state whether we gave it out within ten minutes, and nobody came back with it yet.

    Those that were given out are not remembered (whoever asks for many would fill the memory): they are signed, with a
    key of this process alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[str, float] = OrderedDict()  # -> until when it is remembered

    @property
    def logger(self) -> logging.Logger:
        """bolt asks for one."""
        return sdk_logger()

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """A new one."""
        words = f"{secrets.token_hex(16)}-{int(self._clock().timestamp())}"
        return f"{words}-{self._signature(words)}"

    async def async_consume(self, state: str) -> bool:
        """Whether it may be used, which it is by that."""
        now, parts = self._clock().timestamp(), _STATE.fullmatch(state)
        if parts is None or not hmac.compare_digest(parts[3], self._signature(f"{parts[1]}-{parts[2]}")):
            return False
        while self._used and next(iter(self._used.values())) <= now:
            self._used.popitem(last=False)
        if not -1 <= now - int(parts[2]) < EXPIRES or state in self._used or len(self._used) >= MOST_USED:
            return False
        self._used[state] = now + EXPIRES + 1
        return True

    def _signature(self, words: str) -> str:
        return hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()


class _Installations(AsyncInstallationStore):
    """Where bolt puts what Slack gave it. It never asks for it back: tokens are ours to pick."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    @property
    def logger(self) -> logging.Logger:
        """bolt asks for one."""
        return sdk_logger()

    async def async_save(self, installation: Installation) -> None:
        """Raises BoltError, whose text the page shows."""
        if installation.is_enterprise_install or not installation.team_id:
            raise BoltError("Watchword is installed in one workspace at a time, not in a whole organisation.")
        if not installation.bot_token or not installation.bot_user_id:
            raise BoltError("Slack gave no bot's token: the app has no bot. Make it anew from manifest.yaml.")
        installed = Installed(
            team_id=installation.team_id,
            token=installation.bot_token,
            user_id=installation.bot_user_id,
            bot_id=installation.bot_id or "",
        )
        try:
            await self._keep(installed)
        except WatchwordError as error:
            log.warning("an installation could not be kept", error=str(error))
            raise BoltError("It could not be kept here. Try again in a minute.") from None


class _Flow(AsyncOAuthFlow):
    """bolt's, with our page to begin at."""

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """The page at INSTALL."""
        where = "Slack asks you for the workspace, and shows what Watchword may do there."
        return _html("Install Watchword in Slack", where, link=(url, "Go on to Slack"))


class Installer:
    """The pages at INSTALL and REDIRECT."""

    pages = (INSTALL, REDIRECT)

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        base_url: str,
        public_url: str,
        clock: Clock,
        keep: Keep,
        proxy: str | None = None,
    ) -> None:
        logger = logging.getLogger("slack_sdk.oauth")
        logger.setLevel(logging.ERROR)  # its warnings hold the code, and at DEBUG whole answers
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=public_url + REDIRECT if public_url else None,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            callback_options=AsyncCallbackOptions(success=_success, failure=_failure),
            installation_store=_Installations(keep),
            state_store=States(clock),
            state_expiration_seconds=EXPIRES,
            logger=logger,
        )
        client = AsyncWebClient(base_url=base_url, proxy=proxy, timeout=TOTAL, retry_handlers=[], logger=sdk_logger())
        self._flow = _Flow(client=client, logger=logger, settings=settings)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def page(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """See `ports.HttpPages`."""
        request = AsyncBoltRequest(body="", query=dict(query), headers=dict(headers))
        if path == INSTALL:
            response = await self._flow.handle_installation(request)
        elif self._turns.locked():  # nobody waits: each would hold a connection that Slack's own events need
            response = _failed(503, "busy")
        else:
            async with self._turns:
                response = await self._redirected(request)
        return response.status, {name: values[0] for name, values in response.headers.items()}, response.body.encode()

    async def _redirected(self, request: AsyncBoltRequest) -> BoltResponse:
        """Slack sent the browser back. What the SDK raises for an answer that is no answer is not in its docs."""
        try:
            return await self._flow.handle_callback(request)
        except (aiohttp.ClientError, OSError, ValueError, LookupError, AttributeError, TypeError) as error:
            log.warning("an installation failed", error=type(error).__name__)
            return _failed(502, "unreachable")


async def _success(args: AsyncSuccessArgs) -> BoltResponse:
    name = args.installation.team_name or "your workspace"
    words = "Write “help” to Watchword under Apps, or /invite @watchword in a channel."
    return _answer(200, _html(f"Watchword is installed in {name}", words), args.settings)


async def _failure(args: AsyncFailureArgs) -> BoltResponse:
    return _failed(args.suggested_status_code, args.reason, str(args.error or ""), args.settings)


def _failed(status: int, reason: str, why: str = "", settings: AsyncOAuthSettings | None = None) -> BoltResponse:
    log.info("an installation did not come about", reason=reason if reason in _WHY else "another")
    words = why or _WHY.get(reason, "Slack did not go on with it.")
    return _answer(status, _html("Watchword was not installed", words, link=(INSTALL, "Begin again")), settings)


def _answer(status: int, page: str, settings: AsyncOAuthSettings | None) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"Content-Type": "text/html; charset=utf-8"}
    if settings is not None:
        headers["Set-Cookie"] = settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=status, body=page, headers=headers)


def _html(title: str, words: str, link: tuple[str, str] | None = None) -> str:
    head, said = html.escape(title), html.escape(words)
    onward = f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>' if link else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{head}</title>'
        f"<h1>{head}</h1><p>{said}</p>{onward}</html>"
    )
