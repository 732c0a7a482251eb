"""A small proxy on loopback: plain requests and CONNECT; it notes what it was asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """`asked`: the first line of each request; `logins`: their Proxy-Authorization; `refuses`: answer this instead."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refuses: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # the test is over
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            self.asked.append(lines[0].rpartition(" ")[0])
            self.logins += [line.partition(": ")[2] for line in lines if line.lower().startswith("proxy-authorization")]
            if self.refuses:
                writer.write(f"HTTP/1.1 {self.refuses} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            else:
                await self._pass_on(lines, reader, writer)
        writer.close()

    async def _pass_on(self, lines: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, _ = lines[0].split(" ")
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there, onward = await asyncio.open_connection(parts.hostname, parts.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            kept = [line for line in lines[1:] if not line.lower().startswith(("proxy-", "connection"))]
            onward.write("\r\n".join([f"{method} {parts.path} HTTP/1.1", "Connection: close", *kept]).encode())
        await asyncio.gather(_pump(there, writer), _pump(reader, onward))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(65_536):
            sink.write(piece)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def proxying() -> AsyncIterator[Proxy]:
    """A running proxy."""
    it = Proxy()
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
