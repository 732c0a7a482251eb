"""Finding the way: help on one phone screen, and what people type instead of our verbs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import registry
from bot.commands.help import SUBJECTS
from bot.reading import verbs
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def test_help_fits_a_phone_and_begins_with_what_people_want(house: House) -> None:
    answer = await house.say("help")
    assert len(answer) < 600
    assert len(answer.splitlines()) < 10
    assert answer.index("watch") < answer.index("settings")
    for button in house.chat.posts[-1].message.buttons:
        assert "/" in await house.say(button.command), button


async def test_every_command_is_under_one_subject(house: House) -> None:
    named = [name for subject in SUBJECTS for name in subject.commands]
    assert len(named) == len(set(named))
    missing = set(registry.names("bot.commands")) - set(named)
    assert not missing, "put it under a subject of help.py"
    assert await house.say("help all")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("delete 5", "unwatch 5"),
        ("remove https://x.example/feed", "source remove https://x.example/feed"),
        ("stop", "snooze 8h"),
        ("unsub newsroom", "unsubscribe newsroom"),
        ("add https://x.example/feed", "source add https://x.example/feed"),
        ("hello", "start"),
        ("track troops AND Ukraine", "watch troops AND Ukraine"),
        ("config", "settings"),
        ("wacth troops", "watch troops"),
        ("troops AND Ukraine", "watch troops AND Ukraine"),
    ],
)
async def test_what_people_type_for_it(house: House, typed: str, first: str) -> None:
    await house.say(typed)
    buttons = [button.command for button in house.chat.posts[-1].message.buttons]
    assert buttons[0] == first


async def test_nonsense_is_answered_too(house: House) -> None:
    for words in ("ئاۋ", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "‮watch", "x" * 10_000, "12", "🙂"):
        answer = await house.say(words)
        assert "help" in answer, words[:20]
        assert len(answer) < 4_000


def test_other_words_for_our_verbs_are_none_of_them_and_mean_some() -> None:
    names = set(registry.names("bot.commands"))
    for word, forms in verbs.MEANT.items():
        assert word not in names
        assert verbs.split(word)[0] == word, "nobody can type it"
        assert {form.split()[0] for form in forms} <= names, word
