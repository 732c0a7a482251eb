"""`pause` and `resume`: rules that alert nothing for a while, and then again by themselves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from tests.fakes import BORIS, HALL, entry
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def furnish(house: House) -> None:
    await house.add_feed()
    await house.say("watch bridge topic:bridges")
    await house.say("watch tunnel topic:works")
    await house.say("watch ferry topic:works")


async def alerts(house: House, *titles: str) -> list[str]:
    """The headlines that are alerted of reports with these, which come two hours later."""
    known = len(house.source.entries.get("fake:news", ()))
    posts = await house.publish([entry(known + n, title, f"All about the {title}.") for n, title in enumerate(titles)])
    return [post.message.gist.partition(" (")[0] for post in posts if post.alert_key]


def paused(house: House) -> list[int]:
    return [rule.number for rule in house.store.rules() if not rule.enabled]


async def test_a_paused_rule_alerts_nothing_and_then_again_by_itself(house: House) -> None:
    await furnish(house)
    answer = await house.say("pause 1 until 15:00")
    assert "Paused: rule 1 “bridges” until Mon 02 Mar 2026, 15:00 UTC" in answer
    assert "1 “bridges” (paused until Mon 02 Mar 2026, 15:00 UTC): bridge" in await house.say("rules")
    assert await alerts(house, "Old bridge", "Old tunnel") == ["Old tunnel"]
    assert await alerts(house, "New bridge of steel") == ["New bridge of steel"]
    assert paused(house) == []
    assert "paused until" not in await house.say("rules")


async def test_without_an_end_it_waits_for_resume(house: House) -> None:
    await furnish(house)
    assert "Paused: rule 1 “bridges”" in await house.say("pause bridges")
    assert "1 “bridges” (paused): bridge" in await house.say("rules")
    assert await alerts(house, "Old bridge") == []
    assert "paused" in await house.say("why not https://daily-courier.example/0")
    answer = await house.say("resume 1")
    assert "Resumed: rule 1 “bridges”" in answer
    assert "Old [bridge]" in await house.say(answer.rpartition("meanwhile: ")[2])
    assert await alerts(house, "New bridge of steel") == ["New bridge of steel"]


async def test_topics_numbers_and_all(house: House) -> None:
    await furnish(house)
    assert "Paused: rules 2 “works” and 3 “works” until" in await house.say("pause works for 2h")
    assert paused(house) == [2, 3]
    assert "Resumed: rules 2 “works” and 3 “works”" in await house.say("resume works")
    assert "Paused: rules 1 “bridges” and 3 “works”" in await house.say("pause 1, 3")
    await house.say("resume all")
    assert paused(house) == []
    assert "Paused: rules 1 “bridges”, 2 “works” and 3 “works” until" in await house.say("pause all until monday 9")
    assert paused(house) == [1, 2, 3]
    await house.say("undo")
    assert paused(house) == []


async def test_another_end_takes_the_place_of_the_first(house: House) -> None:
    await furnish(house)
    await house.say("pause 1 for 2h")
    assert "until Mon 02 Mar 2026, 15:00" in await house.say("pause 1 until 15:00")
    assert "Rule 1 “bridges” is paused already." in await house.say("pause 1 until 15:00")


async def test_pause_all_says_what_goes_on(house: House) -> None:
    await furnish(house)
    await house.say("watch harbour", to=HALL)
    await house.say("publish harbours", to=HALL)
    await house.say("subscribe harbours")
    assert "Alerts of harbours go on" in await house.say("pause all")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("pause", "Which rule?"),
        ("pause 2h", "snooze 2h"),
        ("pause 9", "There is no rule “9” here."),
        ("pause bridges until yesterday", "over"),
        ("resume 1", "That is not paused."),
        ("resume", "Which rule?"),
    ],
)
async def test_what_is_unclear_is_asked(house: House, typed: str, answer: str) -> None:
    await furnish(house)
    assert answer in await house.say(typed)
    assert paused(house) == []


async def test_a_rules_author_may_pause_it_and_nobody_elses(house: House) -> None:
    await furnish(house)
    house.store.save_rule(replace(house.store.rules()[1], owner=BORIS))
    assert "Paused: rule 2" in await house.say("pause 2", user=BORIS, admin=False)
    assert "admins" in await house.say("pause all", user=BORIS, admin=False)
    assert paused(house) == [2]
