"""The one thread that talks to the store."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

from bot.ports.meter import SILENT, Meter

P = ParamSpec("P")
R = TypeVar("R")

IN_A_ROW = 16  # urgent calls, after which one of those that wait goes first: a flood must not stop the news


class Write(Protocol):
    """Runs a blocking call in the writer thread."""

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """What `function` returns or raises."""
        ...


class Writing(Write, Protocol):
    """The writer thread, with a way in for what somebody waits for."""

    @property
    def urgent(self) -> Write:
        """The same, before all that is not urgent: commands, acknowledgements, what is sent."""
        ...


class _Asked(NamedTuple):
    """A call that waits for the thread, since when."""

    call: Callable[[], Any]
    answer: Future[Any]
    at: float


class Writer:
    """A thread of one. Urgent calls go before the others, each kind in the order in which it was asked for.

    A call that has begun is always waited for: cancelling the asker does not leave a transaction half reported.
    """

    def __init__(self, meter: Meter = SILENT) -> None:
        self._meter = meter
        self._urgent: deque[_Asked] = deque()
        self._others: deque[_Asked] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` in the thread."""
        result: R = await self._ask(self._others, partial(function, *args, **kwargs))
        return result

    async def urgent(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` in the thread, before what is not urgent."""
        result: R = await self._ask(self._urgent, partial(function, *args, **kwargs))
        return result

    async def _ask(self, waiting: "deque[_Asked]", call: Callable[[], Any]) -> Any:
        answer: Future[Any] = Future()
        with self._changed:
            if self._closing:
                raise RuntimeError("the writer is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="store", daemon=True)
                self._thread.start()
            waiting.append(_Asked(call, answer, time.perf_counter()))
            self._changed.notify()
        return await asyncio.shield(asyncio.wrap_future(answer))

    def _work(self) -> None:
        in_a_row = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._urgent or self._others or self._closing)
                if not self._urgent and not self._others:
                    return
                first = bool(self._urgent) and not (self._others and in_a_row >= IN_A_ROW)
                call, answer, asked = (self._urgent if first else self._others).popleft()
            in_a_row, began = in_a_row + 1 if first else 0, time.perf_counter()
            try:
                answer.set_result(call())
            except BaseException as error:  # the asker's to see
                answer.set_exception(error)
            self._meter.took("writer_wait", began - asked, urgent="yes" if first else "no")
            self._meter.took("writer_call", time.perf_counter() - began)
            del call, answer

    def close(self) -> None:
        """Finish what was asked for and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
