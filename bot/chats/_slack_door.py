"""Slack's requests over HTTP, as payloads: only what Slack signed, once, within five minutes."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.response import BoltResponse

from bot.chats._slack_signature import Gate
from bot.ports import Clock

CarryOut = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]


class Door:
    """Lets each signed request in once, unless it could not be carried out."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._gate = Gate(signing_secret)
        self._clock = clock

    async def receive(
        self, headers: Mapping[str, str], body: bytes, carry_out: CarryOut
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Answer one POST. 401: not signed by Slack, too old, or seen before; 503: not kept, Slack asks again."""
        if not self._gate.admits(headers, body, self._clock()):
            return 401, {}, b""
        payload = _payload(headers.get("content-type", ""), body)
        if payload is None:
            return 400, {}, b""
        response = await carry_out(payload)
        if response.status != 200:
            self._gate.forget(headers)
        kind = response.headers.get("content-type", ["text/plain"])[0]
        return response.status, {"content-type": kind}, str(response.body or "").encode()


def _payload(content_type: str, body: bytes) -> dict[str, Any] | None:
    """The object in a request: JSON (events), a form (slash commands) or JSON in a form (buttons)."""
    try:
        text = body.decode()
        if not content_type.startswith("application/json"):
            form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
            if "payload" not in form:
                return form
            text = form["payload"]
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
