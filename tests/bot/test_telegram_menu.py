"""What Telegram's own screens say of the bot: menus by scope and language, descriptions, the menu's button."""

from collections.abc import AsyncIterator

import pytest

from bot import registry
from bot.chats import _telegram_words as words
from tests.bot.telegram_talk import ANNA, PRIVATE, Line, connected, open_line
from tests.fake_telegram import Refusal

SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with open_line() as made:
        yield made


def is_announced(line: Line) -> bool:
    """The last question was answered, and what came of it is done."""
    asked = line.fake.named("getMyShortDescription")
    return bool(asked) and asked[-1].get("language_code") == "es" and ("short_description", "es") in line.fake.described


async def announced(line: Line) -> None:
    line.listen()
    await line.until(lambda: is_announced(line))


async def test_each_scope_has_its_menu_in_each_language(line: Line) -> None:
    await announced(line)
    assert line.fake.menus.keys() == {(scope, language) for scope in SCOPES for language in words.LANGUAGES}
    english = [each["command"] for each in line.fake.menus["all_private_chats", ""]]
    assert english[0] == "watch"
    assert set(english) == set(registry.names("bot.commands"))
    german = {each["command"]: each["description"] for each in line.fake.menus["all_private_chats", "de"]}
    assert german["rules"] == "die Regeln dieses Chats"
    assert list(german) == list(words.MENU)


async def test_members_of_a_group_are_not_offered_what_its_admins_do(line: Line) -> None:
    await announced(line)
    members, admins = (
        {each["command"] for each in line.fake.menus[scope, ""]}
        for scope in ("all_group_chats", "all_chat_administrators")
    )
    assert admins - members == words.FOR_ADMINS


async def test_descriptions_are_set_in_each_language_and_the_menu_has_its_button(line: Line) -> None:
    await announced(line)
    assert {key: line.fake.described[key] for key in line.fake.described} == {
        **{("description", language): words.DESCRIPTION[language] for language in words.LANGUAGES},
        **{("short_description", language): words.SHORT[language] for language in words.LANGUAGES},
    }
    assert line.fake.menu_button == {"type": "commands"}


async def test_the_next_start_changes_nothing(line: Line) -> None:
    await announced(line)
    await line.stop()
    line.fake.calls.clear()
    line.chat = connected(line.base)
    await announced(line)
    assert not [name for name, _ in line.fake.calls if name.startswith("set")]
    await line.chat.close()


async def test_what_the_owner_chose_stays(line: Line) -> None:
    line.fake.described = {("description", ""): "Our desk's own bot", ("short_description", "es"): "Nuestro"}
    line.fake.menu_button = {"type": "web_app", "text": "Open", "web_app": {"url": "https://a.example/"}}
    await announced(line)
    assert line.fake.described["description", ""] == "Our desk's own bot"
    assert ("description", "de") not in line.fake.described
    assert line.fake.described["short_description", "es"] == "Nuestro"
    assert line.fake.menu_button["type"] == "web_app"
    assert not line.fake.named("setMyName")


async def test_commands_are_answered_while_telegram_wants_a_pause_or_refuses_a_menu(line: Line) -> None:
    line.fake.faults_of["getMyCommands"] = [Refusal(429, "Too Many Requests: retry after 30", retry_after=30)]
    line.fake.say("/help", PRIVATE, ANNA)
    line.listen()
    await line.settled()
    assert [each.text for each in line.heard] == ["help"]
    assert not line.fake.menus


async def test_a_short_pause_is_kept_and_a_refusal_is_the_end_of_its_menu_only(line: Line) -> None:
    line.fake.faults_of["getMyCommands"] = [Refusal(429, "Too Many Requests: retry after 0", retry_after=0.05)]
    line.fake.faults_of["setMyCommands"] = [Refusal(400, "Bad Request: BOT_COMMAND_INVALID")]
    await announced(line)
    assert len(line.fake.menus) == len(SCOPES) * len(words.LANGUAGES) - 1


def test_the_table_is_whole_and_fits() -> None:
    assert words.MENU.keys() <= set(registry.names("bot.commands"))
    for texts in words.MENU.values():
        assert len(texts) == len(words.LANGUAGES)
        assert all(3 <= len(text) <= 60 for text in texts[1:])
    for texts, most in ((words.DESCRIPTION, words.MOST_DESCRIPTION), (words.SHORT, words.MOST_SHORT)):
        assert tuple(texts) == words.LANGUAGES
        assert all(len(text) <= most for text in texts.values())
