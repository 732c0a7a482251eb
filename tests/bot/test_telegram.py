"""The adapter against a Bot API server over real HTTP: every kind of chat, every refusal that has a meaning."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.chats.telegram import connect
from bot.config import Settings
from bot.core import say
from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError
from bot.logs import set_up
from bot.model import Button, Command, Delivery, Destination, Message
from bot.ports import Chat, Kit
from tests.fake_telegram import BOT, TOKEN, FakeTelegram, Refusal
from tests.fakes import NOON

ANNA = {"id": 42, "is_bot": False, "first_name": "Anna", "last_name": "B"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Desk"}
FORUM = {"id": -200, "type": "supergroup", "title": "Forum", "is_forum": True}
CHANNEL = {"id": -300, "type": "channel", "title": "Wire"}


@dataclass
class Line:
    """The adapter, connected to the fake; `heard` is what it took down."""

    fake: FakeTelegram
    chat: Chat
    heard: list[Command] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    async def handle(self, command: Command) -> None:
        if self.fail:
            raise self.fail.pop(0)
        self.heard.append(command)

    def listen(self) -> None:
        self.task = asyncio.create_task(self.chat.listen(self.handle))

    async def until(self, there: Callable[[], Any]) -> None:
        for _ in range(400):
            if there():
                return
            if self.task is not None and self.task.done():
                self.task.result()
            await asyncio.sleep(0.02)
        raise AssertionError("it did not happen")


async def connected(fake: FakeTelegram, base: str, token: str = TOKEN) -> Chat:
    chat = connect(Kit(settings=Settings(telegram_token=SecretStr(token), telegram_base_url=base), clock=lambda: NOON))
    assert not isinstance(chat, str)
    return chat


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    fake = FakeTelegram()
    async with TestServer(fake.application()) as server:
        made = Line(fake, await connected(fake, str(server.make_url("/"))))
        yield made
        if made.task is not None:
            made.task.cancel()
            await asyncio.gather(made.task, return_exceptions=True)
        await made.chat.close()


def delivery(message: Message, to: str = "42", **more: Any) -> Delivery:
    destination = Destination(platform="telegram", chat_id=to, thread_id=more.pop("thread", ""))
    return Delivery(id="d", destination=destination, message=message, created_at=NOON, **more)


HELLO = say.message(
    say.title("Troops 🪖 move"),
    say.quote("The ", say.Run(text="troops", styles=("hit",)), " moved."),
    buttons=(Button(label="Why", command="why alert:0123456789abcdef"), Button(label="Open", url="https://a.example/")),
)


def test_without_a_token_one_line_tells_how_to_connect() -> None:
    told = connect(Kit(settings=Settings(), clock=lambda: NOON))
    assert isinstance(told, str)
    assert "WATCHWORD_TELEGRAM_TOKEN" in told
    assert "\n" not in told


async def test_commands_in_every_kind_of_chat(line: Line) -> None:
    line.fake.admins = {42}
    say_ = line.fake.say
    say_("/watch “troops” AND Ukraine", PRIVATE, ANNA)
    say_("troops", PRIVATE, ANNA)
    say_("/rules@WatchwordTestBot", GROUP, ANNA)
    say_("/rules@OtherBot", GROUP, ANNA)
    say_("just chatting", GROUP, ANNA)
    say_("/mute x\nfor 2h", FORUM, ANNA, message_thread_id=7, is_topic_message=True)
    say_("/sources", CHANNEL, sender_chat=CHANNEL)
    line.listen()
    await line.until(lambda: len(line.heard) == 5)
    assert [(one.text, one.destination.chat_id, one.destination.thread_id, one.admin) for one in line.heard] == [
        ("watch “troops” AND Ukraine", "42", "", True),
        ("troops", "42", "", True),
        ("rules", "-100", "", True),
        ("mute x\nfor 2h", "-200", "7", True),
        ("sources", "-300", "", True),
    ]
    assert line.heard[0].destination.user_id == "42"
    assert line.heard[0].user.name == "Anna B"
    assert line.heard[2].destination.user_id == ""
    assert line.heard[4].user.user_id == "-300"
    assert len({one.id for one in line.heard}) == 5


async def test_only_admins_are_admins_in_a_group_and_this_is_asked_once_a_minute(line: Line) -> None:
    for _ in range(3):
        line.fake.say("/rules", GROUP, ANNA)
    line.listen()
    await line.until(lambda: len(line.heard) == 3)
    assert [one.admin for one in line.heard] == [False] * 3
    assert [name for name, _ in line.fake.calls].count("getChatMember") == 1


async def test_a_press_is_its_command_and_the_button_stops_spinning(line: Line) -> None:
    shown = {"message_id": 9, "date": 1, "chat": FORUM, "text": "x", "message_thread_id": 7, "is_topic_message": True}
    line.fake.press("why alert:1", shown, ANNA)
    line.listen()
    await line.until(lambda: any(name == "answerCallbackQuery" for name, _ in line.fake.calls))
    (command,) = line.heard
    assert (command.text, command.reply_to, command.destination.thread_id) == ("why alert:1", "9", "7")
    assert command.user.user_id == "42"


async def test_an_answer_to_our_message_in_a_group_is_for_us(line: Line) -> None:
    ours = {"message_id": 5, "date": 1, "chat": GROUP, "text": "alert", "from": BOT}
    line.fake.say("why", GROUP, ANNA, reply_to_message=ours)
    line.listen()
    await line.until(lambda: line.heard)
    assert (line.heard[0].text, line.heard[0].reply_to) == ("why", "5")


async def test_an_update_that_was_not_kept_is_not_confirmed_and_comes_again(line: Line) -> None:
    line.fail = [OSError("disk full")]
    line.fake.say("/watch troops", PRIVATE, ANNA)
    line.fake.say("/rules", PRIVATE, ANNA)
    line.listen()
    await line.until(lambda: len(line.heard) == 2)
    assert [one.text for one in line.heard] == ["watch troops", "rules"]


async def test_membership_and_migration_are_events_that_nobody_can_type(line: Line) -> None:
    def member(status: str) -> dict[str, Any]:
        return {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    for before, after in (("left", "member"), ("member", "kicked")):
        body = {
            "chat": GROUP,
            "from": ANNA,
            "date": 1,
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        line.fake.push("my_chat_member", body)
    line.fake.push("message", {"message_id": 3, "date": 1, "chat": GROUP, "from": ANNA, "migrate_to_chat_id": -999})
    line.fake.say("/chat-moved 1", PRIVATE, ANNA)
    line.listen()
    await line.until(lambda: len(line.heard) == 4)
    told = [(one.text, one.event) for one in line.heard]
    assert told[:3] == [("bot-added", True), ("bot-removed", True), ("chat-moved -999", True)]
    assert told[3][1] is False


async def test_a_message_arrives_with_entities_and_buttons(line: Line) -> None:
    message_id = await line.chat.send(delivery(HELLO, reply_to="77"))
    assert message_id == "1"
    (sent,) = line.fake.sent
    assert sent["text"] == "Troops 🪖 move\n\nThe troops moved."
    kinds = [(one["type"], one["offset"], one["length"]) for one in sent["entities"]]
    assert ("bold", 0, 14) in kinds
    assert ("blockquote", 16, 17) in kinds
    assert ("underline", 20, 6) in kinds
    assert sent["reply_markup"]["inline_keyboard"] == [
        [{"text": "Why", "callback_data": "why alert:0123456789abcdef"}, {"text": "Open", "url": "https://a.example/"}]
    ]
    assert sent["reply_parameters"]["message_id"] == 77
    assert "parse_mode" not in sent


async def test_an_edit_replaces_and_one_that_changes_nothing_succeeds(line: Line) -> None:
    first = delivery(HELLO)
    edit = replace(first, kind="edit", message_id=await line.chat.send(first))
    await line.chat.edit(edit)
    await line.chat.edit(replace(edit, message=say.message(say.text("Changed"))))
    assert [one["text"] for one in line.fake.edited] == ["Changed"]
    with pytest.raises(PermanentError, match="essage to edit not found"):
        await line.chat.edit(replace(edit, message_id="555"))


async def test_a_closed_topic_falls_back_to_the_general_one(line: Line) -> None:
    line.fake.closed_topics = {7}
    await line.chat.send(delivery(HELLO, to="-200", thread="7"))
    (sent,) = line.fake.sent
    assert "message_thread_id" not in sent
    assert "closed or gone" in sent["text"]


@pytest.mark.parametrize(
    ("fault", "expected", "gone"),
    [
        (Refusal(429, "Too Many Requests: retry after 7", retry_after=7), TransientError, None),
        (Refusal(403, "Forbidden: bot was blocked by the user"), PermanentError, True),
        (Refusal(403, "Forbidden: bot was kicked from the supergroup chat"), PermanentError, True),
        (Refusal(400, "Bad Request: chat not found"), PermanentError, True),
        (Refusal(400, "Bad Request: can't parse entities"), PermanentError, False),
        (Refusal(502, "Bad Gateway"), TransientError, None),
        ("drop", UnknownOutcome, None),
    ],
)
async def test_refusals_say_whether_trying_again_helps(
    line: Line, fault: Any, expected: type[WatchwordError], gone: bool | None
) -> None:
    line.fake.faults = [fault]
    with pytest.raises(expected) as caught:
        await line.chat.send(delivery(HELLO))
    if isinstance(caught.value, PermanentError):
        assert caught.value.gone is gone
    if isinstance(fault, Refusal) and fault.code == 429:
        assert isinstance(caught.value, TransientError)
        assert caught.value.retry_after == timedelta(seconds=7)
    assert TOKEN not in str(caught.value)
    assert await line.chat.send(delivery(HELLO))


async def test_a_migrated_group_is_moved_and_tried_again(line: Line) -> None:
    line.listen()
    await line.until(lambda: any(name == "getUpdates" for name, _ in line.fake.calls))
    line.fake.faults = [Refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-999)]
    with pytest.raises(TransientError):
        await line.chat.send(delivery(HELLO, to="-100"))
    assert [(one.text, one.event) for one in line.heard] == [("chat-moved -999", True)]


async def test_an_unreachable_server_is_worth_another_try() -> None:
    chat = await connected(FakeTelegram(), "http://127.0.0.1:9/")
    with pytest.raises(TransientError):
        await chat.send(delivery(HELLO))
    await chat.close()


async def test_a_wrong_token_is_told_and_never_logged(line: Line) -> None:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:]
    async with TestServer(line.fake.application()) as server:
        canary = "999:canary-canary-canary-canary-canary"
        set_up(Settings(telegram_token=SecretStr(canary), log_level="debug"), stream)
        try:
            chat = await connected(line.fake, str(server.make_url("/")), canary)
            with pytest.raises(PermanentError, match="BotFather"):
                await chat.listen(line.handle)
            await chat.close()
        finally:
            logging.getLogger().handlers[:] = before
    assert "canary" not in stream.getvalue()


async def test_the_menu_lists_every_command(line: Line) -> None:
    line.listen()
    await line.until(lambda: any(name == "setMyCommands" for name, _ in line.fake.calls))
    (arguments,) = [arguments for name, arguments in line.fake.calls if name == "setMyCommands"]
    names = [one["command"] for one in arguments["commands"]]
    assert {"watch", "mute", "why", "source", "subscribe"} <= set(names)
