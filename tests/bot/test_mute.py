"""`mute`, `mutes`, `unmute`: what people type, what is saved, what is asked about instead."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.model import Message, Mute, MuteKind, Reason
from bot.writing.terminal import format_message
from tests.fakes import ANNA, ANNAS, BORIS, NOON, entry
from tests.house import House, open_store

MACHINE_ID = re.compile(r"\b[0-9a-f]{16}\b")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def ready(house: House) -> None:
    for rule in ("watch troops topic:troops", "watch deal topic:world-in-24h", "watch drill topic:drills"):
        await house.say(rule)


def muted(house: House) -> list[tuple[str, str]]:
    return [(mute.kind.value, mute.what) for mute in house.store.mutes(house.clock())]


def answer(house: House) -> Message:
    return house.chat.posts[-1].message


def buttons(house: House) -> dict[str, str]:
    return {button.label: button.command for button in answer(house).buttons}


# ------------------------------------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    ("typed", "until"),  # it is Monday, 12:00 UTC: 14:00 in Kyiv
    [
        ("mute troops 2h", "Mon 02 Mar 2026, 16:00 EET"),
        ("mute troops tomorrow", "Tue 03 Mar 2026, 00:00 EET"),
        ("mute troops until noon", "Tue 03 Mar 2026, 12:00 EET"),
        ("mute troops for an hour", "Mon 02 Mar 2026, 15:00 EET"),
        ("mute troops for one week", "Mon 09 Mar 2026, 14:00 EET"),
        ("mute troops until monday 9", "Mon 09 Mar 2026, 09:00 EET"),
        ("mute TROOPS until mon 9:00", "Mon 09 Mar 2026, 09:00 EET"),
        ("mute topic troops tomorrow", "Tue 03 Mar 2026, 00:00 EET"),
        ("mute 1 2h", "Mon 02 Mar 2026, 16:00 EET"),
        ("mute “troops” 05.12.2026", "Sat 05 Dec 2026, 00:00 EET"),
        ("mute troops bis morgen früh", "Tue 03 Mar 2026, 08:00 EET"),
        ("mute troops до понеділка", "Mon 09 Mar 2026, 00:00 EET"),
        ("mute for 2h troops", "Mon 02 Mar 2026, 16:00 EET"),
        ("mute 2h troops", "Mon 02 Mar 2026, 16:00 EET"),
        ("mute troops for me for 2h", "Mon 02 Mar 2026, 16:00 EET"),
    ],
)
async def test_a_topic_with_its_end_in_the_zone_of_the_chat(house: House, typed: str, until: str) -> None:
    await ready(house)
    await house.say("timezone Kyiv")
    said = await house.say(typed)
    assert said.startswith(f"Muted for Anna: the topic “troops” until {until}.")
    assert muted(house) == [("topic", "troops")]
    assert "Undo" in buttons(house)
    assert f"until {until}" in await house.say("mutes")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mute troops for banana", "“banana” is no length or time"),
        ("mute troops until blursday", "“blursday” is no length or time"),
        ("mute troops until yesterday", "“until yesterday” is over: it was Sun 01 Mar 2026"),
        ("mute troops for", "How long?"),
        ("mute troops until", "Until when?"),
        ("mute troops until 05/12/2026", "can be 5 December 2026 or 12 May 2026"),
        ("mute fight for freedom", "go into quotes"),
        ("mute trops for 2h", "Did you mean the topic troops?"),
        ("mute trops", "Did you mean the topic troops?"),
        ("mute topic tanks", "There is no topic “tanks” here"),
        ("mute 99", "There is no rule “99” here"),
        ("mute all", "Mute everything for how long?"),
        ("mute everything for good", "Mute everything for how long?"),
        ("mute red friday", "Mute “red” until Fri 06 Mar 2026, 00:00 UTC, or the words “red friday”?"),
        ("mute peace in 24h", "or the words “peace in 24h”?"),
        ("mute friday", "What shall I mute?"),
        ("mute for 2h", "What shall I mute?"),
    ],
)
async def test_what_is_not_clear_is_asked_about_and_nothing_is_saved(house: House, typed: str, said: str) -> None:
    await ready(house)
    assert said in await house.say(typed)
    assert muted(house) == []


async def test_a_topic_whose_name_is_a_time_wins(house: House) -> None:
    await house.say("watch deal topic:world-in-24h")
    for topic in ("black friday", "world in 24h"):
        rule = house.store.rules()[0]
        house.store.save_rule(replace(rule, topic=topic))
        assert f"the topic “{topic}” until you unmute it" in await house.say(f"mute {topic}")
        assert f"the topic “{topic}” until Mon 02 Mar 2026, 14" in await house.say(f"mute {topic} 2h")
        assert f"the topic “{topic}” until Tue" in await house.say(f"mute {topic} tomorrow")


async def test_did_you_mean_has_both_as_buttons(house: House) -> None:
    await ready(house)
    await house.say("mute trops for 2h")
    offered = buttons(house)
    assert offered == {
        "Mute troops": "mute troops for 2h",
        "Mute the words “trops”": "mute words trops for 2h",
    }
    assert "the topic “troops” until Mon 02 Mar 2026, 14:0" in await house.say(offered["Mute troops"])
    assert "whatever matches trops until Mon" in await house.say(offered["Mute the words “trops”"])
    assert muted(house) == [("topic", "troops"), ("rule", "trops")]


async def test_words_of_time_or_words_of_the_rule_are_a_choice_of_buttons(house: House) -> None:
    await house.say("mute red friday")
    first, second = answer(house).buttons
    assert "whatever matches red until Fri 06 Mar 2026, 00:00" in await house.say(first.command)
    assert "whatever matches red AND friday until you unmute it" in await house.say(second.command)


async def test_everything_has_an_end(house: House) -> None:
    await house.add_feed(to=ANNAS)
    await house.say("watch troops topic:troops", to=ANNAS)
    await house.say("mute all", to=ANNAS)
    assert list(buttons(house)) == ["1 h", "8 h", "1 day"]
    assert "Muted for you: everything until Mon" in await house.say(buttons(house)["8 h"], to=ANNAS)
    assert await house.publish([entry(1, "Troops march", "The troops march again.")]) == []
    assert house.store.ledger(ANNAS, since=NOON)[-1].reason is Reason.MUTED
    assert "1 everything until" in await house.say("mutes", to=ANNAS)
    assert "Unmuted: everything" in await house.say("unmute all", to=ANNAS)


async def test_the_answer_says_whom_it_is_for(house: House) -> None:
    await ready(house)
    assert (await house.say("mute troops 2h", user=BORIS)).startswith("Muted for Boris:")
    assert (await house.say("mute troops 2h", to=ANNAS)).startswith("Muted for you: whatever matches")
    for typed in (
        "mute everyone drills 2h",
        "mute drills for everyone until 18:00",
        "mute drills until 18:00 for everyone",
    ):
        assert (await house.say(typed)).startswith("Muted for everyone here: the topic “drills” until Mon"), typed
    assert "Only this chat's admins" in await house.say("mute drills for everyone", user=BORIS, admin=False)


async def test_this_story_takes_the_place_of_the_topic(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    (post,) = await house.publish([entry(1, "Troops march", "The troops march again.")])
    press = next(button.command for button in post.message.buttons if button.label == "Mute")
    await house.say(press)
    offered = buttons(house)
    assert muted(house) == [("topic", "troops")]
    assert "the story “Troops march”" in await house.say(offered["This story"])
    assert [kind for kind, _ in muted(house)] == ["story"]
    await house.say(buttons(house)["Undo"])
    assert muted(house) == [("topic", "troops")], "taking it back brings the topic's mute back"
    await house.say(offered["1 week"])
    assert "until Mon 09 Mar 2026" in await house.say("mutes")
    await house.say("mute troops until 5 Dec")
    await house.say(offered["This story"])
    assert {kind for kind, _ in muted(house)} == {"topic", "story"}, "one that was typed stays"


# ---------------------------------------------------------------------------------------------------------- unmuting


async def test_no_machine_id_is_shown(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    await house.publish([entry(1, "Troops march through a very long headline of the capital", "The troops march.")])
    for typed in (
        "mute troops 2h",
        "mute site:fun.example",
        "mute this story",
        "mute all 2h",
        "mute everyone football NOT cup",
    ):
        await house.say(typed)
        assert not MACHINE_ID.search(format_message(answer(house), color=False)), typed
        house.clock.forward(seconds=1)
    await house.say("mutes")
    assert not MACHINE_ID.search(format_message(answer(house), color=False))
    commands = [button.command for button in answer(house).buttons if button.label.startswith("Unmute")]
    assert commands[0] == "unmute topic troops"
    assert all(len(command.encode()) <= 60 for command in commands)
    for command in reversed(commands):
        assert "Unmuted: " in await house.say(command), command
    assert muted(house) == []
    for command in commands:
        assert (await house.say(command)).startswith("That mute has ended already."), command


async def test_a_button_of_a_mute_whose_name_was_cut(house: House) -> None:
    long = "football OR handball OR volleyball OR basketball"
    await house.say(f"mute {long} OR chess")
    house.clock.forward(seconds=1)
    await house.say(f"mute {long}")
    await house.say("mutes")
    first, second, *_ = (button.command for button in answer(house).buttons)
    assert first == second
    assert "Several mutes begin like that" in await house.say(first)
    assert f"Unmuted: rule “{long}”" in await house.say(f"unmute {long}")
    assert f"Unmuted: rule “{long} OR chess”" in await house.say(first)


async def test_an_old_button_with_an_id_is_answered_in_words(house: House) -> None:
    said = await house.say("unmute ab5537662cbaf09d")
    assert said.startswith("That mute has ended already.")
    assert "ab5537662cbaf09d" not in said


@pytest.mark.parametrize("name", registry.names("bot.stores"))
def test_a_mute_of_everything_is_kept(name: str, tmp_path: Path) -> None:
    store = open_store(name, tmp_path)
    until = NOON + timedelta(hours=1)
    mute = Mute(id="m", kind=MuteKind.ALL, what="everything", user=ANNA, until=until, created_at=NOON)
    store.save_mute(mute)
    assert store.mutes(NOON) == [mute]
    store.close()
