"""What is one too many for a person is refused in words, whatever chats it is spread over; others are not concerned."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import Settings
from bot.core.quotas import Quotas
from bot.model import Destination, Discovery
from bot.stores._sqlite_belongings import COUNTS
from tests.fakes import ANNA, ANNAS, BORIS, HALL, ROOM
from tests.house import House, open_store

BORISS = Destination(platform="fake", chat_id="boris", user_id="boris")
MOST = Quotas(rules=2, sources=2, lists=2, mutes=2, follows=2, subscriptions=2)


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    made = House(open_store(request.param, tmp_path), quotas=MOST)
    for number in range(4):
        address = f"fake:{number}"
        made.source.found[address] = [Discovery(kind="fake", url=address, title=f"Feed {number}")]
    yield made
    made.store.close()


def refused(kind: str, cure: str, who: str = "You have") -> str:
    return (
        f"{who} 2 {kind} over all chats: that is the most for one person.\n"
        f"Remove some first: {cure}. Whoever runs this Watchword can allow more, with "
        f"WATCHWORD_{kind.upper()}_PER_PERSON."
    )


@pytest.mark.parametrize(
    ("kind", "commands", "remove"),
    [
        ("rules", ["watch troops", "watch ferry", "watch harbour"], "unwatch 1"),
        ("sources", ["source add fake:1", "source add fake:2", "source add fake:3"], "source remove 1"),
        ("lists", ["list one = a, b", "list two = c, d", "list three = e, f"], "list remove one"),
        ("mutes", ["mute troops", "mute ferry", "mute harbour"], "unmute troops"),
    ],
)
async def test_one_more_than_allowed_is_refused_until_one_is_removed(
    house: House, kind: str, commands: list[str], remove: str
) -> None:
    first, second, third = commands
    cure = {"rules": "unwatch <number>", "sources": "source remove <number>", "lists": "list remove <name>"}
    assert "over all chats" not in await house.say(first)
    assert "over all chats" not in await house.say(second, to=HALL)
    assert refused(kind, cure.get(kind, "unmute <what>")) in await house.say(third, to=ANNAS)
    assert "over all chats" not in await house.say(third, user=BORIS, to=ROOM if kind == "mutes" else BORISS)
    await house.say(remove)
    assert "over all chats" not in await house.say(third, to=ANNAS)


async def test_follows(house: House) -> None:
    await house.say("watch troops topic:troops")
    await house.say("watch ferry topic:ferry")
    await house.say("watch harbour topic:harbour", user=BORIS)
    assert "You follow" in await house.say("follow troops")
    assert "You follow" in await house.say("follow ferry")
    assert refused("follows", "unfollow <topic>") in await house.say("follow harbour")
    assert "here already" in await house.say("follow troops")
    assert "You follow" in await house.say("follow harbour", user=BORIS)
    await house.say("unfollow troops")
    assert "You follow" in await house.say("follow harbour")


async def test_subscriptions(house: House) -> None:
    for name in ("alpha", "beta", "gamma"):
        to = Destination(platform="fake", chat_id=name)
        await house.say("watch troops", user=BORIS if name == "gamma" else ANNA, to=to)
        await house.say(f"publish {name}", user=BORIS if name == "gamma" else ANNA, to=to)
    assert "Subscribed" in await house.say("subscribe alpha")
    assert "Subscribed" in await house.say("subscribe beta", to=HALL)
    assert refused("subscriptions", "unsubscribe <channel>") in await house.say("subscribe gamma", to=ANNAS)
    assert [channel.name for channel in house.store.subscriptions(ANNAS)] == []
    assert "Subscribed" in await house.say("subscribe gamma", user=BORIS, to=BORISS)


async def test_what_a_chat_shares_counts_for_whoever_set_it_up(house: House) -> None:
    await house.say("source add fake:1")
    await house.say("source add fake:2")
    answer = await house.say("source add fake:3", user=BORIS)
    assert refused("sources", "source remove <number>", "Anna set this chat up, and has") in answer


async def test_of_several_sources_those_are_added_for_which_there_is_room(house: House) -> None:
    addresses = [f"https://{name}.example/feed" for name in ("one", "two", "three")]
    house.source.found |= {url: [Discovery(kind="fake", url=url, title=url)] for url in addresses}
    answer = await house.say(f"source add {' '.join(addresses)}")
    assert "Added 2 sources of 3" in answer
    assert "over all chats" in answer


async def test_another_end_for_a_mute_needs_no_room_and_everyones_are_counted_by_chat(house: House) -> None:
    for text in ("mute troops", "mute ferry", "mute everyone troops", "mute everyone ferry"):
        assert "Muted" in await house.say(text)
    assert "Muted" in await house.say("mute troops for 2h")
    assert "This chat has 2 mutes for everyone: that is the most." in await house.say("mute everyone harbour")
    house.clock.forward(hours=3)
    assert "Muted" in await house.say("mute harbour")


async def test_what_is_there_can_be_changed_when_there_is_no_room(house: House) -> None:
    for text in ("watch troops", "watch ferry", "list aid = a, b", "list names = c, d"):
        await house.say(text)
    assert "over all chats" not in await house.say("edit 1 harbour")
    assert "Changed: @aid" in await house.say("list aid + x")


async def test_imported_rules_are_counted_together(house: House) -> None:
    assert "over all chats" in await house.say("import from lexis save\ntroops\nferry\nharbour")
    assert house.store.rules() == []
    assert "Saved: 2 rules" in await house.say("import from lexis save\ntroops\nferry")


def test_the_settings_are_the_defaults_of_the_quotas_and_nothing_is_no_limit() -> None:
    assert Settings().quotas == Quotas(commands_per_minute=30)
    assert not Quotas(rules=0).are_exceeded("rules", 1_000_000)


@pytest.mark.parametrize("kind", sorted(COUNTS))
def test_counting_reads_an_index(kind: str, tmp_path: Path) -> None:
    open_store("sqlite", tmp_path).close()
    with sqlite3.connect(tmp_path / "watchword.db") as other:
        plan = str(other.execute(f"explain query plan {COUNTS[kind]}", {"user": "u", "now": 0}).fetchall())  # type: ignore[index]
    other.close()
    assert "SCAN" not in plan
    assert "SEARCH" in plan


async def test_a_chat_whose_founder_was_forgotten_counts_for_whoever_adds_to_it(house: House) -> None:
    for number in (1, 2):
        await house.say(f"source add fake:{number}", to=Destination(platform="fake", chat_id=f"room{number}"))
    await house.say("source add fake:0", user=BORIS)
    house.store.forget_person(ANNA)
    rooms = [Destination(platform="fake", chat_id=f"room{number}") for number in (1, 2)]
    assert "over all chats" not in await house.say("source add fake:3", user=BORIS, to=rooms[0])
