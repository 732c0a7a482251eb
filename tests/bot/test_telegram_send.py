"""What the adapter sends to Telegram, what each refusal means, and that the token stays a secret."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot import say
from bot.chats.telegram import TelegramSettings
from bot.config import Settings
from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError
from bot.logs import set_up
from bot.model import User
from tests.bot.telegram_talk import ANNA, HELLO, PRIVATE, Line, connected, delivery, open_line
from tests.fake_telegram import TOKEN, FakeTelegram, Fault, Refusal, units


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


async def test_a_message_arrives_with_entities_and_buttons(line: Line) -> None:
    message_id = await line.chat.send(delivery(reply_to="77"))
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
    assert sent["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in sent
    assert "message_thread_id" not in sent


async def test_every_look_survives_the_way_through_the_library(line: Line) -> None:
    message = say.message(
        say.meta(say.moment(line.clock())),
        say.text(say.Run(text="@Anna", mention=User(platform="telegram", user_id="42")), say.mono("/rules")),
        say.code("a\n ^"),
        say.quote("long " * 100),
        say.title(say.Run(text="T", url="https://a.example/?a=1&b=2")),
    )
    await line.chat.send(delivery(message))
    (sent,) = line.fake.sent
    looks = {one["type"]: one for one in sent["entities"]}
    assert set(looks) == {"date_time", "text_mention", "code", "pre", "expandable_blockquote", "text_link", "bold"}
    assert looks["date_time"]["unix_time"] == int(line.clock().timestamp())
    assert looks["text_mention"]["user"]["id"] == 42
    assert looks["text_link"]["url"] == "https://a.example/?a=1&b=2"


async def test_a_silent_message_makes_no_sound(line: Line) -> None:
    await line.chat.send(delivery(replace(HELLO, silent=True)))
    await line.chat.send(delivery())
    assert [one.get("disable_notification") for one in line.fake.sent] == ["true", "false"]


async def test_an_edit_replaces_and_one_that_changes_nothing_succeeds(line: Line) -> None:
    first = delivery()
    edit = replace(first, kind="edit", message_id=await line.chat.send(first))
    await line.chat.edit(edit)
    await line.chat.edit(replace(edit, message=say.message(say.text("Changed"))))
    assert [one["text"] for one in line.fake.edited] == ["Changed"]
    with pytest.raises(PermanentError, match="essage to edit not found"):
        await line.chat.edit(replace(edit, message_id="555"))
    with pytest.raises(PermanentError, match="no message of Telegram"):
        await line.chat.edit(replace(edit, message_id="1700.5"))


# -------------------------------------------------------------------------------------------------------------- topics


async def test_a_topic_gets_its_own_messages(line: Line) -> None:
    await line.chat.send(delivery(to="-200", thread="7"))
    assert line.fake.sent[0]["message_thread_id"] == "7"


@pytest.mark.parametrize("words", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
async def test_what_a_closed_topic_should_get_goes_to_the_general_one_and_fits(line: Line, words: str) -> None:
    line.fake.faults = [Refusal(400, f"Bad Request: {words}")]
    full = say.message(say.title("T"), say.quote("x" * 5000), say.meta("Why: rule 1"))
    await line.chat.send(delivery(full, to="-200", thread="7", reply_to="5"))
    (sent,) = line.fake.sent
    assert "message_thread_id" not in sent
    assert "reply_parameters" not in sent
    assert sent["text"].endswith("Why: rule 1\n(The topic that this belongs to is closed or gone.)")
    assert units(sent["text"]) <= 4096


async def test_a_refusal_that_is_not_the_topics_fault_stands(line: Line) -> None:
    line.fake.faults = [Refusal(400, "Bad Request: chat not found")]
    with pytest.raises(PermanentError):
        await line.chat.send(delivery(to="-200", thread="7"))
    assert line.fake.sent == []


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("fault", "expected", "gone"),
    [
        (Refusal(429, "Too Many Requests: retry after 7", retry_after=7), TransientError, None),
        (Refusal(403, "Forbidden: bot was blocked by the user"), PermanentError, True),
        (Refusal(403, "Forbidden: bot was kicked from the supergroup chat"), PermanentError, True),
        (Refusal(403, "Forbidden: user is deactivated"), PermanentError, True),
        (Refusal(400, "Bad Request: chat not found"), PermanentError, True),
        (Refusal(400, "Bad Request: not enough rights to send text messages to the chat"), PermanentError, True),
        (Refusal(400, "Bad Request: can't parse entities"), PermanentError, False),
        (Refusal(400, "Bad Request: message is too long"), PermanentError, False),
        (Refusal(500, "Internal Server Error"), TransientError, None),
        (Refusal(502, "Bad Gateway"), TransientError, None),
        ("page", TransientError, None),
        ("drop", UnknownOutcome, None),
        ("mess", UnknownOutcome, None),
    ],
)
async def test_refusals_say_whether_trying_again_helps(
    line: Line, fault: Fault, expected: type[WatchwordError], gone: bool | None
) -> None:
    line.fake.faults = [fault]
    with pytest.raises(expected) as caught:
        await line.chat.send(delivery())
    if isinstance(caught.value, PermanentError):
        assert caught.value.gone is gone
    if isinstance(fault, Refusal) and fault.code == 429:
        assert isinstance(caught.value, TransientError)
        assert caught.value.retry_after == timedelta(seconds=7)
    assert TOKEN not in str(caught.value)
    assert await line.chat.send(delivery())


async def test_a_sign_in_page_in_between_is_not_telegrams_refusal(line: Line) -> None:
    """A proxy's 403 or 404 must neither pause a chat nor turn Telegram off."""
    for status in (401, 403, 404, 429):
        line.fake.faults = [f"page {status}"]
        with pytest.raises(TransientError):
            await line.chat.send(delivery())


async def test_a_migrated_group_is_moved_and_tried_again(line: Line) -> None:
    line.listen()
    await line.until(lambda: line.fake.named("getUpdates"))
    moved = Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-999)
    line.fake.faults = [moved, moved]
    with pytest.raises(TransientError):
        await line.chat.send(delivery(to="-100", thread="7"))
    with pytest.raises(TransientError):
        await line.chat.edit(delivery(to="-100", message_id="1"))
    assert [(one.text, one.destination.thread_id, one.event) for one in line.heard] == [
        ("chat-moved -999", "", True)
    ] * 2
    assert line.heard[0].id == line.heard[1].id, "told twice, done once"


async def test_an_unreachable_server_is_worth_another_try() -> None:
    chat = connected("http://127.0.0.1:9/")
    with pytest.raises(TransientError):
        await chat.send(delivery())
    await chat.close()


async def test_a_link_that_breaks_before_the_message_left_makes_no_repeat(line: Line) -> None:
    """The first call asks who we are; nothing was sent yet, whatever became of that."""
    line.fake.faults_of["getMe"] = ["drop"]
    with pytest.raises(TransientError):
        await line.chat.send(delivery())
    assert line.fake.sent == []
    assert await line.chat.send(delivery())


async def test_a_refused_token_is_no_fault_of_the_message(line: Line) -> None:
    """It waits for the next token; only listening ends."""
    assert await line.chat.send(delivery())
    line.fake.token = "123456:another-one"
    with pytest.raises(TransientError, match="BotFather"):
        await line.chat.send(delivery())
    fresh = connected(line.base)
    with pytest.raises(TransientError, match="BotFather"):
        await fresh.send(delivery())
    with pytest.raises(PermanentError, match="BotFather"):
        await fresh.listen(line.handle)
    await fresh.close()


# -------------------------------------------------------------------------------------------------------------- secret

CANARY = "999:canary-canary-canary-canary-canary"


@contextmanager
def everything_logged(*handlers: logging.Handler) -> Iterator[None]:
    """At DEBUG, to these handlers alone; not the fake server's own log of requests."""
    root, server = logging.getLogger(), logging.getLogger("aiohttp.access")
    before, level = root.handlers[:], root.level
    if handlers:
        root.handlers[:] = handlers
    root.setLevel(logging.DEBUG)
    server.propagate = False
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        server.propagate = True


async def use(line: Line, base: str) -> list[str]:
    """Everything that can go wrong, and what it said."""
    said: list[str] = []
    chat = connected(base, token=CANARY)
    line.chat, line.fake.token = chat, CANARY
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.until(lambda: line.heard)
    for fault in ("drop", "refuse", "page", "mess", Refusal(400, "Bad Request: x"), Refusal(403, "Forbidden: x")):
        line.fake.faults = [fault]
        with pytest.raises(WatchwordError) as caught:
            await chat.send(delivery())
        said += [str(caught.value), repr(caught.value)]
    line.fake.token = "another"
    line.fake.push("edited_message", {})
    assert line.task is not None
    (ended,) = await asyncio.gather(line.task, return_exceptions=True)
    line.task = None
    return [*said, repr(ended)]


async def test_the_token_is_neither_told_nor_logged_whoever_handles_the_logs(line: Line) -> None:
    stream = io.StringIO()
    async with TestServer(line.fake.application()) as server:
        with everything_logged(logging.StreamHandler(stream)):
            said = await use(line, str(server.make_url("/")))
            await line.chat.close()
    assert "/bot[secret]/sendMessage" in stream.getvalue(), "requests are logged"
    assert "canary" not in stream.getvalue()
    assert "canary" not in "\n".join(said)


async def test_a_wrong_token_is_told_and_never_logged() -> None:
    stream = io.StringIO()
    async with TestServer(FakeTelegram().application()) as server:
        with everything_logged():
            set_up(Settings(log_level="debug").having(TelegramSettings(telegram_token=SecretStr(CANARY))), stream)
            chat = connected(str(server.make_url("/")), token=CANARY)
            with pytest.raises(PermanentError, match="BotFather") as caught:
                await chat.listen(nobody)
            await chat.close()
    assert "canary" not in stream.getvalue()
    assert "canary" not in str(caught.value)


async def nobody(_: Any) -> None:
    return
