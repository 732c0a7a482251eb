"""Named lists in a chat, and the rules that use them."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.stores.sqlite import SCHEMA
from tests.fakes import ANNA, BORIS, HALL, entry
from tests.house import House, open_store


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


async def test_a_list_is_made_lengthened_shortened_shown_and_removed(house: House) -> None:
    assert "no lists yet" in await house.say("list")
    made = await house.say('list outlets = Reuters, AP, "Al Jazeera"')
    assert "Made: @outlets with 3 terms" in made
    assert 'Reuters OR AP OR "Al Jazeera"' in made
    assert "4 terms" in await house.say("list Outlets + Bild")
    shorter = await house.say("list outlets - ap, al jazeera")
    assert "2 terms" in shorter
    assert "Reuters OR Bild" in shorter
    assert "used by no rule" in await house.say("list")
    assert "Bild" in await house.say("list outlets")
    assert "To have it back: list outlets = Reuters, Bild" in await house.say("list remove outlets")
    assert "no lists yet" in await house.say("list")


async def test_add_makes_a_list_or_lengthens_it(house: House) -> None:
    assert "Made: @aid with 2 terms" in await house.say("list add aid = relief, convoy")
    assert "Changed: @aid with 3 terms" in await house.say("list add @Aid shelter")
    assert "Made: @add with 1 term" in await house.say("list add = troops")
    assert "Which words" in await house.say("list add other")


async def test_what_cannot_be_done_is_said(house: House) -> None:
    broken = await house.say("list war = troops, (soldiers OR")
    assert "^" in broken
    assert "Try: list war = " in broken
    assert "is no name" in await house.say("list 9!x = a")
    await house.say("list war = troops, soldiers")
    assert "is not in the list" in await house.say("list war - tanks")
    assert "Nothing would be left" in await house.say("list war - troops, soldiers")
    assert "There is no list @peace" in await house.say("list peace + x")
    assert "Which words" in await house.say("list war =")
    assert "@war -> @all -> @war" in (await house.say("list all = @war, x")) + await house.say("list war + @all")


async def test_only_admins_change_lists(house: House) -> None:
    assert "Only this chat's admins" in await house.say("list war = troops", user=BORIS, admin=False)


async def test_a_list_in_use_is_not_removed_nor_changed_so_that_its_rules_break(house: House) -> None:
    await house.say("list war = troops, soldiers")
    await house.say("list all = @war, tanks")
    await house.say("watch @all NEAR/3 Ukraine topic:war")
    refused = await house.say("list remove war")
    assert "rule 1 “war”" in refused
    assert "list all" in refused
    assert "could not be read any more" in await house.say("list war = troops AND soldiers")
    assert "troops, soldiers" in await house.say("list war")


async def test_a_list_belongs_to_its_chat(house: House) -> None:
    await house.say("list war = troops")
    assert "there is no list @war here" in await house.say("watch @war AND Ukraine", to=HALL)


async def test_rules_follow_their_list_with_the_next_document(house: House) -> None:
    await house.add_feed()
    await house.say("list outlets = Reuters, AP")
    assert "@outlets AND Ukraine" in await house.say("watch @outlets AND Ukraine")
    assert not await house.publish([entry(1, "Bild on Ukraine", "Bild reports from Ukraine.")])
    await house.say("list outlets + Bild")
    (post,) = await house.publish([entry(2, "Bild again on the harbour", "Bild writes of Ukraine and its harbour.")])
    assert post.alert_key
    house.restart()
    assert await house.publish([entry(3, "AP looks at grain", "AP writes of Ukraine and of grain in spring.")])


async def test_a_rule_with_an_unknown_list_is_refused_with_the_nearest(house: House) -> None:
    await house.say("list outlets = Reuters, AP")
    assert "Try: @outlets AND Ukraine" in await house.say("watch @outlet AND Ukraine")
    await house.say("watch troops AND Ukraine")
    assert "there is no list @nothing here" in await house.say("edit 1 @nothing")


async def test_a_mute_keeps_the_list_as_it_was(house: House) -> None:
    await house.add_feed()
    await house.say("list sport = football, tennis")
    await house.say("watch Ukraine")
    assert "as they are now" in await house.say("mute everyone @sport for 2d")
    assert [mute.what for mute in house.store.mutes(house.clock())] == ["football OR tennis"]
    await house.say("list remove sport")
    assert not await house.publish([entry(1, "Tennis in Ukraine", "A tennis match in Ukraine ends.")])


async def test_lists_of_many_are_paged(house: House) -> None:
    for number in range(10):
        await house.say(f"list l{number} = word{number}", user=ANNA)
    assert "Lists (1 of 2)" in await house.say("list")
    assert "@l9" in await house.say("list 2")


def test_documents_of_before_keep_the_time_at_which_they_were_read() -> None:
    database = sqlite3.connect(":memory:")
    first, second = ((SCHEMA / f"{name}.sql").read_text("utf-8") for name in ("001_first", "002_lists"))
    database.executescript(first)
    database.execute(
        "insert into documents (id, title, body, url, author, lang, tags, site, feed_id, story_id, seen_at)"
        " values ('d', '', '', '', '', '', '[]', '', 'f', 's', 7)"
    )
    database.executescript(second)
    assert database.execute("select received_at, source, country from documents").fetchall() == [(7, "", "")]
    database.close()


@pytest.mark.parametrize("rule", ["title:@war", "@war^ AND Ukraine", "Ukraine NOT SENT @war", "min:2 of (@war,Kyiv)"])
async def test_a_list_under_an_operator_is_in_use(house: House, rule: str) -> None:
    await house.say("list war = troops, soldiers")
    await house.say(f"watch {rule} topic:war")
    assert "rule 1 “war”" in await house.say("list remove war")
    assert "troops, soldiers" in await house.say("list war")


async def test_a_mute_of_a_list_in_a_part_of_the_text_keeps_the_list_as_it_was(house: House) -> None:
    await house.add_feed()
    await house.say("list sport = football, tennis")
    assert "as they are now" in await house.say("mute everyone title:@sport for 2d")
    assert [mute.what for mute in house.store.mutes(house.clock())] == ["title:(football OR tennis)"]
