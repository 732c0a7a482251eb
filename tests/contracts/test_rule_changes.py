"""What changed since a version of the rules, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import WatchRule, WordList
from bot.ports import Store
from tests.fakes import ANNA, NOON


def _rule(name: str, text: str = "troops", channel: str = "c") -> WatchRule:
    return WatchRule(id=name, number=0, channel_id=channel, owner=ANNA, topic="t", text=text, created_at=NOON)


def test_every_change_of_a_rule_is_told_to_whoever_knows_an_earlier_version(store: Store) -> None:
    assert store.rule_changes(store.rules_version()) == []
    for name in ("b", "a", "c"):
        store.add_rule(_rule(name))
    version = store.rules_version()
    assert store.rule_changes(version) == []
    store.save_rule(replace(_rule("b"), topic="other"))
    store.remove_rule("c")
    store.add_rule(_rule("d"))
    store.save_rule(_rule("never there"))
    store.remove_rule("never there")
    assert store.rule_changes(version) == ["b", "c", "d"]
    assert store.rule_changes(store.rules_version() - 1) == ["d"]


def test_a_list_changes_the_rules_of_its_channel_that_mention_any(store: Store) -> None:
    for name, text, channel in (("a", "@war", "c"), ("b", "troops", "c"), ("d", "@war", "other")):
        store.add_rule(_rule(name, text, channel))
    version = store.rules_version()
    store.save_list(WordList(channel_id="c", name="war", text="tanks"))
    assert store.rule_changes(version) == ["a"]
    version = store.rules_version()
    store.remove_list("other", "war")
    assert store.rule_changes(version) == []
    store.remove_list("c", "War")
    assert store.rule_changes(version) == ["a"]


def test_changes_of_long_ago_and_of_a_version_to_come_are_not_known(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bot.stores._memory_rules", "bot.stores._sqlite_rules"):
        monkeypatch.setattr(f"{module}.REMEMBERED_CHANGES", 3)
    before = store.rules_version()
    for name in "abcde":
        store.add_rule(_rule(name))
    now = store.rules_version()
    assert store.rule_changes(before) is None
    assert store.rule_changes(now - 3) is None
    assert store.rule_changes(now - 2) == ["d", "e"]
    assert store.rule_changes(now + 1) is None
    assert store.rules_stamp(now - 2)
    assert not store.rules_stamp(now - 3)


def test_a_version_is_stamped_so_that_one_of_another_history_is_not_taken_for_it(store: Store) -> None:
    first = store.rules_stamp(store.rules_version())
    assert first
    assert not store.rules_stamp(store.rules_version() + 1)
    try:
        with store.atomic():
            store.add_rule(_rule("a"))
            undone = store.rules_stamp(store.rules_version())
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    store.add_rule(_rule("b"))
    assert store.rules_stamp(store.rules_version()) not in ("", first, undone)
    assert store.rule_changes(store.rules_version() - 1) == ["b"]


def test_all_rules_are_read_in_parts(store: Store) -> None:
    for name in ("b", "e", "a", "d", "c"):
        store.add_rule(_rule(name))
    assert [one.id for one in store.rules_after("", limit=2)] == ["a", "b"]
    assert [one.id for one in store.rules_after("b", limit=9)] == ["c", "d", "e"]
    assert store.rules_after("e", limit=9) == []
    assert [one.id for one in store.rules_by_id(["d", "none", "a", "a"])] == ["a", "d"]


def test_a_pause_that_is_over_ends_and_counts_as_a_change(store: Store) -> None:
    minute = timedelta(minutes=1)
    ends = {"a": NOON + 2 * minute, "b": NOON, "c": NOON + minute, "d": None}
    for name, until in ends.items():
        store.add_rule(replace(_rule(name), enabled=False, paused_until=until))
    store.add_rule(_rule("e"))
    version = store.rules_version()
    assert [rule.paused_until for rule in store.rules("c")] == [*ends.values(), None]
    assert store.resume_rules(NOON - minute, limit=9) == 0
    assert store.rules_version() == version
    assert store.resume_rules(NOON + minute, limit=1) == 1
    assert store.rule_changes(version) == ["b"]
    assert store.resume_rules(NOON + minute, limit=9) == 1
    assert [rule.id for rule in store.rules("c") if rule.enabled] == ["b", "c", "e"]
    assert store.rule("c") == replace(_rule("c"), number=3)
    assert store.resume_rules(NOON + 9 * minute, limit=9) == 1
    assert store.rule("d") == replace(_rule("d"), number=4, enabled=False)
