"""`python -m tests.faults.crashing run`: the program, which dies at a named point (WATCHWORD_TEST_CRASH_AT=point:n).

The product knows nothing of it: the functions around the point are wrapped before it starts. It dies at the n-th time.
"""

import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable
from typing import Any

# name -> (module, class, function, whether it dies before or after it)
POINTS = {
    "after the visit of a source": ("bot.pipeline.gather", "Gather", "__call__", "before"),
    "in the transaction, documents written": ("bot.stores.sqlite", "Sqlite", "add_documents", "after"),
    "in the transaction, alerts queued": ("bot.pipeline.ingest", "Ingest", "_take_in", "after"),
    "after its commit": ("bot.pipeline.ingest", "Ingest", "documents", "after"),
    "before a claim": ("bot.stores.sqlite", "Sqlite", "claim", "before"),
    "after a claim": ("bot.pipeline.deliver", "Deliver", "_written", "after"),
    "before the request": ("bot.chats._telegram_chat", "Telegram", "_post", "before"),
    "after the request, before its mark": ("bot.pipeline.deliver", "Deliver", "_mark", "before"),
    "in the mark": ("bot.stores.sqlite", "Sqlite", "sent", "after"),
    "after the mark": ("bot.pipeline.deliver", "Deliver", "_note", "after"),
    "a command kept, not acknowledged": ("bot.stores.sqlite", "Sqlite", "receive", "after"),
    "a command applied, before its commit": ("bot.pipeline.answer", "Answer", "_finish", "after"),
    "in a migration": ("bot.stores.sqlite", "Sqlite", "_settle", "before"),
    "in a backup": ("bot.stores.sqlite", "Sqlite", "backup", "before"),
}


def arm(point: str, at: int) -> None:
    """Wrap the function of that point."""
    module_name, class_name, name, when = POINTS[point]
    owner = getattr(importlib.import_module(module_name), class_name)
    plain: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def counted() -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            os._exit(137)

    if inspect.iscoroutinefunction(plain):

        @functools.wraps(plain)
        async def mortal_async(*given: Any, **named: Any) -> Any:
            if when == "before":
                counted()
            result = await plain(*given, **named)
            if when == "after":
                counted()
            return result

        setattr(owner, name, mortal_async)
        return

    @functools.wraps(plain)
    def mortal(*given: Any, **named: Any) -> Any:
        if when == "before":
            counted()
        result = plain(*given, **named)
        if when == "after":
            counted()
        return result

    setattr(owner, name, mortal)


if __name__ == "__main__":
    asked, _, number = os.environ["WATCHWORD_TEST_CRASH_AT"].rpartition(":")
    arm(asked, int(number))
    from bot.__main__ import main

    sys.exit(main())
