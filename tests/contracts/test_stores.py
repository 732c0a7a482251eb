"""What every store must do, run on each one that is found in bot/stores, unasked."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.archive.sieve import OPEN, Near, Phrase, Sieve
from bot.errors import UserError
from bot.model import (
    Channel,
    Command,
    Destination,
    Follow,
    Mute,
    MuteKind,
    State,
    Subscription,
    WatchRule,
)
from bot.ports import Store
from tests.contracts.made import LEASE, SAID, SECOND, alert, claimed, delivery, feed
from tests.fakes import ANNA, ANNAS, BORIS, HALL, NOON, ROOM, document


def rule(name: str, channel: str = "c") -> WatchRule:
    return WatchRule(id=name, number=0, channel_id=channel, owner=ANNA, topic=name, text="troops", created_at=NOON)


# -------------------------------------------------------------------------------------------------- feeds and archive


def test_feeds_are_claimed_when_due_once_and_again_after_their_lease(store: Store) -> None:
    for number, due in ((1, NOON), (2, NOON - SECOND), (3, NOON + SECOND), (4, None)):
        store.add_feed(feed(number, due), "c")
    found = store.claim_feeds(NOON, limit=10, lease=LEASE)
    assert [one.id for one in found] == ["f2", "f1"]
    assert store.claim_feeds(NOON, limit=10, lease=LEASE) == []
    store.save_feed(replace(found[0], cursor="x", polled_at=NOON, next_poll_at=NOON + SECOND, failures=2))
    assert [one.id for one in store.claim_feeds(NOON + SECOND, limit=1, lease=LEASE)] == ["f2"]
    kept = store.feed("f2")
    assert kept is not None
    assert (kept.cursor, kept.polled_at, kept.failures) == ("x", NOON, 2)
    assert "f1" in [one.id for one in store.claim_feeds(NOON + LEASE, limit=10, lease=LEASE)]


def test_a_feed_is_shared_by_channels_and_rests_when_none_holds_it(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.add_feed(replace(feed(1), title="ignored: it is known"), "d")
    assert [one.title for one in store.feeds("d")] == [""]
    assert store.feed_channels("f1") == {"c", "d"}
    assert store.remove_feed("f1", "c")
    assert not store.remove_feed("f1", "c")
    assert store.remove_feed("f1", "d")
    assert store.claim_feeds(NOON, limit=10, lease=LEASE) == []


def test_a_document_is_archived_once_and_known_by_each_feed_that_gave_it(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.add_feed(feed(2), "d")
    one = document(1, "Title “ü” 🪖", "Body", tags=("a", "b"), published_at=NOON, lang="uk", author="A")
    assert store.add_document(one, feed_id="f1", story_id="s", seen_at=NOON)
    assert store.known_documents("f1", ["d1", "d2"]) == {"d1"}
    assert store.known_documents("f2", ["d1"]) == set()
    assert not store.add_document(one, feed_id="f2", story_id="other", seen_at=NOON)
    assert store.known_documents("f2", ["d1"]) == {"d1"}
    kept = store.document("d1")
    assert kept is not None
    assert (kept.document, kept.story_id, kept.seen_at) == (one, "s", NOON)
    assert store.count_documents() == 1
    assert [found.document.id for found in store.channel_documents(["d"], limit=5)] == ["d1"]


def test_the_archive_is_read_in_the_order_of_arrival(store: Store) -> None:
    store.add_feed(feed(1), "c")
    for number in range(1, 5):
        at = NOON + timedelta(hours=number)
        store.add_document(document(number), feed_id="f1", story_id=f"s{number % 2}", seen_at=at)
    everything = store.documents()
    assert [one.document.id for one in everything] == ["d1", "d2", "d3", "d4"]
    assert [one.document.id for one in store.documents(after_seq=everything[1].seq)] == ["d3", "d4"]
    assert [one.document.id for one in store.documents(since=NOON + timedelta(hours=3))] == ["d3", "d4"]
    assert [one.document.id for one in store.channel_documents(["c"], limit=2)] == ["d4", "d3"]
    assert [one.document.id for one in store.story_documents("s1")] == ["d1", "d3"]
    assert store.drop_before(NOON + timedelta(hours=3)) == 2
    assert store.count_documents() == 2
    assert store.known_documents("f1", ["d1"]) == {"d1"}, "what a feed still shows must not become news again"


def test_the_days_on_which_something_was_seen(store: Store) -> None:
    assert store.days_seen() == []
    hours = [-12, -11.999, 11, 12, 13, 24 * 40]
    for number, hour in enumerate(hours):
        at = NOON + timedelta(hours=hour)
        store.add_document(document(number), feed_id="f1", story_id="s", seen_at=at)
    midnight = NOON - timedelta(hours=12)
    assert store.days_seen() == [midnight + timedelta(days=day) for day in (0, 1, 40)]


def test_the_archive_can_be_sifted_by_its_words(store: Store) -> None:
    store.add_feed(feed(1), "c")
    store.add_feed(feed(2), "d")
    for number, (title, body) in enumerate([("Troops", "in Kyiv"), ("Kyiv", "troops in"), ("", "Troops (Kyiv)")]):
        at = NOON + timedelta(days=number)
        store.add_document(document(number, title, body), feed_id="f1", story_id="s", seen_at=at)
    store.add_document(document(2, "known already"), feed_id="f2", story_id="s", seen_at=NOON)

    def sifted(*groups: tuple[Phrase | Near, ...], absent: tuple[Phrase, ...] = (), channel: str = "c") -> list[str]:
        return [one.document_id for one in store.sift(Sieve(groups, absent), [channel])]

    assert sifted() == ["d2", "d1", "d0"]
    assert sifted(channel="d") == ["d2"]
    assert sifted((Phrase(("troops",)),), (Phrase(("in",)), Phrase(("x",)))) == ["d1", "d0"]
    assert sifted((Phrase(("troops", "kyiv")),)) == ["d2"], "and not from the title into the body"
    assert sifted((Phrase(("kyiv",), "title"),)) == ["d1"]
    assert sifted((Near(Phrase(("kyiv",)), Phrase(("troops",)), 0),)) == ["d2"]
    assert sifted(absent=(Phrase(("in",)),)) == ["d2"]
    assert sifted(()) == []
    late = store.sift(OPEN, ["c"], since=NOON + timedelta(days=1))
    assert [(one.document_id, one.at) for one in late][-1] == ("d1", NOON + timedelta(days=1))
    assert store.count_channel_documents(["c", "d"], since=NOON + timedelta(days=1)) == 2
    assert [one.document.id for one in store.archived([one.seq for one in late])] == ["d2", "d1"]
    assert store.index_archive(limit=9) == 0


def test_a_document_can_be_found_in_the_transaction_that_archives_it_and_not_when_it_was_undone(store: Store) -> None:
    store.add_feed(feed(1), "c")
    with store.atomic():
        store.add_document(document(1, "troops"), feed_id="f1", story_id="s", seen_at=NOON)
        with suppress(ZeroDivisionError), store.atomic():
            store.add_document(document(2, "troops and more"), feed_id="f1", story_id="s", seen_at=NOON)
            raise ZeroDivisionError
        assert [one.document_id for one in store.sift(Sieve(((Phrase(("troops",)),),)), ["c"])] == ["d1"]
        store.add_document(document(3, "troops"), feed_id="f1", story_id="s", seen_at=NOON)
    assert [one.document_id for one in store.sift(Sieve(((Phrase(("troops",)),),)), ["c"])] == ["d3", "d1"]
    assert store.vocabulary().count("troops") == 2


def test_the_archive_knows_its_words_and_forgets_them_with_its_documents(store: Store) -> None:
    store.add_feed(feed(1), "c")
    for number, text in enumerate(["NATO Naïve", "Nato", "naive dogs"]):
        at = NOON + timedelta(days=number)
        store.add_document(document(number, text), feed_id="f1", story_id="s", seen_at=at)
    known = store.vocabulary()
    assert (known.size, known.count("naive"), known.count("dog")) == (3, 2, 0)
    assert list(known.words()) == ["dogs", "naive", "nato"]
    assert list(known.spellings(start="na", inside="t")) == [("nato", "NATO"), ("nato", "Nato")]
    store.drop_before(NOON + timedelta(days=2))
    known = store.vocabulary()
    assert (known.size, known.count("naive"), known.count("nato")) == (1, 1, 0)
    assert list(known.words()) == ["dogs", "naive"]
    assert [one.document_id for one in store.sift(OPEN, ["c"])] == ["d2"]
    assert store.check() == []


# --------------------------------------------------------------------------------------------------- who gets what


def test_channels_have_unique_names(store: Store) -> None:
    store.save_channel(Channel(id="c", owner=ANNA, home=ROOM))
    store.save_channel(Channel(id="c", name="World", owner=ANNA, home=ROOM, public=True))
    store.save_channel(Channel(id="d", owner=BORIS, home=HALL))
    with pytest.raises(UserError, match=r"(?i)world"):
        store.save_channel(Channel(id="d", name="WORLD", owner=BORIS, home=HALL))
    found = store.channel_named("wORLD")
    assert found is not None
    assert (found.id, found.owner, found.home) == ("c", ANNA, ROOM)
    assert [one.id for one in store.public_channels()] == ["c"]
    assert store.channel_named("") is None
    assert store.channel("x") is None


def test_subscriptions(store: Store) -> None:
    for name, home in (("c", ROOM), ("d", HALL)):
        store.save_channel(Channel(id=name, owner=ANNA, home=home))
    assert store.subscribe(Subscription(destination=ANNAS, channel_id="d"))
    assert not store.subscribe(Subscription(destination=ANNAS, channel_id="d"))
    assert store.subscribe(Subscription(destination=ANNAS, channel_id="c"))
    assert store.subscribe(Subscription(destination=ROOM, channel_id="c"))
    assert [one.id for one in store.subscriptions(ANNAS)] == ["d", "c"]
    found = {one.key: one for one in store.subscribers(["c", "d"])}
    assert set(found) == {ANNAS.key, ROOM.key}
    assert found[ANNAS.key].user_id == "anna"
    store.pause_destination(ROOM, "gone")
    assert {one.key for one in store.subscribers(["c"])} == {ROOM.key, ANNAS.key}, "what comes is held for it"
    assert store.paused(ROOM) == "gone"
    assert store.resume_destination(ROOM)
    assert not store.resume_destination(ROOM)
    assert store.unsubscribe(Subscription(destination=ANNAS, channel_id="d"))
    assert not store.unsubscribe(Subscription(destination=ANNAS, channel_id="d"))


def test_rules_are_numbered_in_their_channel_and_a_number_is_never_given_twice(store: Store) -> None:
    before = store.rules_version()
    assert [store.add_rule(rule(name)).number for name in ("a", "b")] == [1, 2]
    assert store.add_rule(rule("x", "other")).number == 1
    assert store.remove_rule("b")
    assert not store.remove_rule("b")
    assert store.add_rule(rule("e")).number == 3
    assert [one.id for one in store.rules("c")] == ["a", "e"]
    assert len(store.rules()) == 3
    version = store.rules_version()
    assert version > before
    kept = store.rule("a")
    assert kept is not None
    store.save_rule(replace(kept, text="tanks", enabled=False))
    assert store.rules_version() > version
    assert store.rule("a") == replace(kept, text="tanks", enabled=False)


def test_mutes_end(store: Store) -> None:
    ends = Mute(id="m1", kind=MuteKind.TOPIC, what="troops", user=ANNA, until=NOON + SECOND, created_at=NOON)
    stays = Mute(id="m2", kind=MuteKind.SITE, what="x", destination=ROOM, created_at=NOON + SECOND)
    store.save_mute(stays)
    store.save_mute(ends)
    assert store.mutes(NOON) == [ends, stays]
    assert store.mutes(NOON + SECOND) == [stays]
    store.save_mute(replace(ends, until=None))
    assert len(store.mutes(NOON + SECOND)) == 2
    assert store.remove_mute("m1")
    assert not store.remove_mute("m1")


def test_follows(store: Store) -> None:
    follow = Follow(user=ANNA, destination=ROOM, topic="troops")
    assert store.follow(follow)
    assert not store.follow(follow)
    assert store.follows(ROOM) == [follow]
    assert store.follows(HALL) == []
    of_story = Follow(user=ANNA, destination=ROOM, story="s1")
    assert store.follow(of_story)
    assert not store.follow(of_story)
    assert store.follow(Follow(user=BORIS, destination=ROOM, story="s2"))
    store.merge_stories("s2", "s1", why="one event", at=NOON)
    assert store.follows(ROOM) == [follow, of_story, Follow(user=BORIS, destination=ROOM, story="s1")]
    assert store.unfollow(Follow(user=BORIS, destination=ROOM, story="s1"))
    assert store.unfollow(of_story)
    assert store.unfollow(follow)
    assert not store.unfollow(follow)


def test_a_chat_that_gets_another_id_keeps_everything(store: Store) -> None:
    big = Destination(platform="fake", chat_id="big")
    store.save_channel(Channel(id="c", owner=ANNA, home=ROOM))
    store.subscribe(Subscription(destination=ROOM, channel_id="c"))
    store.subscribe(Subscription(destination=big, channel_id="c"))
    store.follow(Follow(user=ANNA, destination=ROOM, topic="t"))
    store.save_mute(Mute(id="m", kind=MuteKind.TOPIC, what="t", destination=ROOM, created_at=NOON))
    store.save_alert(alert())
    store.put(delivery("one"))
    store.move_destination(ROOM, big)
    assert [one.key for one in store.subscribers(["c"])] == [big.key]
    channel = store.channel("c")
    assert channel is not None
    assert channel.home.key == big.key
    assert [one.destination.key for one in store.follows(big)] == [big.key]
    (muted,) = store.mutes(NOON)
    assert muted.destination is not None
    assert muted.destination.key == big.key
    assert store.last_alert(big) is not None
    assert claimed(store) == ["one"]


# ------------------------------------------------------------------------------------------------- inbox and the whole


def command(name: str, to: Destination = ROOM) -> Command:
    return Command(id=name, user=ANNA, destination=to, text="rules", reply_to="m1", received_at=NOON, admin=False)


def test_a_command_is_received_once_and_waits_until_it_is_done(store: Store) -> None:
    assert store.receive(command("1"))
    assert not store.receive(command("1"))
    assert store.receive(command("2", HALL))
    assert store.receive(replace(command("3"), user=BORIS))
    firsts = [command("1"), command("2", HALL), replace(command("3"), user=BORIS)]
    assert store.waiting(limit=9) == firsts, "of each user and chat the first: who sends many hides nobody"
    assert store.waiting(limit=1) == [command("1")]
    assert store.receive(command("4"))
    assert [one.id for one in store.waiting(limit=9, besides=("1", "2"))] == ["3", "4"], "the next of the same user"
    store.done("4")
    store.done("3")
    store.done("1")
    assert [one.id for one in store.waiting(limit=9)] == ["2"]
    assert not store.receive(command("1"))
    assert [one.id for one in store.commands(ROOM, limit=9)] == ["1", "3", "4"]


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    def everything() -> None:
        store.add_feed(feed(1), "c")
        store.add_document(document(1), feed_id="f1", story_id="s", seen_at=NOON)
        with store.atomic():
            store.save_alert(alert())
            store.put(delivery("a"))
            store.add_rule(rule("r"))

    def broken() -> None:
        with store.atomic():
            everything()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert (store.count_documents(), store.counts(), store.rules(), store.feeds("c")) == (0, {}, [], [])
    assert store.known_documents("f1", ["d1"]) == set()
    with store.atomic():
        everything()
    assert (store.count_documents(), len(store.rules())) == (1, 1)
    assert claimed(store) == ["a"]


def test_odd_text_is_kept_as_far_as_it_can_be(store: Store) -> None:
    odd = document(1, "half \ud800 of a pair", "x\u202ey\u0000z")
    assert store.add_document(odd, feed_id="f1", story_id="s", seen_at=NOON)
    kept = store.document("d1")
    assert kept is not None
    assert kept.document.title.startswith("half ")


def test_what_is_over_and_old_is_forgotten_and_what_waits_is_kept(store: Store) -> None:
    raised = alert()
    store.save_alert(raised)
    store.put(delivery("sent", alert_key=raised.key))
    claimed(store)
    store.sent("sent", message=SAID, message_id="m", at=NOON, lane_opens=NOON)
    store.put(delivery("waits"))
    for name in ("1", "2"):
        store.receive(command(name))
    store.done("1")
    store.add_document(document(1), feed_id="f1", story_id="s", seen_at=NOON)
    assert store.drop_before(NOON) == 0
    assert store.counts() == {State.SENT: 1, State.PENDING: 1}
    assert store.drop_before(NOON + SECOND) == 1
    assert store.counts() == {State.PENDING: 1}
    assert store.alert(raised.key) is None
    assert [one.id for one in store.commands(ROOM, limit=9)] == ["2"]


def test_it_is_sound_after_all_this(store: Store) -> None:
    assert store.check() == []
    assert store.migrate() == []
