"""Nobody's slow commands are in the way of anybody else's, in whatever chats they are typed."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import say
from bot.commands import test as trying
from bot.core.crowd import EVERYBODY, ROOM, Chats, Crowd, Pace
from bot.model import Destination, Message, User
from bot.pipeline import answer
from bot.ports import Desk, Inquiry
from bot.stores.memory import Memory
from bot.stores.sqlite import SqliteReader
from tests.fakes import ANNA, Typist, text_of
from tests.fakes import ROOM as CHAT
from tests.house import House, open_store
from tests.waiting import LONG, eventually


def person(number: int) -> User:
    return replace(ANNA, user_id=f"u{number}", name=f"User {number}")


def chat(number: int) -> Destination:
    return replace(CHAT, chat_id=f"chat{number}")


class Thinking:
    """`test long` thinks until it may go on; every other `test` is done at once."""

    def __init__(self) -> None:
        self.enough, self.under_way, self.most = threading.Event(), 0, 0
        self._lock = threading.Lock()

    def prepare(self, desk: Desk, argument: str) -> Message:
        if argument == "long":
            with self._lock:
                self.under_way += 1
                self.most = max(self.most, self.under_way)
            assert self.enough.wait(LONG)
            with self._lock:
                self.under_way -= 1
        return say.message(say.text(f"thought about {argument}"))


@pytest.fixture
def thinking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Thinking]:
    made = Thinking()
    monkeypatch.setattr(trying, "prepare", made.prepare)
    yield made
    made.enough.set()


async def typed(house: House, text: str, who: int, where: int) -> None:
    await house.pipeline.answer.receive(Typist(house.clock, person(who), chat(where))(text))


async def read(house: House, words: str, where: int) -> None:
    """Wait until the chat reads that."""

    def has_come() -> bool:
        return any(post.destination == chat(where) and words in text_of(post.message) for post in house.chat.posts)

    async def deliver() -> None:
        while True:
            await house.pipeline.deliver.slots.fill()
            await asyncio.sleep(0.01)
            house.clock.forward(seconds=1)  # a chat's next message has its turn

    delivering = asyncio.create_task(deliver())
    await eventually(has_come, f"{words} in chat {where}")
    delivering.cancel()


async def test_a_third_person_is_answered_while_two_think_long(thinking: Thinking) -> None:
    house = House(Memory())
    await typed(house, "test long", 1, 1)
    await typed(house, "test long", 2, 2)
    await eventually(lambda: thinking.under_way == 2, "both think")
    await typed(house, "help watch", 3, 3)
    await read(house, "watch <rule>", 3)
    await typed(house, "test short", 4, 4)
    await read(house, "thought about short", 4)
    assert thinking.under_way == 2


async def test_a_person_thinks_in_one_chat_at_a_time(thinking: Thinking) -> None:
    house = House(Memory())
    for where in range(EVERYBODY + 1):
        await typed(house, "test long", 1, where)
    await eventually(lambda: thinking.under_way == 1, "one thinks")
    await typed(house, "test short", 2, 50)
    await read(house, "thought about short", 50)
    await typed(house, "help watch", 1, 51)
    await read(house, "watch <rule>", 51)
    thinking.enough.set()
    for where in range(EVERYBODY + 1):
        await read(house, "thought about long", where)  # nothing is lost
    assert thinking.most == 1


async def test_many_who_think_leave_room_for_what_needs_none(thinking: Thinking) -> None:
    house = House(Memory())
    for number in range(EVERYBODY + 1):
        await typed(house, "test long", number, number)
    await eventually(lambda: thinking.under_way == ROOM[Pace.THINKS], "all threads are taken")
    await typed(house, "help watch", 50, 50)
    await read(house, "watch <rule>", 50)


async def test_slow_sites_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    house, answers, asked = House(Memory()), asyncio.Event(), list[str]()

    async def slow(sources: object, worker: object, address: str) -> Inquiry:
        asked.append(address)
        await answers.wait()
        return Inquiry()

    monkeypatch.setattr(answer, "inquire", slow)
    for number in range(EVERYBODY + 1):
        await typed(house, "source add https://slow.example/", number // 2, number)
    await eventually(lambda: len(asked) == ROOM[Pace.ASKS], "as many as may ask")
    await typed(house, "help watch", 50, 50)
    await read(house, "watch <rule>", 50)
    answers.set()
    await eventually(lambda: len(asked) == EVERYBODY + 1, "all were carried out")


async def test_a_slow_address_shows_that_it_is_looked_at_and_the_chat_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    house, answers = House(Memory()), asyncio.Event()

    async def slow(sources: object, worker: object, address: str) -> Inquiry:
        await answers.wait()
        return Inquiry()

    monkeypatch.setattr(answer, "inquire", slow)
    monkeypatch.setattr(answer, "PATIENCE_SECONDS", 0.01)
    types = Typist(house.clock, person(1), chat(1))
    await house.pipeline.answer.receive(types("source add https://slow.example/feed"))
    await read(house, "Looking at slow.example …", 1)
    await typed(house, "sources", 2, 1)  # depends on what is found there
    await house.pipeline.answer.receive(types("help watch"))
    await read(house, "watch <rule>", 1)
    await house.pipeline.answer.receive(types("sources"))  # and so does this
    await typed(house, "watch storm", 3, 1)
    await read(house, "storm", 1)
    before = len(house.chat.posts)
    answers.set()
    await read(house, "has no sources yet", 1)
    said = [text_of(post.message) for post in house.chat.posts[before:]]
    assert "has no sources yet" not in said[0], said


async def test_a_fast_address_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Memory())
    await house.say("source add https://fast.example/feed")
    assert [post for post in house.chat.posts if "Looking at" in text_of(post.message)] == []


def test_a_chat_has_one_command_at_a_time_and_one_that_asks_beside_it() -> None:
    chats = Chats()
    chats.enter("a", Pace.ASKS)
    assert chats.is_free("a", Pace.QUICK, depends=False)
    assert chats.is_free("b", Pace.ASKS, depends=True)
    assert not chats.is_free("a", Pace.QUICK, depends=True)
    assert not chats.is_free("a", Pace.ASKS, depends=False)
    chats.enter("a", Pace.THINKS)
    assert not chats.is_free("a", Pace.QUICK, depends=False)
    chats.leave("a", Pace.THINKS)
    chats.leave("a", Pace.ASKS)
    assert chats.is_free("a", Pace.ASKS, depends=True)


async def test_a_verb_with_a_bug_in_its_address_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.commands import source

    def broken(argument: str) -> str:
        raise ValueError(argument)

    monkeypatch.setattr(source, "address", broken)
    house = House(Memory())
    await typed(house, "source add https://a.example/", 1, 1)
    await read(house, "That did not work", 1)
    await typed(house, "help watch", 2, 2)
    await read(house, "watch <rule>", 2)


def test_a_person_has_one_slow_command_and_as_many_quick_ones_as_they_like() -> None:
    crowd = Crowd()
    crowd.enter("anna", Pace.THINKS)
    assert not crowd.has_room("anna", Pace.ASKS)
    assert crowd.has_room("anna", Pace.QUICK)
    crowd.enter("anna", Pace.QUICK)
    crowd.leave("anna", Pace.QUICK)
    assert not crowd.has_room("anna", Pace.THINKS), "the slow one goes on"
    crowd.leave("anna", Pace.THINKS)
    assert crowd.has_room("anna", Pace.ASKS)


async def test_a_thought_that_is_cut_off_keeps_its_view_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, cut, order = threading.Event(), threading.Event(), list[str]()
    close = SqliteReader.close

    def slow(desk: Desk, argument: str) -> Message:
        begun.set()
        assert cut.wait(LONG)
        desk.store.rules("none")
        order.append("asked")
        return say.message()

    def noting(reader: SqliteReader) -> None:
        order.append("closed")
        close(reader)

    monkeypatch.setattr(trying, "prepare", slow)
    monkeypatch.setattr(SqliteReader, "close", noting)
    store = open_store("sqlite", tmp_path)
    house = House(store)
    await typed(house, "test long", 1, 1)
    await asyncio.to_thread(begun.wait, LONG)
    await house.pipeline.answer.slots.stop(0)  # cancels what is under way
    cut.set()
    await eventually(lambda: len(order) == 2, "the thought ends and its view is closed")
    store.close()
    assert order == ["asked", "closed"]
