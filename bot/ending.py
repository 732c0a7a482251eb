"""The end of a process: asked for by SIGTERM or Ctrl-C, begun in peace, and after nine seconds made, in every state.

Whatever is cut off then is as after a `kill -9`: it is repeated after the next start, and nothing is lost.
"""

import asyncio
import logging
import os
import signal
import threading
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

PEACE_SECONDS = 9.0  # of the ten that are promised
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """`asked` is set with the first signal; a second Ctrl-C ends the process at once."""

    def __init__(self, peace_seconds: float = PEACE_SECONDS) -> None:
        self.asked = asyncio.Event()
        self._peace_seconds = peace_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._by_the_clock: threading.Timer | None = None

    def listen(self) -> None:
        """From now on signals come here. In the main thread, with the loop running.

        Handlers of the interpreter, not of the loop: those run only when the loop gets to them, and it may be what
        does not end. From then on the clock runs until the process is gone, for the interpreter waits for threads too.
        """
        self._loop = asyncio.get_running_loop()
        for number in SIGNALS:
            signal.signal(number, self._begin)

    def _begin(self, number: int, _: FrameType | None) -> None:
        if self._by_the_clock is not None:
            if number == signal.SIGINT:
                os._exit(130)
            return
        self._by_the_clock = threading.Timer(self._peace_seconds, self._cut_off)
        self._by_the_clock.daemon = True
        self._by_the_clock.start()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.asked.set)

    def _cut_off(self) -> None:
        try:
            log.warning("ended before all was done; what was cut off is repeated after the next start")
            logging.shutdown()
        finally:
            os._exit(0)
