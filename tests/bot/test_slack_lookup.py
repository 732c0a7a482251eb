"""Slack: whether a message that may have arrived is there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.chats._slack_chat import SlackChat
from bot.chats._slack_lookup import PAGE, PAGES
from bot.errors import TransientError, UnknownOutcome
from bot.model import Delivery, Destination
from tests.bot.slack_talk import IN_ROOM, delivery, peer
from tests.fake_slack import ANNA, ANNAS, ROOM, TEAM, FakeSlack
from tests.fakes import NOON, FakeClock

PERSON = Destination(platform="slack", workspace=TEAM, chat_id=ANNA, user_id=ANNA)


async def broken(server: FakeSlack, chat: SlackChat, sent: Delivery) -> str:
    """It is posted, and the link breaks before Slack's answer comes; the ts, as only Slack knows it."""
    server.fail("chat.postMessage", drop="after")
    with pytest.raises(UnknownOutcome):
        await chat.send(sent)
    ((_, ts), *_) = [key for key, one in server.messages.items() if sent.id in str(one.get("metadata"))]
    return ts


@pytest.mark.parametrize(
    "sent",
    [
        delivery(),
        delivery(destination=replace(IN_ROOM, thread_id="1699.1")),
        delivery(destination=PERSON),
        replace(delivery(), alert_key="a", reply_to="1699.1"),
    ],
    ids=["channel", "thread", "person", "below an alert"],
)
async def test_where_history_may_be_read_it_is_there_or_not(sent: Delivery) -> None:
    async with peer() as (server, chat):
        server.scopes.add("channels:history")
        room = ANNAS if sent.destination is PERSON else ROOM
        server.messages[room, "1699.1"] = {"text": "Root", "ts": "1699.1"}
        ts = await broken(server, chat, sent)
        assert await chat.lookup(sent) == ts
        assert await chat.lookup(replace(sent, id="d2")) == ""


async def test_with_the_scopes_of_the_manifest_a_direct_chat_can_be_read_and_a_channel_is_asked_once_an_hour() -> None:
    clock = FakeClock()
    async with peer(clock) as (server, chat):
        assert await chat.lookup(delivery(destination=PERSON)) == ""
        server.fail("conversations.history", error="missing_scope")
        assert [await chat.lookup(delivery()) for _ in range(3)] == [None, None, None]
        assert [one["channel"] for one in server.said("conversations.history (failed)")] == [ROOM]
        server.scopes.add("channels:history")
        clock.forward(hours=2)
        assert await chat.lookup(delivery()) == ""


async def test_an_answer_that_only_its_asker_saw_cannot_be_looked_up() -> None:
    async with peer() as (server, chat):
        server.scopes.add("channels:history")
        answer = delivery(reply_handle=server.response_url())
        await chat.send(answer)
        assert await chat.lookup(answer) is None


async def test_a_message_of_another_app_with_the_same_id_is_not_ours() -> None:
    async with peer() as (server, chat):
        server.scopes.add("channels:history")
        chat._me = await chat._web.who()
        ts = await broken(server, chat, delivery())
        assert await chat.lookup(delivery()) == ts
        server.messages[ROOM, ts]["bot_id"] = "B0OTHER"
        assert await chat.lookup(delivery()) == ""


def busy(server: FakeSlack, count: int, *, since: float) -> None:
    """Others speak in the room."""
    for number in range(count):
        ts = f"{since + number:.6f}"
        server.messages[ROOM, ts] = {"text": "x", "ts": ts}


async def test_a_busy_channel_is_read_back_to_the_time_of_the_delivery_but_not_for_ever() -> None:
    async with peer() as (server, chat):
        server.scopes.add("channels:history")
        noon = NOON.timestamp()
        busy(server, PAGE, since=noon - 86_400)
        busy(server, PAGE, since=noon)
        assert await chat.lookup(delivery()) == ""
        assert len(server.said("conversations.history")) == 2, "the second page is of the day before"
        busy(server, PAGE * PAGES, since=noon + 3_600)
        assert await chat.lookup(delivery()) is None
        assert await chat.lookup(replace(delivery(), created_at=NOON + timedelta(days=365))) == "", "our clock is ahead"


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": "7"},
        {"drop": "before", "times": 2},  # aiohttp asks once more by itself, as it may: nothing is changed by asking
        {"status": 502, "body": "x"},
    ],
)
async def test_an_answer_that_comes_later_is_waited_for(fault: dict[str, Any]) -> None:
    async with peer() as (server, chat):
        server.scopes.add("channels:history")
        server.fail("conversations.history", **fault)
        with pytest.raises(TransientError):
            await chat.lookup(delivery())
        assert await chat.lookup(delivery()) == ""
