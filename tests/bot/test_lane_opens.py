"""A lane that opens is looked at then, not a tick later; and what is being sent is not sent beside itself."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import say
from bot.errors import StoreError
from bot.model import Delivery, Limits, State
from tests.fakes import ROOM, FakeChat
from tests.house import House, open_store
from tests.waiting import eventually

PACE = timedelta(milliseconds=10)


class SlowChat(FakeChat):
    """Sends nothing until it may; `begun` counts the requests."""

    limits = Limits(pace=PACE, per_second=1000)

    def __init__(self) -> None:
        super().__init__()
        self.may, self.begun = asyncio.Event(), 0
        self.may.set()

    async def send(self, delivery: Delivery) -> str:
        self.begun += 1
        await self.may.wait()
        return await super().send(delivery)


def queued(house: House, *names: str) -> None:
    for name in names:
        house.store.put(
            Delivery(id=name, destination=ROOM, message=say.message(say.text(name)), created_at=house.clock.now)
        )


async def test_the_next_message_goes_when_its_lane_opens_without_a_tick(tmp_path: Path) -> None:
    house = House(open_store("memory", tmp_path), chat=SlowChat())
    waking = asyncio.create_task(house.pipeline.wake())
    queued(house, "a", "b")
    await house.pipeline.deliver.slots.fill()
    await eventually(lambda: len(house.chat.posts) == 1)
    house.clock.now += PACE
    await eventually(lambda: len(house.chat.posts) == 2, "the second message")
    waking.cancel()


async def test_a_store_that_is_locked_for_once_does_not_end_the_waking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(open_store("memory", tmp_path), chat=SlowChat())
    faults, claim = [StoreError("locked")], house.store.claim

    def locked_once(*given: Any, **named: Any) -> list[Delivery]:
        if faults:
            raise faults.pop()
        return claim(*given, **named)

    monkeypatch.setattr(house.store, "claim", locked_once)
    waking = asyncio.create_task(house.pipeline.wake())
    queued(house, "a")
    house.pipeline.deliver._open()
    await eventually(lambda: not faults)
    house.pipeline.deliver._open()
    await eventually(lambda: len(house.chat.posts) == 1, "the message")
    waking.cancel()


async def test_a_clock_that_is_set_while_a_message_is_sent_does_not_send_it_twice(tmp_path: Path) -> None:
    chat = SlowChat()
    house = House(open_store("sqlite", tmp_path), chat=chat)
    chat.may.clear()
    queued(house, "a")
    await house.pipeline.deliver.slots.fill()
    await eventually(lambda: chat.begun == 1)
    house.clock.set_by(days=1)
    await house.pipeline.deliver.slots.fill()
    chat.may.set()
    await house.pipeline.deliver.slots.idle()
    assert (chat.begun, house.store.counts()) == (1, {State.SENT: 1})
    house.store.close()
