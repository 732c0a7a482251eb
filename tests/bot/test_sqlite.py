"""What only a file can meet: damage, a newer version, somebody else's database, two processes at once."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import say
from bot.config import Settings
from bot.errors import StoreError
from bot.model import Delivery, Destination
from bot.ports import Kit, Store
from bot.stores.sqlite import SCHEMA, connect
from tests.contracts.made import LEASE, delivery, feed
from tests.fakes import NOON, document


def opened(folder: Path) -> Store:
    store = connect(Kit(settings=Settings(data=folder), clock=lambda: NOON))
    store.migrate()
    return store


def filled(folder: Path) -> Path:
    store = opened(folder)
    for number in range(50):
        store.add_document(document(number, "T", "word " * 500), feed_id="f", story_id="s", seen_at=NOON)
    store.close()
    return folder / "watchword.db"


def damage(path: Path) -> None:
    body = bytearray(path.read_bytes())
    for at in range(4096 * 3, len(body), 4096):
        body[at : at + 200] = b"\x5a" * 200
    path.write_bytes(body)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 4 + 100])


def replace_it(path: Path) -> None:
    path.write_bytes(b"this is not a database at all " * 300)


@pytest.mark.parametrize("harm", [damage, truncate, replace_it])
def test_a_damaged_file_is_refused_with_the_cure_and_left_as_it_is(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = filled(tmp_path)
    harm(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        opened(tmp_path)
    assert "watchword.db" in str(caught.value)
    assert "backup" in caught.value.cure
    assert path.read_bytes() == before


def test_a_newer_versions_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with sqlite3.connect(path) as other:
        other.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('watchword', '999_later', 'x')"
        )
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Watchword"):
        opened(tmp_path)
    assert path.read_bytes() == before


def test_somebody_elses_database_is_not_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "watchword.db") as other:
        other.execute("create table notes (text)")
    other.close()
    with pytest.raises(StoreError, match="not Watchword's"):
        opened(tmp_path)


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    first = connect(Kit(settings=Settings(data=tmp_path), clock=lambda: NOON))
    assert first.migrate() == sorted(path.stem for path in SCHEMA.glob("*.sql"))
    assert first.migrate() == []
    first.close()
    assert connect(Kit(settings=Settings(data=tmp_path), clock=lambda: NOON)).migrate() == []


def test_two_processes_never_claim_the_same(tmp_path: Path) -> None:
    stores = [opened(tmp_path), opened(tmp_path)]
    for number in range(40):
        stores[0].put(delivery(f"d{number}", Destination(platform="fake", chat_id=str(number))))
        stores[0].add_feed(feed(number), "c")
    got: list[str] = []
    feeds: list[str] = []

    def claim(store: Store) -> None:
        for _ in range(12):
            got.extend(one.id for one in store.claim(NOON, limit=3, lease=LEASE, platforms=["fake"]))
            feeds.extend(one.id for one in store.claim_feeds(NOON, limit=3, lease=LEASE))

    threads = [threading.Thread(target=claim, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(set(got))
    assert len(got) == 40
    assert sorted(feeds) == sorted(set(feeds))
    assert len(feeds) == 40
    for store in stores:
        store.close()


def test_a_long_queue_is_claimed_quickly_enough_to_keep_a_fair_pace(tmp_path: Path) -> None:
    """The plan, not the clock: claiming must not read the whole queue."""
    store = opened(tmp_path)
    with store.atomic():
        for number in range(3000):
            to = Destination(platform="fake", chat_id=str(number % 10))
            message = say.message(say.text("x"))
            store.put(Delivery(id=f"d{number}", destination=to, message=message, created_at=NOON))
    found = store.claim(NOON + timedelta(seconds=1), limit=99, lease=LEASE, platforms=["fake"])
    assert [one.id for one in found] == [f"d{number}" for number in range(10)]
    plan = "explain query plan select seq from deliveries where destination = 'x' and state in"
    with sqlite3.connect(tmp_path / "watchword.db") as other:
        rows = other.execute(f"{plan} ('pending', 'sending', 'unknown') order by rank, seq limit 1").fetchall()
    other.close()
    assert "deliveries_waiting" in str(rows)
    store.close()
