"""What every store must do for deliveries and alerts: order, lanes, leases, edits."""

from dataclasses import replace

from bot import say
from bot.core.alerts.alerting import alert_key
from bot.model import (
    UNWRITTEN,
    Destination,
    LedgerLine,
    Reason,
    State,
)
from bot.ports import Store
from tests.contracts.made import LEASE, SAID, SECOND, alert, claimed, delivery, feed, text, unwritten
from tests.fakes import HALL, NOON, ROOM


def test_one_delivery_at_a_time_for_each_chat_in_order(store: Store) -> None:
    for name, to in (("a1", ROOM), ("a2", ROOM), ("b1", HALL)):
        store.put(delivery(name, to))
    store.put(delivery("a1", ROOM))
    assert claimed(store) == ["a1", "b1"]
    assert claimed(store) == []
    store.sent("a1", message=SAID, message_id="m", at=NOON, lane_opens=NOON + SECOND)
    assert claimed(store) == []
    assert claimed(store, NOON + SECOND / 2) == []
    assert claimed(store, NOON + SECOND) == ["a2"]
    assert store.counts() == {State.SENT: 1, State.SENDING: 2}


def test_only_the_asked_platforms_and_as_many_as_asked(store: Store) -> None:
    store.put(delivery("a", ROOM))
    store.put(delivery("b", HALL))
    store.put(delivery("c", Destination(platform="other", chat_id="x")))
    assert claimed(store, limit=1) == ["a"]
    assert claimed(store) == ["b"]
    assert [one.id for one in store.claim(NOON, limit=9, lease=LEASE, platforms=["other"])] == ["c"]


def test_answers_go_before_alerts(store: Store) -> None:
    store.save_alert(alert())
    store.put(delivery("alert", alert_key=alert().key))
    store.put(delivery("answer"))
    assert claimed(store) == ["answer"]


def test_a_retry_waits_and_holds_its_lane(store: Store) -> None:
    store.put(delivery("a1"))
    store.put(delivery("a2"))
    claimed(store)
    store.retry("a1", not_before=NOON + 5 * SECOND, error="slow down", close_lane=True, plain=True)
    assert claimed(store, NOON + 4 * SECOND) == []
    (again,) = store.claim(NOON + 5 * SECOND, limit=9, lease=LEASE, platforms=["fake"])
    assert (again.id, again.attempts, again.plain, again.state) == ("a1", 2, True, State.SENDING)
    store.dead("a1", error="never")
    assert claimed(store, NOON + 5 * SECOND) == ["a2"]


def test_what_may_have_arrived_comes_back_as_unknown(store: Store) -> None:
    store.put(delivery("a"))
    store.put(delivery("b", HALL))
    claimed(store)
    store.unknown("a", not_before=NOON + SECOND, error="link died")
    (again,) = store.claim(NOON + SECOND, limit=9, lease=LEASE, platforms=["fake"])
    assert (again.id, again.state) == ("a", State.UNKNOWN)
    (lost,) = store.claim(NOON + LEASE, limit=9, lease=LEASE, platforms=["fake"])
    assert (lost.id, lost.state) == ("b", State.UNKNOWN), "its process died while it was being sent"


def test_leases_of_the_dead_end_at_once(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.put(delivery("a"))
    store.claim_feeds(NOON, limit=9, lease=LEASE)
    claimed(store)
    store.end_leases()
    assert len(store.claim_feeds(NOON, limit=9, lease=LEASE)) == 1
    (again,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert again.state is State.UNKNOWN


def test_an_edit_joins_what_waits_and_finds_what_was_sent(store: Store) -> None:
    raised = alert()
    store.save_alert(raised)
    store.put(unwritten("send", raised.key))
    store.put(unwritten("edit 1", raised.key, kind="edit"))
    assert store.deliveries(ROOM, limit=9) == [], "what is not written yet has nothing to show"
    (first,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert (first.id, first.kind, first.message) == ("send", "send", UNWRITTEN)
    store.put(unwritten("edit 2", raised.key, kind="edit"))
    store.put(unwritten("edit 3", raised.key, kind="edit"))
    assert claimed(store) == []
    store.sent("send", message=SAID, message_id="m7", at=NOON, lane_opens=NOON)
    assert [one.message for one in store.deliveries(ROOM, limit=9)] == [SAID]
    kept = store.alert(raised.key)
    assert kept is not None
    assert kept == replace(raised, message_id="m7")
    (edit,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert (edit.id, edit.kind, edit.message_id) == ("edit 2", "edit", "m7")
    later = say.message(say.text("as it was edited"))
    store.sent(edit.id, message=later, message_id="m7", at=NOON, lane_opens=NOON)
    found = store.alert_of_message(ROOM, "m7")
    assert found is not None
    assert found.key == raised.key
    assert store.alert_of_message(HALL, "m7") is None
    assert [(one.id, one.message) for one in store.deliveries(ROOM, limit=9)] == [("send", later)]


def test_an_edit_of_a_message_that_died_dies_with_it(store: Store) -> None:
    raised = alert()
    store.save_alert(raised)
    store.put(delivery("send", alert_key=raised.key))
    claimed(store)
    store.put(delivery("edit", kind="edit", alert_key=raised.key))
    store.dead("send", error="poison")
    assert claimed(store) == []
    assert store.counts() == {State.DEAD: 2}


def test_nothing_goes_to_a_paused_chat(store: Store) -> None:
    store.put(delivery("a"))
    store.pause_destination(ROOM, "gone")
    assert claimed(store) == []
    store.resume_destination(ROOM)
    assert claimed(store) == ["a"]


def test_a_chat_that_is_gone_takes_its_threads_with_it(store: Store) -> None:
    topic = replace(ROOM, thread_id="7")
    store.put(delivery("topic", topic))
    store.put(delivery("hall", HALL))
    store.pause_destination(ROOM, "kicked")
    assert claimed(store) == ["hall"]
    assert store.resume_destination(ROOM)
    assert claimed(store) == ["topic"]
    store.pause_destination(topic, "closed")
    store.put(delivery("room"))
    assert claimed(store) == ["room"]


def test_the_newest_alert_and_the_ledger(store: Store) -> None:
    store.save_alert(alert(story="s1"))
    store.save_alert(replace(alert(story="s2"), raised_at=NOON + SECOND))
    newest = store.last_alert(ROOM)
    assert newest is not None
    assert newest.story_id == "s2"
    assert store.last_alert(HALL) is None
    line = LedgerLine(
        document_id="d1", story_id="s", destination=ROOM, rule_ids=("r",), reason=Reason.MUTED, at=NOON, detail="m"
    )
    store.record(line)
    store.record(line)
    store.record(replace(line, reason=Reason.FAILED, at=NOON + SECOND))
    assert store.ledger(ROOM, since=NOON)[0] == line
    assert [one.reason for one in store.ledger(ROOM, since=NOON)] == [Reason.MUTED, Reason.FAILED]
    assert [one.reason for one in store.ledger(ROOM, since=NOON + SECOND)] == [Reason.FAILED]


def test_an_edit_of_an_answer_goes_to_that_message_and_into_no_other(store: Store) -> None:
    store.put(delivery("elsewhere", HALL))
    store.put(delivery("answer"))
    claimed(store)
    store.sent("answer", message=SAID, message_id="m1", at=NOON, lane_opens=NOON)
    store.retry("elsewhere", not_before=NOON, error="again", close_lane=False)
    store.put(delivery("changed", kind="edit", message_id="m1"))
    edit, other = sorted(store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"]), key=lambda one: one.id)
    assert (edit.kind, edit.message_id, text(edit)) == ("edit", "m1", "changed")
    assert text(other) == "elsewhere"
    store.sent("changed", message=edit.message, message_id="m1", at=NOON, lane_opens=NOON)
    assert [text(one) for one in store.deliveries(ROOM, limit=9)] == ["changed"]


def test_an_edit_does_not_hide_in_a_message_that_may_have_arrived(store: Store) -> None:
    raised = alert()
    store.save_alert(raised)
    store.put(delivery("send", alert_key=raised.key))
    claimed(store)
    store.unknown("send", not_before=NOON, error="link died")
    (again,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    store.retry(again.id, not_before=NOON, error="too many", close_lane=False)
    store.put(delivery("edit", kind="edit", alert_key=raised.key))
    (third,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert (third.id, third.state, text(third)) == ("send", State.UNKNOWN, "send")
    store.sent("send", message=SAID, message_id="m", at=NOON, lane_opens=NOON)
    assert claimed(store) == ["edit"]


def test_an_edit_that_was_merged_is_known_when_it_is_put_again(store: Store) -> None:
    raised = alert()
    store.save_alert(raised)
    store.put(delivery("send", alert_key=raised.key))
    for name in ("edit 1", "edit 2", "edit 1"):
        store.put(delivery(name, kind="edit", alert_key=raised.key))
    (only,) = store.claim(NOON, limit=9, lease=LEASE, platforms=["fake"])
    assert only.id == "send"


def test_a_process_that_outstayed_its_lease_changes_nothing(store: Store) -> None:
    store.put(delivery("a"))
    claimed(store)
    claimed(store, NOON + LEASE)
    store.sent("a", message=SAID, message_id="m", at=NOON, lane_opens=NOON)
    store.retry("a", not_before=NOON, error="late", close_lane=True)
    store.unknown("a", not_before=NOON, error="late")
    store.dead("a", error="late")
    assert store.counts() == {State.SENT: 1}
    assert claimed(store, NOON + 3 * LEASE) == []


def test_a_busy_chat_is_due_when_its_lease_ends(store: Store) -> None:
    store.put(delivery("alert", alert_key="k"))
    claimed(store)
    store.put(delivery("answer"))
    assert claimed(store, NOON + LEASE - SECOND) == []
    assert claimed(store, NOON + LEASE) == ["answer"]


def test_a_story_is_known_where_the_chat_moved_to(store: Store) -> None:
    big = Destination(platform="fake", chat_id="big")
    raised = alert()
    store.save_alert(raised)
    store.put(delivery("send", alert_key=raised.key))
    claimed(store)
    store.sent("send", message=SAID, message_id="m", at=NOON, lane_opens=NOON + SECOND)
    store.move_destination(ROOM, big)
    assert store.alert(raised.key) is None
    kept = store.alert(alert_key(big, "s"))
    assert kept is not None
    assert (kept.destination.key, kept.message_id) == (big.key, "m")
    store.put(delivery("next", big))
    assert claimed(store, NOON + SECOND / 2) == [], "the platform's pace still holds"
    assert claimed(store, NOON + SECOND) == ["next"]


def test_a_chat_that_moves_to_itself_loses_nothing(store: Store) -> None:
    store.save_alert(alert())
    store.put(delivery("a"))
    store.move_destination(ROOM, ROOM)
    assert store.last_alert(ROOM) is not None
    assert claimed(store) == ["a"]


def test_the_order_of_arrival_outlives_retention(store: Store) -> None:
    for number in range(3):
        store.put(delivery(f"old {number}"))
        claimed(store)
        store.sent(f"old {number}", message=SAID, message_id="m", at=NOON, lane_opens=NOON)
    store.put(delivery("first", created_at=NOON + SECOND))
    store.drop_before(NOON + SECOND)
    store.put(delivery("second", HALL))
    assert claimed(store) == ["first", "second"]


def test_what_is_held_holds_up_nothing_and_is_released_once(store: Store) -> None:
    for number in range(3):
        store.save_alert(alert(story=f"s{number}"))
        held = unwritten(f"h{number}", alert(story=f"s{number}").key, state=State.HELD, not_before=NOON + SECOND)
        store.put(held)
    store.put(delivery("answer"))
    assert claimed(store) == ["answer"]
    assert [each.id for each in store.held(ROOM)] == ["h0", "h1", "h2"]
    assert (store.count_held(ROOM), store.due_holds(NOON, limit=9)) == (3, [])
    store.put(unwritten("edit", alert(story="s0").key, kind="edit"))
    store.hold_until(ROOM, None)
    assert store.due_holds(NOON + LEASE, limit=9) == []
    store.hold_until(ROOM, NOON)
    assert store.due_holds(NOON, limit=9) == [ROOM]
    store.pause_destination(ROOM, "gone")
    assert store.due_holds(NOON, limit=9) == []
    assert (store.paused(ROOM), store.paused(HALL)) == ("gone", "")
    store.resume_destination(ROOM)
    store.release(["h0"], state=State.PENDING)
    store.release(["h1"], state=State.SENT, error="in a digest")
    store.release(["h2", "answer"], state=State.DEAD, error="dropped")
    assert store.held(ROOM) == []
    store.sent("answer", message=SAID, message_id="1", at=NOON, lane_opens=NOON)
    assert claimed(store) == ["h0"], "and no edit besides: it is written when it is claimed"
