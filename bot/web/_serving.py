"""Serves the page on a port, within bounds: so many connections, so long for a request to come."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware
from aiohttp.web_protocol import RequestHandler

from bot.errors import PermanentError

MOST_CONNECTIONS = 128  # a descriptor and at most a body each; a page needs two
BACKLOG = 128  # that wait to be accepted
HEADER_SECONDS = 15.0  # for a request's head to come, the first one's and each later one's
BODY_SECONDS = 20.0
BODIES = 16  # large ones that may come at the same time: a mebibyte each
_BUSY: web.AppKey[set[object]] = web.AppKey("busy", set)
_BODIES: web.AppKey[asyncio.Semaphore] = web.AppKey("bodies", asyncio.Semaphore)
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def prepare(app: web.Application) -> Middleware:
    """What `serving` and `body_of` need to know of an application; the middleware goes first."""
    app[_BODIES] = asyncio.Semaphore(BODIES)
    busy: set[object] = set()
    app[_BUSY] = busy

    @web.middleware
    async def note(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        busy.add(request.protocol)
        try:
            return await handler(request)
        finally:
            busy.discard(request.protocol)

    return note


async def body_of(request: web.Request) -> bytes:
    """The request's body, if it comes in time. Raises 408 or 413."""
    try:
        async with asyncio.timeout(BODY_SECONDS), request.app[_BODIES]:
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request did not come in full in time.\n") from None


def most_connections() -> int:
    """At most a quarter of the files that this process may have open: the rest is for the store, chats and sources.

    At that limit asyncio goes on trying to accept, 9,000 times a second.
    """
    try:
        import resource
    except ImportError:  # Windows
        return MOST_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_CONNECTIONS, files // 4) if files > 0 else MOST_CONNECTIONS


@contextlib.asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """The application on a port, which is yielded; 0 takes a free one. Raises PermanentError when it is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=HEADER_SECONDS)
    await runner.setup()
    server = runner.server
    assert server is not None

    most = most_connections()

    def accept() -> asyncio.Protocol:
        connections = server.connections
        if len(connections) >= most and not _make_room(connections, app[_BUSY]):
            return _Full()
        return server()

    try:
        try:
            listening = await asyncio.get_running_loop().create_server(
                accept, host or None, port, backlog=min(BACKLOG, most)
            )
        except OSError as error:
            raise PermanentError(
                f"The page cannot listen on {host}:{port} ({error.strerror}). Is Watchword running already? "
                "WATCHWORD_HTTP_PORT=0 takes a free port."
            ) from None
        try:
            yield int(listening.sockets[0].getsockname()[1])
        finally:
            listening.close()
    finally:
        await runner.cleanup()


def _make_room(connections: list[RequestHandler], busy: set[object]) -> bool:
    """Close the oldest connection on which no whole request has come: whoever only waits gives way to who asks."""
    for connection in connections:
        if connection not in busy and connection.transport is not None:
            connection.force_close()
            return True
    return False


class _Full(asyncio.Protocol):
    """Says so, and hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(_FULL)
        transport.close()
