"""A chat waits for its own membership query only, and nothing is confirmed before it is kept."""

from collections.abc import AsyncIterator

import pytest
from telegram import Chat, Message, Update

from bot.chats._telegram_lanes import Lanes
from tests.bot.telegram_talk import ANNA, BORIS, GROUP, PRIVATE, Line, open_line
from tests.fakes import NOON

OTHER = {"id": -101, "type": "supergroup", "title": "Other desk"}


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


async def test_a_query_that_hangs_holds_up_its_own_chat_only(line: Line) -> None:
    line.fake.hanging = {-100}
    line.fake.admins = {42}
    line.fake.say("/watch troops", GROUP, ANNA)
    line.fake.say("/rules", GROUP, BORIS)
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.until(lambda: line.heard)
    line.fake.say("/sources", OTHER, ANNA)
    line.fake.say("/mutes", PRIVATE, ANNA)
    await line.until(lambda: len(line.heard) == 3)
    assert {one.text for one in line.heard} == {"help", "sources", "mutes"}
    assert len(line.fake.updates) == 5, "nothing behind what is not kept is confirmed"
    line.fake.answering.set()
    await line.settled()
    assert [(one.text, one.admin) for one in line.heard[3:]] == [("watch troops", True), ("rules", False)]


async def test_what_was_not_kept_waits_with_its_chat_and_others_are_taken_once(line: Line) -> None:
    line.fail = [OSError("disk full")]
    line.fake.say("/watch troops", PRIVATE, ANNA)
    line.fake.say("/rules", PRIVATE, ANNA)
    line.fake.say("/help", GROUP, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard if one.destination.user_id] == ["watch troops", "rules"]
    assert [one.text for one in line.heard if not one.destination.user_id] == ["help"]


def update(number: int, chat: int) -> Update:
    return Update(number, message=Message(1, NOON, Chat(chat, "group")))


async def test_what_another_program_confirmed_is_not_waited_for() -> None:
    taken, broken = [], [5]

    async def take(each: Update) -> None:
        if each.update_id in broken:
            raise OSError("disk full")
        taken.append(each.update_id)

    lanes = Lanes(take)
    lanes.offset()
    await lanes.add([update(5, 1), update(6, 1), update(7, 2)])
    with pytest.raises(OSError, match="disk full"):
        await lanes.wait()
    assert (lanes.offset(), taken) == (5, [7])
    broken.clear()
    await lanes.add([update(6, 1), update(7, 2), update(8, 1)])
    await lanes.wait()
    assert (lanes.offset(), taken) == (9, [7, 6, 8])
    await lanes.add([])
    assert lanes.offset() is None, "after a week without any, Telegram begins to count anew"
