"""What a chat or a person chooses, and how messages read then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import ANNA, ANNAS, BORIS, ROOM, entry, text_of
from tests.house import House, open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("sqlite", tmp_path)
    yield House(store)
    store.close()


BODIES = (
    "",
    "Many troops in the north.",
    "The harbour saw no troops.",
    "Snow holds up troops.",
    "Bread for troops is late.",
)


async def _alert(house: House, number: int = 1) -> str:
    (post,) = await house.publish(
        [entry(number, f"Troops march, part {number}", BODIES[number], published_at=house.clock())]
    )
    return text_of(post.message)


async def test_times_are_shown_in_the_chats_zone(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    answer = await house.say("timezone kathmandu")
    assert "Time zone of this chat: Asia/Kathmandu" in answer
    assert "UTC+05:45" in answer
    assert "UTC+05:45" in await house.say("mute troops for 2h")
    assert "UTC+05:45" in await house.say("mutes")
    assert "UTC+05:45" in await _alert(house)
    assert "timezone Asia/Kathmandu" in await house.say("settings")
    assert "UTC+05:45" not in await house.say("timezone", to=ANNAS)


async def test_a_person_has_a_zone_of_their_own(house: House) -> None:
    await house.say("timezone Kyiv")
    assert "Your time zone: America/New_York" in await house.say("timezone mine new york")
    assert "EST" in await house.say("timezone")
    assert "EET" in await house.say("timezone", user=BORIS)
    assert "America/New_York" in await house.say("timezone", to=ANNAS, user=ANNA)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("timezone Kiev", "Europe/Kyiv"),
        ("timezone Berln", "Did you mean: timezone Berlin?"),
        ("timezone indiana", "can be several zones"),
        ("timezone zzz", "no time zone “zzz”"),
        ("timezone Europe/Berlin", "Europe/Berlin"),
        ("timezone utc", "UTC"),
        ("settings fromat compact", "Did you mean: settings format?"),
        ("settings format tiny", "settings format full or compact"),
        ("settings format full", "full already"),
        ("settings preview", "settings preview off or on"),
        ("settings timezone Kyiv", "timezone kyiv"),
    ],
)
async def test_words_that_people_type(house: House, typed: str, answer: str) -> None:
    assert answer in await house.say(typed)


async def test_alerts_read_as_the_chat_wants(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops topic:troops")
    full = await _alert(house, 1)
    assert "Why:" in full
    await house.say("settings excerpts off")
    bare = await _alert(house, 2)
    assert "Why:" in bare
    assert len(bare) < len(full)
    await house.say("settings format compact")
    compact = await _alert(house, 3)
    assert "Why:" not in compact
    assert len(compact.splitlines()) == 2
    await house.say("settings preview on")
    await _alert(house, 4)
    assert house.chat.posts[-1].message.preview
    listed = await house.say("settings")
    for words in ("format compact", "excerpts off", "source title", "preview on", "members off"):
        assert words in listed
    assert "Taken back" in await house.say("undo")
    assert not house.store.preferences(ROOM).preview


async def test_in_a_direct_chat_they_are_the_persons(house: House) -> None:
    await house.say("settings format compact", to=ANNAS)
    assert house.store.preferences(ANNA).compact
    answer = await house.say("settings", to=ANNAS)
    assert answer.startswith("Your settings")
    assert "members" not in answer
