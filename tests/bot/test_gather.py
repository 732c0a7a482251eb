"""Documents of several feeds that come at once: taken in together, and each feed's trouble its own."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.model import Feed
from bot.pipeline.gather import MOST_AT_ONCE, Gather
from bot.pipeline.ingest import Ingest, Ingested, Intake
from bot.pipeline.match import Matcher
from bot.pipeline.render import Renderer
from bot.stores.memory import Memory
from tests.contracts.made import feed
from tests.fakes import FakeClock, document
from tests.house import write_here


class Slow(Ingest):
    """Waits for its turn, remembers what came together, and breaks at a document called "bad"."""

    def __init__(self) -> None:
        store = Memory()
        matcher = Matcher(store)
        super().__init__(store, matcher, Renderer(store, matcher))
        self.rounds: list[list[str]] = []

    def documents(self, intakes: Sequence[Intake], now: datetime) -> list[Ingested]:
        self.rounds.append([intake.feed.id for intake in intakes])
        if any(each.title == "bad" for intake in intakes for each in intake.documents):
            raise ZeroDivisionError
        return super().documents(intakes, now)


async def later(function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
    await asyncio.sleep(0.01)
    return await write_here(function, *args, **kwargs)


def some(number: int, count: int = 1) -> tuple[Feed, list]:  # type: ignore[type-arg]
    return feed(number), [document(100 * number + each, f"Title {number} {each}") for each in range(count)]


async def test_what_comes_while_others_are_taken_in_goes_together() -> None:
    ingest = Slow()
    gather = Gather(ingest, later, FakeClock())  # type: ignore[arg-type]
    outcomes = await asyncio.gather(*(gather(*some(number)) for number in range(4)))
    assert ingest.rounds == [["f0"], ["f1", "f2", "f3"]]
    assert [outcome.new for outcome in outcomes] == [1, 1, 1, 1]
    await asyncio.gather(*(gather(*some(number, MOST_AT_ONCE)) for number in range(4, 7)))
    assert ingest.rounds[2:] == [["f4"], ["f5"], ["f6"]], "no transaction grows beyond what others can wait for"


async def test_one_feeds_trouble_is_its_own() -> None:
    ingest = Slow()
    gather = Gather(ingest, later, FakeClock())  # type: ignore[arg-type]
    first = asyncio.ensure_future(gather(*some(1)))
    await asyncio.sleep(0)
    bad = asyncio.ensure_future(gather(feed(2), [document(1, "bad")]))
    good = asyncio.ensure_future(gather(*some(3)))
    assert (await first).new == 1
    with pytest.raises(ZeroDivisionError):
        await bad
    assert (await good).new == 1


async def test_who_is_cancelled_takes_nobody_along() -> None:
    gather = Gather(Slow(), later, FakeClock())  # type: ignore[arg-type]
    first, second = asyncio.ensure_future(gather(*some(1))), asyncio.ensure_future(gather(*some(2)))
    await asyncio.sleep(0.015)  # the second one is under way
    third, fourth = asyncio.ensure_future(gather(*some(3))), asyncio.ensure_future(gather(*some(4)))
    await asyncio.sleep(0)
    for asked in (first, second, third):
        asked.cancel()
    assert (await fourth).new == 1


async def test_the_same_document_from_two_feeds_at_once_is_one_report() -> None:
    store = Memory()
    matcher = Matcher(store)
    ingest = Ingest(store, matcher, Renderer(store, matcher))
    clock = FakeClock()
    both = [Intake(feed=feed(number), documents=[document(1, "Same")]) for number in (1, 2)]
    assert [outcome.new for outcome in ingest.documents(both, clock())] == [1, 1]
    assert len(store.documents()) == 1
    assert [store.known_documents(each, [document(1).id]) for each in ("f1", "f2")] == [{document(1).id}] * 2
