"""What belongs to a person is counted alike by every store."""

from dataclasses import replace
from datetime import timedelta

from bot.core.quotas import REMOVAL
from bot.model import Channel, Follow, Mute, MuteKind, Subscription, WatchRule, WordList
from bot.ports import Store
from tests.contracts.made import feed
from tests.fakes import ANNA, BORIS, HALL, NOON, ROOM

SOON = NOON + timedelta(hours=1)


def counted(store: Store) -> dict[str, tuple[int, int]]:
    return {kind: (store.count_of(ANNA, kind, NOON), store.count_of(BORIS, kind, NOON)) for kind in REMOVAL}


def test_things_count_for_whoever_made_them_or_set_the_chat_up(store: Store) -> None:
    assert set(counted(store).values()) == {(0, 0)}
    for channel_id, owner, home in (("a", ANNA, ROOM), ("b", BORIS, HALL)):
        store.save_channel(Channel(id=channel_id, owner=owner, home=home))
        store.subscribe(Subscription(destination=home, channel_id=channel_id))
    store.subscribe(Subscription(destination=ROOM, channel_id="b"))
    rule = WatchRule(id="r", number=0, channel_id="a", owner=BORIS, topic="t", text="t", created_at=NOON)
    store.add_rule(rule)
    store.add_rule(replace(rule, id="s", channel_id="b"))
    for number in range(3):
        store.add_feed(feed(number), "a")
    store.add_feed(feed(0), "b")
    store.save_list(WordList(channel_id="b", name="aid", text="x"))
    for name, user, until in (("m", ANNA, None), ("n", ANNA, SOON), ("o", ANNA, NOON), ("p", BORIS, SOON)):
        store.save_mute(Mute(id=name, kind=MuteKind.TOPIC, what=name, user=user, until=until, created_at=NOON))
    store.save_mute(Mute(id="q", kind=MuteKind.TOPIC, what="q", destination=ROOM, created_at=NOON))
    for topic in ("t", "u"):
        store.follow(Follow(user=BORIS, destination=ROOM, topic=topic))
    assert counted(store) == {
        "rules": (0, 2),
        "sources": (3, 1),
        "lists": (0, 1),
        "mutes": (2, 1),
        "follows": (0, 2),
        "subscriptions": (1, 0),
    }
