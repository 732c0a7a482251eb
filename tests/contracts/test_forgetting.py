"""Forgetting people and workspaces: nothing names them any more, and what others use stays."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.alerts.channels import new_channel_id
from bot.model import Channel, Destination, Mute, MuteKind, Preferences, Subscription, User, WatchRule
from bot.ports import Store
from bot.stores._sqlite_people import OF_PEOPLE, OF_PLACES
from bot.stores.sqlite import FILE
from tests.contracts.made import delivery, feed
from tests.fakes import BORIS, NOON, ROOM, Typist, entry
from tests.house import House, open_store

EVE = User(platform="fake", user_id="u-evelyn-77", name="Evelyn Thorne")
HOUR = timedelta(hours=1)
EVES = Destination(platform="fake", chat_id="u-evelyn-77", user_id="u-evelyn-77")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("sqlite", tmp_path)
    yield House(store)
    store.close()


def _texts(folder: Path) -> Iterator[str]:
    """Every text of every table."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            if not table.startswith(("archive_index", "sqlite_")):
                for row in connection.execute(f"select * from {table}"):
                    yield from (f"{table}: {value}" for value in row if isinstance(value, str))


async def _live(house: House) -> None:
    """Somebody uses everything that there is, in a shared chat and in their own."""
    await house.say("start", user=EVE)
    await house.add_feed("fake:shared", user=EVE)
    for words in (
        "watch troops topic:troops", "follow troops", "mute drills for 2h", "timezone mine Kyiv", "list arms = tanks",
        "edit 1 troops OR soldiers", "mute everyone parades", "settings format compact", "undo",
    ):  # fmt: skip
        await house.say(words, user=EVE)
    await house.publish([entry(1, "Troops march", "Over the bridge.", published_at=house.clock())], "fake:shared")
    await house.add_feed("fake:own", to=EVES, user=EVE)
    for words in ("watch quake topic:quake", "list x = a1, b1", "mute site:x.example", "snooze 1h", "rules"):
        await house.say(words, to=EVES, user=EVE)
    await house.say("watch floods", user=BORIS)


async def test_nothing_names_somebody_who_was_forgotten(house: House, tmp_path: Path) -> None:
    await _live(house)
    assert any(EVE.name in text for text in _texts(tmp_path))
    assert "cannot be undone" in await house.say("forgetme", to=EVES, user=EVE)
    with house.store.atomic():
        counts = house.store.forget_person(EVE)
    assert {"rules": 1, "lists": 1, "sources": 1, "follows": 1}.items() <= counts.items()
    left = [text for text in _texts(tmp_path) if EVE.name in text or EVE.user_id in text]
    assert left == []
    assert [rule.topic for rule in house.store.rules()] == ["troops", "floods"], "the shared chat keeps its rules"
    assert "somebody" in await house.say("rules", user=BORIS)
    assert (
        len(await house.publish([entry(2, "Floods", "In the south.", published_at=house.clock())], "fake:shared")) == 1
    )
    with house.store.atomic():
        assert house.store.forget_person(EVE) == {}
    house.store.close()
    assert EVE.name.encode() not in (tmp_path / FILE).read_bytes(), "not in the file's free room either"


async def test_by_command_only_the_answer_is_left(house: House, tmp_path: Path) -> None:
    await _live(house)
    answer = await house.say("forgetme yes", to=EVES, user=EVE)
    assert answer.startswith("Forgotten. Deleted:")
    assert "1 rule\n" in answer
    named = {text.split(":")[0] for text in _texts(tmp_path) if EVE.name in text or EVE.user_id in text}
    assert named <= {"destinations", "deliveries"}, "where the answer goes"
    assert "Nothing was deleted" in await house.say("forgetme now", user=BORIS)


async def test_what_was_under_way_does_not_bring_somebody_back(house: House, tmp_path: Path) -> None:
    """A rule takes long to look at: whoever is forgotten meanwhile gets no rule, no answer and no row."""
    await _live(house)
    answer = house.pipeline.answer
    late = [Typist(house.clock, EVE, place)(text) for place in (EVES, ROOM) for text in ("watch late", "watch (late")]
    for command in late:
        house.store.receive(command)
    house.store.forget_person(EVE)
    for command in late:
        await answer._carry_out(command)
    assert [text for text in _texts(tmp_path) if EVE.name in text or EVE.user_id in text] == []


def test_a_workspace_goes_with_all_of_it(store: Store) -> None:
    for workspace in ("T1", "T2"):
        place = Destination(platform="slack", workspace=workspace, chat_id="C1")
        person = User(platform="slack", workspace=workspace, user_id="U1", name="Ann")
        channel = new_channel_id(place)
        store.save_channel(Channel(id=channel, owner=person, home=place))
        store.subscribe(Subscription(destination=place, channel_id=channel))
        store.add_feed(feed(1), channel)
        store.add_rule(
            WatchRule(
                id=f"r{workspace}", number=0, channel_id=channel, owner=person, topic="t", text="t", created_at=NOON
            )
        )
        store.save_mute(Mute(id=f"m{workspace}", kind=MuteKind.TOPIC, what="t", user=person, created_at=NOON))
        store.save_preferences(person, Preferences(zone="Europe/Kyiv"))
        store.put(delivery(f"d{workspace}", place))
    gone = Destination(platform="slack", workspace="T1", chat_id="C1")
    store.pause_destination(gone, "removed", removed_at=NOON)
    version = store.rules_version()
    assert store.forget_workspace("slack", "T1") == 1
    assert [rule.id for rule in store.rules()] == ["rT2"]
    assert store.rule_changes(version) == ["rT1"]
    assert [mute.id for mute in store.mutes(NOON)] == ["mT2"]
    assert store.subscribers([channel.id for channel in store.channels()]) == [place]
    assert store.counts() == {"pending": 1}
    with pytest.raises(ValueError, match="without workspaces"):
        store.forget_workspace("telegram", "")
    assert ROOM.workspace == ""
    assert store.removed_before(NOON + HOUR) == []


def test_every_table_that_names_chats_or_people_is_emptied_of_them(tmp_path: Path) -> None:
    """A new table that refers to them would make forgetting fail, or keep what it should not."""
    open_store("sqlite", tmp_path).close()
    refer: dict[str, set[str]] = {"destinations": set(), "users": set()}
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            for line in connection.execute(f"pragma foreign_key_list({table})"):
                refer.get(line[2], set()).add(table)
    assert refer["destinations"] == {table for table, _ in OF_PLACES} | {"channels"}
    assert refer["users"] == {table for table, _ in OF_PEOPLE} | {"channels", "rules"}  # whose owner becomes nobody


def _place(chat_id: str, thread_id: str = "") -> Destination:
    return Destination(platform="p", chat_id=chat_id, thread_id=thread_id)


def test_a_chat_goes_with_its_threads_and_leaves_others_alone(store: Store) -> None:
    room, topic, other = _place("1"), _place("1", "7"), _place("11")
    for number, place in enumerate((room, topic, other)):
        store.save_channel(Channel(id=f"c{number}", owner=EVE, home=place))
        store.subscribe(Subscription(destination=place, channel_id=f"c{number}"))
        store.subscribe(Subscription(destination=topic, channel_id="c2"))
        store.put(delivery(f"d{number}", place))
        store.save_preferences(place, Preferences(zone="Europe/Kyiv"))
    counts = store.forget_destination(room)
    assert counts == {"messages": 2, "subscriptions": 1}
    assert [channel.home for channel in store.channels()] == [other]
    assert store.counts() == {"pending": 1}
    assert (store.preferences(topic), store.preferences(other).zone) == (Preferences(), "Europe/Kyiv")
    assert store.forget_destination(room) == {}


def test_chats_that_removed_us_until_they_take_us_back(store: Store) -> None:
    room, topic, hall = _place("1"), _place("1", "7"), _place("2")
    store.put(delivery("d1", topic))
    store.pause_destination(hall, "removed", removed_at=NOON + HOUR)
    store.pause_destination(room, "removed", removed_at=NOON)
    store.pause_destination(room, "refused since")
    assert store.removed_before(NOON) == []
    assert store.removed_before(NOON + HOUR) == [room]
    assert store.removed_before(NOON + 2 * HOUR) == [room, hall]
    store.resume_destination(topic)
    store.forget_destination(hall)
    assert store.removed_before(NOON + 2 * HOUR) == []
