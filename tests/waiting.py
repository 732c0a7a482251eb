"""How tests wait: until it is so, not for so long. A busy machine makes a test slower, never red.

LONG only ends a test that would never end. Every wait that is expected to succeed uses it, so none can cut another off.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LONG = 60.0  # seconds


async def eventually(true: Callable[[], Any], what: str = "it") -> None:
    """Until `true()`; fails after LONG, naming `what` did not happen."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {LONG:.0f} seconds"
        await asyncio.sleep(0.01)


def wait_until(true: Callable[[], Any], what: str = "it") -> None:
    """`eventually` for tests without an event loop."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {LONG:.0f} seconds"
        time.sleep(0.02)


@contextmanager
def costs_less_than(seconds: float) -> Iterator[None]:
    """The block's own work on the processor does; what other programs take meanwhile does not count."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < seconds, f"it cost {spent:.2f} seconds of the processor, more than {seconds}"
