"""kill -9 at random moments of the real process, and SIGTERM: `python -m tests.faults kills`."""

import time
from random import Random

from tests.faults.house import CHATS, END_SECONDS, Result, house

IN_WORK = 0.75  # of the kills, once the process talks to the platform; the others while it starts
LIFE_SECONDS = 2.0


def killed(kills: int, seed: int = 7) -> Result:
    """Killed anywhere, while documents come and eight lanes send."""
    draw = Random(seed)
    with house() as own:
        began = time.monotonic()
        for _ in range(kills):
            own.publish(draw.randrange(1, 3))
            own.start()
            if draw.random() < IN_WORK:
                own.wait_for_the_platform()
            time.sleep(draw.uniform(0.0, LIFE_SECONDS))
            own.publish(draw.randrange(0, 2))
            own.kill()
        own.drain(2 * own.published + 60)
        repeats, _ = own.repeats()
        faults, total = own.faults(), own.published * len(CHATS)
        return Result(
            "kill -9 anywhere, 8 lanes",
            f"{kills} kills",
            "0 lost, <= 1 repeat per chat and kill, 0 half-written documents",
            f"{total} alerts, {repeats} repeats, {time.monotonic() - began:.0f} s",
            faults,
        )


def ended(times: int, seed: int = 8) -> Result:
    """SIGTERM at random moments."""
    draw, slowest = Random(seed), 0.0
    with house() as own:
        for _ in range(times):
            own.publish(draw.randrange(1, 3))
            own.start()
            own.wait_for_the_platform()
            time.sleep(draw.uniform(0.0, LIFE_SECONDS))
            slowest = max(slowest, own.stop())
        own.drain(2 * own.published + 60)
        faults = own.faults()
        faults += [f"an end took {slowest:.1f} s"] if slowest > END_SECONDS else []
        return Result(
            "SIGTERM restarts",
            f"{times}",
            f"0 lost, 0 repeats, exit <= {END_SECONDS:.0f} s",
            f"{own.published * len(CHATS)} alerts, {own.repeats()[0]} repeats, slowest exit {slowest:.1f} s",
            faults,
        )
