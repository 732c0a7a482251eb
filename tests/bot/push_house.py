"""A Watchword in memory that others push to over real HTTP."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from aiohttp import web

from bot import registry
from bot.config import Settings
from bot.http import GuardedHttp
from bot.pipeline import Pipeline
from bot.ports import Kit, Pushed, Pushing, Source
from bot.web import build
from tests.fakes import FakeWeb, FakeWorker
from tests.house import House, open_store, write_here
from tests.talk import Talk


@dataclass
class PushHouse(House):
    """`base` is the address of its page; its sources are those of `kinds`, as a new process would have them."""

    kinds: Sequence[str] = ()
    folder: Path = Path()
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def restart(self) -> None:
        settings = Settings(data=self.folder, public_url=self.base, allow_networks=(ip_network("127.0.0.0/8"),))
        kit = Kit(settings=settings, clock=self.clock, http=GuardedHttp(settings), worker=FakeWorker())
        sources: dict[str, Source] = {kind: registry.module("bot.sources", kind).connect(kit) for kind in self.kinds}
        self.http = kit.http
        self.pipeline = Pipeline(
            store=self.store,
            sources=sources,
            chats={self.chat.platform: self.chat},
            worker=FakeWorker(),
            http=FakeWeb(),
            write=write_here,  # type: ignore[arg-type]
            clock=self.clock,
            steady=self.clock.steady,
            retention=timedelta(days=90),
        )

    async def push(self, kind: str, feed_id: str, pushing: Pushing) -> Pushed:
        """To whatever pipeline there is after a restart."""
        return await self.pipeline.push.receive(kind, feed_id, pushing)


@asynccontextmanager
async def push_house(folder: Path, *kinds: str, store: str = "sqlite") -> AsyncIterator[PushHouse]:
    """Its page is up, with the route that others push to."""
    opened = open_store(store, folder)
    listening = socket.create_server(("127.0.0.1", 0))
    house = PushHouse(store=opened, kinds=kinds, folder=folder, port=listening.getsockname()[1])
    talk = Talk()
    page = build(chat=talk.chat, history=talk.history, health=talk.health, verbs=(), push=house.push)
    runner = web.AppRunner(page, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield house
    finally:
        await runner.cleanup()
        if house.http is not None:
            await house.http.close()
        opened.close()
