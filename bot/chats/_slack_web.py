"""Slack's Web API, one request at a time: never repeated here, each failure told by who can mend it."""

import logging
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chats._slack_errors import APP_TOKEN, BOT_TOKEN, refusal
from bot.chats._slack_inbound import Identity, text_at
from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError

Json = Mapping[str, Any]

# Both below the outbox's lease of 90 s: a delivery must not be claimed again while it is still under way.
TOTAL = 30
CONNECT = 10
# What never left: no address found, no connection, no TLS. All other faults of the link come after the request.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def sdk_logger() -> logging.Logger:
    """The SDKs' logger. At DEBUG they would log response URLs and socket tickets, which are as good as tokens."""
    logger = logging.getLogger("slack_sdk")
    logger.setLevel(max(logging.INFO, logging.getLogger().getEffectiveLevel()))
    return logger


class Web:
    """All that is asked of Slack. Raises TransientError, UnknownOutcome or PermanentError."""

    def __init__(self, *, base_url: str, bot_token: str, token_name: str = BOT_TOKEN, proxy: str | None = None) -> None:
        self._proxy = proxy
        """`token_name`: where the token is from, for those who can mend it when it is refused."""
        self._base_url = base_url
        self._bot_token = bot_token
        self._token_name = token_name
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Made on first use, because that must be within the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TOTAL, connect=CONNECT))
        return self._session

    @property
    def _api(self) -> AsyncWebClient:
        if self._client is None:
            # No retry handlers: the default one posts twice when the link drops after the request.
            self._client = AsyncWebClient(
                token=self._bot_token,
                base_url=self._base_url,
                session=self.session,
                proxy=self._proxy,
                retry_handlers=[],
                logger=sdk_logger(),
            )
        return self._client

    @property
    def proxy(self) -> str | None:
        """The proxy of our settings, else the environment's, if any."""
        return self._api.proxy

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()
        self._session = self._client = None

    # ---------------------------------------------------------------------------------------------------------- methods

    async def who(self) -> Identity:
        """Who the bot token is: `auth.test`."""
        answer = await self._answer(self._api.auth_test())
        return Identity(
            team_id=str(answer.get("team_id", "")),
            user_id=str(answer.get("user_id", "")),
            bot_id=str(answer.get("bot_id", "")),
        )

    async def socket_url(self, app_token: str) -> str:
        """A fresh Socket Mode address, good for one connection."""
        answer = await self._answer(self._api.apps_connections_open(app_token=app_token), token=APP_TOKEN)
        return str(answer.get("url", ""))

    async def post(self, channel: str, payload: Json, **more: Any) -> tuple[str, str]:
        """(channel that it went to, ts): a person's id gives the id of the direct chat."""
        answer = await self._answer(self._api.chat_postMessage(channel=channel, **payload, **more))
        return str(answer.get("channel", "")), str(answer.get("ts", ""))

    async def update(self, channel: str, ts: str, payload: Json) -> None:
        """Replace a message. Blocks that are not given would stay."""
        blocks = payload.get("blocks", [])
        text, link_names = payload["text"], payload["link_names"]
        await self._answer(
            self._api.chat_update(channel=channel, ts=ts, text=text, blocks=blocks, link_names=link_names)
        )

    async def direct_chat(self, user_id: str) -> str:
        """The id of the direct chat with a person."""
        answer = await self._answer(self._api.api_call("conversations.open", json={"users": user_id}))
        channel = answer.get("channel")
        return str(channel.get("id", "")) if isinstance(channel, Mapping) else ""

    async def publish(self, user_id: str, view: Json) -> None:
        """Show a person's App Home."""
        await self._answer(self._api.views_publish(user_id=user_id, view=dict(view)))

    async def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a window for whoever pressed, within three seconds; the window's id."""
        opened = (await self._answer(self._api.views_open(trigger_id=trigger_id, view=dict(view)))).get("view")
        return text_at(opened, "id")

    async def update_view(self, view_id: str, view: Json) -> None:
        """Show something else in a window; what somebody typed into fields of the same names stays."""
        await self._answer(self._api.views_update(view_id=view_id, view=dict(view)))

    async def user(self, user_id: str) -> Json:
        """What Slack knows of a person."""
        user = (await self._answer(self._api.users_info(user=user_id))).get("user")
        return user if isinstance(user, Mapping) else {}

    async def channel(self, channel_id: str) -> Json:
        """What Slack knows of a channel."""
        channel = (await self._answer(self._api.conversations_info(channel=channel_id))).get("channel")
        return channel if isinstance(channel, Mapping) else {}

    async def messages(self, channel: str, thread: str, *, cursor: str, limit: int) -> tuple[list[Json], str]:
        """A page of a channel's messages, or of a thread's, with their metadata; and the cursor of the next, if any."""
        asked: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": limit}
        if cursor:
            asked["cursor"] = cursor
        call = (
            self._api.conversations_replies(ts=thread, **asked) if thread else self._api.conversations_history(**asked)
        )
        answer = await self._answer(call)
        messages, more = answer.get("messages"), answer.get("response_metadata")
        following = str(more.get("next_cursor") or "") if isinstance(more, Mapping) else ""
        return [one for one in messages if isinstance(one, Mapping)] if isinstance(messages, list) else [], following

    async def _answer(self, call: Awaitable[Any], *, token: str = "") -> Json:
        """The answer of an SDK call, or its failure as one of our errors."""
        try:
            answer = await call
        except SlackApiError as error:
            raise _refused(error, token or self._token_name) from None
        except aiohttp.InvalidURL:
            raise PermanentError("WATCHWORD_SLACK_BASE_URL is not an address.") from None
        except _NOT_SENT as error:
            raise TransientError(f"Slack cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnknownOutcome(f"the link to Slack broke ({type(error).__name__})") from None
        except (ValueError, AttributeError):  # what the SDK makes of an answer that is not a JSON object
            raise UnknownOutcome("an answer that is not Slack's came back") from None
        return answer.data if isinstance(answer.data, dict) else {}

    async def respond(self, response_url: str, payload: Json) -> bool:
        """Answer through a response URL, for the asker's eyes; False when that way is closed (expired, used up)."""
        if not self._is_slacks(response_url):
            return False
        body = {"replace_original": False, **payload, "response_type": "ephemeral"}
        try:
            async with self.session.post(response_url, json=body, proxy=self.proxy, allow_redirects=False) as answer:
                status, retry_after = answer.status, answer.headers.get("Retry-After", "")
        except _NOT_SENT:
            return False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnknownOutcome(f"the link to Slack broke ({type(error).__name__})") from None
        if status == 429 or status >= 500:
            raise refusal("", status=status, retry_after=retry_after)
        return status == 200

    def _is_slacks(self, url: str) -> bool:
        """Only Slack's own addresses, or the other Web API server's, are written to, whatever an event says."""
        try:
            given, ours = urlsplit(url), urlsplit(self._base_url)
        except ValueError:
            return False
        host = given.hostname or ""
        slacks = given.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com"))
        return slacks or (given.scheme, given.netloc) == (ours.scheme, ours.netloc)


def _refused(error: SlackApiError, token: str) -> WatchwordError:
    response: Any = error.response  # the SDK's, or aiohttp's where the answer was no JSON
    status: int = response.status_code if hasattr(response, "status_code") else response.status
    data = getattr(response, "data", None)
    details: Json = data if isinstance(data, dict) else {}
    return refusal(
        str(details.get("error", "")),
        status=status,
        retry_after=response.headers.get("Retry-After", ""),
        details=details,
        token=token,
    )
