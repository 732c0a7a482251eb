"""A fake Slack with our chat at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot import say
from bot.chats._slack_chat import SocketChat
from bot.chats._slack_socket import Timing
from bot.chats._slack_web import Web
from bot.model import Button, Command, Delivery, Destination, Message
from tests.fake_slack import ROOM, TEAM, FakeSlack
from tests.fakes import FakeClock

BRISK = Timing(heartbeat=1.0, hello=1.0, watch=0.2, finish=1.0)
CALM = Timing()
HELLO = say.message(say.text("Hello"), buttons=[Button(label="Help", command="help")])
IN_ROOM = Destination(platform="slack", workspace=TEAM, chat_id=ROOM)


class Ear:
    """What a chat hands to the inbox."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.heard = asyncio.Event()
        self.free = asyncio.Event()  # cleared, it keeps commands waiting, as a busy disk does
        self.free.set()
        self.failures = 0

    async def __call__(self, command: Command) -> None:
        await self.free.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.commands.append(command)
        self.heard.set()


@asynccontextmanager
async def peer(clock: FakeClock | None = None, timing: Timing = CALM) -> AsyncIterator[tuple[FakeSlack, SocketChat]]:
    """A fake Slack, and a chat that could connect to it."""
    async with FakeSlack() as server:
        web = Web(base_url=server.api, bot_token=server.bot_token)
        chat = SocketChat(web, clock or FakeClock(), app_token=server.app_token, timing=timing)
        try:
            yield server, chat
        finally:
            await chat.close()


@asynccontextmanager
async def listening(timing: Timing = CALM) -> AsyncIterator[tuple[FakeSlack, SocketChat, Ear]]:
    """The same, connected."""
    async with peer(timing=timing) as (server, chat):
        ear = Ear()
        task = asyncio.create_task(chat.listen(ear))
        await server.heard()
        try:
            yield server, chat, ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def delivery(message: Message = HELLO, destination: Destination = IN_ROOM, **more: Any) -> Delivery:
    return Delivery(id="d1", destination=destination, message=message, created_at=FakeClock()(), **more)
