"""Figures of the embedded default: time to the first alert, latency from publication to receipt, memory at rest.

Run with `.ci/run bench` or `python -m tests.bench.first_run`. The baseline of the start times is a bare interpreter in
the same run, because machines are noisy.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 5
LATENCY_RUNS = 8


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "WATCHWORD_DATA": str(folder / "data"),
        "WATCHWORD_HTTP_PORT": "0",
        "WATCHWORD_SEED_DIR": str(folder / "seeds"),
    }


def start(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=(folder / "out.txt").open("wb"),
        stderr=subprocess.STDOUT,
    )


def wait_for(folder: Path, pattern: str, seconds: float = 30.0) -> float:
    """The moment (monotonic seconds) at which `pattern` was first seen in the output."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if re.search(pattern, (folder / "out.txt").read_text(encoding="utf-8", errors="replace")):
            return time.monotonic()
        time.sleep(0.005)
    raise AssertionError(f"no {pattern!r} within {seconds} s")


def timed(function: Callable[[], object]) -> float:
    began = time.monotonic()
    function()
    return time.monotonic() - began


def bare_interpreter() -> float:
    return statistics.median(timed(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(RUNS))


def new_folder(inside: str) -> Path:
    folder = Path(tempfile.mkdtemp(dir=inside))
    (folder / "seeds").symlink_to(ROOT / "seeds")
    return folder


def first_alert(inside: str) -> list[float]:
    """Seconds from the start of the process to the first alert, on a fresh database each time."""
    times = []
    for _ in range(RUNS):
        folder = new_folder(inside)
        began = time.monotonic()
        process = start(folder, "demo", "--once")
        times.append(wait_for(folder, "rule 1 “troops”") - began)
        process.wait()
    return times


def serving(inside: str) -> dict[str, float]:
    """A running service: seconds to its page, latency from a file's publication to the alert, resident memory."""
    folder = new_folder(inside)
    (folder / "seeds").unlink()
    (folder / "seeds").mkdir()
    began = time.monotonic()
    process = start(folder, "run")
    try:
        ready = wait_for(folder, "Local chat: http") - began
        latencies = []
        for number in range(LATENCY_RUNS):
            text = f"Troop deployment {number}: more for Ukraine\n\nThe troop deployment {number} is in Ukraine.\n"
            (folder / "seeds" / f"{number}.txt").write_text(text, encoding="utf-8")
            published = time.monotonic()
            latencies.append(wait_for(folder, rf"deployment\] {number}:") - published)
            time.sleep(0.3)
        time.sleep(1)
        memory = resident(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)
    return {
        "page_s": ready,
        "latency_median_s": statistics.median(latencies),
        "latency_max_s": max(latencies),
        "memory_mb": memory,
    }


def resident(pid: int) -> float:
    """Megabytes of resident memory, children included (Linux)."""
    pids = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = path.read_text().rpartition(")")[2].split()
        if int(fields[1]) in pids:
            pids.append(int(path.parent.name))
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as inside:
        bare = bare_interpreter()
        alerts = first_alert(inside)
        figures = {
            "bare_interpreter_s": bare,
            "first_alert_cold_s": alerts[0],
            "first_alert_warm_median_s": statistics.median(alerts[1:]),
            "first_alert_warm_ratio_to_bare": statistics.median(alerts[1:]) / bare,
            **serving(inside),
        }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
