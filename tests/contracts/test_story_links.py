"""What stories have to do with each other, and what evidence remembers: the same on every store."""

from dataclasses import replace
from datetime import timedelta

from bot.core.alerts.alerting import alert_key
from bot.model import Alert, Delivery, EvidenceRow, Mute, MuteKind, StoryLink, content_id
from bot.ports import Store
from tests.contracts.made import SECOND
from tests.fakes import ANNA, NOON, ROOM, document


def link(story: str, kind: str = "near", other: str = "old") -> StoryLink:
    return StoryLink(story_id=story, kind=kind, other_id=other, why="both name Halvorsen", at=NOON)  # type: ignore[arg-type]


def alert(story: str, **more: str) -> Alert:
    key = alert_key(ROOM, story)
    return Alert(key=key, destination=ROOM, story_id=story, rule_ids=("r",), reports=(), raised_at=NOON, **more)


def archived(store: Store, number: int, story: str) -> EvidenceRow:
    made = document(number, "Title")
    store.add_document(made, feed_id="f", story_id=story, seen_at=NOON + number * SECOND)
    return EvidenceRow(document_id=made.id, story_id=story, seen_at=NOON + number * SECOND, features=b"%d" % number)


def test_a_link_is_kept_and_replaced(store: Store) -> None:
    store.save_link(link("new"))
    store.save_link(link("other", "related"))
    assert store.links(["new", "none"]) == {"new": link("new")}
    store.save_link(link("new", "merged", "older"))
    assert store.links(["new"])["new"].other_id == "older"
    assert sorted(store.links(["new", "other"])) == ["new", "other"]


def test_evidence_comes_back_in_the_order_of_arrival_and_goes_with_the_window(store: Store) -> None:
    rows = [archived(store, number, "s") for number in (1, 2, 3)]
    unknown = EvidenceRow(document_id="unknown", story_id="s", seen_at=NOON, features=b"x")
    store.save_evidence([rows[2], rows[0], unknown, rows[1]])
    assert store.evidence(since=NOON) == rows
    assert store.evidence(since=NOON + 2 * SECOND) == rows[1:]
    store.drop_fingerprints(NOON + 3 * SECOND)
    assert store.evidence(since=NOON) == rows[2:]


def test_merged_stories_are_one_in_all_that_is_kept(store: Store) -> None:
    rows = [archived(store, 1, "old"), archived(store, 2, "new")]
    store.save_evidence(rows)
    store.mark_irrelevant(ROOM, "new", by=ANNA, at=NOON)
    mute = Mute(id="m", kind=MuteKind.STORY, what="new", destination=ROOM, user=None, until=None, created_at=NOON)
    store.save_mute(mute)
    store.save_link(link("child", "near", "new"))
    store.save_alert(alert("child", under="new"))
    store.save_alert(alert("friend", related="new"))
    store.merge_stories("new", "old", why="both name Halvorsen", at=NOON)
    assert [stored.document.id for stored in store.story_documents("old")] == [row.document_id for row in rows]
    assert store.evidence(since=NOON)[1] == replace(rows[1], story_id="old")
    assert store.irrelevant(ROOM) == {"old"}
    assert store.mutes(NOON) == [replace(mute, what="old")]
    assert store.links(["child", "new"]) == {"child": link("child", "near", "old"), "new": link("new", "merged")}
    child, friend = store.alert(alert_key(ROOM, "child")), store.alert(alert_key(ROOM, "friend"))
    assert child is not None
    assert friend is not None
    assert (child.under, friend.related) == ("old", "old")


def test_an_alert_that_moves_takes_its_message_and_its_deliveries_along(store: Store) -> None:
    before = alert("new")
    store.save_alert(before)
    delivery = Delivery(id="d", destination=ROOM, alert_key=before.key, created_at=NOON)
    store.put(delivery)
    moved = replace(before, key=alert_key(ROOM, "old"), story_id="old")
    store.move_alert(before.key, moved)
    assert store.alert(before.key) is None
    assert store.story_alerts("old") == [moved]
    (claimed,) = store.claim(NOON + SECOND, limit=9, lease=timedelta(minutes=1), platforms=[ROOM.platform])
    assert claimed.alert_key == moved.key


def test_a_reply_is_no_alerts_message_and_takes_no_edit(store: Store) -> None:
    shown = replace(alert("s"), message_id="m1")
    store.save_alert(shown)
    reply = Delivery(id="r", destination=ROOM, kind="reply", alert_key=shown.key, created_at=NOON)
    store.put(reply)
    edit = Delivery(id=content_id("edit"), destination=ROOM, kind="edit", alert_key=shown.key, created_at=NOON)
    store.put(edit)
    (first,) = store.claim(NOON, limit=9, lease=timedelta(minutes=1), platforms=[ROOM.platform])
    assert first.id == "r"
    store.sent("r", message=first.message, message_id="m2", at=NOON, lane_opens=NOON)
    kept = store.alert(shown.key)
    assert kept is not None
    assert kept.message_id == "m1"
    (second,) = store.claim(NOON, limit=9, lease=timedelta(minutes=1), platforms=[ROOM.platform])
    assert (second.id, second.message_id) == (edit.id, "m1")
