"""Whether a message is in a Slack chat already: asked before one whose first try may have arrived is posted again.

Each message carries its delivery's id as metadata, which nobody sees. Reading it back needs a history scope
(`channels:history` …) that the app works without: where Slack refuses, the chat is not asked again for a while.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.chats._slack_web import Web
from bot.errors import PermanentError, TransientError, UnknownOutcome
from bot.ports import Clock

log = structlog.get_logger(__name__)

EVENT = "watchword_delivery"
PAGES, PAGE = 3, 200  # that are read; Slack gives 999 at most
EARLIER = timedelta(hours=1)  # before the delivery was queued: as far may Slack's clock and ours be apart
REFUSED_FOR = timedelta(hours=1)
MOST_REFUSED = 1_000  # channels
SECONDS = 20  # with the requests before and after it within the lease of a delivery

Json = Mapping[str, Any]


def mark(delivery_id: str) -> dict[str, Any]:
    """The metadata of a delivery's message."""
    return {"event_type": EVENT, "event_payload": {"id": delivery_id}}


@dataclass(slots=True)
class Lookup:
    """Looks for messages by the ids of their deliveries."""

    web: Web
    clock: Clock
    _refused: dict[str, datetime] = field(default_factory=dict)  # channel -> when it may be asked again

    async def ts(self, channel: str, thread: str, delivery_id: str, *, since: datetime, bot_id: str) -> str | None:
        """The message's ts; "" when it is not there; None when nobody can say.

        Raises TransientError when the answer is to be had later.
        """
        now = self.clock()
        if self._refused.get(channel, now) > now:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                return await self._search(
                    channel, thread, lambda one: _is_of(one, delivery_id, bot_id), since - EARLIER
                )
        except PermanentError as error:
            if len(self._refused) >= MOST_REFUSED:
                self._refused.clear()
            self._refused[channel] = now + REFUSED_FOR
            log.info("the history of a channel cannot be read", channel=channel, why=str(error))
            return None
        except (UnknownOutcome, TimeoutError) as error:  # nothing was changed by asking
            raise TransientError(f"Slack did not say whether the message is there ({error})") from None

    async def _search(self, channel: str, thread: str, wanted: Callable[[Json], bool], since: datetime) -> str | None:
        """A channel from its newest message back to `since`; a thread, which Slack gives the oldest first, in whole.

        Slack is not asked for a stretch of time: by a clock of ours that is ahead, it would be empty.
        """
        cursor = ""
        for _ in range(PAGES):
            messages, cursor = await self.web.messages(channel, thread, cursor=cursor, limit=PAGE)
            there = next((message for message in messages if wanted(message)), None)
            if there is not None:
                return str(there.get("ts", ""))
            if not cursor or (not thread and any(_seconds(message) < since.timestamp() for message in messages)):
                return ""
        return None


def _is_of(message: Json, delivery_id: str, bot_id: str) -> bool:
    """Whether we posted it for that delivery: another app could give its messages the same metadata."""
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT:
        return False
    payload = metadata.get("event_payload")
    ours = not bot_id or message.get("bot_id") == bot_id
    return ours and isinstance(payload, Mapping) and payload.get("id") == delivery_id


def _seconds(message: Json) -> float:
    try:
        return float(str(message.get("ts", "")))
    except ValueError:
        return float("inf")
