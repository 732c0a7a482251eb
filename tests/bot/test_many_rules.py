"""An alert that many rules made names a few of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import entry, text_of
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def test_an_alert_of_thirty_rules_names_five_and_counts_the_others(house: House) -> None:
    await house.add_feed()
    for number in range(30):
        await house.say(f"watch troops OR word{number} topic:topic{number}")
    await house.publish([entry(1, "Troops march", "The troops march through the capital.")])
    alert = next(post for post in house.chat.posts if post.alert_key)
    head, why = (line for line in text_of(alert.message).splitlines() if "rule" in line or line.startswith("Why: "))
    assert head.count("“topic") == 5
    assert head.endswith(" +25")
    assert why.count(" hit ") == 5
    assert why.endswith("; +25 rules")


async def test_what_a_phone_types_can_be_read_the_other_way_by_a_button(house: House) -> None:
    await house.add_feed()
    answer = await house.say("watch troops, Ukraine")
    assert "Note: the comma says nothing" in answer
    press = next(button.command for button in house.chat.posts[-1].message.buttons if button.label == "Other reading")
    assert "troops OR Ukraine" in await house.say(press)
    await house.say("watch <b>drills</b>")
    assert "“drills”" in await house.say("rules")
