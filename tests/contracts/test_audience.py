"""The questions that lead from a match to the chats it concerns, on every store."""

from bot.model import Channel, Mute, MuteKind, Subscription
from bot.ports import Store
from tests.contracts.made import SECOND, feed
from tests.fakes import ANNA, ANNAS, BORIS, HALL, NOON, ROOM


def test_who_listens_of_those_that_are_asked_about(store: Store) -> None:
    for name, place in (("a", ROOM), ("b", HALL), ("b", ANNAS)):
        store.save_channel(Channel(id=name, owner=ANNA, home=ROOM))
        store.subscribe(Subscription(destination=place, channel_id=name))
    assert store.listening([ROOM, HALL], ["a", "b"]) == [HALL, ROOM]
    assert store.listening([ROOM, HALL], ["b"]) == [HALL]
    assert store.listening([], ["b"]) == []
    assert store.listening([ROOM], []) == []
    store.pause_destination(HALL, "gone")
    assert store.listening([ROOM, HALL], ["a", "b"]) == [HALL, ROOM], "what comes is held for it"


def test_who_reads_a_feed_by_any_channel(store: Store) -> None:
    for name, place in (("a", ROOM), ("b", HALL)):
        store.save_channel(Channel(id=name, owner=ANNA, home=place))
        store.subscribe(Subscription(destination=place, channel_id=name))
    store.add_feed(feed(1), "a")
    assert (store.holds("a", "f1"), store.holds("b", "f1"), store.holds("a", "f2")) == (True, False, False)
    assert store.readers([ROOM, HALL], "f1") == [ROOM]
    store.subscribe(Subscription(destination=HALL, channel_id="a"))
    assert store.readers([ROOM, HALL], "f1") == [HALL, ROOM]
    assert store.readers([HALL], "f1") == [HALL]
    store.pause_destination(HALL, "gone")
    assert store.readers([ROOM, HALL], "f1") == [HALL, ROOM], "what comes is held for it"


def test_the_mutes_of_a_chat_and_of_the_people_it_mentions(store: Store) -> None:
    made = {
        "room": Mute(id="room", kind=MuteKind.SITE, what="x", destination=ROOM, created_at=NOON + SECOND),
        "hall": Mute(id="hall", kind=MuteKind.SITE, what="x", destination=HALL, created_at=NOON),
        "anna": Mute(id="anna", kind=MuteKind.TOPIC, what="x", user=ANNA, created_at=NOON),
        "boris": Mute(id="boris", kind=MuteKind.TOPIC, what="x", user=BORIS, until=NOON + SECOND, created_at=NOON),
    }
    for mute in made.values():
        store.save_mute(mute)
    assert store.mutes_of(ROOM, [ANNA], NOON) == [made["anna"], made["room"]]
    assert store.mutes_of(ROOM, [], NOON) == [made["room"]]
    assert store.mutes_of(HALL, [ANNA, BORIS], NOON) == [made["anna"], made["boris"], made["hall"]]
    assert store.mutes_of(HALL, [BORIS], NOON + SECOND) == [made["hall"]]
