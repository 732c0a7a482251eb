"""`why not`: what is said of a report that did not become an alert, and of one that did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import HALL, entry
from tests.house import House, open_store

ADDRESS = "https://daily-courier.example/1"


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def test_the_closest_miss_comes_first_with_a_button_that_mends_it(house: House) -> None:
    await house.add_feed()
    await house.say("watch deployment AND Ukraine topic:near")
    await house.say("watch football AND cup topic:far")
    await house.say("watch deployed AND Poland AND NATO topic:between")
    await house.publish([entry(1, "News", "Troops were deployed to Ukraine.")])
    answer = await house.say(f"why not {ADDRESS}?utm_source=x")
    assert "Rule 1 “near” misses it: found “deployed”; write ~deployment." in answer
    assert "It would match as ~deployment AND Ukraine" in answer
    assert answer.index("near") < answer.index("between")
    assert "✗ deployment: found “deployed”; write ~deployment" in answer
    assert "No small change would make 1 other rule match it." in answer
    button = house.chat.posts[-1].message.buttons[0]
    assert button.command == "edit 1 ~deployment AND Ukraine"
    await house.say(button.command)
    assert "Rule 1 “near” matches it: but" in await house.say(f"why not {ADDRESS}")


async def test_a_change_that_is_too_long_for_a_button_is_found_again(house: House) -> None:
    await house.add_feed()
    words = " OR ".join(f"word{number}" for number in range(20))
    await house.say(f"watch deployment AND ({words})")
    await house.publish([entry(1, "News", "The troops were deployed, said word7.")])
    await house.say(f"why not {ADDRESS}")
    (button,) = house.chat.posts[-1].message.buttons
    assert len(button.command.encode()) <= 60
    assert "Changed: rule 1" in await house.say(button.command)
    (rule,) = house.store.rules()
    assert rule.text.startswith("~deployment AND (word0 OR ")
    assert "changed since" in await house.say(button.command)


async def test_what_became_of_a_hit_is_told(house: House) -> None:
    await house.say("watch troops topic:troops")
    await house.add_feed()
    house.source.entries["fake:news"] = []
    await house.publish([entry(1, "Troops leave the border", "The troops leave the border tonight.")])
    sent = await house.say(f"why not {ADDRESS}")
    assert "Rule 1 “troops” matches it: its alert was sent, raised Mon 02 Mar 2026" in sent
    await house.publish([entry(2, "Troops leave the border", "The troops leave the border tonight.", outlet="Wire")])
    assert "as another source" in await house.say("why not https://wire.example/2")
    await house.say("mute everyone troops for 2d")
    await house.publish([entry(3, "Troops at sea", "Other troops sail.")])
    muted = await house.say("why not https://daily-courier.example/3")
    assert "but “troops” is muted until" in muted
    await house.say("unmute troops")
    assert "by a mute that has ended since" in await house.say('why not "at sea"')


async def test_what_was_there_before_the_rule_or_the_source_is_told(house: House) -> None:
    house.source.entries["fake:news"] = [entry(1, "Old troops", "Troops of old.")]
    await house.say("watch old")
    await house.add_feed()
    assert "archived, not alerted" in await house.say(f"why not {ADDRESS}")
    house.clock.forward(hours=1)
    await house.say("watch troops")
    told = await house.say(f"why not {ADDRESS}")
    assert "Rule 2 “troops” matches it: but it was read before the rule was made" in told


async def test_a_report_that_was_never_read_is_told_with_the_sources_and_the_cure(house: House) -> None:
    assert "this chat reads nothing yet" in await house.say("why not https://other.example/x")
    await house.add_feed()
    answer = await house.say("why not https://other.example/x")
    assert "https://other.example/x is not in the archive. This chat reads Feed fake:news." in answer
    assert "source add other.example" in answer
    assert "None of the 2,000 newest reports" in await house.say('why not "nothing like it"')
    assert "Which report?" in await house.say("why not")


async def test_reports_of_other_chats_are_not_told_of(house: House) -> None:
    await house.add_feed()
    await house.publish([entry(1, "Secret", "Secret text.")])
    await house.say("watch something", to=HALL)
    assert "not in the archive" in await house.say(f"why not {ADDRESS}", to=HALL)
    document = house.store.document_by_url(ADDRESS)
    assert document is not None
    assert "not in the archive" in await house.say(f"why not doc:{document.document.id}", to=HALL)


async def test_a_report_is_found_by_slacks_link_and_by_its_title(house: House) -> None:
    await house.add_feed()
    await house.say("watch troop")
    await house.publish([entry(1, "Troops leave", "They go home.")])
    for words in (f"<{ADDRESS}|courier>", "daily-courier.example/1", '"troops  LEAVE"', "“oops leave”"):
        assert "misses it: found “Troops”; write ~troop" in await house.say(f"why not {words}"), words


async def test_many_rules_are_cut_to_the_nearest_five(house: House) -> None:
    await house.add_feed()
    for number in range(8):
        await house.say(f"watch troops AND word{number}")
    await house.publish([entry(1, "Troops leave", "They go home.")])
    answer = await house.say(f"why not {ADDRESS}")
    assert answer.count("It would match as") == 5
    assert "3 other rules" in answer


async def test_facts_of_the_story_are_those_of_the_time(house: House) -> None:
    await house.say("watch troops AND sources>=2 topic:two")
    await house.add_feed()
    text = "The troops leave the border tonight, said the minister in the capital. " + "They go home by train. " * 5
    await house.publish([entry(1, "Troops leave the border", text)])
    later = entry(2, "Troops go home by train", text + "A bus came.", outlet="Wire", url=ADDRESS)
    (alert,) = await house.publish([later])
    assert alert.alert_key
    assert "✓ sources>=2" in await house.say(f"why alert:{alert.alert_key}")
    missed = await house.say('why not "Troops leave the border"')
    assert "Rule 1 “two” misses it" in missed
    assert "1 independent source so far; remove it" in missed
    assert "It would match as troops" in missed
