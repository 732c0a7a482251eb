"""`irrelevant`: what is proposed would have dropped the alert and lost no other; nothing is saved without a press."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import Button, Entry
from tests.fakes import HALL, entry
from tests.house import House, open_store

REAL = (
    entry(1, "Earthquake in Rome", "An earthquake shook Rome. Forty houses fell."),
    entry(2, "Earthquake off Crete", "An earthquake below the sea was felt on the whole island."),
)
DRILL = entry(3, "Earthquake drill at school", "Pupils learned what to do when the ground moves.")
OTHER_DRILL = entry(4, "Hospital staff hold earthquake drill", "Nurses carried dummies down the stairs.")


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def watched(house: House, rule: str, *entries: Entry) -> None:
    await house.say(f"watch {rule}")
    await house.add_feed()
    for each in entries:
        await house.publish([each])


def buttons(house: House) -> dict[str, Button]:
    return {button.label: button for button in house.chat.posts[-1].message.buttons}


async def test_the_smallest_change_is_proposed_and_saved_only_by_a_press(house: House) -> None:
    await watched(house, "earthquake", *REAL, DRILL)
    (press,) = [one for one in house.chat.posts[-1].message.buttons if one.label == "Irrelevant"]
    answer = await house.say(press.command)
    assert "Marked as irrelevant: Earthquake drill at school" in answer
    assert "1 earthquake AND NOT drill - “drill” is in it and in none of the 2 to keep" in answer
    assert "each drops this one and keeps all 2 others" in answer
    (rule,) = house.store.rules()
    assert rule.text == "earthquake"
    assert "Changed: rule 1" in await house.say(buttons(house)["Use 1"].command)
    (rule,) = house.store.rules()
    assert rule.text == "earthquake AND NOT drill"
    assert await house.publish([OTHER_DRILL]) == []
    assert "spares you this one now" in await house.say(press.command)


async def test_others_that_were_marked_are_dropped_with_it(house: House) -> None:
    await watched(house, "earthquake", *REAL, DRILL, OTHER_DRILL)
    await house.say("irrelevant", reply_to="m5")
    answer = await house.say("irrelevant", reply_to="m7" if len(house.chat.posts) > 7 else "m6")
    assert "earthquake AND NOT drill" in answer
    assert "each drops this one and 1 other that you marked and keeps all 2 others" in answer


async def test_undo_takes_the_mark_back(house: House) -> None:
    await watched(house, "earthquake", DRILL)
    press = house.chat.posts[-1].message.buttons[-1]
    await house.say(press.command)
    undo = buttons(house)["Undo"].command
    assert undo.startswith("relevant alert:")
    assert "Relevant after all" in await house.say(undo)
    assert "is not marked as irrelevant" in await house.say(undo)


async def test_where_no_change_helps_that_is_said(house: House) -> None:
    await watched(house, "earthquake", entry(1, "Earthquake", ""))
    answer = await house.say(house.chat.posts[-1].message.buttons[-1].command)
    assert "No small change of rule 1 “earthquake”" in answer
    assert "edit 1 earthquake" in answer
    assert list(buttons(house)) == ["Undo"]


async def test_long_rules_have_buttons_that_fit(house: House) -> None:
    words = " OR ".join(f"word{number}" for number in range(20))
    await watched(house, f"earthquake OR {words}", *REAL, DRILL)
    await house.say(house.chat.posts[-1].message.buttons[-1].command)
    use = buttons(house)["Use 1"]
    assert len(use.command.encode()) <= 60
    assert "take:" in use.command
    await house.say(use.command)
    (rule,) = house.store.rules()
    assert rule.text.endswith("AND NOT drill")
    assert "out of date" in await house.say(use.command)


async def test_rules_of_other_chats_are_not_changed_from_here(house: House) -> None:
    await house.say("watch earthquake", to=HALL)
    await house.add_feed(to=HALL)
    await house.say("publish quakes", to=HALL)
    await house.say("subscribe quakes")
    (post,) = [one for one in await house.publish([DRILL]) if one.destination.key != HALL.key]
    answer = await house.say(post.message.buttons[-1].command)
    assert "is another chat's" in answer
    assert list(buttons(house)) == ["Undo"]


async def test_an_alert_has_to_be_pointed_at(house: House) -> None:
    assert "Which alert is irrelevant?" in await house.say("irrelevant")
    assert "Which alert is relevant" in await house.say("relevant")
    assert "not here any more" in await house.say("irrelevant alert:0123456789abcdef")
