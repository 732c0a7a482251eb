"""The real program in a process of its own: first run, second start, page and terminal, kill -9."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from aiohttp.test_utils import TestServer

from tests.fake_telegram import TOKEN, FakeTelegram
from tests.waiting import LONG, wait_until

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


def test_two_services_on_one_port_are_told_apart(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        port = service.wait_for(r"http://127\.0\.0\.1:(\d+)/")[1]
        other = tmp_path / "other"
        other.mkdir()
        second = watchword(other, "run", WATCHWORD_HTTP_PORT=port)
        assert second.returncode == 1
        assert "Is Watchword running already?" in second.stderr


@contextmanager
def telegram() -> Iterator[tuple[FakeTelegram, str]]:
    """A Bot API server in a thread of its own: it outlives every process that is killed. (fake, address)."""
    fake, loop, started = FakeTelegram(), asyncio.new_event_loop(), threading.Event()
    address = []

    async def serve() -> None:
        server = TestServer(fake.application())
        await server.start_server()
        address.append(str(server.make_url("/")))
        started.set()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop)
    assert started.wait(LONG)
    yield fake, address[0]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=LONG)


def test_kill_9_between_commit_and_send_loses_nothing(tmp_path: Path) -> None:
    """Killed again and again while it reads, answers and sends; in the end every story and answer reached Telegram."""
    seeds = tmp_path / "news"
    seeds.mkdir()
    anna = {"id": 42, "is_bot": False, "first_name": "Anna"}
    chat = {"id": 42, "type": "private", "first_name": "Anna"}
    names = [f"story{number}x" for number in range(8)]
    kills = 0
    with telegram() as (fake, address):
        settings = {
            "WATCHWORD_SEED_DIR": str(seeds),
            "WATCHWORD_TELEGRAM_TOKEN": TOKEN,
            "WATCHWORD_TELEGRAM_BASE_URL": address,
        }
        fake.say("/subscribe sample", chat, anna)
        with running(tmp_path, **settings):
            wait_until(lambda: any("Subscribed" in one["text"] for one in fake.sent))
        for number, name in enumerate(names):
            filler = " ".join(f"{name}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
            text = f"Troop deployment {name} in Ukraine\n\nA troop deployment called {name} in Ukraine. {filler}.\n"
            (seeds / f"{number:02}.txt").write_text(text)
        for pause in (0.0, 0.3, 0.9, 1.5, 2.2, 3.0):
            fake.say(f"/watch number{kills}", chat, anna)
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=tmp_path,
                env=environment(tmp_path, **settings),
                stdin=subprocess.DEVNULL,
                stdout=(tmp_path / "killed.txt").open("a"),
                stderr=subprocess.STDOUT,
            )
            time.sleep(1.0 + pause)
            process.kill()
            process.wait(timeout=LONG)
            kills += 1
        with running(tmp_path, **settings):
            wait_until(lambda: all(counted(fake, name) for name in names))
            wait_until(lambda: all(counted(fake, f"number{number}") for number in range(kills)))
    for name in names:
        assert counted(fake, f"deployment {name}") <= 1 + kills, name
    repeats = sum(counted(fake, f"deployment {name}") - 1 for name in names)
    assert repeats <= kills, "more than one repeat for each kill"
    rules = [one["text"] for one in fake.sent if one["text"].startswith("Watching: rule")]
    assert len({text.splitlines()[0] for text in rules}) == kills, "a command was applied twice"


def counted(fake: FakeTelegram, words: str) -> int:
    return sum(words in one["text"] for one in fake.sent)
