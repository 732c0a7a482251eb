"""The real program in a process of its own: first run, second start, page and terminal. Its deaths: tests/faults."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from tests.waiting import LONG

ROOT = Path(__file__).parents[2]


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "WATCHWORD_DATA": str(folder / "data"),
        "WATCHWORD_SEED_DIR": str(ROOT / "seeds"),
        "WATCHWORD_HTTP_PORT": "0",
        **more,
    }


def watchword(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


@contextmanager
def running(folder: Path, **more: str) -> Iterator["Running"]:
    """`watchword run`, until the block ends; the log stays in the folder."""
    with (folder / "out.txt").open("a") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env=environment(folder, **more),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
        service = Running(process, folder)
        try:
            service.wait_for(r"Local chat: http://127\.0\.0\.1:\d+/")
            yield service
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=LONG)


class Running:
    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.since = (folder / "out.txt").stat().st_size

    @property
    def output(self) -> str:
        with (self.folder / "out.txt").open() as lines:
            lines.seek(self.since)
            return lines.read()

    def wait_for(self, pattern: str, seconds: float = LONG) -> re.Match[str]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, self.output):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in:\n{self.output}")

    def get(self, path: str) -> tuple[int, str]:
        found = self.wait_for(r"http://127\.0\.0\.1:(\d+)/")
        link = HTTPConnection("127.0.0.1", int(found[1]), timeout=LONG)
        link.request("GET", path)
        answer = link.getresponse()
        return answer.status, answer.read().decode()

    @property
    def stdin(self) -> IO[str]:
        assert self.process.stdin is not None
        return self.process.stdin


def test_the_demo_shows_the_first_alert_and_a_second_start_does_not_alert_again(tmp_path: Path) -> None:
    first = watchword(tmp_path, "demo", "--once")
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    assert "[troop deployment]" in first.stdout.lower()
    assert "[ukraine]" in first.stdout.lower()
    assert "rule 1 “troops”" in first.stdout
    assert first.stdout.count("rule 1 “troops”") == 1
    assert "Also reported by" in first.stdout
    second = watchword(tmp_path, "demo", "--once")
    assert second.returncode == 0
    assert "Nothing new: " in second.stdout
    assert "rule 1" not in second.stdout


def test_the_service_answers_in_the_terminal_and_on_the_page_and_stops_cleanly(tmp_path: Path) -> None:
    seeds = tmp_path / "news"
    seeds.mkdir()
    with running(tmp_path, WATCHWORD_SEED_DIR=str(seeds)) as service:
        service.stdin.write("watch earthquake topic:quakes\n")
        service.stdin.flush()
        service.wait_for("Watching: rule 1 “quakes”")
        (seeds / "one.txt").write_text("Earthquake in the north\n\nAn earthquake shook the north on Monday.\n")
        service.wait_for(r"\[Earthquake\] in the north")
        status, page = service.get("/")
        assert status == 200
        assert "earthquake" in page.lower()
        status, health = service.get("/health")
        assert status == 200
        assert "ticking" in health
        assert watchword(tmp_path, "healthcheck").returncode == 0
        assert re.search(r"Telegram: .*WATCHWORD_TELEGRAM_TOKEN", service.output)
        assert re.search(r"Slack: .*WATCHWORD_SLACK_BOT_TOKEN", service.output)
    assert service.process.returncode == 0
    assert "Traceback" not in service.output
    assert watchword(tmp_path, "healthcheck").returncode == 1


def test_a_second_service_on_one_data_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        second = watchword(tmp_path, "run")
        assert second.returncode == 2
        assert "is running on" in second.stderr
        assert "WATCHWORD_DATA" in second.stderr
        assert watchword(tmp_path, "sources").returncode == 0, "who only looks may"
        assert service.process.poll() is None
        assert watchword(tmp_path, "healthcheck").returncode == 0


def test_two_services_on_one_port_are_told_apart(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        port = service.wait_for(r"http://127\.0\.0\.1:(\d+)/")[1]
        other = tmp_path / "other"
        other.mkdir()
        second = watchword(other, "run", WATCHWORD_HTTP_PORT=port)
        assert second.returncode == 1
        assert "Is Watchword running already?" in second.stderr
