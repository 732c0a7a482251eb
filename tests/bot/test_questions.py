"""A command without its argument asks, and an answer to that message completes it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.model import Delivery, Feed
from bot.writing.answers import refusal
from tests.bot.telegram_talk import ANNA, GROUP, Line, open_line
from tests.fake_telegram import BOT
from tests.fakes import NOON, ROOM
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


def last_id(house: House) -> str:
    return house.store.deliveries(ROOM, limit=1)[0].message_id


@pytest.mark.parametrize(
    ("typed", "question", "answer", "done"),
    [
        ("watch", "What shall I watch for?", "troops AND Ukraine", "Watching: rule 2"),
        ("edit 1", "What shall the rule be?", "troops NOT drill", "Changed: rule 1"),
        ("mute", "What shall I mute?", "troops for 2h", "Muted for Anna: the topic"),
        ("search", "What shall I search for?", "troops", "troops"),
        ("source add", "What shall I read?", "fake.example", "You typed: source add fake.example"),
    ],
)
async def test_the_answer_to_a_question_completes_the_command(
    house: House, typed: str, question: str, answer: str, done: str
) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    assert question in await house.say(typed)
    assert done in await house.say(answer, reply_to=last_id(house))


async def test_an_answer_that_is_a_command_stays_that_and_other_answers_complete_nothing(house: House) -> None:
    await house.say("watch")
    question = last_id(house)
    assert "watches nothing yet" in await house.say("rules", reply_to=question)
    assert "There is no command “troops”" in await house.say("troops", reply_to=last_id(house))
    assert "Watching: rule 1 “drills”" in await house.say("drills", reply_to=question)


async def test_a_forecast_right_after_a_source_was_added_says_that_it_does_not_know_it_yet(house: House) -> None:
    remark = "1 source is being read for the first time: what stands there is not counted yet."
    feed = Feed(id="new", kind="fake", url="fake:new", next_poll_at=house.clock() + timedelta(minutes=1))
    await house.add_feed()
    assert remark not in await house.say("watch troops")
    channel = house.store.subscriptions(ROOM)[0]
    house.store.add_feed(feed, channel.id)
    assert f"{remark} Ask again with: test drills" in await house.say("watch drills")
    house.store.save_feed(replace(feed, failures=1, last_error="gone"))
    assert remark not in await house.say("watch quakes")


async def test_telegram_asks_for_an_answer_and_hears_it_in_a_group(line: Line) -> None:
    line.fake.say("/watch", GROUP, ANNA)
    line.fake.say("Thanks!", GROUP, ANNA, reply_to_message={"message_id": 1, "date": 1, "chat": GROUP, "from": BOT})
    line.listen()
    await line.settled()
    (command,) = line.heard
    message = refusal(command, UserError("What shall I watch for?", ask="watch"))
    delivery = Delivery(
        id="a", destination=command.destination, message=message, reply_to=command.message_id, created_at=NOON
    )
    sent_id = await line.chat.send(delivery)
    assert line.fake.sent[-1]["reply_markup"] == {"force_reply": True, "selective": True}
    asked = {"message_id": int(sent_id), "date": 1, "chat": GROUP, "from": BOT}
    line.fake.say("troops AND Ukraine", GROUP, ANNA, reply_to_message=asked)
    line.fake.say("not an answer", GROUP, ANNA)
    await line.settled()
    assert [(each.text, each.reply_to) for each in line.heard[1:]] == [("troops AND Ukraine", sent_id)]
    await line.chat.send(replace(delivery, id="b", plain=True))
    assert "reply_markup" not in line.fake.sent[-1]
