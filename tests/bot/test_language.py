"""The language of a chat's rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.stems import languages
from tests.fakes import entry
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def test_rules_are_read_in_the_chats_language(house: House) -> None:
    await house.add_feed()
    await house.say("watch ~Haus topic:english")
    assert "in German" in await house.say("language Deutsch")
    await house.say("watch ~Wohnung topic:german")
    news = entry(1, "Neue Wohnungen in den Häusern am Hafen", "Die Stadt baut.", published_at=house.clock())
    (post,) = await house.publish([news])
    rules = {rule.id: rule.topic for rule in house.store.rules()}
    alert = house.store.alert(post.alert_key)
    assert alert is not None
    assert [rules[rule_id] for rule_id in alert.rule_ids] == ["german"], "the first stays as it was written"
    assert house.store.rules()[1].lang == "de"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("language", "Language of the rules: English, as none was chosen"),
        ("language uk", "in Ukrainian"),
        ("language українська", "in Ukrainian"),
        ("language de-AT", "in German"),
        ("language Germn", "Did you mean: language German?"),
        ("language Klingon", "no language “Klingon”"),
    ],
)
async def test_words_that_people_type(house: House, typed: str, answer: str) -> None:
    assert answer in await house.say(typed)


async def test_every_language_with_stems_has_a_name(house: House) -> None:
    for code in languages():
        assert "Rules from now on" in await house.say(f"language {code}"), code
