"""What may have arrived: the chat is asked for it, and nothing comes twice without a word, on both stores."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import say
from bot.errors import PermanentError, TransientError, UnknownOutcome
from bot.model import Delivery, Destination, State
from bot.pipeline.deliver import LEASE, MOST_LOOKUPS
from tests.bot.slack_talk import IN_ROOM, peer
from tests.bot.telegram_talk import open_line
from tests.fakes import FakeClock, entry, text_of
from tests.house import House, open_store

MARK = "Possibly sent twice"
STORY = entry(1, "Troop deployment to Ukraine", "A troop deployment was announced. Ukraine agreed to it at once.")
LATER = entry(2, STORY.title, STORY.content, outlet="Evening Post")
BROKEN = UnknownOutcome("the link died")


@pytest.fixture(params=["memory", "sqlite"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    store = open_store(request.param, tmp_path)
    made = House(store)
    await made.add_feed()
    await made.say("watch troop AND Ukraine")
    made.chat.accepted_before_fault = True
    yield made
    store.close()


async def test_where_nobody_can_say_it_is_sent_once_more_and_says_so(house: House) -> None:
    house.chat.faults = [BROKEN]
    first, second = await house.publish([STORY])
    assert MARK not in text_of(first.message)
    assert MARK in text_of(second.message)
    assert set(house.store.counts()) == {State.SENT}


async def test_what_is_there_is_not_sent_again_and_later_reports_edit_it(house: House) -> None:
    house.chat.remembers, house.chat.faults = True, [BROKEN]
    (post,) = await house.publish([STORY])
    await house.publish([LATER])
    (edit,) = house.chat.edits
    assert edit.message_id == f"m{1 + house.chat.posts.index(post)}"
    assert "Evening Post" in text_of(edit.message)


async def test_what_is_not_there_is_sent_without_a_mark(house: House) -> None:
    house.chat.remembers, house.chat.faults, house.chat.accepted_before_fault = True, [BROKEN], False
    (post,) = await house.publish([STORY])
    assert MARK not in text_of(post.message)


async def test_a_process_that_died_between_sending_and_noting_sends_nothing_twice(house: House) -> None:
    house.chat.remembers, house.chat.faults = True, [asyncio.CancelledError()]
    await house.publish([STORY])
    assert house.store.counts()[State.SENDING] == 1
    house.restart()
    house.clock.forward(seconds=LEASE.total_seconds() + 1)
    await house.settle()
    assert len([post for post in house.chat.posts if post.alert_key]) == 1
    assert set(house.store.counts()) == {State.SENT}


async def test_a_chat_that_puts_the_question_off_is_not_asked_for_ever(house: House) -> None:
    house.chat.faults = [BROKEN]
    house.chat.lookup_faults = [TransientError("later")] * (MOST_LOOKUPS + 1)
    posts = await house.publish([STORY])
    for _ in range(MOST_LOOKUPS):
        house.clock.forward(minutes=20)
        await house.settle()
    posts = [post for post in house.chat.posts if post.alert_key]
    assert [MARK in text_of(post.message) for post in posts] == [False, True]


async def test_a_chat_that_refuses_the_question_gets_it_marked(house: House) -> None:
    house.chat.faults, house.chat.lookup_faults = [BROKEN], [PermanentError("no")]
    assert [MARK in text_of(post.message) for post in await house.publish([STORY])] == [False, True]


async def test_an_edit_that_may_have_arrived_is_repeated_as_it_is(house: House) -> None:
    await house.publish([STORY])
    house.chat.faults = [BROKEN]
    await house.publish([LATER])
    first, second = house.chat.edits
    assert text_of(first.message) == text_of(second.message)
    assert "Evening Post" in text_of(second.message)


# ------------------------------------------------------------------------------------------------- on the platforms


async def test_on_telegram_a_link_that_breaks_after_the_message_arrived_brings_it_once_more(tmp_path: Path) -> None:
    store = open_store("memory", tmp_path)
    async with open_line() as line:
        made = House(store, clock=line.clock, chat=line.chat)  # type: ignore[arg-type]
        queue(made, Destination(platform="telegram", chat_id="42"))
        line.fake.faults = ["drop"]
        await made.settle()
        assert [MARK in sent["text"] for sent in line.fake.sent] == [False, True]
        assert set(store.counts()) == {State.SENT}
    store.close()


@pytest.mark.parametrize("readable", [True, False])
async def test_on_slack_it_comes_once_where_history_may_be_read(tmp_path: Path, readable: bool) -> None:
    store = open_store("memory", tmp_path)
    clock = FakeClock()
    async with peer(clock) as (server, chat):
        made = House(store, clock=clock, chat=chat)  # type: ignore[arg-type]
        server.scopes |= {"channels:history"} if readable else set()
        server.fail("chat.postMessage", drop="after")
        queue(made, IN_ROOM)
        await made.settle()
        shown = [MARK in str(said["blocks"]) for said in server.said()]
        assert shown == ([False] if readable else [False, True])
        assert set(store.counts()) == {State.SENT}
    store.close()


def queue(made: House, to: Destination) -> None:
    made.store.put(Delivery(id="d", destination=to, message=say.message(say.text("Hello")), created_at=made.clock()))
