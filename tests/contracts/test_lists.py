"""Word lists, on every store; what a document says survives in the archive."""

from dataclasses import replace

from bot.model import WordList
from bot.ports import Store
from tests.fakes import NOON, document


def test_lists_are_kept_by_channel_and_name_whatever_its_case(store: Store) -> None:
    before = store.rules_version()
    war = WordList(channel_id="c", name="War", text="troops, soldiers")
    store.save_list(war)
    store.save_list(WordList(channel_id="c", name="all", text="@war"))
    store.save_list(WordList(channel_id="d", name="war", text="tanks"))
    assert [one.name for one in store.lists("c")] == ["all", "War"]
    assert len(store.lists()) == 3
    made = store.rules_version()
    assert made > before
    store.save_list(replace(war, name="WAR", text="tanks"))
    assert [(one.name, one.text) for one in store.lists("c")] == [("all", "@war"), ("WAR", "tanks")]
    changed = store.rules_version()
    assert changed > made
    assert store.remove_list("c", "war")
    assert store.rules_version() > changed
    assert not store.remove_list("c", "war")
    assert [one.channel_id for one in store.lists()] == ["c", "d"]


def test_a_document_keeps_its_source_country_and_when_it_was_read(store: Store) -> None:
    told = document(1, "Title", source="Courier", country="UA", received_at=NOON)
    store.add_document(told, feed_id="f", story_id="s", seen_at=NOON)
    kept = store.document(told.id)
    assert kept is not None
    assert kept.document == told
