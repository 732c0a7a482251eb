"""The Telegram adapter, connected to a Bot API server of our own over real HTTP; and who talks there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot import say
from bot.chats.telegram import TelegramSettings, connect
from bot.config import Settings
from bot.model import Button, Command, Delivery, Destination, Message
from bot.ports import Chat, Kit
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.fakes import NOON, FakeClock
from tests.waiting import eventually

ANNA = {"id": 42, "is_bot": False, "first_name": "Anna", "last_name": "B"}
BORIS = {"id": 43, "is_bot": False, "first_name": "Boris"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Desk"}
FORUM = {"id": -200, "type": "supergroup", "title": "Forum", "is_forum": True}
CHANNEL = {"id": -300, "type": "channel", "title": "Wire"}
TOPIC = {"message_thread_id": 7, "is_topic_message": True}

HELLO = say.message(
    say.title("Troops 🪖 move"),
    say.quote("The ", say.Run(text="troops", styles=("hit",)), " moved."),
    buttons=(Button(label="Why", command="why alert:0123456789abcdef"), Button(label="Open", url="https://a.example/")),
)


@dataclass
class Line:
    """The adapter, connected to the fake; `heard` is what it took down, `fail` is raised first, one each."""

    fake: FakeTelegram
    chat: Chat
    base: str
    clock: FakeClock
    heard: list[Command] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    async def handle(self, command: Command) -> None:
        if self.fail:
            raise self.fail.pop(0)
        self.heard.append(command)

    def listen(self) -> None:
        self.task = asyncio.create_task(self.chat.listen(self.handle))

    async def stop(self) -> None:
        """As at the end of the process: no more listening, then everything is let go."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def until(self, there: Callable[[], Any]) -> None:
        """So it is; what ended listening meanwhile is raised."""

        def now() -> Any:
            if self.task is not None and self.task.done() and not there():
                self.task.result()
            return there()

        await eventually(now)

    async def settled(self) -> None:
        """Everything that was pushed is confirmed."""
        await self.until(lambda: not self.fake.updates)


def connected(base: str, clock: Callable[[], Any] = lambda: NOON, token: str = TOKEN) -> Chat:
    settings = TelegramSettings(telegram_token=SecretStr(token), telegram_base_url=base)
    chat = connect(Kit(settings=Settings().having(settings), clock=clock))
    assert not isinstance(chat, str)
    return chat


@asynccontextmanager
async def open_line() -> AsyncIterator[Line]:
    fake, clock = FakeTelegram(), FakeClock()
    async with TestServer(fake.application()) as server:
        base = str(server.make_url("/"))
        made = Line(fake, connected(base, clock), base, clock)
        yield made
        await made.stop()
        await made.chat.close()


def delivery(message: Message = HELLO, to: str = "42", **more: Any) -> Delivery:
    destination = Destination(platform="telegram", chat_id=to, thread_id=more.pop("thread", ""))
    return Delivery(id="d", destination=destination, message=message, created_at=NOON, **more)
