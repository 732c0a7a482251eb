"""In a group, what names the bot is a command, with or without a slash."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.telegram_talk import ANNA, GROUP, Line, open_line
from tests.fake_telegram import BOT, units

NAME = f"@{BOT['username']}"


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


def named(text: str, name: str, **more: Any) -> list[dict[str, Any]]:
    """The entities of a text in which `name` stands."""
    at = units(text[: text.index(name)])
    return [{"type": "mention", "offset": at, "length": units(name), **more}]


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (f"{NAME} rules", "rules"),
        (f"🪖 {NAME.upper()}: watch troops AND Ukraine", "watch troops AND Ukraine"),
        (f"{NAME}, /sources", "sources"),
        (f"rules {NAME}", "rules"),
        (NAME, "help"),
    ],
)
async def test_a_mention_is_answered(line: Line, typed: str, command: str) -> None:
    name = NAME.upper() if NAME.upper() in typed else NAME
    line.fake.say(typed, GROUP, ANNA, entities=named(typed, name))
    line.listen()
    await line.settled()
    assert [each.text for each in line.heard] == [command]


async def test_a_mention_without_a_username_is_one_too_and_others_mentions_are_not(line: Line) -> None:
    line.fake.say(
        "Watchword rules", GROUP, ANNA, entities=named("Watchword rules", "Watchword", type="text_mention", user=BOT)
    )
    line.fake.say("@Boris rules", GROUP, ANNA, entities=named("@Boris rules", "@Boris"))
    line.fake.say(f"{NAME}2 rules", GROUP, ANNA, entities=named(f"{NAME}2 rules", f"{NAME}2"))
    line.fake.say(f"{NAME} rules", GROUP, ANNA)
    line.listen()
    await line.settled()
    assert [each.text for each in line.heard] == ["rules"]
