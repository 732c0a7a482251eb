"""APScheduler ticks the stages. It plans by the time of day: here is what keeps it going when that is set."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.clock import planned_anew
from bot.ports import Clock

LOOKS_EVERY = 1.0  # seconds


@contextlib.asynccontextmanager
async def ticking(
    jobs: Mapping[str, tuple[Callable[[], Awaitable[None]], timedelta]], clock: Clock, lock: asyncio.Lock
) -> AsyncIterator[None]:
    """Runs each job at its interval. `lock`: held by a tick, which is not cut off at the end."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.base import BaseTrigger

    class Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
        """The interval from now on. APScheduler's own steps from the last run to now, one by one: a clock that starts
        in 1970 and is set would take hours for that.
        """

        def __init__(self, interval: timedelta) -> None:
            self.interval = interval

        def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
            return now + self.interval

    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, (job, interval) in jobs.items():
        scheduler.add_job(job, Every(interval), id=name)
    scheduler.start()
    looking = asyncio.create_task(_keep_going(scheduler, clock))
    try:
        yield
    finally:
        looking.cancel()
        scheduler.pause()
        async with lock:  # a tick that is cut off would be logged as a failure
            scheduler.shutdown(wait=False)


async def _keep_going(scheduler: Any, clock: Clock) -> None:
    """A clock that is set back would stop every job for as long as it had been ahead."""
    while True:
        await asyncio.sleep(LOOKS_EVERY)
        for job in scheduler.get_jobs():
            due = planned_anew(job.next_run_time, clock(), longest=job.trigger.interval)
            if due < job.next_run_time:
                job.modify(next_run_time=due)
