"""Preferences and the audit log, in every store."""

from dataclasses import replace
from datetime import timedelta

from bot.model import AuditEntry, DigestPlan, Preferences, QuietHours, Was, WatchRule
from bot.ports import Store
from tests.fakes import ANNA, ANNAS, BORIS, HALL, NOON, ROOM

ENTRY = AuditEntry(
    destination=ROOM, user=ANNA, at=NOON, what="Removed", shared=True, before=(), after=(Was(kind="rule", key=("r",)),)
)


def test_preferences_of_a_chat_and_of_a_person_are_two_things(store: Store) -> None:
    assert store.preferences(ROOM) == Preferences()
    chats = Preferences(zone="Europe/Kyiv", quiet=QuietHours(start=22 * 60, end=7 * 60, then="urgent"))
    hers = Preferences(language="uk", digest=DigestPlan(every="week", at=480, weekday=4), snoozed_until=NOON)
    store.save_preferences(ROOM, replace(chats, zone="Asia/Kolkata"))
    store.save_preferences(ROOM, chats)
    store.save_preferences(ANNA, hers)
    assert (store.preferences(ROOM), store.preferences(ANNA)) == (chats, hers)
    assert store.preferences(BORIS) == store.preferences(HALL) == Preferences()


def test_entries_are_numbered_within_their_chat_and_never_twice(store: Store) -> None:
    numbers = [store.add_audit_entry(replace(ENTRY, destination=place)).number for place in (ROOM, ROOM, HALL)]
    assert numbers == [1, 2, 1]
    store.mark_undone(ROOM, 2, BORIS)
    kept = store.audit_entry(ROOM, 2)
    assert kept == replace(ENTRY, number=2, undone_by=BORIS)
    assert [entry.number for entry in store.audit_entries(ROOM, limit=1)] == [2]
    assert store.audit_entry(ROOM, 3) is None
    store.drop_before(NOON + timedelta(seconds=1))
    assert store.audit_entries(ROOM, limit=9) == []
    assert store.add_audit_entry(ENTRY).number == 3


def test_they_go_with_a_chat_that_moves(store: Store) -> None:
    store.add_audit_entry(ENTRY)
    store.add_audit_entry(ENTRY)
    store.save_preferences(ROOM, Preferences(language="de"))
    store.move_destination(ROOM, ANNAS)
    assert store.preferences(ANNAS).language == "de"
    assert store.preferences(ROOM) == Preferences()
    assert [entry.number for entry in store.audit_entries(ANNAS, limit=9)] == [2, 1]
    assert store.add_audit_entry(replace(ENTRY, destination=ANNAS)).number == 3


def test_a_removed_rule_comes_back_as_it_was(store: Store) -> None:
    made = WatchRule(id="r", number=0, channel_id="c", owner=ANNA, topic="t", text="troops", created_at=NOON)
    kept = store.add_rule(made)
    store.remove_rule("r")
    version = store.rules_version()
    store.restore_rule(kept)
    assert store.rule("r") == kept
    assert store.rule_changes(version) == ["r"]
    store.restore_rule(replace(kept, text="drills"))
    assert store.rules("c") == [replace(kept, text="drills")]
