"""Faults of the SQLite file told in words, nothing half done, and processes that share it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import say
from bot.errors import StoreError
from bot.model import Delivery, Destination
from bot.stores.sqlite import SCHEMA, Sqlite
from tests.contracts.made import SAID
from tests.fakes import NOON, document
from tests.house import open_store
from tests.waiting import LONG

LEASE = timedelta(seconds=90)
ROOT = Path(__file__).parents[2]


def delivery(name: str, chat: str = "room") -> Delivery:
    to = Destination(platform="fake", chat_id=chat)
    return Delivery(id=name, destination=to, message=say.message(say.text(name)), created_at=NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watchword.db"


@pytest.fixture
def store(path: Path) -> Iterator[Sqlite]:
    opened = Sqlite(path)
    opened.migrate()
    yield opened
    opened.close()


def filled(path: Path) -> bytes:
    """A sound file of some 60 pages, closed; its bytes."""
    store = Sqlite(path)
    store.migrate()
    with store.atomic():
        for number in range(60):
            one = document(number, "Title", f"body {number} " * 300)
            store.add_document(one, feed_id="f", story_id=f"s{number}", seen_at=NOON)
    store.close()
    return path.read_bytes()


def refused(path: Path, expected: str) -> StoreError:
    """The file cannot be used, is told so with a cure, and keeps every byte."""
    before = path.read_bytes()
    with pytest.raises(StoreError, match=expected) as caught:
        Sqlite(path).migrate()
    assert path.read_bytes() == before
    assert caught.value.cure
    return caught.value


def test_a_warm_start_needs_no_migration_library(path: Path) -> None:
    filled(path)
    script = (
        "import sys; from pathlib import Path; from bot.stores.sqlite import Sqlite;"
        "Sqlite(Path(sys.argv[1])).migrate(); print('sqlite_utils' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert said.stdout.strip() == "False"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_a_truncated_file_is_refused(path: Path, part: float) -> None:
    whole = filled(path)
    path.write_bytes(whole[: int(len(whole) * part)])
    refused(path, "damaged")


def test_a_folder_in_the_files_place_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="is not a file"):
        Sqlite(path).migrate()


def test_a_database_without_a_schema_is_told(path: Path) -> None:
    store = Sqlite(path)
    with pytest.raises(StoreError, match="no schema yet"):
        store.count_documents()
    store.close()


def test_a_full_disk_is_told_and_nothing_is_half_done(store: Sqlite) -> None:
    pages = store.rows("pragma page_count")[0][0]
    store.rows(f"pragma max_page_count = {pages + 5}")  # SQLite then says what it says on a full disk

    def too_much() -> None:
        with store.atomic():
            store.put(delivery("a"))
            store.add_document(document(1, body="x" * 100_000), feed_id="f", story_id="s", seen_at=NOON)

    with pytest.raises(StoreError, match="disk is full"):
        too_much()
    assert (store.counts(), store.count_documents()) == ({}, 0)
    store.rows("pragma max_page_count = 1000000")
    too_much()
    assert store.count_documents() == 1, "it works again once there is space"


def test_what_follows_an_undone_transaction_is_not_written_on_its_own(store: Sqlite) -> None:
    def careless() -> None:
        with store.atomic():
            store.put(delivery("a"))
            store.connection.execute("rollback")  # as SQLite does by itself on some faults
            store.put(delivery("b"))

    with pytest.raises(StoreError, match="undid"):
        careless()
    assert store.counts() == {}


def test_a_read_only_database_is_told(store: Sqlite) -> None:
    store.rows("pragma query_only = on")
    with pytest.raises(StoreError, match="read-only"):
        store.put(delivery("a"))


def test_an_inner_block_that_fails_and_is_caught_is_undone_alone(store: Sqlite) -> None:
    def inner() -> None:
        with store.atomic():
            store.put(delivery("inner"))
            raise ZeroDivisionError

    with store.atomic():
        store.put(delivery("before"))
        with pytest.raises(ZeroDivisionError):
            inner()
        store.put(delivery("after", "hall"))
    assert [one.id for one in store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])] == ["before", "after"]


def test_two_processes_never_claim_the_same(path: Path, store: Sqlite) -> None:
    for number in range(60):
        store.put(delivery(f"d{number}", f"chat {number % 20}"))
    claimed: list[str] = []
    troubles: list[Exception] = []

    def work() -> None:
        mine = Sqlite(path)
        try:
            mine.migrate()
            while got := mine.claim(NOON, limit=3, lease=LEASE, platforms=["fake"]):
                for one in got:
                    claimed.append(one.id)
                    mine.sent(one.id, message=one.message, message_id="m", at=NOON, lane_opens=NOON)
        except Exception as error:
            troubles.append(error)
        finally:
            mine.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=LONG)
    assert troubles == []
    assert sorted(claimed) == sorted(f"d{number}" for number in range(60))


def test_two_processes_may_start_at_once(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bot.stores.sqlite import Sqlite;"
        "print(Sqlite(Path(sys.argv[1])).migrate())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    said = sorted(process.communicate(timeout=LONG)[0].strip() for process in started)
    assert said == [str(sorted(path.stem for path in SCHEMA.glob("*.sql"))), "[]", "[]"]


def test_a_commit_is_there_for_the_next_process(path: Path, store: Sqlite, tmp_path: Path) -> None:
    store.put(delivery("a"))
    other = open_store("sqlite", tmp_path)
    assert [one.id for one in other.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])] == ["a"]
    assert store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"]) == []
    other.close()


def test_text_that_no_database_can_keep_does_not_stop_it(store: Sqlite) -> None:
    odd = delivery("a\ud800")
    store.put(odd)
    (claimed,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert claimed.message.blocks[0].runs[0].text == "a\ufffd"
    store.sent("a\ud800", message=SAID, message_id="m\udfff", at=NOON, lane_opens=NOON)
    assert store.counts() == {"sent": 1}
    one = document(1, "T", tags=("\ud800", "ok"))
    store.add_document(one, feed_id="f", story_id="s", seen_at=NOON)
    kept = store.document("d1")
    assert kept is not None
    assert kept.document.tags == ("\ufffd", "ok")
