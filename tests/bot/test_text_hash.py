"""An archived text can be shown to be what arrived."""

from pathlib import Path

from bot.stores.sqlite import Sqlite
from rules import Document
from tests.contracts.made import feed
from tests.fakes import NOON
from tests.house import open_store


def test_a_text_that_was_changed_in_the_file_is_found(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path)
    assert isinstance(store, Sqlite)
    store.add_feed(feed(1), "c")
    for number in range(3):
        one = Document(id=f"d{number}", title="odd \ud800", body=f"text {number}")
        store.add_document(one, feed_id="f1", story_id="s", seen_at=NOON)
    assert store.check() == []
    with store.atomic():
        store.run("update documents set body = 'text 7' where id = 'd1'")
        store.run("update documents set title = 'x', text_hash = '' where id = 'd2'")
    assert store.check() == ["the text of document d1 is not what arrived"]
    store.close()
