"""`source check` and `source every`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.errors import TransientError
from bot.model import Feed
from tests.fakes import HALL, ROOM, entry, text_of
from tests.house import House, open_store

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def feed_of(house: House) -> Feed:
    return next(iter(house.store.feeds(house.store.subscriptions(ROOM)[0].id)))


async def posts(house: House, words: str) -> list[str]:
    before = len(house.chat.posts)
    await house.say(words)
    return [text_of(post.message) for post in house.chat.posts[before:] if not post.alert_key]


async def test_a_visit_now_tells_what_it_brought(house: House) -> None:
    await house.add_feed()
    house.clock.forward(minutes=2)
    house.source.entries["fake:news"] = [entry(1, "Old bridge"), entry(2, "New bridge")]
    looking, done = await posts(house, "source check 1")
    assert "Looking at Feed fake:news now." in looking
    assert "was read now: something new." in done
    assert "Newest: New bridge, Mon 02 Mar 2026, 12:02 UTC" in done
    house.clock.forward(minutes=2)
    assert "nothing new" in (await posts(house, "source check 1"))[1]
    assert feed_of(house).health.asked == ()


async def test_a_source_that_was_read_just_now_is_not_asked_again(house: House) -> None:
    await house.add_feed()
    await house.publish([entry(1, "New bridge")])
    house.source.faults["fake:news"] = AssertionError("must not be asked")
    answer = await posts(house, "source check 1")
    assert len(answer) == 1
    assert "was read just now." in answer[0]
    assert "New bridge" in answer[0]


async def test_a_visit_that_fails_says_why(house: House) -> None:
    await house.add_feed()
    house.clock.forward(minutes=2)
    house.source.faults["fake:news"] = TransientError("it answered 503")
    told = (await posts(house, "source check 1"))[1]
    assert "could not be read now" in told
    assert "it answered 503" in told
    assert "Next try: " in told


async def test_who_asked_is_told_after_a_restart_too(house: House) -> None:
    await house.add_feed()
    house.clock.forward(minutes=2)
    await house.pipeline.answer.receive(house.typists["fake//anna", "fake//room/"]("source check 1"))
    await house.pipeline.answer.slots.idle()
    house.restart()
    before = len(house.chat.posts)
    await house.settle()
    assert "nothing new" in text_of(house.chat.posts[-1].message)
    assert len(house.chat.posts) == before + 2


async def test_an_interval_of_its_own_holds_through_news_and_none(house: House) -> None:
    await house.add_feed()
    assert "is read every 5 minutes from now on" in await house.say("source every 1 5m")
    assert feed_of(house).interval == 5 * MINUTE
    for number in range(3):
        house.source.entries["fake:news"] = [entry(number, f"Bridge {number}")]
        house.clock.forward(minutes=6)
        await house.settle()
        assert feed_of(house).interval == 5 * MINUTE
    assert "every 5 minutes" in await house.say("sources")
    assert "every 2 hours from" in await house.say("source every 1 2h")
    await house.say("undo")
    assert feed_of(house).every == 5 * MINUTE
    assert "its rhythm asks again" in await house.say("source every 1 usual")
    assert feed_of(house).every is None


async def test_another_chats_source_is_read_at_least_as_often(house: House) -> None:
    await house.add_feed()
    await house.add_feed(to=HALL)
    assert "is read at least every 2 hours" in await house.say("source every 1 2h")
    house.clock.forward(hours=3)
    await house.settle()
    assert feed_of(house).interval < timedelta(hours=1)
    await house.say("source every 1 3m")
    house.clock.forward(hours=1)
    await house.settle()
    assert feed_of(house).interval == 3 * MINUTE


async def test_undo_of_a_removed_source_brings_its_interval_back(house: House) -> None:
    await house.add_feed()
    await house.say("source every 1 5m")
    await house.say("source remove 1")
    await house.say("undo")
    assert feed_of(house).every == 5 * MINUTE


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("source every 1", "How often?"),
        ("source every 1 30s", "is no interval of 1 minute to 7 days"),
        ("source every 1 3w", "is no interval of 1 minute to 7 days"),
        ("source every 1 until monday", "is no interval of 1 minute to 7 days"),
        ("source every 1 sometimes", "is no interval of 1 minute to 7 days"),
        ("source every 9 5m", "no source “9”"),
        ("source check 9", "no source “9”"),
    ],
)
async def test_what_cannot_be_read_is_told(house: House, typed: str, answer: str) -> None:
    await house.add_feed()
    assert answer in await house.say(typed)
    assert feed_of(house).every is None
