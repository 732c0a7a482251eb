"""Slack: messages out through the Web API, and what its refusals and faults become."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import say
from bot.chats._slack_chat import SocketChat
from bot.chats._slack_web import Web
from bot.errors import PermanentError, TransientError, UnknownOutcome
from bot.model import Destination
from tests.bot.slack_talk import CALM, IN_ROOM, delivery, peer
from tests.fake_slack import ANNA, BORIS, ROOM, TEAM, Room
from tests.fakes import FakeClock


async def test_a_message_is_posted_with_blocks_text_and_its_delivery_id() -> None:
    async with peer() as (server, chat):
        ts = await chat.send(delivery(destination=replace(IN_ROOM, thread_id="1699.1")))
        (posted,) = server.said()
        assert server.messages[ROOM, ts]["text"] == "Hello"
        assert [block["type"] for block in posted["blocks"]] == ["rich_text", "actions"]
        assert posted["thread_ts"] == "1699.1"
        assert posted["metadata"] == {"event_type": "watchword_delivery", "event_payload": {"id": "d1"}}
        assert (posted["unfurl_links"], posted["unfurl_media"], posted["link_names"]) == (False, False, False)


async def test_what_belongs_below_an_alert_is_posted_in_its_thread() -> None:
    async with peer() as (server, chat):
        ts = await chat.send(delivery(alert_key="a1"))
        await chat.send(delivery(alert_key="a2", reply_to=ts))
        await chat.send(delivery(reply_to=ts))  # an answer to a command stands in the chat
        await chat.send(delivery(alert_key="a3", reply_to=ts, destination=replace(IN_ROOM, thread_id="1699.1")))
        assert [posted.get("thread_ts") for posted in server.said()] == [None, ts, None, "1699.1"]


async def test_an_answer_goes_through_the_response_url_while_that_works() -> None:
    async with peer() as (server, chat):
        handle = server.response_url(uses=1)
        assert (await chat.send(delivery(reply_handle=handle))).startswith("response:")
        (answer,) = server.responses
        assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
        assert server.said() == []
        ts = await chat.send(delivery(reply_handle=handle))  # used up
        assert (ROOM, ts) in server.messages


@pytest.mark.parametrize(
    "handle", ["https://evil.example/respond", "http://hooks.slack.com/x", "file:///etc/passwd", "http://["]
)
async def test_a_response_url_that_is_not_slacks_is_never_written_to(handle: str) -> None:
    async with peer() as (server, chat):
        assert (ROOM, await chat.send(delivery(reply_handle=handle))) in server.messages


async def test_a_response_url_tells_a_pause_and_a_broken_link() -> None:
    async with peer() as (server, chat):
        server.fail("respond", status=429, retry_after="3")
        with pytest.raises(TransientError) as told:
            await chat.send(delivery(reply_handle=server.response_url()))
        assert told.value.retry_after == timedelta(seconds=3)
        server.fail("respond", drop="after")
        with pytest.raises(UnknownOutcome):
            await chat.send(delivery(reply_handle=server.response_url()))
        assert server.said() == []  # it may have arrived: no second one is posted beside it


async def test_in_a_channel_that_it_is_not_in_it_says_invite_me() -> None:
    async with peer() as (server, chat):
        server.rooms["C0OTHER"] = Room(members={ANNA})
        elsewhere = replace(IN_ROOM, chat_id="C0OTHER")
        assert await chat.send(delivery(destination=elsewhere, reply_handle=server.response_url()))
        with pytest.raises(PermanentError, match="invite me: /invite @watchword") as told:
            await chat.send(delivery(destination=elsewhere))
        assert told.value.gone


PERMANENT = ["invalid_auth", "token_revoked", "msg_too_long", "message_not_found", "missing_scope", "some_new_error"]
GONE = ["not_in_channel", "channel_not_found", "is_archived", "account_inactive"]


@pytest.mark.parametrize("error", [*PERMANENT, *GONE, "invalid_blocks"])
async def test_refusals_that_stand(error: str) -> None:
    async with peer() as (server, chat):
        server.fail("chat.postMessage", error=error, more={"response_metadata": {"messages": ["[ERROR] x"]}})
        with pytest.raises(PermanentError, match=error if error != "missing_scope" else "lacks the permission") as told:
            await chat.send(delivery())
        assert told.value.gone is (error in GONE)
        assert len(server.calls) == 1  # tried once


@pytest.mark.parametrize(
    ("fault", "error", "seconds"),
    [
        ({"status": 429, "retry_after": "7"}, TransientError, 7),
        ({"status": 429}, TransientError, 30),
        ({"status": 429, "retry_after": "soon"}, TransientError, 30),
        ({"status": 429, "body": "slow down", "content_type": "text/plain", "retry_after": "2"}, TransientError, 2),
        ({"error": "rate_limited"}, TransientError, 30),
        ({"status": 503, "error": "service_unavailable"}, TransientError, None),
        ({"status": 503, "body": "<html>"}, TransientError, None),
        ({"status": 500, "error": "fatal_error"}, UnknownOutcome, None),
        ({"error": "internal_error"}, UnknownOutcome, None),
        ({"status": 502, "body": "<html>bad gateway</html>"}, UnknownOutcome, None),
        ({"status": 200, "body": "<html>login</html>"}, UnknownOutcome, None),
        ({"status": 200, "body": "hello", "content_type": "text/plain"}, UnknownOutcome, None),
        ({"status": 200, "body": "{", "content_type": "application/json"}, UnknownOutcome, None),
        ({"status": 200, "body": "[1]", "content_type": "application/json"}, UnknownOutcome, None),
        ({"drop": "before"}, UnknownOutcome, None),
        ({"drop": "after"}, UnknownOutcome, None),
    ],
)
async def test_faults_that_may_pass_are_told_apart(fault: dict[str, Any], error: type, seconds: int | None) -> None:
    async with peer() as (server, chat):
        server.fail("chat.postMessage", **fault)
        with pytest.raises(error) as told:
            await chat.send(delivery())
        asked = getattr(told.value, "retry_after", None)
        assert asked == (timedelta(seconds=seconds) if seconds else None)
        assert len(server.messages) == (1 if fault.get("drop") == "after" else 0)  # and never twice


async def test_a_message_to_a_person_can_be_edited_after_a_restart_too() -> None:
    person = Destination(platform="slack", workspace=TEAM, chat_id=BORIS, user_id=BORIS)
    async with peer() as (server, chat):
        ts = await chat.send(delivery(destination=person))
        await chat.edit(delivery(destination=person, kind="edit", message_id=ts, message=say.message(say.text("New"))))
        assert server.messages["D0BORIS", ts]["text"] == "New"
        assert server.said("conversations.open") == []
        fresh = SocketChat(Web(base_url=server.api, bot_token=server.bot_token), FakeClock(), app_token="", timing=CALM)
        await fresh.edit(delivery(destination=person, kind="edit", message_id=ts))
        await fresh.close()
        assert server.messages["D0BORIS", ts]["text"] == "Hello"


async def test_an_edit_replaces_text_and_blocks_and_one_that_changes_nothing_succeeds() -> None:
    async with peer() as (server, chat):
        ts = await chat.send(delivery())
        edit = delivery(say.message(say.text("Hello, +1")), kind="edit", message_id=ts)
        await chat.edit(edit)
        await chat.edit(edit)
        assert server.messages[ROOM, ts]["text"] == "Hello, +1"
        await chat.edit(replace(edit, plain=True))
        assert server.messages[ROOM, ts]["blocks"] == []  # or the old ones would stay
        with pytest.raises(PermanentError, match="deleted") as told:
            await chat.edit(replace(edit, message_id="1.1"))
        assert not told.value.gone  # the message is, the chat is not
