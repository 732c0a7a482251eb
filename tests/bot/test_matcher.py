"""Which stored rules are true of documents, on both stores."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from bot.model import WatchRule, WordList
from bot.pipeline.match import Matcher
from bot.ports import Store
from tests.fakes import ANNA, NOON, document
from tests.house import open_store


@pytest.fixture(params=registry.names("bot.stores"))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


def _rule(name: str, text: str, **more: object) -> WatchRule:
    rule = WatchRule(id=name, number=0, channel_id="c", owner=ANNA, topic=name, text=text, created_at=NOON)
    return replace(rule, **more)  # type: ignore[arg-type]


def test_a_batch_gives_the_ids_of_each_document_and_the_rules_are_had_by_id(store: Store) -> None:
    for name, text in (("b", "troops"), ("a", "troops OR tanks"), ("c", "wheat")):
        store.add_rule(_rule(name, text))
    store.add_rule(_rule("off", "troops", enabled=False))
    matcher = Matcher(store)
    matcher.sync()
    assert matcher.ready
    batch = [document(1, "Troops"), document(2, "Rain"), document(3, "Tanks and wheat")]
    assert matcher.match_batch(batch) == [["a", "b"], [], ["a", "c"]]
    found = matcher.rules(["c", "gone", "off", "a"])
    assert {name: rule.text for name, rule in found.items()} == {"c": "wheat", "a": "troops OR tanks"}
    assert matcher.hits("c", batch[0]) is None
    spans, preferred = matcher.hits("c", batch[2]) or ((), ())
    assert [batch[2].title[span.start : span.end] for span in spans] == ["wheat"]
    assert not preferred


def test_it_is_known_whether_a_rule_asks_about_stories(store: Store) -> None:
    matcher = Matcher(store)
    store.save_list(WordList(channel_id="c", name="known", text="tanks sources>=2"))
    for text, asks in (("troops", False), ("tanks NOT sources>=2/30m", True), ("rain", False), ("@known", True)):
        store.add_rule(_rule("r", text))
        matcher.sync()
        assert matcher.asks_story == asks, text
        store.remove_rule("r")
    matcher.sync()
    assert not matcher.asks_story
