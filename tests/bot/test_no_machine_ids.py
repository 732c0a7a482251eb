"""No message shows a machine id in a form where nothing can be pressed, and what such a form names can be typed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import registry
from bot.chats import _terminal
from bot.model import Delivery
from bot.writing import slack, telegram
from tests.fakes import entry
from tests.house import House, open_store

MACHINE_ID = re.compile(r"(?<![0-9a-z])[0-9a-f]{12,}(?![0-9a-z])")
OF_ALERTS = ("another", "follow", "irrelevant", "mute", "relevant", "same", "why")
VERBS = registry.names("bot.commands")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def with_two_alerts(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    for number, text in enumerate(("Troops march through the capital", "A bridge falls on troops in the port"), 1):
        await house.publish([entry(number, text, f"{text}, it was said.")])
        house.clock.forward(seconds=60)


def plain_forms(delivery: Delivery) -> list[str]:
    message, is_alert = delivery.message, bool(delivery.alert_key)
    return [
        _terminal.as_text(delivery, color=False),
        json.dumps(slack.format_message(message, plain=True, is_alert=is_alert), ensure_ascii=False),
        slack.format_message(message, is_alert=is_alert)["text"],
        json.dumps(telegram.format_message(message, plain=True), ensure_ascii=False),
    ]


@pytest.mark.parametrize("verb", VERBS)
async def test_no_message_of_any_verb_shows_a_machine_id(house: House, verb: str) -> None:
    await with_two_alerts(house)
    module = registry.module("bot.commands", verb)
    alert = house.store.last_alert(house.chat.posts[-1].destination)
    pointed = [f"{verb} alert:{alert.key}"] if alert and verb in OF_ALERTS else []
    for typed in [*module.EXAMPLES, verb, f"{verb} last alert", *pointed]:
        await house.say(typed)
        house.clock.forward(seconds=1)
    shown = [form for delivery in [*house.chat.posts, *house.chat.edits] for form in plain_forms(delivery)]
    assert len(shown) > 4 * len(module.EXAMPLES)
    assert [form for form in shown if MACHINE_ID.search(form)] == []


async def test_what_the_terminal_names_below_the_newest_alert_can_be_typed(house: House) -> None:
    await with_two_alerts(house)
    newest = next(post for post in reversed(house.chat.posts) if post.alert_key)
    shown = _terminal.as_text(newest, color=False)
    typed = re.findall(r": /(\w+ last alert)\]", shown)
    assert typed == ["mute last alert", "why last alert", "irrelevant last alert"]
    for words in typed:
        assert "There was no" not in await house.say(words), words
    assert "A bridge falls" in await house.say("why last alert")
    assert "Muted for Anna" in await house.say("mute last alert for 2h")


async def test_an_edited_alert_and_answers_name_no_command_that_would_mean_another_alert(house: House) -> None:
    await with_two_alerts(house)
    newest = next(post for post in reversed(house.chat.posts) if post.alert_key)
    edited = Delivery(**{**{name: getattr(newest, name) for name in newest.__slots__}, "kind": "edit"})
    assert "last alert" not in _terminal.as_text(edited, color=False)
    await house.say("why")
    assert "irrelevant" not in _terminal.as_text(house.chat.posts[-1], color=False)


async def test_slacks_plain_alert_says_what_can_be_said_in_its_thread(house: House) -> None:
    await with_two_alerts(house)
    newest = next(post for post in reversed(house.chat.posts) if post.alert_key)
    lines = slack.format_message(newest.message, plain=True, is_alert=True)["text"].splitlines()
    assert lines[-1] == "Mention me in this message's thread and say: mute, why, irrelevant"


async def test_a_followed_story_is_named_by_the_beginning_of_its_title(house: House) -> None:
    await with_two_alerts(house)
    await house.say("follow last alert")
    assert "unfollow story A bridge falls on troops in the port" in await house.say("mutes")
    assert "You do not follow" in await house.say("unfollow story A bridge stands")
    assert "You no longer follow the story “A bridge" in await house.say("unfollow story A bridge falls on troops")


async def test_the_last_alert_where_there_was_none(house: House) -> None:
    assert "There was no alert here yet" in await house.say("why last alert")
