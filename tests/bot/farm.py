"""A hostile web server on loopback for the tests of everything that fetches."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

from tests.waiting import LONG

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Farm:
    """`base` is the server's address; `visits` are the requests it saw; routes can be added while it runs."""

    base: str = ""
    visits: list[web.BaseRequest] = field(default_factory=list)
    routes: dict[str, Handler] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.visits.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            handler = self.routes.get(request.path)
            return await handler(request) if handler else web.Response(status=404)  # type: ignore[arg-type]
        finally:
            self.at_once -= 1

    def serve(self, path: str, body: bytes, content_type: str = "application/xml", **headers: str) -> str:
        """Answer `body` at `path`; the address."""
        named = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=body, headers=named)

        self.routes[path] = answer
        return self.base + path

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Send visitors of `path` on; the address."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": to})

        self.routes[path] = answer
        return self.base + path

    def status(self, path: str, status: int, **headers: str) -> str:
        """Answer a bare status; the address."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(
                status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )

        self.routes[path] = answer
        return self.base + path


@asynccontextmanager
async def farm() -> AsyncIterator[Farm]:
    """A running farm."""
    it = Farm()
    runner = web.ServerRunner(web.Server(it.handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    it.base = f"http://127.0.0.1:{port}"
    try:
        yield it
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(answer: bytes, *, hang: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """(address, connections seen) of a server that writes `answer`, whatever it is, to everybody who connects."""
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            seen.append(await reader.read(4096))
            writer.write(answer)
            await writer.drain()
            if hang:
                await asyncio.sleep(LONG)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", seen
    finally:
        server.close()


def bomb(kind: str, size: int) -> bytes:
    """`size` zero bytes, packed as `kind` says."""
    zeros = b"\0" * (1 << 20)
    if kind == "br":
        import brotli

        return bytes(brotli.compress(zeros * (size >> 20), quality=1))
    packer = zlib.compressobj(9, zlib.DEFLATED, {"gzip": 31, "deflate": 15, "raw": -15}[kind])
    return b"".join([packer.compress(zeros) for _ in range(size >> 20)] + [packer.flush()])


def packed(body: bytes) -> bytes:
    """Gzip."""
    return gzip.compress(body)
