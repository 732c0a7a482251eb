"""Every parser under inputs that were made to hurt it: `python -m tests.bench.hostile [inputs]`.

Each input (up to a megabyte) is given to one of the jobs that the worker runs on outside input. What has to hold: the
answer is a result or an error in words, within the worker's limit by the wall clock (the limit of processor time, 3 s,
is kept by the kernel; on a free machine both are the same); the event loop is never held up for more than 50 ms (the
longest of 1,000 pauses may be the machine's own); the worker is there for the next input. Then servers that flood
us (one-byte chunks, interim answers, headers without an end): none may hold up the event loop for over 20 ms a visit.
"""

import asyncio
import contextlib
import socket
import sys
import threading
import time
from ipaddress import ip_network
from itertools import cycle

from bot.config import Settings
from bot.errors import WatchwordError
from bot.http import GuardedHttp
from bot.worker import WALL_SECONDS, ProcessWorker
from tests.hostile import JOBS, hostile_inputs

INPUTS = 60  # 7,000 take most of an hour
LARGEST = 36  # the first inputs, a megabyte of each shape, meet every parser
LONGEST_SECONDS, LAG_SECONDS = WALL_SECONDS, 0.05
FLOOD_SECONDS, FLOOD_VISITS = 0.02, 5
FLOODS = {
    "one-byte chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 20_000),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5_000),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 20_000),
}


async def run(count: int) -> int:
    """1 when something did not hold."""
    worker, lags, slow, wrong = ProcessWorker(), list[float](), list[tuple[float, str]](), list[str]()
    feeler = asyncio.create_task(_feel(lags))
    words = 0
    jobs = cycle(JOBS.items())
    begun = time.monotonic()
    for number, body in enumerate(hostile_inputs(count)):
        for _ in range(len(JOBS) if number < LARGEST else 1):
            function, arguments = next(jobs)
            start = time.monotonic()
            try:
                await worker.run(function, *arguments(body))
            except WatchwordError:
                words += 1
            except Exception as error:
                wrong.append(f"{function.__name__} of {body[:60]!r}: {type(error).__name__}: {error}")
            slow.append((time.monotonic() - start, f"{function.__name__} of {body[:60]!r}"))
    feeler.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await feeler
    await worker.close()
    slow.sort(reverse=True)
    lags.sort(reverse=True)
    lag = lags[len(lags) // 1000]
    took = time.monotonic() - begun
    print(f"{len(slow):,} jobs on {count:,} hostile inputs in {took:.0f} s: {words:,} told in words")
    print(f"longest {slow[0][0]:.2f} s ({slow[0][1]}), goal {LONGEST_SECONDS:g} s")
    print(f"event loop held up {lag * 1000:.0f} ms (999 of 1,000 pauses, goal 50 ms); {lags[0]:.2f} s once")
    print(f"neither result nor words: {len(wrong)}", *wrong[:10], sep="\n  ")
    flooded = await _floods()
    return 1 if flooded or wrong or slow[0][0] > LONGEST_SECONDS or lag > LAG_SECONDS else 0


async def _floods() -> bool:
    """Visits to servers that flood, in threads of their own; whether the median visit held up the loop too long."""
    http, too_long = GuardedHttp(Settings(allow_networks=(ip_network("127.0.0.0/8"),))), False
    for name, (first, more) in FLOODS.items():
        longest = list[float]()
        for _ in range(FLOOD_VISITS + 1):
            with socket.create_server(("127.0.0.1", 0)) as server:
                threading.Thread(target=_flood, args=(server, first, more), daemon=True).start()
                lags = [0.0]
                feeler = asyncio.create_task(_feel(lags, 0.001))
                with contextlib.suppress(WatchwordError):
                    await http.get(f"http://127.0.0.1:{server.getsockname()[1]}/")
                await asyncio.sleep(0.005)
                feeler.cancel()
                longest.append(max(lags))
        held = sorted(longest[1:])[FLOOD_VISITS // 2]  # the first visit loads modules
        too_long = too_long or held > FLOOD_SECONDS
        print(f"flood of {name}: event loop held up {held * 1000:.0f} ms, goal {FLOOD_SECONDS * 1000:g} ms")
    await http.close()
    return too_long


def _flood(server: socket.socket, first: bytes, more: bytes) -> None:
    with contextlib.suppress(OSError):
        connection, _ = server.accept()
        connection.recv(4096)
        connection.sendall(first)
        while True:
            connection.sendall(more)


async def _feel(lags: list[float], pause: float = 0.01) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(pause)
        lags.append(time.monotonic() - before - pause)


if __name__ == "__main__":
    sys.exit(asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS)))
