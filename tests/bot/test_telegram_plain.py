"""Telegram refuses a message: it goes once more in its plainest form. An edit that changes nothing is not sent."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import say
from bot.chats._telegram_shown import MOST, Shown
from bot.errors import PermanentError
from bot.model import Button, State
from tests.bot.telegram_talk import ANNA, HELLO, PRIVATE, Line, delivery, open_line
from tests.fake_telegram import Refusal
from tests.house import House, open_store


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


@pytest.fixture
async def house(line: Line, tmp_path: Path) -> AsyncIterator[House]:
    store = open_store("memory", tmp_path)
    made = House(store, clock=line.clock, chat=line.chat)  # type: ignore[arg-type]
    line.handle = made.pipeline.answer.receive  # type: ignore[method-assign]
    line.listen()
    yield made
    await line.stop()
    store.close()


@pytest.mark.parametrize(
    "words",
    ["can't parse entities", "ENTITY_TEXT_INVALID", "BUTTON_DATA_INVALID", "message is too long", "something new"],
)
async def test_any_refusal_of_a_message_is_followed_by_its_plain_form(line: Line, house: House, words: str) -> None:
    line.fake.faults = [Refusal(400, f"Bad Request: {words}")]
    line.fake.say("/help", PRIVATE, ANNA)
    await line.settled()
    await house.settle()
    (sent,) = line.fake.sent
    assert "entities" not in sent
    assert "reply_markup" not in sent
    assert "reply_parameters" in sent
    assert len(line.fake.named("sendMessage")) == 2


async def test_the_plain_form_answers_nothing_when_the_answered_message_was_refused(line: Line, house: House) -> None:
    line.fake.faults = [Refusal(400, "Bad Request: REPLY_MESSAGE_ID_INVALID")]
    line.fake.say("/help", PRIVATE, ANNA)
    await line.settled()
    await house.settle()
    assert "reply_parameters" not in line.fake.sent[0]


async def test_a_chat_that_is_gone_is_not_asked_again(line: Line, house: House) -> None:
    line.fake.faults = [Refusal(400, "Bad Request: chat not found")]
    line.fake.say("/help", PRIVATE, ANNA)
    await line.settled()
    await house.settle()
    assert len(line.fake.named("sendMessage")) == 1


async def test_no_plain_edit_follows_when_the_message_is_gone(line: Line, house: House) -> None:
    house.store.put(replace(delivery(), kind="edit", message_id="555"))
    await house.settle()
    assert len(line.fake.named("editMessageText")) == 1
    assert house.store.counts() == {State.DEAD: 1}


async def test_what_telegram_cannot_carry_is_refused_as_it_would_refuse_it(line: Line) -> None:
    message = say.message(say.text("Hello"), buttons=(Button(label="Long", command="x" * 65),))
    with pytest.raises(PermanentError, match="cannot carry"):
        await line.chat.send(delivery(message))
    assert await line.chat.send(delivery(message, plain=True))


async def test_an_edit_that_changes_nothing_is_not_sent(line: Line) -> None:
    edit = replace(delivery(), kind="edit", message_id=await line.chat.send(delivery()))
    other = replace(edit, message=replace(HELLO, buttons=()))
    for each in (edit, other, other, edit):
        await line.chat.edit(each)
    assert [one.get("reply_markup") is None for one in line.fake.named("editMessageText")] == [True, False]


async def test_after_an_edit_that_failed_nobody_knows_what_is_there(line: Line) -> None:
    edit = replace(delivery(), kind="edit", message_id=await line.chat.send(delivery()))
    other = replace(edit, message=say.message(say.text("Other")))
    line.fake.faults = ["drop"]
    with pytest.raises(Exception, match="broke"):
        await line.chat.edit(other)
    await line.chat.edit(edit)
    assert len(line.fake.named("editMessageText")) == 2


def test_only_the_latest_messages_are_remembered() -> None:
    shown = Shown()
    for number in range(MOST + 1):
        shown.note(("1", str(number)), {"text": "a"})
    assert not shown.is_so(("1", "0"), {"text": "a"})
    assert shown.is_so(("1", "1"), {"text": "a"})
    assert not shown.is_so(("1", "1"), {"text": "a", "reply_markup": {}})
