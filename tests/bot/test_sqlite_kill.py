"""kill -9 at random moments: nothing lost, nothing half written, at most one repeat for each chat and kill."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.bot.mortal import CHATS
from tests.house import open_store
from tests.waiting import LONG

ROOT = Path(__file__).parents[2]
KILLS = 10


def live(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bot.mortal", str(folder), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_nothing_is_lost_and_little_is_repeated_however_often_it_is_killed(tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(KILLS):
        with live(tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "alive\n"
            time.sleep(moments.uniform(0.02, 0.4))
            process.kill()
    with live(tmp_path, "--drain") as process:
        assert process.wait(timeout=LONG) == 0

    store = open_store("sqlite", tmp_path)
    documents = [stored.document.id for stored in store.documents()]
    received = {command.id for chat in CHATS for command in store.commands(chat, limit=10**6)}
    counts, problems = store.counts(), store.check()
    store.close()

    assert len(documents) > KILLS, "it lived long enough to be tested"
    assert counts == {"sent": len(documents) * len(CHATS)}, "a document without its deliveries, or one not sent"
    assert problems == []
    assert set((tmp_path / "acknowledged").read_text().split()) <= received, "acknowledged but not kept"
    arrived = Counter((tmp_path / "platform").read_text().splitlines())
    assert set(arrived) == {f"{chat.chat_id} {one}@{chat.chat_id}" for chat in CHATS for one in documents}
    repeats: Counter[str] = Counter()
    for line, times in arrived.items():
        repeats[line.split()[0]] += times - 1
    assert max(repeats.values()) <= KILLS, repeats
    assert repeats.total() <= KILLS, "one sender can leave one message unrecorded at each death"
