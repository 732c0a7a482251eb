"""When to try a delivery again."""

from datetime import timedelta

MOST_ATTEMPTS = 12
FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=15)
LONGEST_DOWN = timedelta(days=3)  # that a platform may be down before what waits for it is given up
LONGEST_ASKED = timedelta(days=1)  # of the pauses that platforms ask for; then they are asked again


def pause(attempts: int, retry_after: timedelta | None) -> timedelta:
    """The pause after the `attempts`-th failure: what the other side asked for, a day at most; else 2 s, doubling up
    to 15 min.
    """
    if retry_after is not None:
        return min(max(retry_after, timedelta(0)), LONGEST_ASKED)
    doublings = max(0, min(attempts - 1, 12))
    return min(LONGEST, FIRST * (1 << doublings))


def give_up(attempts: int, retry_after: timedelta | None, *, waited: timedelta, others_pass: bool) -> bool:
    """Whether to stop trying a message that was queued `waited` ago.

    A platform that names a time is alive: that never counts against a message. While it takes other messages
    (`others_pass`) the fault is this one's. When it takes none it is down: everything waits for it, three days.
    """
    if retry_after is not None or attempts < MOST_ATTEMPTS:
        return False
    return others_pass or waited > LONGEST_DOWN
