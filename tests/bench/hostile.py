"""Every parser under inputs that were made to hurt it: `python -m tests.bench.hostile [inputs]`.

Each input (up to a megabyte) is given to one of the jobs that the worker runs on outside input. What has to hold: the
answer is a result or an error in words, within the worker's limit by the wall clock (the limit of processor time, 3 s,
is kept by the kernel; on a free machine both are the same); the event loop is never held up for more than 50 ms (the
longest of 1,000 pauses may be the machine's own); the worker is there for the next input.
"""

import asyncio
import contextlib
import sys
import time
from itertools import cycle

from bot.errors import WatchwordError
from bot.worker import WALL_SECONDS, ProcessWorker
from tests.hostile import JOBS, hostile_inputs

INPUTS = 60  # 7,000 take most of an hour
LARGEST = 36  # the first inputs, a megabyte of each shape, meet every parser
LONGEST_SECONDS, LAG_SECONDS = WALL_SECONDS, 0.05


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
    return 1 if wrong or slow[0][0] > LONGEST_SECONDS or lag > LAG_SECONDS else 0


async def _feel(lags: list[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.01)
        lags.append(time.monotonic() - before - 0.01)


if __name__ == "__main__":
    sys.exit(asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS)))
