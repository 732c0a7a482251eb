"""`search`: what the chat's own sources brought, newest first, on pages; on both stores."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.commands import search
from tests.fakes import HALL, NOON, entry
from tests.house import House, open_store

NAMES = ["Adler", "Birch", "Cedar", "Drake", "Ebony", "Finch", "Grove"]


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def bridges(house: House, count: int = 7) -> None:
    """A source with as many reports, each an hour younger than the one before."""
    await house.add_feed()
    entries = [
        entry(
            number,
            f"{name} bridge opens",
            f"After {number + 3} years the bridge of {name} was opened. Nobody came.",
            published_at=NOON + timedelta(hours=number - 30),
        )
        for number, name in enumerate(NAMES[:count])
    ]
    await house.publish(entries)


def buttons(house: House) -> dict[str, str]:
    return {button.label: button.command for button in house.chat.posts[-1].message.buttons}


async def test_hits_come_newest_first_with_outlet_time_and_a_marked_excerpt(house: House) -> None:
    await bridges(house)
    shown = await house.say("search opens AND bridge")
    assert "7 hits (page 1 of 2) for opens AND bridge" in shown
    assert [name for name in NAMES if f"{name} [bridge]" in shown] == NAMES[2:]
    assert shown.index("Grove") < shown.index("Finch") < shown.index("Cedar")
    assert "Daily Courier, Sun 01 Mar 2026, 12:00 UTC" in shown
    blocks = house.chat.posts[-1].message.blocks
    marked = [run.text for block in blocks if block.kind == "quote" for run in block.runs if "hit" in run.styles]
    assert marked == ["bridge"] * 5
    links = [run for block in blocks if block.kind == "item" for run in block.runs if run.url]
    assert {run.url for run in links} >= {"https://daily-courier.example/6"}
    assert ("bridge", ("hit",)) in {(run.text, run.styles) for run in links}


async def test_pages_turn_and_watch_saves_the_same_text(house: House) -> None:
    await bridges(house)
    await house.say("search bridge in 7d")
    assert buttons(house) == {"More ›": "search bridge in 7d page 2", "Watch": "watch bridge"}
    second = await house.say(buttons(house)["More ›"])
    assert "(page 2 of 2)" in second
    assert [name for name in NAMES if f"{name} [bridge]" in second] == NAMES[:2]
    assert buttons(house)["‹ Back"] == "search bridge in 7d page 1"
    assert "(page 2 of 2)" in await house.say("search bridge page 99")
    assert "Watching: rule 1" in await house.say(buttons(house)["Watch"])


async def test_a_rule_that_no_button_can_carry_says_how_to_go_on(house: House) -> None:
    await bridges(house)
    rule = " OR ".join(f"{name.lower()}" for name in NAMES)
    shown = await house.say(f"search {rule} in 7d")
    assert f"More: search {rule} in 7d page 2" in shown
    assert "More ›" not in buttons(house)


async def test_only_so_far_back(house: House) -> None:
    await bridges(house)
    assert "4 hits for bridge, since Sun 01 Mar" in await house.say("search bridge in 29h")
    assert "7 hits" in await house.say("search bridge in the last 3 days")
    assert "too long ago" in await house.say("search bridge in 900w")
    nothing = await house.say("search bridge in 1h")
    assert "Nothing matches bridge." in nothing
    assert "Searched: 0 documents" in nothing


async def test_what_is_no_length_belongs_to_the_rule(house: House) -> None:
    await bridges(house)
    assert "Nothing matches bridge in 7zz." in await house.say("search bridge in 7zz")
    assert "7 hits" in await house.say('search "the bridge" in page 1 OR bridge')


async def test_nobody_finds_what_only_others_read(house: House) -> None:
    await bridges(house)
    assert "nothing to read yet" in await house.say("search bridge", to=HALL)
    await house.add_feed("fake:other", to=HALL)
    answer = await house.say("search bridge", to=HALL)
    assert "Nothing matches bridge." in answer
    assert "Searched: 0 documents" in answer
    assert "Adler" not in answer


async def test_faults_have_a_caret_and_nothing_typed_asks(house: House) -> None:
    await bridges(house, 1)
    assert "^" in await house.say("search troops AND (")
    assert "What shall I search for?" in await house.say("search")


async def test_a_search_that_was_cut_short_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await bridges(house)
    monkeypatch.setattr(search, "PATIENCE_SECONDS", -1.0)
    monkeypatch.setattr("bot.commands._backtest._CHUNK", 2)
    shown = await house.say("search words>3")
    assert "Cut short" in shown
    assert "only the newest 2 documents were tried" in shown
