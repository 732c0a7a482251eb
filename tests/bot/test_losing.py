"""A chat in which nothing can be posted any more: who brought the bot there is told, by title, with the cure."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chats._slack_inbound import Identity, commands
from bot.model import Destination
from bot.writing.notices import chat_lost
from tests.bot.telegram_talk import ANNA, BORIS, CHANNEL, GROUP, PRIVATE, Line, open_line
from tests.fake_telegram import BOT, Refusal
from tests.fakes import NOON, text_of
from tests.house import House, open_store

MEMBER = {"user": BOT, "status": "member"}
KICKED = {"user": BOT, "status": "kicked", "until_date": 0}
RIGHTS = [
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
    *("can_edit_tag", "can_react_to_messages"),
]
SILENT = {"user": BOT, "status": "restricted", "is_member": True, "until_date": 0, **dict.fromkeys(RIGHTS, False)}


class Desk:
    """The bot in Anna's group, whose rules Boris makes."""

    def __init__(self, line: Line, house: House) -> None:
        self.line, self.house = line, house

    async def hear(self) -> list[tuple[int, str]]:
        """(chat, text) of what is sent now."""
        before = len(self.line.fake.sent)
        await self.line.settled()
        await self.house.settle()
        return [(int(each["chat_id"]), str(each["text"])) for each in self.line.fake.sent[before:]]

    async def member(self, before: Any, after: Any, by: Any, chat: Any = GROUP) -> list[tuple[int, str]]:
        change = {"old_chat_member": before, "new_chat_member": after}
        self.line.fake.push("my_chat_member", {"chat": chat, "from": by, "date": 1, **change})
        return await self.hear()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = open_store("memory", tmp_path)
    async with open_line() as line:
        house = House(store, clock=line.clock, chat=line.chat)  # type: ignore[arg-type]
        line.handle = house.pipeline.answer.receive  # type: ignore[method-assign]
        line.listen()
        made = Desk(line, house)
        await made.member(KICKED, MEMBER, ANNA)
        yield made
        await line.stop()
    store.close()


@pytest.mark.parametrize("words", ["CHAT_WRITE_FORBIDDEN", "not enough rights to send text messages to the chat"])
async def test_a_chat_without_the_right_to_post_is_paused_and_its_owner_told_once(desk: Desk, words: str) -> None:
    desk.line.fake.faults = [Refusal(400, f"Bad Request: {words}")]
    desk.line.fake.say("/help", GROUP, BORIS)
    ((to, text),) = await desk.hear()
    assert to == ANNA["id"]
    assert "I cannot post to “Desk”." in text
    assert "Permissions" in text
    assert "-100" not in text
    assert desk.house.store.paused(Destination(platform="telegram", chat_id="-100"))


async def test_who_removed_the_bot_knows_it_and_the_owner_is_told(desk: Desk) -> None:
    ((to, text),) = await desk.member(MEMBER, KICKED, BORIS)
    assert to == ANNA["id"]
    assert "“Desk”" in text
    assert "add me again" in text
    await desk.member(KICKED, MEMBER, ANNA)
    assert await desk.member(MEMBER, KICKED, ANNA) == []


async def test_restricted_is_told_and_over_when_the_right_is_back(desk: Desk) -> None:
    place = Destination(platform="telegram", chat_id="-100")
    ((to, text),) = await desk.member(MEMBER, SILENT, BORIS)
    assert to == ANNA["id"]
    assert "let me send messages" in text
    assert desk.house.store.paused(place)
    assert await desk.member(SILENT, MEMBER, BORIS) == [], "it is greeted when it is added, not now"
    assert not desk.house.store.paused(place)


async def test_a_channels_owner_is_the_person_who_added_the_bot(desk: Desk) -> None:
    await desk.member(KICKED, MEMBER, ANNA, CHANNEL)
    ((to, text),) = await desk.member(MEMBER, KICKED, BORIS, CHANNEL)
    assert (to, "“Wire”" in text) == (ANNA["id"], True)


async def test_nobody_is_told_of_their_own_direct_chat(desk: Desk) -> None:
    desk.line.fake.faults = [Refusal(403, "Forbidden: bot was blocked by the user")]
    desk.line.fake.say("/help", PRIVATE, ANNA)
    assert await desk.hear() == []


def test_slack_names_its_channels_and_not_the_kind_of_a_chat() -> None:
    me = Identity(team_id="T1", user_id="UB")

    def title(name: str) -> str:
        typed = {"command": "/watchword", "channel_id": "C1", "user_id": "U1", "channel_name": name, "text": "help"}
        return commands(typed, me, NOON)[0].title

    assert [title(name) for name in ("general", "privategroup", "mpdm-anna--boris-1")] == ["#general", "", ""]


def test_each_platform_has_its_cure_and_no_id_is_shown() -> None:
    channel = Destination(platform="slack", workspace="T1", chat_id="C012345")
    text = text_of(chat_lost(channel, "Slack: I am not in that channel (not_in_channel).", title="#general"))
    assert "I cannot post to #general." in text
    assert "/invite @watchword" in text
    nameless = text_of(chat_lost(channel, "Slack: that channel is archived; unarchive it (is_archived).", title=""))
    assert "a Slack chat" in nameless
    assert "/invite" not in nameless
    assert "C012345" not in text + nameless
