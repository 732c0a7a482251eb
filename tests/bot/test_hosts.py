"""One host's feeds never take all places: the others are put back, each for a time of its own."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.core.visits.hosts import MOST, Hosts, host_of
from bot.model import Channel, Feed, Poll
from bot.pipeline.collect import AT_ONCE
from tests.fakes import ANNA, NOON, ROOM, FakeSource
from tests.house import House, open_store

SECOND = timedelta(seconds=1)


def test_a_host_lets_so_many_in_and_gives_the_others_times_of_their_own() -> None:
    hosts = Hosts()
    assert [hosts.enter("a.example", NOON) for _ in range(MOST)] == [None] * MOST
    later = [hosts.enter("a.example", NOON) for _ in range(10)]
    times = [one for one in later if one is not None]
    assert len(times) == 10
    assert times == sorted(set(times))
    assert times[0] > NOON
    assert hosts.enter("b.example", NOON) is None


def test_who_leaves_makes_room_and_slow_visits_space_the_others_out() -> None:
    hosts = Hosts()
    for _ in range(MOST):
        hosts.enter("a.example", NOON)
    for _ in range(8):  # each takes 60 s; as one leaves, one comes
        hosts.leave("a.example", NOON, NOON + 60 * SECOND)
        assert hosts.enter("a.example", NOON + 60 * SECOND) is None
    at = NOON + 60 * SECOND
    first, second = hosts.enter("a.example", at), hosts.enter("a.example", at)
    assert first is not None
    assert second is not None
    assert second - first == pytest.approx(60 * SECOND / MOST, abs=SECOND)


def test_what_has_no_host_is_never_held() -> None:
    hosts = Hosts()
    assert {hosts.enter(host_of("seeds/news"), NOON) for _ in range(1000)} == {None}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 7200)), max_size=200))
def test_never_more_than_that_are_under_way(steps: list[tuple[str, int]]) -> None:
    """Visits end after their length; over hours, so that forgetting takes place as well."""
    hosts, now, under_way = Hosts(), NOON, list[tuple[str, int]]()
    for host, length in steps:
        now += 40 * SECOND
        for one in [one for one in under_way if NOON + one[1] * SECOND <= now]:
            under_way.remove(one)
            hosts.leave(one[0], NOON, now)
        later = hosts.enter(host, now)
        if later is None:
            under_way.append((host, int((now - NOON).total_seconds()) + length))
        else:
            assert later > now
            assert Counter(name for name, _ in under_way)[host] == MOST
        assert max(Counter(name for name, _ in under_way).values(), default=0) <= MOST


class Hanging(FakeSource):
    """slow.example does not answer until it is let go; the others do at once."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()
        self.read = Counter[str]()
        self.at_once = self.most = 0

    async def poll(self, feed: Feed) -> Poll:
        self.read[feed.id] += 1
        if host_of(feed.url) == "slow.example":
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await self.answers.wait()
            self.at_once -= 1
        return Poll(cursor="read")


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store, source=Hanging())
    store.close()


async def test_a_host_that_hangs_delays_only_its_own_feeds(house: House) -> None:
    source = house.source
    assert isinstance(source, Hanging)
    slow = [f"https://slow.example/{number}" for number in range(AT_ONCE * 3)]
    good = [f"https://good{number}.example/" for number in range(20)]
    house.store.save_channel(Channel(id="c", owner=ANNA, home=ROOM))
    for number, url in enumerate([*slow, *good]):  # the slow ones are the most overdue
        feed = Feed(id=f"f{number:03}", kind="fake", url=url, next_poll_at=NOON - timedelta(minutes=1))
        house.store.add_feed(feed if url in slow else replace(feed, next_poll_at=NOON), "c")
    for _ in range(200):
        await house.pipeline.collect.slots.fill()
        await asyncio.sleep(0)
    assert [source.read[f"f{number:03}"] for number in range(len(slow), len(slow) + len(good))] == [1] * len(good)
    assert source.most == MOST
    source.answers.set()
    for _ in range(60):  # the others have their turns
        await house.pipeline.collect.slots.idle()
        house.clock.forward(seconds=1)
    assert set(source.read) == {f"f{number:03}" for number in range(len(slow) + len(good))}
    assert set(source.read.values()) == {1}
