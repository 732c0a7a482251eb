"""`missed`: the sum holds, and what was withheld is listed with its reason; on both stores."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.core.alerts.tally import tally
from bot.model import LedgerLine, Reason
from tests.fakes import GONE, HALL, NOON, ROOM, entry
from tests.house import House, open_store

BODY = "A troop deployment was announced in the capital on Monday. " * 3 + "Ukraine agreed to it at once, they said."


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def line(document: str, reason: Reason, minutes: int = 0, rules: tuple[str, ...] = ("r",)) -> LedgerLine:
    at = NOON + timedelta(minutes=minutes)
    return LedgerLine(document_id=document, story_id="s", destination=ROOM, rule_ids=rules, reason=reason, at=at)


def test_each_match_counts_once_by_what_it_came_to() -> None:
    lines = [
        line("a", Reason.NEW_STORY),
        line("a", Reason.DUPLICATE, 1),  # another feed gave it, too
        line("b", Reason.NEW_STORY, 2),
        line("b", Reason.FAILED, 3),
        line("c", Reason.MUTED, 4),
        line("d", Reason.OLD, 5),
        line("e", Reason.NEW_SOURCE, 6),
        line("f", Reason.NEW_SOURCE, 7, rules=()),  # joined a story without a hit: no match
        line("a", Reason.APART, 8),  # what somebody said
    ]
    counted = tally(lines)
    assert counted.counts == {"failed": 1, "sent": 1, "folded": 1, "muted": 1, "old": 1}
    assert [each.document_id for each in counted.withheld()] == ["d", "c", "b"]


async def test_the_sum_names_every_fate_and_lists_what_was_withheld(house: House) -> None:
    await house.add_feed()
    await house.say("watch troop AND Ukraine topic:troops")
    await house.say("watch bridge topic:bridges")
    assert "No match." in await house.say("missed")
    first = entry(1, "Troop deployment to Ukraine", BODY)
    await house.publish([first])
    await house.publish([replace(first, id="e2", url="https://wire.example/2", outlet="Wire")])
    await house.say("mute everyone bridges")
    await house.publish([entry(3, "Bridge closed", "The bridge was closed after the flood of the night.")])
    shown = await house.say("missed")
    assert "3 matches = 1 sent + 1 in edits of alerts + 1 muted." in shown
    assert "Bridge closed (Daily Courier): muted (“bridges”)" in shown
    assert "No match." in await house.say("missed", to=HALL)


async def test_what_could_not_be_delivered_is_there(house: House) -> None:
    await house.add_feed()
    await house.say("watch troop topic:troops")
    house.chat.broken["room"] = GONE
    await house.publish([entry(1, "Troop deployment", BODY)])
    house.chat.broken.clear()
    assert "1 match = 1 failed." in await house.say("missed 2d")


async def test_lengths_and_pages(house: House) -> None:
    await house.add_feed()
    await house.say("watch bridge topic:bridges")
    await house.say("mute everyone bridges")
    kinds = ["stone", "steel", "rope", "wooden", "iron", "narrow", "broken", "golden", "covered", "floating"]
    await house.publish(
        [entry(n, f"The {kind} bridge", f"About the {kind} bridge of town {n}.") for n, kind in enumerate(kinds)]
    )
    first, second = await house.say("missed 1w"), await house.say("missed 1w 2")
    assert first.count(": muted") == 8
    assert second.count(": muted") == 2
    assert "10 matches = 10 muted." in second
    house.clock.forward(days=3)
    assert "No match." in await house.say("missed 2d")
    assert "“banana” is no length or time" in await house.say("missed banana")
    assert "still to come" in await house.say("missed tomorrow")
    assert "too long" in await house.say("missed 200d")


@pytest.mark.parametrize(
    ("typed", "since"),  # it is Monday, 12:00 UTC: 14:00 in Kyiv
    [
        ("missed", "Sun 01 Mar 2026, 14:00 EET"),
        ("missed 2", "Sun 01 Mar 2026, 14:00 EET"),
        ("missed yesterday", "Sun 01 Mar 2026, 00:00 EET"),
        ("missed since monday", "Mon 02 Mar 2026, 00:00 EET"),
        ("missed since monday 9", "Mon 02 Mar 2026, 09:00 EET"),
        ("missed since saturday page 2", "Sat 28 Feb 2026, 00:00 EET"),
        ("missed last week", "Mon 23 Feb 2026, 00:00 EET"),
        ("missed 3d 2", "Fri 27 Feb 2026, 14:00 EET"),
        ("missed since 9:00", "Mon 02 Mar 2026, 09:00 EET"),
        ("missed seit gestern", "Sun 01 Mar 2026, 00:00 EET"),
    ],
)
async def test_since_when_in_the_zone_of_the_chat(typed: str, since: str) -> None:
    house = House(open_store("memory", Path()))
    await house.say("timezone Kyiv")
    assert f"Since {since}" in await house.say(typed)


async def test_the_buttons_of_a_page_keep_the_time(house: House) -> None:
    await house.add_feed()
    await house.say("watch bridge topic:bridges")
    await house.say("mute everyone bridges")
    kinds = ["stone", "steel", "rope", "wooden", "iron", "narrow", "broken", "golden", "covered"]
    await house.publish(
        [entry(n, f"The {kind} bridge", f"About the {kind} bridge of town {n}.") for n, kind in enumerate(kinds)]
    )
    await house.say("missed since yesterday 9:00")
    (more,) = house.chat.posts[-1].message.buttons
    assert (await house.say(more.command)).count(": muted") == 1
    (back,) = house.chat.posts[-1].message.buttons
    assert back.command == "missed since yesterday 9:00 page 1"
