"""The local chat with a memory and somebody who answers: what the page needs of the application, and no more."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot import say
from bot.chats.local import Local
from bot.model import Block, Button, Command, Delivery, Message, Run
from bot.ports import HttpReceiver
from bot.web import build
from tests.fakes import FakeClock

VERBS = (
    ("help", "help [command]", "all commands, or one in detail"),
    ("watch", "watch <rule>", "alert me when new reports match"),
    ("why", "why", "why an alert came"),
    ("unwatch", "unwatch <number>", "remove a rule"),
)


WHY = "why alert:0a1b0a1b0a1b0a1b"


def alert_message(title: str = "Potential troop deployment to Ukraine", words: str = "troops") -> Message:
    """An alert as a person gets it."""
    quote = say.quote("… prepared to send ", Run(text=words, styles=("hit",)), " to the border …")
    return Message(
        blocks=(say.title(Run(text=title, url="https://courier.example/a")), say.meta("Daily Courier"), quote),
        buttons=(Button(label="Open", url="https://courier.example/a"), Button(label="Why", command=WHY)),
        gist=title,
    )


@dataclass
class Talk:
    """`history` is the store; a typed command is answered with "You said …", or `failure` is raised."""

    clock: FakeClock = field(default_factory=FakeClock)
    items: list[Delivery | Command] = field(default_factory=list)
    sound: bool = True
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.chat = Local(self.clock)

    def delivery(self, name: str, message: Message | None = None, *, alert: bool = False) -> Delivery:
        """A delivery on its way to the local chat."""
        return Delivery(
            id=name,
            destination=self.chat.here,
            message=message or alert_message(),
            alert_key="0a1b" if alert else "",
            created_at=self.clock(),
        )

    async def post(self, name: str, message: Message | None = None, *, alert: bool = False) -> None:
        """Send a message, as the pipeline does: it is in the store once it was sent."""
        delivery = self.delivery(name, message, alert=alert)
        sent = await self.chat.send(delivery)
        self.items.append(replace(delivery, message_id=sent))

    async def change(self, name: str, message: Message) -> None:
        """Edit a message that is there."""
        number, old = next((at, one) for at, one in enumerate(self.items) if one.id == name)
        assert isinstance(old, Delivery)
        self.items[number] = replace(old, message=message)
        await self.chat.edit(replace(old, id=f"edit of {name}", message=message, kind="edit"))

    async def handle(self, command: Command) -> None:
        """What the inbox does, and then the answer."""
        if self.failure is not None:
            raise self.failure
        self.clock.forward(seconds=1)
        self.items.append(command)
        asyncio.get_running_loop().call_soon(asyncio.ensure_future, self._answer(command))

    async def _answer(self, command: Command) -> None:
        to = f" about {command.reply_to}" if command.reply_to else ""
        block: Block = say.text("You said ", say.mono(command.text), to)
        await self.post(f"answer to {command.id}", say.message(block))

    async def history(self, limit: int) -> list[Delivery | Command]:
        """The newest `limit`, oldest first."""
        return self.items[-limit:]

    async def health(self) -> tuple[bool, list[str]]:
        """Sound, unless the test says otherwise."""
        return self.sound, ["all is well" if self.sound else "the disk is full"]

    @asynccontextmanager
    async def page(
        self, *, receivers: Sequence[HttpReceiver] = (), hosts: Sequence[str] = (), port: int = 0, token: str = ""
    ) -> AsyncIterator[str]:
        """The page, served on a free port of loopback (or on `port`); yields its address."""
        app = build(
            chat=self.chat,
            history=self.history,
            health=self.health,
            verbs=VERBS,
            receivers=receivers,
            hosts=hosts,
            token=token,
        )
        listening = asyncio.create_task(self.chat.listen(self.handle))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
