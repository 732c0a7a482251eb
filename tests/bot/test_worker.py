import asyncio
import hashlib
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import PermanentError, TransientError, UserError, is_busy
from bot.ports import asker
from bot.reading.feeds.feedlinks import page_links
from bot.reading.feeds.parse import parse_feed
from bot.reading.text.extract import main_text
from bot.reading.warmup import TINY
from bot.worker import ProcessWorker
from tests.waiting import LONG, eventually

COUNTS = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends no process after its processor time")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MANY = " ".join(f"a{number}=''" for number in range(100_000)).encode()


@asynccontextmanager
async def worker(**options):  # type: ignore[no-untyped-def]
    it = ProcessWorker(**options)
    try:
        yield it
    finally:
        await it.close()


def echo(value: object) -> object:
    return value


def forever() -> None:
    while True:
        pass


def burn(seconds: float) -> bool:
    """Use so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return True


def never_back() -> bytes:
    """In C, where no handler of Python's would run."""
    return hashlib.pbkdf2_hmac("sha256", b"x", b"x", 2**31 - 1)


def own_pid() -> int:
    return os.getpid()


def noisy() -> str:
    print("this must not get between the answers", flush=True)
    os.write(1, b"nor this")
    return sys.stdin.read()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hungry() -> int:
    return len(b"x" * (4 << 30))


def loaded(module: str) -> bool:
    return module in sys.modules


def secrets() -> list[str]:
    return [name for name in os.environ if name.startswith("WATCHWORD_")]


def complain() -> None:
    raise UserError("not like that", cure="like this")


class Odd(Exception):  # noqa: N818
    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


def odd() -> None:
    raise Odd(1, 2)


class Escape:
    """What a subverted parser would answer."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def escape() -> object:
    return Escape()


async def test_a_job_runs_in_another_process_that_is_kept() -> None:
    async with worker() as it:
        first = await it.run(own_pid)
        assert first == await it.run(own_pid) != os.getpid()
        assert await it.run(echo, {"a": [NOON, "ü", b"x" * 1_000_000]}) == {"a": [NOON, "ü", b"x" * 1_000_000]}


async def test_what_the_job_raised_is_raised() -> None:
    async with worker() as it:
        with pytest.raises(UserError, match="not like that") as caught:
            await it.run(complain)
        assert caught.value.cure == "like this"
        with pytest.raises(ValueError, match="invalid literal"):
            await it.run(int, "x")
        with pytest.raises(PermanentError, match="Odd: odd"):
            await it.run(odd)


@pytest.mark.parametrize("job", [forever, never_back])
async def test_an_endless_job_is_killed_in_time_and_the_next_one_runs(job: Callable[[], object]) -> None:
    async with worker() as it:
        before = await it.run(own_pid)
        async with asyncio.timeout(LONG):
            with pytest.raises(PermanentError, match=r"longer than 0\.5 seconds of processor time") as caught:
                await it.run(job, seconds=0.5)
        assert caught.value.unread
        assert await it.run(own_pid) != before


@COUNTS
async def test_a_deadline_is_of_the_jobs_own_processor_time() -> None:
    import resource

    async with worker() as it:
        for _ in range(3):  # each job has its own
            assert await it.run(burn, 0.5, seconds=1.0)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with pytest.raises(PermanentError, match="processor time"):
            await it.run(burn, 60.0, seconds=1.0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert 2.0 < spent < 6.0  # with the three jobs before and its start


@COUNTS
async def test_a_job_that_waits_is_not_killed_for_it() -> None:
    async with worker() as it:
        assert await it.run(time.sleep, 1.0, seconds=0.2) is None


@COUNTS
async def test_a_machine_that_gives_it_no_time_kills_no_job() -> None:
    async with worker() as it:
        pid = await it.run(own_pid)
        job = asyncio.create_task(it.run(burn, 0.3, seconds=0.9))
        await asyncio.sleep(0.1)
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(1.2)
        assert not job.done()
        os.kill(pid, signal.SIGCONT)
        assert await job


async def test_far_behind_the_deadline_is_one_by_the_clock_that_blames_the_machine() -> None:
    async with worker(wall_seconds=0.5) as it:
        with pytest.raises(TransientError, match="too long on this machine") as caught:
            await it.run(time.sleep, LONG, seconds=0.02)
        assert is_busy(caught.value)
        assert await it.run(echo, 1) == 1


async def test_who_has_many_jobs_waits_for_its_own() -> None:
    async with worker() as it:
        done = list[str]()

        async def one(who: str, name: str) -> None:
            asker.set(who)
            await it.run(echo, 1)
            done.append(name)

        await it.run(echo, 0)
        first = asyncio.create_task(it.run(time.sleep, 0.2))
        await asyncio.sleep(0)
        jobs = [asyncio.create_task(one("many", f"many {number}")) for number in range(4)]
        await asyncio.sleep(0)
        jobs[2].cancel()
        await asyncio.gather(first, *jobs, one("single", "single"), return_exceptions=True)
        assert done == ["many 0", "single", "many 1", "many 3"]


async def test_a_turn_that_nobody_takes_goes_to_the_next() -> None:
    async with worker() as it:
        first = asyncio.create_task(it.run(echo, 1))
        await asyncio.sleep(0)
        second = asyncio.create_task(it.run(echo, 2))
        await asyncio.sleep(0)
        first.add_done_callback(lambda _: second.cancel())
        assert await first == 1
        with suppress(asyncio.CancelledError):
            await second
        async with asyncio.timeout(LONG):
            assert await it.run(echo, 3) == 3


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (main_text, (b"<html><p " + MANY + b">x</p></html>", "")),
        (page_links, (b"<html><p " + MANY + b">x</p></html>", "text/html", "https://news.example/")),
        (parse_feed, (b"<rss><channel><item " + MANY + b"><title>x</title></item>", "", "https://news.example/", NOON)),
    ],
)
async def test_a_hostile_input_costs_little_and_stops_nobody_else(function, args) -> None:  # type: ignore[no-untyped-def]
    async with worker() as it:
        lags: list[float] = []

        async def feel() -> None:
            while True:
                before = time.monotonic()
                await asyncio.sleep(0.01)
                lags.append(time.monotonic() - before - 0.01)

        feeler = asyncio.create_task(feel())
        await it.run(function, *TINY[f"{function.__module__}:{function.__name__}"])
        began = time.monotonic()
        with suppress(PermanentError):  # given up, or survived: either way in time
            await it.run(function, *args, seconds=3.0)
        took = time.monotonic() - began
        feeler.cancel()
        assert took < LONG
        assert max(lags) < max(0.5, took / 2), "the loop stood still while the worker worked"
        assert await it.run(echo, 1) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces RLIMIT_AS")
async def test_a_job_that_wants_too_much_memory_is_refused() -> None:
    async with worker() as it:
        with pytest.raises(PermanentError, match="memory"):
            await it.run(hungry)
        assert await it.run(echo, 1) == 1


async def test_a_process_that_dies_is_told_and_replaced() -> None:
    async with worker() as it:
        with pytest.raises(PermanentError, match="damaged or hostile"):
            await it.run(die)
        assert await it.run(echo, 1) == 1


async def test_what_a_job_prints_does_not_get_between_the_answers() -> None:
    async with worker() as it:
        assert await it.run(noisy) == ""
        assert await it.run(echo, 2) == 2


async def test_the_worker_does_not_know_our_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKEN", "canary")
    async with worker() as it:
        assert await it.run(secrets) == []


async def test_an_answer_that_is_code_is_not_run() -> None:
    async with worker() as it:
        with pytest.raises(PermanentError, match="plain data"):
            await it.run(escape)
        assert await it.run(echo, 3) == 3


async def test_the_process_is_replaced_after_its_share_of_jobs() -> None:
    async with worker(max_jobs=2) as it:
        pids = [await it.run(own_pid) for _ in range(4)]
        assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_a_cancelled_job_does_not_answer_the_next_one() -> None:
    async with worker() as it:
        await it.run(echo, 0)
        task = asyncio.create_task(it.run(time.sleep, LONG))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(LONG / 2):
            assert await it.run(echo, "mine") == "mine"


async def is_loaded(it: ProcessWorker, module: str) -> bool:
    """Whether the child has it before long, though no job of ours asks for it."""
    for _ in range(300):
        if await it.run(loaded, module):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_what_a_job_has_to_load_is_not_on_its_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = "import sys, time\nif 'pytest' not in sys.modules: time.sleep(1.5)\ndef double(number): return number * 2\n"
    (tmp_path / "slow_to_load.py").write_text(slow, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    double = importlib.import_module("slow_to_load").double
    async with worker() as it:
        assert await it.run(double, 2, seconds=1.0) == 4


async def test_a_job_in_sight_gets_the_process_ready_for_every_kind() -> None:
    async with worker() as it:
        it.warm()
        assert await is_loaded(it, "trafilatura")
        assert await is_loaded(it, "py3langid")


async def test_who_takes_a_dead_process_place_is_warm_for_what_was_asked_of_it() -> None:
    async with worker() as it:
        await it.run(main_text, b"<p>x</p>", "")
        with pytest.raises(PermanentError):
            await it.run(die)
        assert await is_loaded(it, "trafilatura")
        assert not await it.run(loaded, "feedparser")  # nobody asked for that


async def test_a_process_that_does_not_start_is_no_fault_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    async with worker() as it:
        with pytest.raises(TransientError, match="does not start"):
            await it.run(echo, 1)


async def test_jobs_wait_for_each_other() -> None:
    async with worker() as it:
        assert await asyncio.gather(*(it.run(echo, number) for number in range(20))) == list(range(20))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
async def test_ctrl_c_is_not_for_the_worker() -> None:
    async with worker() as it:
        os.kill(await it.run(own_pid), signal.SIGINT)
        assert await it.run(echo, 4) == 4


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_process_ends_with_its_parent() -> None:
    code = "import asyncio, os\nfrom bot.worker import ProcessWorker\n"
    code += "async def main():\n    print(await ProcessWorker().run(os.getpid), flush=True)\n    os._exit(1)\n"
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", code + "asyncio.run(main())"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    out, _ = await parent.communicate()
    pid = int(out)
    await eventually(lambda: not is_alive(pid), "the worker's end after its parent's")
