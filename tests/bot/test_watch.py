"""`watch`, `test` and `narrow`: what a rule would have sent, told before it does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import entry
from tests.house import House, open_store


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def read_news(house: House, number: int, *, text: str = "Troops march to place") -> None:
    """So many stories from the day before."""
    at = house.clock.now
    house.source.entries["fake:news"] = [
        entry(one, f"{text} {one}x{one * 7}", f"Number {one * 13}, {one}abc{one} of Ukraine.", published_at=at)
        for one in range(number)
    ]
    house.clock.forward(hours=20)
    await house.add_feed()


def buttons(house: House) -> dict[str, str]:
    return {button.label: button.command for button in house.chat.posts[-1].message.buttons}


async def test_watch_saves_and_tells_what_the_rule_would_have_sent(house: House) -> None:
    await read_news(house, 4)
    answer = await house.say("watch troops topic:t")
    assert answer.startswith("Watching: rule 1 “t”")
    assert "Would have alerted 4 times in 7 days: ▁▁▁▁▁▁█" in answer
    assert answer.count("Troops march") == 3
    assert buttons(house) == {"Undo": "undo 2"}


async def test_a_test_saves_nothing_until_its_button_is_pressed(house: House) -> None:
    await read_news(house, 2)
    answer = await house.say("test troops AND Ukraine OR Moldova topic:t")
    assert "alerted 2 times" in answer
    assert "chat has no rules" in (await house.say("unwatch 1"))
    await house.say("test troops AND Ukraine OR Moldova topic:t")
    offered = buttons(house)
    assert offered["Other reading"] == "test troops AND (Ukraine OR Moldova)"
    assert "Watching: rule 1 “t”" in await house.say(offered["Save"])


async def test_without_a_source_the_answer_says_how_to_get_one(house: House) -> None:
    assert "source add <address>" in await house.say("watch troops")
    assert "source add <address>" in await house.say("test troops")


@pytest.mark.parametrize("rule", ["troops AND NOT troops", "(troops NOT Ukraine) AND Ukraine"])
async def test_a_rule_that_can_never_match_is_asked_about_first(house: House, rule: str) -> None:
    await read_news(house, 1)
    answer = await house.say(f"watch {rule} topic:t")
    assert answer.startswith("Not saved yet")
    assert house.store.rules() == []
    offered = buttons(house)
    assert "nothing was saved" in await house.say(offered["Cancel"])
    assert house.store.rules() == []
    assert "Watching: rule 1 “t”" in await house.say(offered["Save anyway"])
    assert house.store.rules()[0].text == rule


async def test_a_rule_that_would_flood_the_chat_is_asked_about_and_narrowed(house: House) -> None:
    await read_news(house, 360)
    assert (await house.say("watch march")).startswith("Not saved yet")
    assert buttons(house)["Narrow"] == "narrow march"
    await house.say("watch march OR Ukraine save:anyway")
    house.clock.forward(seconds=1)
    answer = await house.say("narrow 1")
    assert "360 stories" in answer


async def test_narrower_rules_come_with_what_they_would_leave(house: House) -> None:
    far = "Far away from everything and all. " * 9 + "Ukraine waits."
    house.source.entries["fake:news"] = [entry(1, "Troops in Ukraine", "One two."), entry(2, "Troops abroad", far)]
    await house.add_feed()
    await house.say("watch troops AND Ukraine")
    answer = await house.say("narrow 1")
    assert "troops NEAR/10 Ukraine: about 1 story" in answer
    edit = buttons(house)["Take troops NEAR/10 Ukraine"]
    assert edit == "edit 1 troops NEAR/10 Ukraine"
    assert "Changed: rule 1" in await house.say(edit)
    assert "nothing to narrow" in await house.say("narrow penguins")


async def test_the_forecast_keeps_to_what_this_chat_reads(house: House) -> None:
    await read_news(house, 3)
    house.clock.forward(days=10)
    answer = await house.say("test troops")
    assert "Would not have alerted in 7 days (nothing arrived)" in answer
    assert "Of what came earlier, 3 stories match." in answer
    assert house.clock() - house.store.documents()[0].seen_at > timedelta(days=7)
