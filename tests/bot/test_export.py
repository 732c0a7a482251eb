"""`export` and `import everything`: there and back, in parts, and what cannot be read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.commands import export
from bot.errors import UserError
from bot.model import Destination, Preferences, Run
from bot.ports import Export
from bot.reading.imports import takeout
from bot.reading.imports.takeout import HEADER, Line
from tests.fakes import HALL, NOON, ROOM
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    made = House(store)
    made.source.export = Export.FEED
    yield made
    store.close()


FURNITURE = (
    "list arms = tanks, guns, \"main battle tank\"",
    "watch troops AND @arms topic:troops",
    "watch “old bridge” OR /bridge: \\d+/ topic:\"bridges: all\"",
    "watch drill NOT exercise",
    "edit 1 urgent",
    "pause 2 until 15:00",
    "pause 3",
    "settings format compact",
    "settings source host",
    "timezone Kyiv",
    "quiet 22:00-07:00 urgent only",
    "digest weekly mon 8:30",
    "source every 1 5m",
    "mute troops for 2h",
    "mute site courier.example",
    "mute everyone drill",
    "follow troops",
)  # fmt: skip


async def furnish(house: House) -> None:
    await house.add_feed("https://courier.example/feed")
    for words in FURNITURE:
        answer = await house.say(words)
        assert "You typed" not in answer, answer


def text_shown(house: House) -> str:
    blocks = house.chat.posts[-1].message.blocks
    runs: list[Run] = [run for block in blocks if block.kind == "code" for run in block.runs]
    return "".join(run.text for run in runs)


def things(house: House, place: Destination) -> dict[str, object]:
    """All that shall be the same."""
    store = house.store
    channel = store.subscriptions(place)[0]
    plain = {"id": "", "channel_id": "", "number": 0}
    chosen: Preferences = store.preferences(place)
    mutes = [each for each in store.mutes(house.clock.now) if each.user or each.destination == place]
    return {
        "rules": [replace(rule, **plain, created_at=NOON) for rule in store.rules(channel.id)],
        "lists": [replace(each, channel_id="") for each in store.lists(channel.id)],
        "settings": replace(chosen, owner=None),
        "sources": [(each.kind, each.url, store.pace(channel.id, each.id)) for each in store.feeds(channel.id)],
        "mutes": sorted((each.kind, each.what, each.until, each.user is None) for each in mutes),
        "follows": [each.topic for each in store.follows(place)],
    }


async def test_there_and_back_everything_is_equal(house: House) -> None:
    await furnish(house)
    await house.say("export")
    text = text_shown(house)
    assert text.startswith("watchword export 1\n")
    assert "rule troops [urgent]: troops AND @arms" in text
    assert 'rule "bridges: all" [paused until 2026-03-02 15:00:00Z]:' in text
    answer = await house.say(f"import everything {text}", to=HALL)
    assert "Imported: 1 list, 5 settings, 3 rules, 1 source, 1 mute, 1 follow." in answer
    assert "troops is muted already" in answer  # what somebody mutes is theirs in all chats
    assert things(house, HALL) == things(house, ROOM)
    await house.say("export", to=HALL)
    assert text_shown(house) == text


async def test_what_is_there_stays_and_undo_takes_all_of_it_back(house: House) -> None:
    await furnish(house)
    await house.say("export")
    text, before = text_shown(house), things(house, ROOM)
    answer = await house.say(f"import {text}")
    assert "Nothing was imported: all of it is here already" in answer
    assert "rule 1 “troops” is the same" in answer
    assert things(house, ROOM) == before
    await house.say("list arms = knives", to=HALL)
    answer = await house.say(f"import everything\n{text}", to=HALL)
    assert "the list arms is here already, with other words; it stays as it is" in answer
    await house.say("undo", to=HALL)
    assert house.store.rules(house.store.subscriptions(HALL)[0].id) == []


async def test_faults_name_their_lines_and_nothing_is_saved(house: House) -> None:
    text = "watchword export 1\nrule troops: troops\n\nrule drills: drill AND (\nsetting format: loud\nmute x [topik]"
    answer = await house.say(f"import everything {text}")
    assert "Nothing was imported." in answer
    for fault in ("Line 4 (rule “drills”)", "Line 5: “loud” is nothing that the setting format can be", "Line 6"):
        assert fault in answer
    assert house.store.rules() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "does not begin as an export does"),
        ("rule troops: troops", "does not begin as an export does"),
        ("watchword export 2\nrule x: y", "of version 2"),
        ("watchword export 1\n", "nothing in that export"),
        ("watchword export 1\nbanana x: y", "Line 2 begins with “banana”"),
        ("watchword export 1\n# a remark\n[x]", "Line 3 cannot be read"),
        ('watchword export 1\nrule "x\\z": y', "Line 2 has a name"),
        ("watchword export 1\nmute troops AND [rule]", "Line 2 (mute “troops AND”)"),
        ("watchword export 1\nrule x [paused until noon]: y", "“noon” is no time"),
    ],
)
async def test_what_is_no_export_is_told(house: House, text: str, fault: str) -> None:
    assert fault in await house.say(f"import everything {text}")


async def test_no_folder_of_the_machine_is_taken_over(house: House) -> None:
    text = "watchword export 1\nsource x [directory]: /etc\nsource y [fake]: /etc/passwd\nrule a: b"
    answer = await house.say(f"import everything {text}")
    assert "Line 2: a source of the kind directory cannot be taken over here" in answer
    assert "Line 3: /etc/passwd is no address" in answer
    assert house.store.feeds(house.store.subscriptions(ROOM)[0].id) == []


async def test_what_is_long_comes_in_parts_that_can_each_be_read_and_whole_on_the_local_page(house: House) -> None:
    rules = [f"rule r{n}: {' AND '.join(f'word{n}x{each}' for each in range(8))}" for n in range(40)]
    await house.say("\n".join(["import everything", HEADER, *rules]))
    channel = house.store.subscriptions(ROOM)[0]
    await house.say("export")
    parts = [text_shown(house)]
    while more := [each for each in house.chat.posts[-1].message.buttons if each.label.startswith("More")]:
        await house.say(more[0].command)
        parts.append(text_shown(house))
    assert len(parts) > 1
    assert max(map(len, parts)) < export.MOST_CHARACTERS + 100
    for part in parts:
        await house.say(f"import everything {part}", to=HALL)
    assert export._parts(rules, whole=True)[0] == ["\n".join([HEADER, *rules])]
    there = house.store.subscriptions(HALL)[0]
    assert [rule.text for rule in house.store.rules(there.id)] == [rule.text for rule in house.store.rules(channel.id)]


async def test_what_cannot_be_taken_along_is_said(house: House) -> None:
    house.source.export = Export.NOT
    await house.add_feed()
    await house.say("watch troops")
    answer = await house.say("export")
    assert "Not in it, because nobody else could read it: 1 fake." in answer
    assert "fake:news" not in answer


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
texts = st.lists(names.map(str.strip), min_size=1, max_size=3).map("\n".join).filter(lambda text: "```" not in text)


@given(st.lists(st.tuples(st.sampled_from(takeout.WORDS), names, texts), min_size=1, max_size=5))
def test_any_name_and_text_comes_back(found: list[tuple[str, str, str]]) -> None:
    lines = [
        Line(word=word, name=name, text="\n".join(text.splitlines()), options=("a b",)) for word, name, text in found
    ]
    read = takeout.read("\n".join([HEADER, *takeout.write(lines)]))
    assert [replace(line, number=0) for line in read] == lines


def test_a_line_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(UserError, match="Line 2"):
        takeout.read(f"{HEADER}\n{'rule ' * 20_000}[")
