"""A second process for what outside input could make slow or deadly: parsers, extraction.

A parser cannot be made safe by a byte cap: one element with 100,000 attributes (1.1 MB) costs feedparser 74 s and
resiliparse 36 s. So each job has a deadline, and a process that misses it is killed and replaced.
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
from collections.abc import Callable
from typing import Any, BinaryIO

from bot.errors import PermanentError, WatchwordError

MEMORY_BYTES = 1 << 30  # of address space; a fresh worker with its parsers takes about a quarter of it
MAX_JOBS = 500  # then a fresh process: C libraries leak
START_SECONDS = 20.0
CPU_GRACE_SECONDS = 5
_HEAD = 8
_SAFE_BUILTINS = {"set", "frozenset", "bytearray", "complex", "range", "slice"}
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from bot.worker import serve; serve(int(sys.argv[2]))"


class ProcessWorker:
    """`bot.ports.Worker`: one child, started with the first job; jobs wait for each other."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, max_jobs: int = MAX_JOBS) -> None:
        self._memory_bytes = memory_bytes
        self._max_jobs = max_jobs
        self._jobs = 0
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        """See the port. The clock starts once the process runs and this job's turn has come."""
        job = pickle.dumps((function.__module__, function.__qualname__, args, seconds), pickle.HIGHEST_PROTOCOL)
        async with self._turn:
            child = await self._ready()
            try:
                async with asyncio.timeout(seconds):
                    good, result = await _ask(child, job)
            except TimeoutError:
                await self._kill()
                raise PermanentError(f"Reading it took longer than {seconds:g} seconds; it was given up.") from None
            except (EOFError, OSError):
                await self._kill()
                raise PermanentError("Reading it broke the process that did so: it is damaged or hostile.") from None
            except BaseException:  # cancelled, or an answer that is not ours: the pipe is out of step
                await self._kill()
                raise
            self._jobs += 1
            if self._jobs >= self._max_jobs or isinstance(result, MemoryError):
                await self._kill()
        if good:
            return result
        if isinstance(result, MemoryError):
            raise PermanentError("Reading it needs too much memory; it was given up.")
        raise result

    async def close(self) -> None:
        """See the port."""
        async with self._turn:
            await self._kill()

    async def _ready(self) -> asyncio.subprocess.Process:
        """The running child, started when there is none."""
        if self._child is None or self._child.returncode is not None:
            self._jobs = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", _BOOT, json.dumps(sys.path), str(self._memory_bytes)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")},
            )
            try:
                async with asyncio.timeout(START_SECONDS):
                    await _receive(self._child)
            except BaseException as error:
                await self._kill()
                if isinstance(error, (TimeoutError, EOFError, OSError)):
                    raise PermanentError("The worker process does not start.") from error
                raise
        return self._child

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await asyncio.shield(child.wait())


async def _ask(child: asyncio.subprocess.Process, job: bytes) -> tuple[bool, Any]:
    assert child.stdin is not None
    child.stdin.write(len(job).to_bytes(_HEAD, "big"))
    child.stdin.write(job)
    await child.stdin.drain()
    answer = await _receive(child)
    good, result = _Restricted(io.BytesIO(answer)).load()
    return bool(good), result


async def _receive(child: asyncio.subprocess.Process) -> bytes:
    assert child.stdout is not None
    size = int.from_bytes(await child.stdout.readexactly(_HEAD), "big")
    return await child.stdout.readexactly(size)


class _Restricted(pickle.Unpickler):
    """Takes plain data, Watchword's own classes and built-in exceptions: a subverted parser gets no further."""

    def find_class(self, module: str, name: str) -> Any:
        """See pickle."""
        if "." not in name and self._is_safe(module, name):
            found = getattr(importlib.import_module(module), name)
            if isinstance(found, type):
                return found
        raise PermanentError(f"The worker answered a {module}.{name}: answer plain data or Watchword's own classes.")

    @staticmethod
    def _is_safe(module: str, name: str) -> bool:
        if module == "builtins":
            found = getattr(builtins, name, None)
            return name in _SAFE_BUILTINS or (isinstance(found, type) and issubclass(found, Exception))
        return module == "datetime" or module.split(".")[0] in ("bot", "rules")


# ------------------------------------------------------------------------------------------------- the child's own side


def serve(memory_bytes: int) -> None:
    """Do jobs from standard input until it ends. Only `ProcessWorker` starts this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it closes us in its own time
    # What a library prints must not get between the answers, and must not read the next job.
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_CORE", 0)
    _reply(answers, b"ready")
    while head := jobs.read(_HEAD):
        job = jobs.read(int.from_bytes(head, "big"))
        _reply(answers, _do(job))


def _do(job: bytes) -> bytes:
    """The pickled (succeeded, result or exception) of one job."""
    try:
        module, name, args, seconds = pickle.loads(job)
        _limit_cpu(seconds)
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((False, MemoryError()))
    except Exception as error:
        return pickle.dumps((False, _portable(error)))


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


def _limit_cpu(seconds: float) -> None:
    """If the parent dies, nobody kills a job that never ends: then the kernel does, a little after the deadline."""
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit("RLIMIT_CPU", int(used.ru_utime + used.ru_stime + seconds) + CPU_GRACE_SECONDS)
    except ImportError:
        pass
