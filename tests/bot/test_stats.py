"""`stats`: what came here is counted by days, outlets and topics; on both stores."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import registry
from bot.core.alerts.tally import tally
from bot.core.alerts.volume import alerted, volume
from bot.model import LedgerLine, Reason
from tests.fakes import HALL, NOON, ROOM, entry
from tests.house import House, open_store

DAY = timedelta(days=1)


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def line(document: str, reason: Reason, ago: timedelta) -> LedgerLine:
    at = NOON - ago
    return LedgerLine(document_id=document, story_id="s", destination=ROOM, rule_ids=("r",), reason=reason, at=at)


def test_days_are_those_of_the_zone_and_the_busiest_is_the_latest_of_equals() -> None:
    lines = [
        line("a", Reason.NEW_STORY, 2 * DAY),
        line("b", Reason.MUTED, 2 * DAY),
        line("c", Reason.NEW_SOURCE, DAY),
        line("d", Reason.PROBABLE, timedelta(hours=13)),  # 23:00 UTC of the day before: today in Kyiv
    ]
    came = alerted(tally(lines))
    assert volume(came, NOON - 2 * DAY, NOON, ZoneInfo("UTC")).counts == (1, 1, 0)
    kyiv = volume(came, NOON - 2 * DAY, NOON, ZoneInfo("Europe/Kyiv"))
    assert kyiv.counts == (1, 0, 1)
    assert kyiv.busiest == (NOON.date(), 1)
    assert kyiv.bars == ((1, 0, 1), "day")


def test_of_long_times_a_bar_is_a_week_that_ends_today() -> None:
    lines = [
        line("a", Reason.NEW_STORY, 39 * DAY),
        line("b", Reason.NEW_STORY, 7 * DAY),
        line("c", Reason.NEW_STORY, DAY),
    ]
    bars = volume(lines, NOON - 39 * DAY, NOON, ZoneInfo("UTC")).bars
    assert bars == ([1, 0, 0, 0, 1, 1], "week")


async def furnish(house: House) -> None:
    await house.add_feed()
    await house.say("watch bridge topic:bridges")
    await house.say("watch tunnel topic:works")
    await house.publish([entry(1, "Old bridge", "It was the bridge of the mills.")])
    house.clock.forward(days=2)
    found = [entry(2, "New tunnel", "A tunnel below the river.", outlet="Wire"), entry(3, "Iron bridge", "For trains.")]
    await house.publish(found)


async def test_the_numbers_of_a_chat(house: House) -> None:
    await furnish(house)
    shown = await house.say("stats 3d")
    assert "3 alerts in 3d" in shown
    assert "▁▅▁█" in shown
    assert "Each bar is a day, 01 Mar to today." in shown
    assert "Per day: 0.8" in shown
    assert "Busiest day: Wed 04 Mar (2)" in shown
    assert "Outlets: Daily Courier 2, Wire 1" in shown
    assert "Topics: bridges 2, works 1" in shown
    assert "No alert in 30d." in await house.say("stats", to=HALL)


async def test_of_one_topic(house: House) -> None:
    await furnish(house)
    shown = await house.say('stats "Bridges" 1w')
    assert "2 alerts on “bridges” in 1w" in shown
    assert "Topics" not in shown
    assert "1 alert on “works” in 30d" in await house.say("stats works")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("stats cats", "No rule here has the topic “cats”."),
        ("stats cats 3d", "No rule here has the topic “cats”."),
        ("stats 400d", "too long ago"),
        ("stats 7zz", "is no length"),
    ],
)
async def test_what_cannot_be_counted_is_told(house: House, typed: str, answer: str) -> None:
    await furnish(house)
    assert answer in await house.say(typed)
