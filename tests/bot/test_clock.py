"""A clock that is set, forwards or back: nothing is silent for as long as it was wrong, and health says it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import load
from bot.core.alerts import corrections
from bot.core.clock import Reading, jump
from bot.core.visits.hosts import MOST, Hosts
from bot.errors import TransientError
from bot.ports import Store
from bot.ticking import ticking
from tests.fakes import NOON, FakeClock, entry, text_of
from tests.house import House, open_store
from tests.waiting import LONG, eventually

HOUR = timedelta(hours=1)
NEWS = {
    1: "Ministry sends troops across the river",
    2: "Orchestra of former troops plays in Lisbon",
    3: "Bakers feed troops with 40,000 loaves",
}


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store: Store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def alerted(house: House, number: int, **after: float) -> bool:
    """Whether news that is published now is told within that time."""
    house.source.entries["fake:news"] = [*house.source.entries.get("fake:news", ()), entry(number, NEWS[number])]
    before = len(house.chat.posts)
    await house.pipeline.tick()
    house.clock.forward(**after)
    await house.settle()
    return any(NEWS[number][:8] in text_of(post.message) for post in house.chat.posts[before:])


async def newsroom(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops")
    assert await alerted(house, 1, hours=2)


@pytest.mark.parametrize("length", [timedelta(hours=1), timedelta(days=1), timedelta(days=20_000)])
async def test_news_is_told_after_the_clock_went_back(house: House, length: timedelta) -> None:
    await newsroom(house)
    house.clock.set_by(seconds=-length.total_seconds())
    assert await alerted(house, 2, hours=1.2)
    (line,) = house.pipeline.timekeeper.remarks()
    assert line.startswith("the clock went back by ")
    assert await house.say("help"), "commands are answered"


@pytest.mark.parametrize("length", [timedelta(hours=1), timedelta(days=1)])
async def test_news_is_told_after_the_clock_went_forward_and_back_again(house: House, length: timedelta) -> None:
    await newsroom(house)
    house.clock.set_by(seconds=length.total_seconds())
    assert await alerted(house, 2, seconds=1), "all is due"
    assert "the clock went forward by" in house.pipeline.timekeeper.remarks()[0]
    house.clock.set_by(seconds=-length.total_seconds())
    assert await alerted(house, 3, hours=1.2)


async def test_news_is_told_when_the_clock_was_ahead_in_an_earlier_run(house: House) -> None:
    await newsroom(house)
    house.clock.set_by(days=-1)
    house.restart()
    assert await alerted(house, 2, hours=1.2)
    assert "ahead in an earlier run" in house.pipeline.timekeeper.remarks()[0]


async def test_what_health_says_of_the_clock_is_over_after_a_day(house: House) -> None:
    await house.pipeline.tick()
    house.clock.set_by(hours=-1)
    await house.pipeline.tick()
    assert house.pipeline.timekeeper.remarks()
    house.clock.forward(hours=25)
    await house.pipeline.tick()
    assert house.pipeline.timekeeper.remarks() == []


@pytest.mark.parametrize("moved", [-24, -1, 0])
async def test_the_pause_that_a_platform_asked_for_is_kept(house: House, moved: float) -> None:
    await house.pipeline.tick()
    house.chat.faults = [TransientError("too many", retry_after=HOUR)]
    assert await house.say("help") == ""
    await house.pipeline.tick()
    house.clock.set_by(hours=moved)
    await house.pipeline.tick()
    house.clock.forward(minutes=58)
    await house.settle()
    assert house.chat.posts == []
    house.clock.forward(minutes=3)
    await house.settle()
    assert len(house.chat.posts) == 1


def test_only_what_somebody_set_is_a_jump() -> None:
    before = Reading(NOON, 100.0)
    assert jump(before, Reading(NOON + 3 * HOUR, 100.0 + 3 * 3600)) == timedelta(), "three hours passed"
    assert jump(before, Reading(NOON + timedelta(seconds=4), 101.0)) == timedelta(), "it is being corrected"
    assert jump(before, Reading(NOON - HOUR, 101.0)) == -HOUR - timedelta(seconds=1)
    assert jump(before, Reading(NOON + HOUR, 100.0)) == HOUR


def test_an_article_of_the_future_is_visited_as_if_it_were_of_now() -> None:
    check = corrections.after_trouble(corrections.begin("d", "https://d.example/", NOON + 24 * HOUR), NOON)
    assert check.next_at == NOON + corrections.VISITS[1]


def test_the_turns_at_a_host_are_given_out_anew() -> None:
    hosts = Hosts()
    for _ in range(MOST):
        hosts.enter("h.example", NOON + 24 * HOUR)
    assert hosts.enter("h.example", NOON + 24 * HOUR)
    hosts.forget_turns()
    turn = hosts.enter("h.example", NOON)
    assert turn is not None
    assert turn < NOON + timedelta(seconds=2)


async def test_a_turn_of_a_clock_that_was_ahead_is_not_waited_for(house: House) -> None:
    await house.say("help")
    house.clock.set_by(days=-1)
    await asyncio.wait_for(house.pipeline.deliver._turn(house.chat), LONG)


@pytest.mark.parametrize("days", [-1, 20_000])
async def test_the_ticks_go_on_whatever_the_clock_does(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """APScheduler reads the machine's clock itself: here it is told another one."""
    import apscheduler.schedulers.asyncio as asyncio_scheduler
    import apscheduler.schedulers.base as base

    clock, ticks = FakeClock(), list[int]()

    class Now:
        @staticmethod
        def now(zone: object) -> object:
            return clock.forward(seconds=0.01)

    monkeypatch.setattr(base, "datetime", Now)
    assert asyncio_scheduler.AsyncIOScheduler

    async def tick() -> None:
        ticks.append(1)

    async with ticking({"tick": (tick, timedelta(seconds=1))}, clock, asyncio.Lock()):
        await asyncio.sleep(0.05)
        clock.set_by(days=days)
        clock.forward(seconds=2)
        await eventually(lambda: bool(ticks), "a tick")


async def test_health_says_that_the_clock_was_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app, clock = App(load(data=tmp_path / "data"), say=print, only_local=True), FakeClock()
    try:
        keeper = app.pipeline.timekeeper
        keeper._clock, keeper._steady = clock, clock.steady
        await app._tick()
        clock.set_by(hours=-1)
        await app._tick()
        ok, lines = await app.health()
        assert ok
        assert any(line.startswith("the clock went back by 1:00:00") for line in lines)
    finally:
        await app.stop()
