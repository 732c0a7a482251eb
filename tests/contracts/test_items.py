"""What feeds call their items: on every store that is found."""

from dataclasses import replace
from datetime import timedelta

from bot.model import Feed, Item
from bot.ports import Store
from tests.fakes import NOON, document

FIRST = Item(feed_id="f1", name="n1", own="n1", document_id=document(1).id, story_id="s1")


def test_an_item_is_kept_under_each_name_and_replaced_by_its_next_version(store: Store) -> None:
    elsewhere = replace(FIRST, feed_id="f2", story_id="s9")
    address = replace(FIRST, name="n2")
    store.save_items([FIRST, address, elsewhere])
    assert store.items("f1", ["n1", "n2", "n3"]) == {"n1": FIRST, "n2": address}
    assert store.items_of("f1", [FIRST.document_id]) == [FIRST, address]
    newer = replace(FIRST, document_id="d2", story_id="s2", old=True)
    store.save_items([newer])
    assert store.items("f1", ["n1"]) == {"n1": newer}
    assert store.items_of("f1", [FIRST.document_id]) == [address]
    assert store.items("f2", ["n1"]) == {"n1": elsewhere}


def test_retention_forgets_items_of_feeds_that_nobody_holds_when_their_documents_go(store: Store) -> None:
    store.add_feed(Feed(id="f1", kind="fake", url="fake:1"), "c1")
    store.add_document(document(1), feed_id="f2", story_id="s1", seen_at=NOON)
    gone = replace(FIRST, feed_id="f2", name="n5", document_id="nothing")
    store.save_items([FIRST, replace(FIRST, feed_id="f2"), gone])
    store.drop_before(NOON - timedelta(days=1))
    assert store.items("f2", ["n1", "n5"]) == {"n1": replace(FIRST, feed_id="f2")}
    store.drop_before(NOON + timedelta(days=1))
    assert (store.items("f1", ["n1"]), store.items("f2", ["n1"])) == ({"n1": FIRST}, {})
