"""Backups: by hand while it is written, every day, before an update; put back without a flood."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import backup
from bot.config import Settings
from bot.errors import StoreError, UserError
from bot.model import Delivery, State
from bot.stores.sqlite import BEFORE_UPDATE, FILE, SCHEMA, Sqlite
from tests.fakes import ANNA, ROOM, entry
from tests.house import House, open_store, write_here

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
STORY = entry(1, "Troops leave", "The troops left the harbour at dawn.")
LATER = entry(2, "Bridge closed", "The troops closed the bridge in the afternoon.")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_which_backups_are_made_and_which_go() -> None:
    names = [f"watchword-2026-03-0{day}.db" for day in range(1, 10)]
    assert backup.due(names, NOW) == "watchword-2026-03-10.db"
    assert backup.due([*names, "watchword-2026-03-10.db"], NOW) == ""
    assert backup.superfluous([*names, "mine.db", "watchword-old.db"], 7) == names[:2]
    assert backup.superfluous(names[:3], 7) == []
    left = [".watchword-2026-03-02.db.0123abcd", ".watchword-2026-03-02.db.0123abcd-journal"]
    assert backup.unfinished([*names, *left, ".mine.db.0123abcd", "watchword-2026-03-02.db"]) == left


async def test_a_backup_is_whole_and_private_and_is_made_while_others_write(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path / "data")
    house = House(store)
    await house.add_feed()
    await house.say("watch troops")
    await house.publish([STORY])
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        store.note_time(house.clock() + timedelta(seconds=len(seen)))  # a write between two parts

    copy = tmp_path / "copy.db"
    store.backup(copy, progress)
    assert seen[-1][0] == seen[-1][1] > 0
    assert copy.stat().st_mode & 0o077 == 0
    assert names_in(tmp_path) == {"data", "copy.db"}
    connection = sqlite3.connect(copy)
    assert connection.execute("select count(*) from documents").fetchone() == (1,)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    store.close()


async def test_a_backup_is_put_back_and_nothing_is_told_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = open_store("sqlite", data)
    house = House(store)
    await house.add_feed()
    await house.say("watch troops")
    (alert,) = await house.publish([STORY])
    store.put(Delivery(id="waiting", destination=ROOM, created_at=house.clock()))
    store.backup(tmp_path / "copy.db")
    await house.settle()
    await house.publish([LATER])
    store.close()

    kept = backup.restore(Settings(data=data), tmp_path / "copy.db", NOW)
    assert kept == data / "watchword-before-20260310-080000.db"
    again = open_store("sqlite", data)
    assert again.after_restore(house.clock()) == 1
    restored = House(again, clock=house.clock, source=house.source)
    restored.source.entries = house.source.entries
    restored.clock.forward(hours=2)
    await restored.settle()
    assert restored.chat.posts == []  # what came meanwhile is archived, and listed
    assert again.count_documents() == 2
    shown = again.alert(alert.alert_key)
    assert shown is not None
    assert len(await restored.publish([entry(3, "Third", "The troops came back.")])) == 1
    again.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "There is no file"), (b"", "is empty"), (b"no database at all" * 400, "is not an SQLite database")],
)
def test_what_is_no_backup_is_refused_and_nothing_changes(tmp_path: Path, content: bytes | None, words: str) -> None:
    store = open_store("sqlite", tmp_path / "data")
    store.close()
    before = (tmp_path / "data" / FILE).read_bytes()
    if content is not None:
        (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises((UserError, StoreError), match=words):
        backup.restore(Settings(data=tmp_path / "data"), tmp_path / "copy.db", NOW)
    assert (tmp_path / "data" / FILE).read_bytes() == before


def test_nothing_is_restored_under_a_running_watchword(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path / "data")
    store.backup(tmp_path / "copy.db")
    from bot.alone import take

    alone, lock = take(tmp_path / "data")
    assert alone
    with pytest.raises(UserError, match="Watchword is running"):
        backup.restore(Settings(data=tmp_path / "data"), tmp_path / "copy.db", NOW)
    assert lock is not None
    lock.close()
    store.close()


def test_one_a_day_and_so_many_are_kept(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path / "data")
    folder = tmp_path / "backups"
    reader = store.reader()
    made = [backup.nightly(reader, folder, 3, NOW + timedelta(hours=12 * half)) for half in range(10)]
    assert [name for name in made if name] == [f"watchword-2026-03-{day}.db" for day in (10, 11, 12, 13, 14)]
    assert sorted(path.name for path in folder.iterdir()) == [f"watchword-2026-03-{day}.db" for day in (12, 13, 14)]
    reader.close()
    store.close()


def test_an_update_keeps_a_copy_of_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "schema"
    old.mkdir()
    steps = sorted(SCHEMA.glob("*.sql"))
    for step in steps[:-1]:
        (old / step.name).write_bytes(step.read_bytes())
    monkeypatch.setattr("bot.stores.sqlite.SCHEMA", old)
    open_store("sqlite", tmp_path / "data").close()
    assert not (tmp_path / "data" / BEFORE_UPDATE).exists()
    monkeypatch.setattr("bot.stores.sqlite.SCHEMA", SCHEMA)
    store = Sqlite(tmp_path / "data" / FILE)
    assert store.migrate() == [steps[-1].stem]
    connection = sqlite3.connect(tmp_path / "data" / BEFORE_UPDATE)
    rows = connection.execute("select count(*) from _sqlite_migrations").fetchone()
    assert rows == (len(steps) - 1,)
    connection.close()
    store.close()


def test_a_restored_queue_is_not_sent(tmp_path: Path) -> None:
    for name in ("sqlite", "memory"):
        store = open_store(name, tmp_path / name)
        for number in range(3):
            store.put(Delivery(id=f"d{number}", destination=ROOM, created_at=NOW))
        assert store.after_restore(NOW) == 3, name
        assert store.counts() == {State.DEAD: 3}
        assert store.claim(NOW, limit=9, lease=timedelta(minutes=1), platforms=[ROOM.platform]) == []
        assert ANNA.key
        store.close()


async def test_the_daily_backup_tells_its_trouble_and_gets_over_it(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path / "data")
    folder = tmp_path / "backups"
    folder.write_text("in the way")
    settings = Settings(data=tmp_path / "data", backup_folder=folder)
    daily = backup.Daily(store, write_here, settings, lambda: NOW)
    await daily.run()
    assert daily.trouble.startswith("the daily backup failed: ")
    folder.unlink()
    await daily.run()
    assert daily.trouble == ""
    assert [path.name for path in folder.iterdir()] == ["watchword-2026-03-10.db"]
    store.close()
