"""Who may change what: the matrix of roles, and what it says to those who may not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Command, Destination
from tests.fakes import ANNA, BORIS, ROOM, text_of
from tests.house import House, open_store

THREAD = replace(ROOM, thread_id="7")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("sqlite", tmp_path)
    yield House(store)
    store.close()


async def _furnish(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    await house.say("list arms = tanks, guns")


# Each changes what the chat shares; the number of rules, sources and lists is what it was when it was refused.
SHARED = (
    "watch drills",
    "unwatch 1",
    "edit 1 drills",
    "pause 1 for 2h",
    "pause all",
    "source add fake:news",
    "source remove 1",
    "source check 1",
    "source every 1 5m",
    "list arms + drones",
    "list remove arms",
    "publish newsroom",
    "subscribe other",
    "unsubscribe other",
    "import from lexis save drill w/5 troops",
    "import everything watchword export 1\nrule drills: drill",
    "mute everyone troops",
    "settings format compact",
    "settings members on",
    "timezone Kyiv",
)


@pytest.mark.parametrize("words", SHARED)
async def test_a_member_changes_nothing_of_what_is_shared(house: House, words: str) -> None:
    await _furnish(house)
    before = [house.store.rules(), house.store.lists(), house.store.preferences(ROOM), await house.say("sources")]
    answer = await house.say(words, user=BORIS, admin=False)
    assert "admins" in answer, answer
    assert "settings members on" in answer
    assert f"You typed: {words}" in answer
    assert [
        house.store.rules(),
        house.store.lists(),
        house.store.preferences(ROOM),
        await house.say("sources"),
    ] == before


@pytest.mark.parametrize(
    "words", ["rules", "sources", "test drills", "why", "mute troops for 2h", "follow troops", "missed"]
)
async def test_a_member_reads_everything_and_decides_for_himself(house: House, words: str) -> None:
    await _furnish(house)
    assert "admins" not in await house.say(words, user=BORIS, admin=False)


async def test_an_admin_opens_it_to_everybody(house: House) -> None:
    await _furnish(house)
    await house.say("settings members on")
    assert "Watching: rule 2" in await house.say("watch drills", user=BORIS, admin=False)
    assert "Removed: rule 1" in await house.say("unwatch 1", user=BORIS, admin=False)
    await house.say("settings members off")
    refused = await house.say("edit 2 tanks topic:x", user=ANNA, admin=False)
    assert "Only this chat's admins and Boris may change rule 2" in refused
    assert "Changed: rule 2" in await house.say("edit 2 tanks", user=BORIS, admin=False), "it is his own"


async def test_whoever_brought_the_bot_may_do_what_admins_do(house: House) -> None:
    await house.hear(
        Command(id="added", user=BORIS, destination=ROOM, text="bot-added", event=True, received_at=house.clock())
    )
    await house.settle()
    assert "Watching: rule 1" in await house.say("watch drills", user=BORIS, admin=False)
    assert "Only this chat's admins and Boris may add rules" in await house.say("watch x1", user=ANNA, admin=False)
    assert "Boris brought me here" in await house.say("settings")


async def test_a_thread_speaks_for_its_chat(house: House) -> None:
    await _furnish(house)
    assert "1 “troops”" in await house.say("rules", to=THREAD)
    assert house.chat.posts[-1].destination == THREAD, "it is answered where it was asked"
    assert "Removed: rule 1" in await house.say("unwatch 1", to=THREAD)
    assert "chat has no rules" in await house.say("unwatch 1")


async def test_a_topic_gets_rules_of_its_own(house: House) -> None:
    await _furnish(house)
    assert "no topic of a group" in await house.say("settings topic own")
    assert "of its own from now on" in await house.say("settings topic own", to=THREAD)
    assert "watches nothing yet" in await house.say("rules", to=THREAD)
    await house.say("watch drills", to=THREAD)
    assert "drills" not in await house.say("rules")
    assert "already" in await house.say("settings topic own", to=THREAD)


async def test_rules_name_their_author_where_several_people_are(house: House) -> None:
    await _furnish(house)
    assert "1 “troops”: troops - Anna, 02 Mar 2026" in await house.say("rules")
    assert "Anna, 02 Mar 2026" in await house.say("sources")
    alone = Destination(platform=ROOM.platform, chat_id="anna", user_id="anna")
    await house.say("watch troops", to=alone)
    assert "Anna" not in await house.say("rules", to=alone)
    assert text_of(house.chat.posts[-1].message)
