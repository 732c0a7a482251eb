"""The one thread that talks to the store."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Write(Protocol):
    """Runs a blocking call in the writer thread."""

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """What `function` returns or raises."""
        ...


class Writer:
    """A thread of one; calls run in the order in which they were asked for.

    A call that has begun is always waited for: cancelling the asker does not leave a transaction half reported.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` in the thread."""
        loop = asyncio.get_running_loop()
        call: Callable[[], Any] = partial(function, *args, **kwargs)
        result: R = await asyncio.shield(loop.run_in_executor(self._pool, call))
        return result

    def close(self) -> None:
        """Finish what was asked for and end the thread."""
        self._pool.shutdown(wait=True)
