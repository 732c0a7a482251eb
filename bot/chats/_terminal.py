"""The local chat in a terminal: prints each delivery, submits each typed line."""

import asyncio
import os
import select
import shutil
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from bot.errors import WatchwordError
from bot.model import Delivery, Message, Run
from bot.ports import LocalChat
from bot.writing.terminal import format_message

_WIDTH = 88  # cells; wider lines are hard to read
ReadLine = Callable[[], Awaitable[str | None]]
_RETRY_SECONDS = 1.0
_LINE_BYTES = 65_536  # a longer line is not something that anybody typed


async def converse(chat: LocalChat, *, read_line: ReadLine, write: Callable[[str], None], color: bool) -> None:
    """Print each delivery with `write` and submit each line of `read_line`, until the chat closes.

    The end of input (None) ends the typing only: a service without a keyboard still prints.
    """
    events = chat.events()
    typing = asyncio.create_task(_type(chat, read_line, write))
    try:
        async for delivery in events:
            write(as_text(delivery, color=color, width=min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns)))
    finally:
        typing.cancel()
        with suppress(asyncio.CancelledError):
            await typing


def as_text(delivery: Delivery, *, color: bool, width: int = _WIDTH) -> str:
    """The delivery as the terminal shows it, set apart by an empty line. A new form of a message says so."""
    message = _marked_as_update(delivery.message) if delivery.kind == "edit" else delivery.message
    newest = bool(delivery.alert_key) and delivery.kind == "send"
    return "\n" + format_message(message, color=color, width=width, newest=newest) + "\n"


def _marked_as_update(message: Message) -> Message:
    if not message.blocks:
        return message
    first, *rest = message.blocks
    mark = Run(text="updated: ", styles=("italic",))
    return replace(message, blocks=(replace(first, runs=(mark, *first.runs)), *rest))


async def _type(chat: LocalChat, read_line: ReadLine, write: Callable[[str], None]) -> None:
    while (line := await read_line()) is not None:
        try:
            await chat.submit(line)
        except WatchwordError as error:
            write(f"\nNot done: {error}\n  You typed: {line.strip()}\n")


def keyboard(fd: int = 0) -> ReadLine:
    """Lines typed at `fd`, one a call, None at the end of input and ever after. Call it inside the running loop.

    A daemon thread reads the descriptor itself: a thread that waits inside `sys.stdin` holds its lock and makes the
    interpreter abort on exit.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(line: str | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody wants lines any more
            loop.call_soon_threadsafe(lines.put_nowait, line)

    async def read_line() -> str | None:
        line = await lines.get()
        if line is None:
            lines.put_nowait(None)
        return line

    threading.Thread(target=_read, args=(fd, hand_over), name="keyboard", daemon=True).start()
    return read_line


def _read(fd: int, hand_over: Callable[[str | None], None]) -> None:
    rest = b""
    with suppress(OSError, ValueError):  # closed under us: the same as its end
        while chunk := _chunk(fd):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                hand_over(line.decode("utf-8", "replace"))
            rest = rest[:_LINE_BYTES]
    if rest:
        hand_over(rest.decode("utf-8", "replace"))
    hand_over(None)


def _chunk(fd: int) -> bytes:
    """The next bytes; empty at the end. Waits while another job has the terminal: reading then would stop us."""
    while True:
        foreground = not os.isatty(fd) or os.tcgetpgrp(fd) == os.getpgrp()
        ready, _, _ = select.select([fd] if foreground else [], [], [], _RETRY_SECONDS)
        if ready:
            return os.read(fd, 4096)
