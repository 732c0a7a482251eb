"""The doctor in chats and on the command line."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.model import Button, WatchRule
from bot.ports import Store
from rules import Document
from tests.contracts.made import feed
from tests.fakes import ANNA, NOON
from tests.house import House, open_store

Call = Callable[..., Result]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


def archive(store: Store, channel: str, number: int) -> None:
    """That many documents of a week, each its own story."""
    store.add_feed(feed(1), channel)
    for at in range(number):
        document = Document(id=f"d{at}", title=f"Ukraine {at}", body="The ministers met.")
        seen = NOON - timedelta(hours=1 + at * 160 / number)
        store.add_document(document, feed_id="f1", story_id=f"s{at}", seen_at=seen)


def buttons(house: House) -> list[Button]:
    return [button for button in house.chat.posts[-1].message.buttons if button.command]


async def test_without_rules_there_is_nothing_to_examine(house: House) -> None:
    assert "has no rules yet" in await house.say("doctor")


async def test_sound_rules_are_said_to_be_sound(house: House) -> None:
    await house.say("watch troops AND Kyiv")
    assert "1 rule examined: nothing to say against it." in await house.say("doctor")
    await house.say("watch flood NOT drill")
    assert "2 rules examined: nothing to say against them." in await house.say("doctor")


async def test_a_finding_has_a_button_that_mends_the_rule(house: House) -> None:
    await house.say("watch troops AND Kyiv AND ~troop topic:north")
    answer = await house.say("doctor")
    assert "Rule 1 “north”: troops AND Kyiv AND ~troop" in answer
    assert "“~troop” adds nothing" in answer
    (button,) = buttons(house)
    assert button.command == "edit 1 troops AND Kyiv"
    assert "troops AND Kyiv" in await house.say(button.command)
    assert "nothing to say against it" in await house.say("doctor")


async def test_a_cure_that_no_button_can_carry_is_shown_to_be_typed(house: House) -> None:
    long = " AND ".join(["troops", "Ukraine", "ministers", "parliament", "negotiations", "withdrawal"])
    await house.say(f"watch {long} AND troops")
    assert f"Try: {long}" in await house.say("doctor")
    assert buttons(house) == []


async def test_rules_are_held_against_each_other(house: House) -> None:
    await house.say("watch Kyiv topic:city")
    await house.say("watch Kyiv AND troops topic:army")
    answer = await house.say("doctor")
    assert "Every alert of this rule is an alert of rule 1 “city” too." in answer
    assert "Every alert of rule 2 “army” is an alert of this rule too." in answer


async def test_rules_are_held_against_the_archive(house: House) -> None:
    await house.say("watch Ukriane AND minister topic:typo")
    await house.say("watch ministers NOT troops topic:flood")
    (channel,) = house.store.subscriptions(house.chat.posts[-1].destination)
    archive(house.store, channel.id, 250)
    house.clock.now = NOON
    answer = await house.say("doctor")
    assert "“Ukriane” is in no document; did you mean “Ukraine” (250 documents)?" in answer
    assert "“ministers” is in 100% of the documents" in answer
    assert "alerts a day" in answer
    assert "None of the 250 documents of 7 days in the archive matches" in answer


async def test_many_rules_are_paged(house: House) -> None:
    for number in range(9):
        await house.say(f"watch troops{number} AND troops{number}")
    assert "Doctor: rules, page 1 of 2" in await house.say("doctor")
    assert buttons(house)[-1].command == "doctor 2"
    assert "page 2 of 2" in await house.say("doctor 2")
    assert "page 2 of 2" in await house.say("doctor 99999")


def stored(store: Store, channel: str, text: str, name: str) -> None:
    rule = WatchRule(id=name, number=0, channel_id=channel, owner=ANNA, topic=name, text=text, created_at=NOON)
    store.add_rule(rule)


def opened(tmp_path: Path) -> Store:
    (tmp_path / "data").mkdir(exist_ok=True)
    return open_store("sqlite", tmp_path / "data")


def test_the_command_line_examines_every_stored_rule(call: Call, tmp_path: Path) -> None:
    store = opened(tmp_path)
    stored(store, "north", "Kyiv AND ~troop AND troops", "army")
    stored(store, "north", "troops AND Kyiv", "again")
    stored(store, "south", "troops AND Kyiv", "far")
    store.close()
    result = call("doctor", "rules")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:5] == [
        "north, rule 1 “army”",
        "  warning: subsumed: This is the same as rule 2 “again”.",
        "    Kyiv AND ~troop AND troops",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  hint: does nothing: “~troop” adds nothing: where “troops” is true, it always is.",
    ]
    assert "    Try: Kyiv AND troops" in lines
    assert not any(line.startswith("south") for line in lines)
    assert lines[-1] == "3 rules examined; none is wrong."


def test_a_rule_that_is_wrong_is_an_exit_code(call: Call, tmp_path: Path) -> None:
    store = opened(tmp_path)
    stored(store, "north", "troops AND Kyiv NOT troops", "never")
    stored(store, "north", "@gone AND Kyiv", "list")
    store.close()
    result = call("doctor", "rules")
    assert result.exit_code == 1
    assert "wrong: always false: “troops” and “NOT troops” are never both true" in result.stdout
    assert "wrong: unreadable: there is no list @gone here" in result.stdout
    assert result.stdout.splitlines()[-1] == "2 rules examined; some are wrong."


def test_other_words_than_rules_are_refused(call: Call) -> None:
    assert call("doctor", "nonsense").exit_code == 2
