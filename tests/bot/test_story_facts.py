"""Rules that ask for facts of the document and of its story, through the whole flow."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.stories.facts import outlet_of, recalled
from bot.reading.text.extract import to_document
from tests.fakes import NOON, document, entry, text_of
from tests.house import House, open_store


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


TITLE = "Troop deployment to Ukraine"
BODY = "A troop deployment was announced. Ukraine agreed to it at once, said the minister in Kyiv on Monday."


async def test_an_alert_for_two_sources_comes_with_the_second_outlets_report(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    await house.say("watch troop sources>=2")
    assert await house.publish([entry(1, TITLE, BODY)], "fake:one") == []
    assert await house.publish([entry(2, TITLE, BODY + " ")], "fake:one") == []  # the same outlet again
    house.restart()
    (post,) = await house.publish([entry(3, TITLE, BODY, outlet="Evening Wire")], "fake:two")
    shown = text_of(post.message)
    assert "Evening Wire" in shown
    assert "Daily Courier" in shown


async def test_sources_within_a_time_count_from_publication(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    await house.say("watch troop sources>=2/30m")
    now = house.clock()
    first = entry(1, TITLE, BODY, published_at=now)
    late = entry(2, TITLE, BODY, outlet="Evening Wire", published_at=now + timedelta(minutes=50))
    soon = entry(3, TITLE, BODY, outlet="Morning Post", published_at=now + timedelta(minutes=20))
    assert await house.publish([first], "fake:one") == []
    assert await house.publish([late], "fake:two") == []
    assert len(await house.publish([soon], "fake:one")) == 1


async def test_new_only_takes_the_report_that_opens_a_story(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    assert await house.publish([entry(1, TITLE, BODY)], "fake:one") == []
    await house.say("watch troop new:only")
    assert await house.publish([entry(2, TITLE, BODY, outlet="Evening Wire")], "fake:two") == []
    other = entry(3, "Troop of apes in the zoo", "A troop of apes came to the zoo of Berlin, where they eat apples.")
    assert len(await house.publish([other], "fake:two")) == 1


async def test_an_archived_document_is_recalled_as_it_was_matched(house: House) -> None:
    await house.add_feed("fake:one")
    await house.publish([entry(1, TITLE, BODY)], "fake:one")
    await house.publish([entry(2, TITLE, BODY, outlet="Evening Wire")], "fake:one")
    first, second = house.store.documents()
    assert first.story_id == second.story_id
    story = house.store.story_documents(first.story_id)
    facts = [recalled(one, story).story for one in (first, second)]
    assert [(fact.is_first, len(fact.reports)) for fact in facts if fact] == [(True, 1), (False, 2)]


async def test_facts_of_documents_reach_the_rules_and_the_archive(house: House) -> None:
    await house.add_feed()
    await house.say("watch site:pravda.com.ua country:UA source:Pravda age<6h")
    found = entry(1, TITLE, BODY, outlet="Pravda", url="https://www.pravda.com.ua/n/1", published_at=house.clock())
    assert len(await house.publish([found])) == 1
    (stored,) = house.store.documents()
    assert (stored.document.country, stored.document.source) == ("UA", "Pravda")
    assert stored.document.received_at is not None


def test_an_outlet_is_one_source_whatever_its_host() -> None:
    assert outlet_of(document(1, site="news.bbc.co.uk")) == outlet_of(document(2, site="www.bbc.co.uk")) == "bbc.co.uk"
    assert outlet_of(document(3, site="Daily Courier")) == "daily courier"
    assert outlet_of(document(4, site="")) == "courier.example"


def test_an_entry_says_its_source_country_and_when_it_was_read() -> None:
    made = to_document(
        entry(1, "x", url="https://www.lemonde.fr/1", outlet=""), feed_title="Le Monde", feed_url="", now=NOON
    )
    assert (made.source, made.country, made.received_at) == ("Le Monde", "FR", NOON)
