"""What the adapter hears on Telegram, in every kind of chat, and that nothing heard is lost."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.chats.telegram import TelegramSettings, connect
from bot.config import Settings
from bot.errors import PermanentError
from bot.ports import Kit
from tests.bot.telegram_talk import (
    ANNA,
    BORIS,
    CHANNEL,
    FORUM,
    GROUP,
    PRIVATE,
    TOPIC,
    Line,
    connected,
    delivery,
    open_line,
)
from tests.fake_telegram import BOT, Refusal
from tests.fakes import NOON


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


def test_without_a_token_one_line_tells_how_to_connect() -> None:
    told = connect(Kit(settings=Settings(), clock=lambda: NOON))
    assert isinstance(told, str)
    assert "WATCHWORD_TELEGRAM_TOKEN" in told
    assert "\n" not in told


@pytest.mark.parametrize("token", ["secret", "12:ab cd", "12:ab\n", "12:../x", "12:a?b=c", "bot12:abc"])
def test_what_cannot_be_a_token_is_told_and_not_repeated(token: str) -> None:
    with pytest.raises(PermanentError, match="BotFather") as caught:
        connect(Kit(settings=Settings().having(TelegramSettings(telegram_token=SecretStr(token))), clock=lambda: NOON))
    assert token not in str(caught.value)


# -------------------------------------------------------------------------------------------------------- what is typed


async def test_commands_in_every_kind_of_chat(line: Line) -> None:
    line.fake.admins = {42}
    say_ = line.fake.say
    say_("/watch “troops” AND Ukraine", PRIVATE, ANNA)
    say_("troops", PRIVATE, ANNA)
    say_("/rules@WatchwordTestBot", GROUP, ANNA)
    say_("/mute x\nfor 2h", FORUM, ANNA, **TOPIC)
    say_("/mutes", FORUM, ANNA)
    say_("/sources", CHANNEL, sender_chat=CHANNEL)
    say_("/start follow-troops", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [(one.text, one.destination.chat_id, one.destination.thread_id, one.admin) for one in line.heard] == [
        ("watch “troops” AND Ukraine", "42", "", True),
        ("troops", "42", "", True),
        ("rules", "-100", "", True),
        ("mute x\nfor 2h", "-200", "7", True),
        ("mutes", "-200", "", True),
        ("sources", "-300", "", True),
        ("start follow-troops", "42", "", True),
    ]
    assert [one.destination.user_id for one in line.heard] == ["42", "42", "", "", "", "", "42"]
    assert [one.user.user_id for one in line.heard] == ["42", "42", "42", "42", "42", "-300", "42"]
    assert line.heard[0].user.name == "Anna B"
    assert line.heard[0].id == "telegram:123456:1001"
    assert len({one.id for one in line.heard}) == 7


async def test_what_is_not_for_us_is_passed_over(line: Line) -> None:
    other_bot = {"id": 9, "is_bot": True, "first_name": "Other"}
    ours = {"message_id": 5, "date": 1, "chat": GROUP, "text": "alert", "from": BOT}
    theirs = {**ours, "from": BORIS}
    say_ = line.fake.say
    say_("/rules@OtherBot", GROUP, ANNA)
    say_("just chatting", GROUP, ANNA)
    say_("Thanks!", GROUP, ANNA, reply_to_message=ours)
    say_("why", GROUP, ANNA, reply_to_message=theirs)
    say_("/rules", GROUP, other_bot)
    say_("/rules", GROUP, ANNA, via_bot=other_bot)
    say_("/rules", GROUP, {"id": 777000, "is_bot": False, "first_name": "Telegram"}, is_automatic_forward=True)
    say_("news of the day", CHANNEL, sender_chat=CHANNEL)
    photo = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}
    line.fake.push(
        "message",
        {"message_id": 6, "date": 1, "chat": PRIVATE, "from": ANNA, "photo": [photo], "caption": "/rules"},
    )
    line.fake.push("edited_message", {"message_id": 6, "date": 1, "chat": PRIVATE, "from": ANNA, "text": "/rules"})
    say_("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard] == ["help"]


async def test_an_answer_points_at_the_message_that_it_answers(line: Line) -> None:
    ours = {"message_id": 5, "date": 1, "chat": GROUP, "text": "alert", "from": BOT}
    post = {"message_id": 6, "date": 1, "chat": CHANNEL, "text": "alert", "sender_chat": CHANNEL}
    line.fake.say("why", GROUP, ANNA, reply_to_message=ours)
    line.fake.say("/mute story", GROUP, ANNA, reply_to_message=ours)
    line.fake.say("/why", GROUP, ANNA, reply_to_message={**ours, "from": BORIS})
    line.fake.say("/why", CHANNEL, sender_chat=CHANNEL, reply_to_message=post)
    line.listen()
    await line.settled()
    assert [(one.text, one.reply_to) for one in line.heard] == [
        ("why", "5"),
        ("mute story", "5"),
        ("why", ""),
        ("why", "6"),
    ]


async def test_what_is_copied_from_our_messages_works_and_half_characters_go(line: Line) -> None:
    line.fake.say("/\u2060watch a.\u2060com \ud800x", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard] == ["watch a.com x"]


# -------------------------------------------------------------------------------------------------------------- rights


async def test_only_admins_are_admins_in_a_group_and_this_is_asked_once_a_minute(line: Line) -> None:
    line.listen()
    for _ in range(3):
        line.fake.say("/rules", GROUP, ANNA)
    await line.settled()
    assert [one.admin for one in line.heard] == [False] * 3
    assert len(line.fake.named("getChatMember")) == 1
    line.fake.admins = {42}
    line.clock.forward(seconds=61)
    line.fake.say("/rules", GROUP, ANNA)
    line.fake.say("/rules", GROUP, BORIS)
    await line.settled()
    assert [one.admin for one in line.heard[3:]] == [True, False]


async def test_an_anonymous_admin_is_one_and_without_an_answer_nobody_is(line: Line) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    line.fake.admins = {42}
    line.fake.faults_of["getChatMember"] = [Refusal(502, "Bad Gateway")]
    line.fake.say("/rules", GROUP, anonymous, sender_chat=GROUP)
    line.fake.say("/rules", GROUP, anonymous, sender_chat=CHANNEL)
    line.fake.say("/rules", GROUP, ANNA)
    line.fake.say("/rules", GROUP, ANNA)
    line.listen()
    await line.settled()
    assert [(one.user.user_id, one.admin) for one in line.heard] == [
        ("-100", True),
        ("-300", False),
        ("42", False),
        ("42", True),
    ]


# ------------------------------------------------------------------------------------------------------------- buttons


async def test_a_press_is_its_command_and_the_button_stops_spinning(line: Line) -> None:
    line.fake.press("why alert:1", {"message_id": 9, "date": 1, "chat": FORUM, "text": "x", **TOPIC}, ANNA)
    line.listen()
    await line.settled()
    (command,) = line.heard
    assert (command.text, command.reply_to, command.destination.thread_id) == ("why alert:1", "9", "7")
    assert (command.user.user_id, command.admin) == ("42", False)
    assert [one.get("text") for one in line.fake.named("answerCallbackQuery")] == [None]


async def test_a_press_that_no_button_of_the_message_has_is_refused(line: Line) -> None:
    """A changed app can send any data; and a message that was edited has other buttons now."""
    shown = {"message_id": 9, "date": 1, "chat": GROUP, "text": "x"}
    other = {
        "inline_keyboard": [[{"text": "Why", "callback_data": "why alert:1"}, {"text": "O", "url": "https://a.b"}]]
    }
    line.fake.press("unwatch 1", {**shown, "reply_markup": other}, ANNA)
    line.fake.press("unwatch 1", {**shown, "reply_markup": None}, ANNA)
    line.fake.press("why alert:1", {**shown, "reply_markup": other}, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard] == ["why alert:1"]
    answers = [one.get("text", "") for one in line.fake.named("answerCallbackQuery")]
    assert ["out of date" in one for one in answers] == [True, True, False]


async def test_a_press_on_a_message_that_telegram_shows_no_more_is_as_good_as_typed(line: Line) -> None:
    line.fake.press("why alert:1", {"message_id": 9, "date": 0, "chat": GROUP}, ANNA)
    line.listen()
    await line.settled()
    assert [(one.text, one.admin) for one in line.heard] == [("why alert:1", False)]


async def test_readers_of_a_channel_cannot_press_what_would_post_there(line: Line) -> None:
    line.fake.admins = {42}
    shown = {"message_id": 9, "date": 1, "chat": CHANNEL, "text": "x", "sender_chat": CHANNEL}
    line.fake.press("why alert:1", shown, BORIS)
    line.fake.press("why alert:1", shown, ANNA)
    line.listen()
    await line.settled()
    assert [(one.user.user_id, one.admin) for one in line.heard] == [("-300", True)], "it speaks for the channel"
    refused, answered = line.fake.named("answerCallbackQuery")
    assert "admins" in refused["text"]
    assert refused["show_alert"] == "true"
    assert "text" not in answered


# -------------------------------------------------------------------------------------------------------------- events


async def test_membership_and_migration_are_events_that_nobody_can_type(line: Line) -> None:
    def member(status: str) -> dict[str, Any]:
        return {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    changes = [
        (GROUP, "left", "member"),
        (GROUP, "member", "kicked"),
        (PRIVATE, "member", "kicked"),
        (PRIVATE, "kicked", "member"),
    ]
    for chat, before, after in changes:
        body = {"old_chat_member": member(before), "new_chat_member": member(after)}
        line.fake.push("my_chat_member", {"chat": chat, "from": ANNA, "date": 1, **body})
    line.fake.push("message", {"message_id": 3, "date": 1, "chat": GROUP, "from": ANNA, "migrate_to_chat_id": -999})
    line.fake.push("message", {"message_id": 1, "date": 1, "chat": GROUP, "from": ANNA, "migrate_from_chat_id": -9})
    line.fake.say("/chat-moved 1", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [(one.text, one.destination.chat_id, one.event) for one in line.heard] == [
        ("bot-added", "-100", True),
        ("bot-removed", "-100", True),
        ("bot-removed", "42", True),
        ("chat-moved -999", "-100", True),
        ("/chat-moved 1", "42", False),
    ]


# ----------------------------------------------------------------------------------------------------- nothing is lost


async def test_an_update_that_was_not_kept_is_not_confirmed_and_comes_again(line: Line) -> None:
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    line.fail = [OSError("disk full")]
    line.fake.say("/watch troops", PRIVATE, ANNA)
    line.fake.say("/rules", PRIVATE, ANNA)
    await line.settled()
    assert [one.text for one in line.heard] == ["help", "watch troops", "rules"]


async def test_after_a_restart_only_what_was_not_kept_comes_again(line: Line) -> None:
    line.fake.say("/help", PRIVATE, ANNA)
    line.fake.say("/watch troops", PRIVATE, ANNA)
    line.listen()
    await line.until(lambda: len(line.heard) == 2)
    line.fail = [OSError("disk full")] * 99
    line.fake.say("/rules", PRIVATE, ANNA)
    await line.until(lambda: len(line.fail) < 99)
    await line.stop()
    await line.chat.close()
    before = [one.text for one in line.heard]
    line.fail = []
    line.chat = connected(line.base)
    line.listen()
    await line.settled()
    assert before == ["help", "watch troops"]
    assert [one.text for one in line.heard[2:]] in (["rules"], ["watch troops", "rules"])


async def test_an_update_that_trips_us_up_holds_up_no_other(line: Line) -> None:
    def broken_once() -> Any:
        line.chat._clock = line.clock  # type: ignore[attr-defined]
        raise OverflowError("a bug")

    line.chat._clock = broken_once  # type: ignore[attr-defined]
    line.fake.say("/rules", PRIVATE, ANNA)
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard] == ["help"]


async def test_what_ended_listening_does_not_end_sending(line: Line) -> None:
    """At the end of the process, sends that are under way get their grace after listening was cancelled."""
    line.listen()
    await line.until(lambda: line.fake.named("getUpdates"))
    await line.stop()
    assert await line.chat.send(delivery())


async def test_a_webhook_that_another_program_left_is_removed(line: Line) -> None:
    line.fake.webhook = True
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [one.text for one in line.heard] == ["help"]


async def test_polling_goes_on_after_faults_and_ends_with_a_revoked_token(line: Line) -> None:
    line.fake.faults_of["getUpdates"] = [
        Refusal(429, "Too Many Requests: retry after 0", retry_after=0.1),
        Refusal(409, "Conflict: terminated by other getUpdates request"),
    ]
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    line.fake.token = "123456:another-one"
    line.fake.push("edited_message", {})  # ends the long poll
    with pytest.raises(PermanentError, match="BotFather"):
        await line.until(lambda: False)
