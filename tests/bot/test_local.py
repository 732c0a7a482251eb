"""The local chat: what is typed reaches the inbox, what is sent reaches everyone who looks on."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import say
from bot.chats._terminal import as_text, converse, keyboard
from bot.chats.local import BACKLOG, connect, spoken
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.model import Command, Delivery
from bot.ports import Kit, LocalChat
from tests.fakes import NOON, ROOM, FakeClock
from tests.talk import Talk, alert_message
from tests.waiting import LONG, eventually


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def heard(talk: Talk) -> AsyncIterator[list[Command]]:
    """Commands that the listening chat handed on."""
    commands: list[Command] = []

    async def handle(command: Command) -> None:
        commands.append(command)

    listening = asyncio.create_task(talk.chat.listen(handle))
    yield commands
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


def test_connect_needs_no_token() -> None:
    chat: LocalChat = connect(Kit(settings=Settings(), clock=FakeClock()))
    assert (chat.platform, chat.here.platform, chat.you.platform) == ("local", "local", "local")
    assert chat.here.user_id == chat.you.user_id == "you"  # a direct chat: its user's mutes withhold messages


async def test_a_typed_line_becomes_a_command(talk: Talk, heard: list[Command]) -> None:
    await talk.chat.submit("  /watch troops AND Ukraine ", reply_to="m1")
    await talk.chat.submit("help")
    first, second = heard
    assert (first.text, first.reply_to, first.received_at) == ("watch troops AND Ukraine", "m1", NOON)
    assert (first.user, first.destination, first.admin) == (talk.chat.you, talk.chat.here, True)
    assert first.id != second.id


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/help", "help"),
        ("/ help", "help"),
        ("/watchword watch a", "watch a"),
        ("@Watchword rules", "rules"),
        ("@watchwords rules", "@watchwords rules"),
        ("watch /a/", "watch /a/"),
        ("import a\n\tb", "import a\n\tb"),
        ("wa\x00tch \x1b[31m\ud800x", "watch [31mx"),
        (" / ", ""),
    ],
)
def test_spoken(typed: str, text: str) -> None:
    assert spoken(typed) == text


async def test_nothing_typed_is_nothing_said(talk: Talk, heard: list[Command]) -> None:
    for nothing in ("", "  \n", "/", "\x00"):
        await talk.chat.submit(nothing)
    assert heard == []


async def test_what_is_typed_before_listening_waits_in_order(talk: Talk) -> None:
    early = [asyncio.create_task(talk.chat.submit(f"watch {number}")) for number in range(3)]
    await asyncio.sleep(0.02)
    assert not any(task.done() for task in early)
    listening = asyncio.create_task(talk.chat.listen(talk.handle))
    await asyncio.wait_for(asyncio.gather(*early), LONG)
    assert [item.text for item in talk.items if isinstance(item, Command)] == ["watch 0", "watch 1", "watch 2"]
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_submit_returns_only_once_the_command_is_kept_and_tells_when_it_is_not(talk: Talk) -> None:
    talk.failure = TransientError("the disk is full")
    listening = asyncio.create_task(talk.chat.listen(talk.handle))
    with pytest.raises(TransientError, match="the disk is full"):
        await talk.chat.submit("help")
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_every_viewer_gets_every_delivery_from_its_call_on(talk: Talk) -> None:
    early = talk.chat.events()
    await talk.chat.send(talk.delivery("one"))
    late = talk.chat.events()
    message_id = await talk.chat.send(talk.delivery("two"))
    edit = replace(talk.delivery("change"), kind="edit", message_id=message_id)
    await talk.chat.edit(edit)
    assert message_id == "two"
    assert [(await anext(early)).message_id for _ in range(3)] == ["one", "two", "two"]
    assert [(await anext(late)).kind for _ in range(2)] == ["send", "edit"]


async def test_a_viewer_that_sleeps_is_cut_off_and_the_chat_goes_on(talk: Talk) -> None:
    asleep, awake = talk.chat.events(), talk.chat.events()
    for number in range(BACKLOG + 10):
        await talk.chat.send(talk.delivery(f"m{number}"))
        assert (await anext(awake)).id == f"m{number}"
    assert [one async for one in asleep] == []


async def test_a_viewer_that_nobody_holds_is_forgotten(talk: Talk) -> None:
    talk.chat.events()
    gc.collect()
    assert len(talk.chat._viewers) == 0


async def test_close_lets_viewers_go_after_what_they_were_sent(talk: Talk) -> None:
    viewer = talk.chat.events()
    await talk.chat.send(talk.delivery("last"))
    await talk.chat.close()
    assert [one.id async for one in viewer] == ["last"]
    assert [one async for one in talk.chat.events()] == []
    with pytest.raises(PermanentError):
        await talk.chat.send(talk.delivery("later"))
    with pytest.raises(PermanentError):
        await talk.chat.submit("help")


async def test_another_chats_delivery_is_refused(talk: Talk) -> None:
    with pytest.raises(PermanentError) as refused:
        await talk.chat.send(replace(talk.delivery("x"), destination=ROOM))
    assert refused.value.gone


# ------------------------------------------------------------------------------------------------------------ terminal


async def test_the_terminal_prints_deliveries_and_submits_lines(talk: Talk, heard: list[Command]) -> None:
    typed: asyncio.Queue[str | None] = asyncio.Queue()
    printed: list[str] = []
    talking = asyncio.create_task(converse(talk.chat, read_line=typed.get, write=printed.append, color=False))
    typed.put_nowait("/rules\n")
    typed.put_nowait(None)  # the end of input
    await eventually(lambda: len(heard) == 1)
    await talk.post("one")
    await talk.change("one", alert_message(words="soldiers"))
    await eventually(lambda: len(printed) == 2)
    assert heard[0].text == "rules"
    assert printed[0].startswith("\nPotential troop deployment to Ukraine\n")
    assert printed[1].startswith("\nupdated: Potential troop deployment to Ukraine\n")
    assert "[soldiers]" in printed[1]
    await talk.chat.close()
    await asyncio.wait_for(talking, LONG)


async def test_a_line_that_could_not_be_kept_is_told_with_the_line(talk: Talk) -> None:
    talk.failure = TransientError("the disk is full")
    listening = asyncio.create_task(talk.chat.listen(talk.handle))
    lines = iter(["watch troops AND Ukraine", None])
    printed: list[str] = []

    async def read_line() -> str | None:
        return next(lines)

    talking = asyncio.create_task(converse(talk.chat, read_line=read_line, write=printed.append, color=False))
    await eventually(lambda: bool(printed))
    assert "the disk is full" in printed[0]
    assert "watch troops AND Ukraine" in printed[0]
    for task in (talking, listening):
        task.cancel()
    await asyncio.gather(talking, listening, return_exceptions=True)


def test_an_empty_edit_can_be_printed() -> None:
    nothing = Delivery(id="x", destination=ROOM, message=say.message(), kind="edit", created_at=NOON)
    assert as_text(nothing, color=True) == "\n\n"


async def test_the_keyboard_gives_lines_and_then_the_end_for_ever() -> None:
    reads, writes = os.pipe()
    read_line = keyboard(reads)
    os.write(writes, "watch Müller\nru".encode())
    assert await asyncio.wait_for(read_line(), LONG) == "watch Müller"
    os.write(writes, b"les\n\xff\nunfinished")
    os.close(writes)
    lines = [await asyncio.wait_for(read_line(), LONG) for _ in range(5)]
    assert lines == ["rules", "\ufffd", "unfinished", None, None]
    os.close(reads)


def test_a_waiting_keyboard_does_not_hold_up_the_exit(root: os.PathLike[str]) -> None:
    imports = "import asyncio\nfrom bot.chats._terminal import keyboard\n"
    program = imports + "async def main():\n    keyboard()\nasyncio.run(main())"
    process = subprocess.Popen(  # its input stays open and empty, as a terminal's does
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root
    )
    try:
        assert process.wait(LONG) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.communicate()
