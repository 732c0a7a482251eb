"""Whatever is asked of them, in whatever order: both stores answer alike."""

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot import say
from bot.core.alerts.alerting import alert_key
from bot.errors import UserError
from bot.model import (
    Alert,
    Arrival,
    Channel,
    Delivery,
    Destination,
    Feed,
    Follow,
    LedgerLine,
    Mute,
    MuteKind,
    Reason,
    Subscription,
    WatchRule,
    WordList,
)
from bot.ports import Store
from rules import Document
from tests.contracts.made import SAID
from tests.fakes import ANNA, ANNAS, BORIS, HALL, NOON, ROOM
from tests.house import open_store

PLACES = [ROOM, HALL, ANNAS]
places = st.sampled_from(PLACES)
users = st.sampled_from([ANNA, BORIS])
names = st.sampled_from(["a", "b", "c"])
stories = st.sampled_from(["s1", "s2"])
relations = st.sampled_from(["", "copy", "version", "report"])
seconds = st.integers(0, 200).map(lambda number: timedelta(seconds=number))


class Both(RuleBasedStateMachine):
    """Does each step to both, and compares the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stores: list[Store] = [open_store(name, Path(self.folder.name)) for name in ("memory", "sqlite")]
        self.stores[1].rows("pragma synchronous = off")  # type: ignore[attr-defined]  # the order of answers is at stake
        self.now = NOON
        self.made = 0
        self.queued: list[str] = []

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        self.folder.cleanup()

    def both(self, method: str, *args: Any, **more: Any) -> Any:
        answers = []
        for store in self.stores:
            try:
                answers.append(getattr(store, method)(*args, **more))
            except UserError:
                answers.append("refused")
        assert answers[0] == answers[1], f"{method}: memory {answers[0]!r}, sqlite {answers[1]!r}"
        return answers[0]

    def fresh(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    @rule(length=seconds)
    def time_passes(self, length: timedelta) -> None:
        self.now += length

    # ------------------------------------------------------------------------------------------------ who gets what

    @rule(name=names, called=st.sampled_from(["", "World", "WORLD", "News"]), home=places, owner=users)
    def channel(self, name: str, called: str, home: Destination, owner: Any) -> None:
        self.both("save_channel", Channel(id=name, name=called, owner=owner, home=home, public=bool(called)))

    @rule(place=places, name=names, on=st.booleans())
    def subscription(self, place: Destination, name: str, on: bool) -> None:
        self.both("subscribe" if on else "unsubscribe", Subscription(destination=place, channel_id=name))

    @rule(
        name=names,
        channel=names,
        act=st.sampled_from(["add_rule", "save_rule", "remove_rule"]),
        number=st.integers(1, 9),
    )
    def rules(self, name: str, channel: str, act: str, number: int) -> None:
        kept = self.both("rule", name)
        made = WatchRule(
            id=name, number=number, channel_id=channel, owner=ANNA, topic="t", text="troops", created_at=NOON
        )
        before = self.both("rules_version")
        self.both(act, name if act == "remove_rule" else replace(kept, text=f"x{number} @war") if kept else made)
        assert self.both("rules_version") >= before
        self.both("rule_changes", before)
        self.both("rules_after", name, limit=number)

    @rule(channel=names, name=st.sampled_from(["war", "War", "äö"]), text=st.sampled_from(["", "a, b"]))
    def word_list(self, channel: str, name: str, text: str) -> None:
        before = self.both("rules_version")
        if text:
            self.both("save_list", WordList(channel_id=channel, name=name, text=text))
        else:
            self.both("remove_list", channel, name)
        self.both("lists")
        self.both("lists", channel)
        self.both("rule_changes", before)
        assert self.both("rules_version") >= before

    @rule(name=names, user=st.none() | users, place=st.none() | places, length=st.none() | seconds)
    def mute(self, name: str, user: Any, place: Destination | None, length: timedelta | None) -> None:
        until = self.now + length if length is not None else None
        self.both(
            "save_mute",
            Mute(
                id=name,
                kind=MuteKind.TOPIC,
                what="t",
                user=user,
                destination=place,
                until=until,
                created_at=self.now,
            ),
        )

    @rule(name=names)
    def unmute(self, name: str) -> None:
        self.both("remove_mute", name)

    @rule(user=users, place=places, topic=st.sampled_from(["t", "T"]), on=st.booleans())
    def follow(self, user: Any, place: Destination, topic: str, on: bool) -> None:
        self.both("follow" if on else "unfollow", Follow(user=user, destination=place, topic=topic))

    @rule(place=places, story=stories, on=st.booleans())
    def marked(self, place: Destination, story: str, on: bool) -> None:
        if on:
            self.both("mark_irrelevant", place, story, by=ANNA, at=self.now)
        else:
            self.both("unmark_irrelevant", place, story)
        self.both("irrelevant", place)

    @rule(place=places, on=st.booleans())
    def pause(self, place: Destination, on: bool) -> None:
        if on:
            self.both("pause_destination", place, "gone")
        else:
            self.both("resume_destination", place)

    # -------------------------------------------------------------------------------------------------- deliveries

    @rule(place=places, story=stories)
    def raised(self, place: Destination, story: str) -> None:
        key = alert_key(place, story)
        kept = self.both("alert", key)
        made = Alert(
            key=key, destination=place, story_id=story, rule_ids=(self.fresh("r"),), reports=(), raised_at=self.now
        )
        self.both("save_alert", replace(made, message_id=kept.message_id) if kept else made)
        self.queue(place, key, "edit" if kept else "send")

    @rule(place=places)
    def answered(self, place: Destination) -> None:
        self.queue(place, "", "send")

    def queue(self, place: Destination, key: str, kind: Any) -> None:
        name = self.fresh("d")
        self.queued.append(name)
        self.both(
            "put",
            Delivery(
                id=name,
                destination=place,
                message=say.message(say.text(name)),
                kind=kind,
                alert_key=key,
                created_at=self.now,
            ),
        )

    @rule(limit=st.integers(0, 4))
    def claim(self, limit: int) -> None:
        self.both("claim", self.now, limit=limit, lease=timedelta(seconds=90), platforms=["fake"])

    @rule(data=st.data(), length=seconds)
    def sent(self, data: st.DataObject, length: timedelta) -> None:
        name = self.one_queued(data)
        self.both("sent", name, message=SAID, message_id=f"m{name}", at=self.now, lane_opens=self.now + length)

    @rule(data=st.data(), length=seconds, close=st.booleans(), plain=st.booleans())
    def retry(self, data: st.DataObject, length: timedelta, close: bool, plain: bool) -> None:
        name = self.one_queued(data)
        self.both("retry", name, not_before=self.now + length, error="again", close_lane=close, plain=plain)

    @rule(data=st.data(), length=seconds)
    def unknown(self, data: st.DataObject, length: timedelta) -> None:
        self.both("unknown", self.one_queued(data), not_before=self.now + length, error="link")

    @rule(data=st.data())
    def dead(self, data: st.DataObject) -> None:
        self.both("dead", self.one_queued(data), error="poison")

    @rule()
    def restart(self) -> None:
        self.both("end_leases")

    def one_queued(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(self.queued[-4:] or ["none"]))

    @rule(place=places, reason=st.sampled_from(list(Reason)), name=names)
    def record(self, place: Destination, reason: Reason, name: str) -> None:
        self.both(
            "record",
            LedgerLine(document_id=name, story_id="s1", destination=place, rule_ids=("r",), reason=reason, at=self.now),
        )

    @rule(old=places, new=places)
    def move(self, old: Destination, new: Destination) -> None:
        if not (old.user_id or new.user_id):
            self.both("move_destination", old, new)

    @rule(name=names, feed=names, length=seconds)
    def archived(self, name: str, feed: str, length: timedelta) -> None:
        self.both("add_feed", Feed(id=feed, kind="feed", url=feed, next_poll_at=self.now), "c")
        self.both("add_document", Document(id=name), feed_id=feed, story_id="s1", seen_at=self.now)
        self.both("known_documents", feed, ["a", "b"])
        self.both("drop_before", self.now - length)

    @rule(given=st.lists(st.tuples(names, names, stories, relations), max_size=5))
    def batch_archived(self, given: list[tuple[str, str, str, str]]) -> None:
        arrivals = [
            Arrival(document=Document(id=name), feed_id=feed, story_id=story, seen_at=self.now, relation=relation)
            for name, feed, story, relation in given
        ]
        self.both("add_documents", arrivals)
        for feed in ("a", "b", "c"):
            self.both("known_documents", feed, ["a", "b", "c"])
        for store in self.stores:
            archive = store.documents()
            assert store.documents_by_id(["a", "b", "d"]) == {
                one.document.id: one for one in archive if one.document.id in ("a", "b")
            }
            assert store.stories(["s1", "s2"]) == {
                story: told for story in ("s1", "s2") if (told := store.story_documents(story))
            }

    @rule(feed=names)
    def feed_left(self, feed: str) -> None:
        self.both("remove_feed", feed, "c")
        self.both("drop_before", self.now - timedelta(seconds=100))
        self.both("known_documents", feed, ["a", "b"])

    @rule(place=places)
    def undone(self, place: Destination) -> None:
        for store in self.stores:
            try:
                with store.atomic():
                    store.subscribe(Subscription(destination=place, channel_id="c"))
                    store.pause_destination(place, "x")
                    store.end_leases()
                    store.move_destination(ROOM, HALL)
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    # --------------------------------------------------------------------------------------------------- comparison

    @invariant()
    def alike(self) -> None:
        everyone: dict[str, tuple[Any, ...]] = {
            "public_channels": (),
            "rules": (),
            "rules_version": (),
            "rules_by_id": (["b", "a", "none"],),
            "rule_changes": (0,),
            "counts": (),
            "mutes": (self.now,),
            "subscribers": (["a", "b"],),
        }
        for method, args in everyone.items():
            self.both(method, *args)
        archives = [[replace(stored, seq=0) for stored in store.documents()] for store in self.stores]
        assert archives[0] == archives[1], "the same in the same order; numbers may have gaps"
        for place in PLACES:
            for method in ("subscriptions", "follows", "last_alert"):
                self.both(method, place)
            self.both("deliveries", place, limit=5)
            self.both("ledger", place, since=datetime.min.replace(tzinfo=NOON.tzinfo))


TestBoth = Both.TestCase
TestBoth.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
