"""Keeps the page to the person in front of it: other web pages in the same browser can neither read nor post.

On loopback the page needs no login. So a foreign page must not get in through the reader's own browser: a rebound name
fails at `Host`, a cross-site request at `Sec-Fetch-Site` and `Origin`, a form at its content type. With a token in the
settings, which any other address needs, the browser asks for it as a password (HTTP Basic), under any name.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

_PUSH = re.compile(r"/in/[a-z]+/[0-9a-f]{16}")  # proves its callers itself, too
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # only recognised here, not bound
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guard(hosts: Collection[str], receivers: Collection[str], token: str = "") -> Middleware:
    """Refuses (403) what does not come from this page, and (401) whoever does not know the token, if there is one.

    `receivers` are paths that prove their callers themselves.
    """
    names = _LOOPBACK | {host.casefold().strip("[]") for host in hosts}

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path not in receivers and not _PUSH.fullmatch(request.path):
            why = refusal(request, names)
            if why:
                raise web.HTTPForbidden(text=why)
            if token and not knows(token, request.headers.get("Authorization", "")):
                raise web.HTTPUnauthorized(
                    text="The password of this page is the token in its settings (WATCHWORD_HTTP_TOKEN).\n",
                    headers={"WWW-Authenticate": 'Basic realm="Watchword", charset="UTF-8"'},
                )
        return await handler(request)

    return check


def knows(token: str, authorization: str) -> bool:
    """Whether an `Authorization` header (Basic) has the token for its password; compared in constant time."""
    scheme, _, coded = authorization.partition(" ")
    try:
        password = base64.b64decode(coded.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return False
    return scheme.casefold() == "basic" and hmac.compare_digest(password, token.encode())


def refusal(request: web.Request, names: Collection[str]) -> str:
    """Why `request` is not answered, in words; empty when it is."""
    host = request.headers.get("Host", "")
    if not is_ours(host, names):
        return "This page answers only under its own address; open the one that the terminal prints.\n"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{host}":
        return "Another web page asked; it is not answered.\n"
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in ("same-origin", "none") and not _is_visit(request):
        return "Another web page asked; it is not answered.\n"
    return ""


def is_ours(host: str, names: Collection[str]) -> bool:
    """Whether a `Host` header names us: one of `names`, or, when we listen everywhere, any IP address.

    The port is free, because a container's may be published under another; a rebound name is still a name.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not name or parts.netloc != host or parts.username is not None:
        return False
    if name in names:
        return True
    with suppress(ValueError):
        ip_address(name)
        return bool(_EVERYWHERE & set(names))
    return False


def _is_visit(request: web.Request) -> bool:
    """Somebody followed a link to the page: it opens in a tab of its own, out of the other page's reach."""
    kind = (request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest"))
    return request.method == "GET" and request.path == "/" and kind == ("navigate", "document")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: every answer, errors included, tells the browser to trust nothing else."""
    response.headers.update(_HEADERS)
    response.headers["Cache-Control"] = "no-cache" if request.path.startswith("/static/") else "no-store"
