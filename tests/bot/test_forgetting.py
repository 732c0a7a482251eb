"""Chats that removed the bot: kept for a while, then forgotten with all that belongs to them, and logged."""

from pathlib import Path

import pytest
import structlog

from bot.errors import PermanentError
from bot.model import Destination, State, User
from bot.pipeline.forgetting import REMOVED_AFTER
from tests.fakes import ANNA, ANNAS, BORIS, HALL, ROOM, entry, text_of
from tests.house import House, open_store

TOPIC = Destination(platform="fake", chat_id=ROOM.chat_id, thread_id="7")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(open_store("memory", tmp_path))


async def _lived_in(house: House) -> None:
    await house.add_feed("fake:x")
    await house.say("watch troops")
    await house.say("watch floods", to=TOPIC, user=BORIS)
    await house.say("watch quakes", to=HALL, user=BORIS)


async def _pass(house: House, days: int) -> None:
    """Days on which something was published, as otherwise the clock may just be ahead."""
    for _ in range(days):
        house.clock.forward(hours=22)
        number = int(house.clock().timestamp())
        await house.publish([entry(number, f"Day {number}", "Rain.", published_at=house.clock())], "fake:x")
    await house.pipeline.tidy()


async def test_a_chat_that_stays_without_the_bot_is_forgotten_and_that_is_logged(house: House) -> None:
    await _lived_in(house)
    await house.add_feed("fake:x", to=HALL)
    await house.say("bot-removed", event=True)
    await _pass(house, REMOVED_AFTER.days - 1)
    assert {rule.text for rule in house.store.rules()} == {"troops", "floods", "quakes"}
    with structlog.testing.capture_logs() as logs:
        await _pass(house, 3)
    assert [rule.text for rule in house.store.rules()] == ["quakes"]
    assert house.store.paused(ROOM) == ""
    (line,) = [line for line in logs if "forgotten" in line["event"]]
    assert "2 rules" in line["deleted"]
    assert ROOM.chat_id not in str(line)


@pytest.mark.parametrize("back", [("bot-added", True, ROOM), ("rules", False, ROOM), ("rules", False, TOPIC)])
async def test_a_chat_that_takes_the_bot_back_keeps_everything(
    house: House, back: tuple[str, bool, Destination]
) -> None:
    await _lived_in(house)
    await house.say("bot-removed", event=True)
    words, event, place = back
    await house.say(words, event=event, to=place)
    await _pass(house, REMOVED_AFTER.days + 3)
    assert len(house.store.rules()) == 3


async def test_a_clock_that_is_a_year_ahead_forgets_no_chat(house: House) -> None:
    await _lived_in(house)
    await _pass(house, 2)
    await house.say("bot-removed", event=True)
    house.clock.forward(days=365)
    await house.pipeline.tidy()
    assert len(house.store.rules()) == 3


async def test_what_nobody_owns_tells_nobody(house: House) -> None:
    """A rule of somebody who was forgotten goes on in a shared chat; a failure has no author to be told to."""
    await _lived_in(house)
    house.store.forget_person(ANNA)
    house.chat.broken[ROOM.chat_id] = PermanentError("the room is gone", gone=True)
    await house.publish([entry(1, "Troops march", "Over the bridge.", published_at=house.clock())], "fake:x")
    assert house.store.counts()[State.DEAD] == 1
    assert [post.destination.chat_id for post in house.chat.posts[-1:]] == [BORIS.user_id], "whose rule is there too"
    assert "" not in {post.destination.chat_id for post in house.chat.posts}


async def test_an_uninstalled_workspace_goes_at_once_and_no_other(house: House) -> None:
    for workspace in ("T1", "T2"):
        place = Destination(platform="fake", workspace=workspace, chat_id="C1")
        await house.say("watch troops", to=place, user=User(platform="fake", workspace=workspace, user_id="U1"))
    team = Destination(platform="fake", workspace="T1", chat_id="T1")
    await house.say("uninstalled", to=team, user=User(platform="fake", workspace="T1", user_id="UBOT"), event=True)
    assert [rule.owner.workspace for rule in house.store.rules()] == ["T2"]
    assert house.store.commands(team, limit=9) == []


async def test_chats_that_get_a_forgotten_channel_are_told(house: House) -> None:
    """Of a person, a workspace, a chat that stayed without the bot: each channel once, and nobody who leaves too."""
    there = User(platform="fake", workspace="T1", user_id="U1")
    shop = Destination(platform="fake", workspace="T1", chat_id="C1")
    for name, place, owner in (("north", ROOM, BORIS), ("annas", ANNAS, ANNA), ("shop", shop, there)):
        await house.add_feed("fake:x", to=place, user=owner)
        await house.say(f"publish {name}", to=place, user=owner)
        await house.say(f"subscribe {name}", to=HALL, user=BORIS)
    await house.say("subscribe north", to=TOPIC, user=BORIS)
    heard = len(house.chat.posts)
    await house.say("bot-removed", event=True)
    await house.say("forgetme yes", to=ANNAS, user=ANNA)
    await house.say("uninstalled", to=shop, user=there, event=True)
    await _pass(house, REMOVED_AFTER.days + 2)
    await house.settle()
    notices = [text_of(post.message) for post in house.chat.posts[heard:] if "is gone" in text_of(post.message)]
    assert [text.split("”")[0] for text in notices] == [f"The channel “{name}" for name in ("annas", "shop", "north")]
    assert {channel.name for channel in house.store.channels()} <= {""}
