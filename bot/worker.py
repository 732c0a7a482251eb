"""A second process for what outside input could make slow or deadly: parsers, extraction.

A parser cannot be made safe by a byte cap: one element with 100,000 attributes (1.1 MB) costs feedparser 74 s and
resiliparse 36 s. So each job has a deadline, and a process that misses it is killed and replaced. Deadlines are of
processor time, kept by the kernel, since a busy machine is no fault of the input; far behind them is one by the clock,
which alone serves where the kernel counts none (Windows).

Nobody's deadline pays for a start: a process does a tiny job of a kind (`bot.reading.warmup`) before the first real one
of that kind is on the clock, and one that takes another's place does so for all kinds that were asked before, at once.
"""

import asyncio
import builtins
import contextlib
import importlib
import io
import json
import os
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from bot.errors import PermanentError, TransientError, WatchwordError
from bot.ports.sources import asker
from bot.reading import warmup

MEMORY_BYTES = 1 << 30  # of address space; a fresh worker with its parsers takes about a quarter of it
MAX_JOBS = 500  # then a fresh process: C libraries leak
START_SECONDS = 60.0  # for a start, or for what a kind of job loads: half a second each on a free machine
WALL_SECONDS, WALL_TIMES = 30.0, 20  # by the clock a job may take the first, or so many times its processor time
CPU_GRACE_SECONDS = 5
END_SECONDS = 5.0  # in which a process that has closed its pipe has ended
_HEAD = 8
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)}
_BUSY = "Reading it took too long on this machine, which is busy; it has to be tried again."
_SAFE_BUILTINS = {"set", "frozenset", "bytearray", "complex", "range", "slice"}
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from bot.worker import serve; serve(int(sys.argv[2]))"


class ProcessWorker:
    """`bot.ports.Worker`: one child, started with the first job or a little before; jobs wait for each other."""

    def __init__(
        self, *, memory_bytes: int = MEMORY_BYTES, max_jobs: int = MAX_JOBS, wall_seconds: float = WALL_SECONDS
    ) -> None:
        self._memory_bytes = memory_bytes
        self._max_jobs = max_jobs
        self._wall_seconds = wall_seconds
        self._jobs = 0
        self._child: Process | None = None
        self._warm = set[str]()  # the kinds of job that the child is warm for
        self._kinds = dict[str, None]()  # those that a child will be asked for, in the order of their first time
        self._warming: asyncio.Task[None] | None = None
        self._turn = _Turns()

    def warm(self) -> None:
        """See the port."""
        before = len(self._kinds)
        self._kinds |= dict.fromkeys(warmup.TINY)
        if len(self._kinds) > before:
            self._warm_behind()

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        """See the port. The clock starts once the process is warm for it and this job's turn has come."""
        kind = f"{function.__module__}:{function.__qualname__}"
        job = pickle.dumps((kind, args, seconds), pickle.HIGHEST_PROTOCOL)
        self._kinds[kind] = None
        async with self._turn:
            child = await self._warmed([kind])
            good, result = await self._answer(child, job, seconds)
            self._jobs += 1
            if self._jobs >= self._max_jobs or isinstance(result, MemoryError):
                await self._replace()
        if good:
            return result
        if isinstance(result, MemoryError):
            raise PermanentError("Reading it needs too much memory; it was given up.", unread=True)
        raise result

    async def close(self) -> None:
        """See the port."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        async with self._turn:
            await self._kill()

    async def _answer(self, child: Process, job: bytes, seconds: float) -> tuple[bool, Any]:
        """(whether it succeeded, its result or exception). A child that does not answer is replaced."""
        try:
            async with asyncio.timeout(max(self._wall_seconds, seconds * WALL_TIMES)):
                return await _ask(child, job)
        except TimeoutError:
            await self._replace()
            raise TransientError(_BUSY, unread=True) from None
        except (EOFError, OSError):
            with contextlib.suppress(TimeoutError):  # asyncio forgets how it ended if it is killed at its end
                async with asyncio.timeout(END_SECONDS):
                    await child.wait()
            await self._replace()
            if child.returncode in _OUT_OF_TIME:
                words = f"Reading it took longer than {seconds:g} seconds of processor time; it was given up."
            else:
                words = "Reading it broke the process that did so: it is damaged or hostile."
            raise PermanentError(words, unread=True) from None
        except BaseException:  # cancelled, or an answer that is not ours: the pipe is out of step
            await self._replace()
            raise

    def _warm_behind(self) -> None:
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._warm_all())

    async def _warm_all(self) -> None:
        """Make the child ready for all that is asked of it, one by one: jobs that wait go between."""
        with contextlib.suppress(WatchwordError):  # the next job tries again, and tells
            while cold := [kind for kind in self._kinds if kind not in self._warm]:
                async with self._turn:
                    await self._warmed(cold[:1])

    async def _warmed(self, kinds: Iterable[str]) -> Process:
        """The running child, started when there is none, and warm for these kinds of job."""
        try:
            if self._child is None or self._child.returncode is not None:
                self._child = await self._started()
            for kind in kinds:
                if kind not in self._warm:
                    async with asyncio.timeout(START_SECONDS):
                        await _ask(self._child, pickle.dumps((kind, None, START_SECONDS)))
                    self._warm.add(kind)
        except BaseException as error:
            await self._kill()
            if isinstance(error, (TimeoutError, EOFError, OSError)):
                words = "The process that reads does not start; this machine may be too busy."
                raise TransientError(words, unread=True) from error
            raise
        return self._child

    async def _started(self) -> Process:
        self._jobs = 0
        self._warm.clear()
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _BOOT, json.dumps(sys.path), str(self._memory_bytes)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")},
        )

    async def _replace(self) -> None:
        """End the child; the next one gets warm at once, not when the next job comes."""
        await self._kill()
        self._warm_behind()

    async def _kill(self) -> None:
        child, self._child = self._child, None
        self._warm.clear()
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await asyncio.shield(child.wait())


class _Turns:
    """A lock that takes its askers in turn: of fifty jobs of one, another waits for one."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # asker -> its jobs, whose turn it is first

    async def __aenter__(self) -> None:
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(asker.get(), deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had just come
                self._pass_on()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            who = next(iter(self._waiting))
            turns = self._waiting.pop(who)
            turn = turns.popleft()
            if turns:
                self._waiting[who] = turns  # behind the others
            if not turn.done():
                turn.set_result(None)
                return
        self._taken = False


async def _ask(child: Process, job: bytes) -> tuple[bool, Any]:
    assert child.stdin is not None
    child.stdin.write(len(job).to_bytes(_HEAD, "big"))
    child.stdin.write(job)
    await child.stdin.drain()
    answer = await _receive(child)
    good, result = _Restricted(io.BytesIO(answer)).load()
    return bool(good), result


async def _receive(child: Process) -> bytes:
    assert child.stdout is not None
    size = int.from_bytes(await child.stdout.readexactly(_HEAD), "big")
    return await child.stdout.readexactly(size)


class _Restricted(pickle.Unpickler):
    """Takes plain data, Watchword's own classes and built-in exceptions: a subverted parser gets no further."""

    def find_class(self, module: str, name: str) -> Any:
        """See pickle."""
        if "." not in name and self._is_safe(module, name):
            value = getattr(importlib.import_module(module), name)
            if isinstance(value, type):
                return value
        raise PermanentError(f"The worker answered a {module}.{name}: answer plain data or Watchword's own classes.")

    @staticmethod
    def _is_safe(module: str, name: str) -> bool:
        if module == "builtins":
            value = getattr(builtins, name, None)
            return name in _SAFE_BUILTINS or (isinstance(value, type) and issubclass(value, Exception))
        return module == "datetime" or module.split(".")[0] in ("bot", "rules")


# ------------------------------------------------------------------------------------------------- the child's own side


def serve(memory_bytes: int) -> None:
    """Do jobs from standard input until it ends. Only `ProcessWorker` starts this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it closes us in its own time
    if hasattr(signal, "SIGPROF"):  # it must end us, whatever our parent inherited
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    # What a library prints must not get between the answers, and must not read the next job.
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_CORE", 0)
    while head := jobs.read(_HEAD):
        job = jobs.read(int.from_bytes(head, "big"))
        _reply(answers, _do(job))


def _do(job: bytes) -> bytes:
    """The pickled (succeeded, result or exception) of one job; of a tiny one of its kind when it has no arguments."""
    try:
        kind, args, seconds = pickle.loads(job)
        _end_after(seconds)
        module, _, name = kind.partition(":")
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        if args is None:
            if kind in warmup.TINY:
                function(*warmup.TINY[kind])
            return pickle.dumps((True, None))
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((False, MemoryError()))
    except Exception as error:
        return pickle.dumps((False, _portable(error)))
    finally:
        _end_after(None)


def _portable(error: Exception) -> Exception:
    """The exception itself where it survives pickling and is of a kind that the parent takes; else its words."""
    if isinstance(error, WatchwordError) or type(error).__module__ == "builtins":
        try:
            pickle.loads(pickle.dumps(error))
            return error
        except Exception:  # its arguments do not pickle
            pass
    return PermanentError(f"{type(error).__name__}: {error}")


def _reply(answers: BinaryIO, answer: bytes) -> None:
    answers.write(len(answer).to_bytes(_HEAD, "big") + answer)
    answers.flush()


def _limit(name: str, value: int) -> None:
    """Set a resource limit where the system has it (Windows has none, macOS refuses RLIMIT_AS)."""
    try:
        import resource

        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1]
        resource.setrlimit(number, (value if hard < 0 else min(value, hard), hard))
    except (ImportError, AttributeError, ValueError, OSError):
        pass


def _end_after(seconds: float | None) -> None:
    """Have the kernel end this process after so much more processor time; None calls it off.

    The kernel counts by ticks: on a busy machine a job may lose a sixth of its time (measured with nine programs on two
    cores). By the signal's own effect: a handler in Python would not run while a parser in C does. The limit behind
    it cannot be called off by what subverts a parser, and ends a job whose parent has died.
    """
    try:
        import resource

        signal.setitimer(signal.ITIMER_PROF, seconds or 0)
        if seconds:
            used = resource.getrusage(resource.RUSAGE_SELF)
            _limit("RLIMIT_CPU", int(used.ru_utime + used.ru_stime + seconds) + CPU_GRACE_SECONDS)
    except (ImportError, AttributeError):  # Windows has neither: there the parent's clock does it
        pass
