"""A flood of commands slows its sender alone, who is notified; nobody else waits, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from bot.core.alerts import mutes
from bot.core.turns import MINUTE, Turns
from bot.model import Command, Mute, MuteKind, WatchRule
from bot.ports import Store
from tests.fakes import ANNA, ANNAS, BORIS, HALL, NOON, ROOM, FakeClock, Typist, document, text_of
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store: Store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def limit(house: House, per_minute: int) -> None:
    house.pipeline.answer._turns = Turns(per_minute)


async def flood(house: House, number: int) -> None:
    typist = Typist(house.clock, ANNA, ANNAS)
    for _ in range(number):
        house.store.receive(typist("rules"))


def said(house: House, words: str) -> int:
    return sum(words in text for text in house.chat.texts())


async def minutes(house: House, number: float) -> None:
    """Seconds pass, with a tick each."""
    for _ in range(round(number * 60)):
        house.clock.forward(seconds=1)
        await house.pipeline.tick()
        await house.pipeline.answer.slots.idle()
        await house.pipeline.deliver.slots.idle()


async def test_a_flood_waits_and_its_sender_reads_so_once_a_minute(house: House) -> None:
    limit(house, 5)
    await flood(house, 12)
    await minutes(house, 0.5)
    assert said(house, "more than 5 commands within a minute") == 1
    assert len(house.store.waiting(limit=9)) == 1
    assert len(house.chat.posts) == 6
    await minutes(house, 1)
    assert said(house, "more than 5 commands within a minute") == 2
    await minutes(house, 1)
    assert house.store.waiting(limit=9) == [], "nothing is lost"
    assert len(house.chat.posts) == 14


async def test_another_person_is_answered_during_a_flood_of_a_thousand(house: House) -> None:
    limit(house, 5)
    await flood(house, 1000)
    house.store.receive(Typist(house.clock, BORIS, HALL)("help watch"))
    await house.pipeline.answer.slots.idle()
    await house.pipeline.deliver.slots.idle()
    assert [post.destination for post in house.chat.posts if "watch <rule>" in text_of(post.message)] == [HALL]


async def test_in_one_chat_a_flood_lets_others_through(house: House) -> None:
    anna, boris = Typist(house.clock, ANNA, ROOM), Typist(house.clock, BORIS, ROOM)
    for _ in range(50):
        house.store.receive(anna("rules"))
    house.store.receive(boris("help watch"))
    order = list[str]()
    carry_out = house.pipeline.answer._apply

    def noting(command: Command, *more: object) -> None:
        order.append(command.user.name)
        carry_out(command, *more)  # type: ignore[arg-type]

    house.pipeline.answer._apply = noting  # type: ignore[method-assign]
    await house.pipeline.answer.slots.idle()
    assert order.index("Boris") <= 1
    assert len(order) == 51


async def test_what_a_platform_reports_is_never_held_back(house: House) -> None:
    limit(house, 1)
    await flood(house, 1)
    event = replace(Typist(house.clock, ANNA, ANNAS)("bot-removed"), event=True)
    house.store.receive(event)
    await house.pipeline.answer.slots.idle()
    assert house.store.waiting(limit=9) == []


def test_turns_go_round_and_a_minute_passes() -> None:
    turns, clock = Turns(2), FakeClock()
    anna, boris = Typist(clock, ANNA, ROOM)("rules"), Typist(clock, BORIS, HALL)("rules")
    turns.take(anna, 0.0)
    assert turns.order([anna, boris]) == [boris, anna]
    turns.take(boris, 0.0)
    assert turns.order([anna, boris]) == [anna, boris]
    turns.take(anna, 1.0)
    assert not turns.is_free(anna, 2.0)
    assert turns.is_free(boris, 2.0)
    assert turns.is_to_be_notified(anna, 2.0)
    assert not turns.is_to_be_notified(anna, 3.0)
    assert turns.is_free(anna, MINUTE), "the first one was a minute ago"


def test_three_thousand_mutes_of_a_chat_are_parsed_once() -> None:
    made = [
        Mute(id=f"m{n}", kind=MuteKind.RULE, what=f'"kite {n}" NEAR/5 harbour', destination=ROOM, created_at=NOON)
        for n in range(3000)
    ]
    rule = WatchRule(id="r", number=1, channel_id="c", owner=ANNA, topic="t", text="troops", created_at=NOON)
    news = document(1, "Troops leave", published_at=NOON)
    mutes._parsed.cache_clear()
    for _ in range(3):
        assert mutes.silencing(made, rule, news, ()) is None
    assert mutes._parsed.cache_info().misses == 3000
