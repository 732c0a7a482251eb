"""SIGTERM ends the process in time whatever it is at."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.waiting import LONG

ROOT = Path(__file__).parents[2]
PROGRAM = """
import asyncio, time
from bot.ending import Ending

async def main():
    ending = Ending(peace_seconds=0.5)
    ending.listen()
    print("ready", flush=True)
    {state}
    await ending.asked.wait()
    print("in peace", flush=True)

asyncio.run(main())
"""
STATES = {
    "nothing to do": "",
    "the loop is held up": "[sum(range(1000)) for _ in iter(int, 1)]",
    "a thread does not end": "asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)",
    "a task does not let itself be cancelled": """
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                pass
    asyncio.create_task(stubborn())
    """,
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("state", STATES)
def test_sigterm_ends_it_in_every_state(state: str) -> None:
    program = [sys.executable, "-c", PROGRAM.format(state=STATES[state])]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        out, problems = process.communicate(timeout=LONG)
    assert process.returncode == 0, problems
    assert time.monotonic() - began < 10
    assert ("in peace" in out) is (state != "the loop is held up")
