"""The writer thread: what somebody waits for goes first, nothing waits for ever, what began is finished."""

import asyncio
import threading

import pytest

from bot.pipeline.writer import IN_A_ROW, Writer
from tests.waiting import LONG


async def queued(writer: Writer, urgent: int, others: int) -> list[str]:
    """The order in which that many calls are carried out that were asked for while the thread was busy."""
    order: list[str] = []
    enough, began = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        assert enough.wait(LONG)

    busy = asyncio.ensure_future(writer(hold))
    await asyncio.to_thread(began.wait, LONG)
    asked = [asyncio.ensure_future(writer(order.append, f"other {number}")) for number in range(others)]
    asked += [asyncio.ensure_future(writer.urgent(order.append, f"urgent {number}")) for number in range(urgent)]
    await asyncio.sleep(0)
    enough.set()
    await asyncio.gather(busy, *asked)
    return order


async def test_urgent_calls_go_first_each_kind_in_its_order() -> None:
    writer = Writer()
    assert await queued(writer, 2, 2) == ["urgent 0", "urgent 1", "other 0", "other 1"]
    writer.close()


async def test_a_flood_of_urgent_calls_does_not_stop_the_others() -> None:
    writer = Writer()
    order = await queued(writer, 3 * IN_A_ROW, 2)
    assert [order.index("other 0"), order.index("other 1")] == [IN_A_ROW, 2 * IN_A_ROW + 1]
    writer.close()


async def test_what_a_call_raises_is_its_askers_and_the_thread_goes_on() -> None:
    writer = Writer()
    with pytest.raises(ZeroDivisionError):
        await writer(lambda: 1 // 0)
    assert await writer(lambda: 1) == 1
    writer.close()
    with pytest.raises(RuntimeError):
        await writer(lambda: 1)


async def test_closing_finishes_what_was_asked_for_even_when_its_asker_has_gone() -> None:
    writer, done = Writer(), threading.Event()
    asker = asyncio.ensure_future(writer(done.set))
    await asyncio.sleep(0)
    asker.cancel()
    writer.close()
    assert done.is_set()
