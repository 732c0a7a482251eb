"""What takes long is thought through outside the writer thread: nobody else waits for it."""

import asyncio
import threading

import pytest

from bot import say
from bot.commands import test as trying
from bot.commands import watch
from bot.errors import UserError
from bot.model import Message
from bot.pipeline.writer import Writer
from bot.ports import Desk
from bot.stores.memory import Memory
from tests.fakes import ANNA, ROOM, Typist, text_of
from tests.house import House
from tests.waiting import LONG, eventually

OTHER_ROOM = ROOM.__class__(platform=ROOM.platform, workspace=ROOM.workspace, chat_id="another")


async def until(house: House, words: str) -> None:
    filling = asyncio.create_task(_deliver(house))
    await eventually(lambda: any(words in text_of(post.message) for post in house.chat.posts), words)
    filling.cancel()


async def _deliver(house: House) -> None:
    while True:
        await house.pipeline.deliver.slots.fill()
        await asyncio.sleep(0.01)


async def test_another_chat_is_answered_while_one_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    house, thinking, enough = House(Memory()), threading.Event(), threading.Event()
    writer = Writer()
    house.pipeline.answer._write = writer
    threads = set()

    def slow(desk: Desk, argument: str) -> Message:
        thinking.set()
        threads.add(threading.current_thread().name[:5])
        assert enough.wait(LONG)
        assert desk.store.rules("none") == []  # questions are answered all the same
        return say.message(say.text(f"thought about {argument}"))

    monkeypatch.setattr(trying, "prepare", slow)
    await house.pipeline.answer.receive(Typist(house.clock, ANNA, ROOM)("test long"))
    await asyncio.to_thread(thinking.wait, LONG)
    await house.pipeline.answer.receive(Typist(house.clock, ANNA, OTHER_ROOM)("help"))
    await until(house, "watch <rule>")
    assert not any("thought" in text_of(post.message) for post in house.chat.posts)
    enough.set()
    await until(house, "thought about long")
    assert threads == {"think"}
    writer.close()


async def test_what_prepare_raises_is_told_and_nothing_is_saved() -> None:
    house = House(Memory())
    assert "cannot be read" in await house.say("watch (a")
    assert "What shall I watch for?" in await house.say("watch")
    assert "watches nothing yet" in await house.say("rules")


async def test_outside_the_writer_thread_nothing_can_be_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(desk: Desk, argument: str) -> None:
        try:
            desk.store.atomic()
        except TypeError as error:
            raise UserError(str(error)) from None

    monkeypatch.setattr(watch, "prepare", writes)
    assert "nothing is written" in await House(Memory()).say("watch troops")
