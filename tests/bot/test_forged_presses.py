"""Forged buttons: whatever a changed app sends from one chat, nothing of another chat is touched or shown.

WATCHWORD_TEST_FORGED=10000 presses as many as the goal says, 200 in each house; the default run has one house.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import Discovery
from tests.fakes import BORIS, HALL, ROOM, entry
from tests.house import House, open_store

EACH = 200
PRESSES = int(os.environ.get("WATCHWORD_TEST_FORGED", EACH))
LETTERS = "abcdef0123456789 :/-_<>\"'()|&%ё中🙂\u202e\x00"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def _furnish(house: House) -> list[str]:
    """A room with everything in it; the commands of all its buttons."""
    await house.add_feed("fake:secret")
    for words in ("watch secrets topic:secrets", "list hidden = a1, b2", "follow secrets", "mute drills", "settings",
                  "rules", "sources", "mutes", "changes", "help", "watch a OR b AND c"):  # fmt: skip
        await house.say(words)
    await house.publish([entry(1, "Secrets are out", "Many secrets.", published_at=house.clock())], "fake:secret")
    return [button.command for post in house.chat.posts for button in post.message.buttons if button.command]


def _mutated(command: str, draw: random.Random) -> str:
    """The command with some of its letters changed, cut, doubled, or with another number."""
    letters = list(command)
    for _ in range(draw.randrange(4)):
        at = draw.randrange(len(letters) or 1)
        kind = draw.randrange(4)
        if kind == 0 and letters:
            letters[at] = draw.choice(LETTERS)
        elif kind == 1:
            letters.insert(at, draw.choice(LETTERS))
        elif kind == 2 and letters:
            del letters[at]
        else:
            letters += draw.choice((["1"], [" ", "2"], list(" alert:0123456789abcdef"), list(" yes")))
    return "".join(letters)


@pytest.mark.parametrize("seed", range(max(1, PRESSES // EACH)))
async def test_no_forged_press_crosses_into_another_chat(house: House, seed: int) -> None:
    commands = await _furnish(house)
    assert any("alert:" in command for command in commands)
    store, draw = house.store, random.Random(seed)
    own = store.subscriptions(ROOM)[0].id

    def room() -> list[object]:
        entries = store.audit_entries(ROOM, limit=99)
        feeds = [feed.url for feed in store.feeds(own)]
        return [store.rules(own), store.lists(own), feeds, store.preferences(ROOM), store.follows(ROOM), entries]

    before = room()
    house.source.found["fake:other"] = (Discovery(kind="fake", url="fake:other", title="Other"),)
    for number in range(EACH):
        pressed = _mutated(draw.choice(commands), draw)
        answer = await house.say(pressed, user=BORIS, to=HALL, admin=draw.random() < 0.5, reply_to=f"m{number % 9}")
        assert "internal error" not in answer, pressed
        typed = answer.partition("You typed:")[0]
        assert "secret" not in typed or "secret" in pressed, (pressed, answer)
    assert room() == before
