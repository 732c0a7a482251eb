"""A crew of workers: what one of them breaks on stops nobody and is not lost from the log."""

import asyncio
from typing import Any

from bot.errors import StoreError
from bot.pipeline.slots import Slots


async def test_work_that_fails_is_logged_and_the_rest_goes_on() -> None:
    waiting, done, unretrieved = [1, 2, 3], list[int](), list[dict[str, Any]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unretrieved.append(context))

    async def take(most: int) -> list[int]:
        taken = waiting[:most]
        del waiting[:most]
        return taken

    async def work(piece: int) -> None:
        if piece == 1:
            raise StoreError("the disk is full")
        done.append(piece)

    await Slots(1, take, work).idle()
    assert done == [2, 3]
    await asyncio.sleep(0)
    assert unretrieved == []
