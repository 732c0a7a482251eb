"""What a call of the fake Slack may meet instead of an answer."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class Fault:
    """What the next call of a method meets. `drop`: "before" it is carried out, or "after"."""

    error: str = ""
    status: int = 200
    retry_after: str = ""
    drop: str = ""
    body: str = ""
    content_type: str = "text/html"
    more: Json = field(default_factory=dict)


def failure(fault: Fault) -> web.Response:
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    if fault.body or (not fault.error and fault.status != 429):
        return web.Response(status=fault.status, text=fault.body, content_type=fault.content_type, headers=headers)
    answer = {"ok": False, "error": fault.error or "ratelimited", **fault.more}
    return web.json_response(answer, status=fault.status, headers=headers)


async def dropped(request: web.Request) -> web.StreamResponse:
    """No answer: the link goes down."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
