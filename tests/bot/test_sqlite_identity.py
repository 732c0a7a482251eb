"""A database that is gone, emptied or replaced is noticed, at a start and while it is open."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.stores.sqlite import Sqlite


def made(path: Path) -> Sqlite:
    path.parent.mkdir(exist_ok=True)
    store = Sqlite(path)
    store.migrate()
    with store.atomic():
        store.count("x")
    return store


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace(path: Path) -> None:
    """By another installation's, as `mv` does."""
    made(path.parent / "other" / "watchword.db").close()
    (path.parent / "other" / "watchword.db").replace(path)


def overwrite(path: Path) -> None:
    """By another installation's, as `cp` does: the file itself stays."""
    made(path.parent / "other" / "watchword.db").close()
    path.write_bytes((path.parent / "other" / "watchword.db").read_bytes())


HARMS = [delete, empty, replace, overwrite]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watchword.db"


@pytest.mark.parametrize("harm", HARMS)
def test_the_next_start_is_refused_with_the_cure(harm: Callable[[Path], None], path: Path) -> None:
    made(path).close()
    harm(path)
    before = path.read_bytes() if path.exists() else None
    store = Sqlite(path)
    with pytest.raises(StoreError, match=r"watchword\.db (is|was) ") as caught:
        store.migrate()
    store.close()
    assert "put the database or a backup of it back" in caught.value.cure
    assert (path.read_bytes() if path.exists() else None) == before
    (path.parent / "watchword.db-id").unlink()  # the other cure
    made(path).close()


@pytest.mark.parametrize("harm", HARMS)
def test_nothing_is_written_once_the_file_is_not_ours(harm: Callable[[Path], None], path: Path) -> None:
    made(path).close()
    store = made(path)
    harm(path)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"watchword\.db (is|was) "), store.atomic():
            store.count("x")
    store.close()


def test_a_new_database_is_watched_from_its_first_transaction(path: Path) -> None:
    store = made(path)
    path.unlink()
    with pytest.raises(StoreError, match="is not there any more"), store.atomic():
        store.count("x")
    store.close()


def test_a_backup_is_ours(path: Path, tmp_path: Path) -> None:
    made(path).close()
    shutil.copy(path, tmp_path / "backup.db")
    made(path).close()
    shutil.copy(tmp_path / "backup.db", path)
    made(path).close()


def test_a_database_from_before_there_were_ids_gets_one(path: Path) -> None:
    store = made(path)
    store.connection.execute("pragma application_id = 0")
    store.close()
    (path.parent / "watchword.db-id").unlink()
    made(path).close()
    path.unlink()
    with pytest.raises(StoreError, match="is not there any more"):
        Sqlite(path).migrate()


@pytest.mark.parametrize("text", ["", "x", "9" * 5000, "é"])
def test_a_damaged_note_is_refused_in_words(text: str, path: Path) -> None:
    made(path).close()
    (path.parent / "watchword.db-id").write_text(text)
    store = Sqlite(path)
    with pytest.raises(StoreError, match="not the one that was here before"):
        store.migrate()
    store.close()
