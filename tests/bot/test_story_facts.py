"""Rules that ask for facts of the document and of its story, through the whole flow."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.stories import owners
from bot.core.stories.facts import outlet_of, recalled, source_of
from bot.model import StoredDocument
from bot.reading.text.extract import to_document
from rules import Document
from rules.hosts import host_of, registrable
from tests.fakes import NOON, document, entry, text_of
from tests.house import House, open_store


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


TITLE = "Troop deployment to Ukraine"
BODY = "A troop deployment was announced. Ukraine agreed to it at once, said the minister in Kyiv on Monday."
LONGER = BODY + " The opposition wants a vote on it."
ADDRESS = "https://daily-courier.example/1"  # of the first entry


async def test_an_alert_for_two_sources_comes_with_the_second_outlets_report_and_not_with_copies(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    await house.say("watch troop sources>=2")
    assert await house.publish([entry(1, TITLE, BODY)], "fake:one") == []
    assert await house.publish([entry(2, TITLE, BODY + " ")], "fake:one") == []  # the same outlet again
    assert await house.publish([entry(3, TITLE, BODY, outlet="Morning Post")], "fake:two") == []  # the same words
    house.restart()
    (post,) = await house.publish([entry(4, TITLE, LONGER, outlet="Evening Wire", url=ADDRESS)], "fake:two")
    shown = text_of(post.message)
    assert "Evening Wire" in shown
    assert "Daily Courier" in shown
    relations = [stored.relation for stored in house.store.documents()]
    assert relations == ["", "copy", "copy", "version"]


async def test_what_another_feed_gives_again_stays_what_it_came_in_as(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    await house.publish([entry(1, TITLE, BODY), copied := entry(2, TITLE, BODY, outlet="Morning Post")], "fake:one")
    await house.say("watch troop sources>=2")
    await house.publish([copied], "fake:two")
    assert "Matches" not in str(house.chat.posts[-1].message)
    assert [stored.relation for stored in house.store.documents()] == ["", "copy"]


async def test_sources_within_a_time_count_from_publication(house: House) -> None:
    await house.add_feed("fake:one")
    await house.add_feed("fake:two")
    await house.say("watch troop sources>=2/30m")
    now = house.clock()
    first = entry(1, TITLE, BODY, published_at=now)
    late = entry(2, TITLE, LONGER, outlet="Evening Wire", url=ADDRESS, published_at=now + timedelta(minutes=50))
    more = LONGER + " Buses wait."
    soon = entry(3, TITLE, more, outlet="Morning Post", url=ADDRESS, published_at=now + timedelta(minutes=20))
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
    await house.publish([entry(2, TITLE, BODY, outlet="Morning Post")], "fake:one")
    await house.publish([entry(3, TITLE, LONGER, outlet="Evening Wire", url=ADDRESS)], "fake:one")
    documents = house.store.documents()
    assert len({stored.story_id for stored in documents}) == 1
    facts = [recalled(one, documents).story for one in documents]
    assert [(fact.is_first, len(fact.reports)) for fact in facts if fact] == [(True, 1), (False, 1), (False, 2)]


async def test_facts_of_documents_reach_the_rules_and_the_archive(house: House) -> None:
    await house.add_feed()
    await house.say("watch site:pravda.com.ua country:UA source:Pravda age<6h")
    found = entry(1, TITLE, BODY, outlet="Pravda", url="https://www.pravda.com.ua/n/1", published_at=house.clock())
    assert len(await house.publish([found])) == 1
    (stored,) = house.store.documents()
    assert (stored.document.country, stored.document.source) == ("UA", "Pravda")
    assert stored.document.received_at is not None


def counted(*reports: tuple[str, str]) -> list[int]:
    """How many sources there are with each report, given as (site, relation)."""
    stored = [
        StoredDocument(
            seq=number, document=document(number, site=site), feed_id="f", story_id="s", seen_at=NOON, relation=relation
        )
        for number, (site, relation) in enumerate(reports)
    ]
    return [len(facts.reports) for each in stored if (facts := recalled(each, stored).story)]


def test_copies_of_one_text_are_one_source_whoever_prints_them() -> None:
    assert counted(("a.example", ""), ("b.example", "copy"), ("c.example", "copy")) == [1, 1, 1]
    assert counted(("a.example", ""), ("b.example", "report"), ("c.example", "version")) == [1, 2, 3]
    # What copied first and then tells it in its own words is a source from then on.
    assert counted(("a.example", ""), ("b.example", "copy"), ("b.example", "report")) == [1, 1, 2]
    # The report that it copies has left the archive.
    assert counted(("b.example", "copy"), ("c.example", "copy"), ("d.example", "report")) == [1, 1, 2]


def test_outlets_of_one_owner_are_one_source() -> None:
    assert counted(("www.wsj.com", ""), ("nypost.com", "report"), ("thetimes.co.uk", "report")) == [1, 1, 1]
    assert counted(("wsj.com", ""), ("bild.de", "report"), ("welt.de", "report")) == [1, 2, 2]
    assert source_of(Document(id="1", site="The Sun", url="https://www.thesun.co.uk/1")) == "News Corp"


def test_every_listed_site_is_a_registered_one_and_has_one_owner() -> None:
    sites = [site for line in owners.OWNED.splitlines() for site in line.rpartition(":")[2].split()]
    assert len(sites) == len({*sites}) > 100
    assert [site for site in sites if registrable(host_of(site)) != site] == []
    assert owners.owner_of("somewhere.example") == ""


def test_an_outlet_is_one_source_whatever_its_host() -> None:
    assert outlet_of(document(1, site="news.bbc.co.uk")) == outlet_of(document(2, site="www.bbc.co.uk")) == "bbc.co.uk"
    assert outlet_of(document(3, site="Daily Courier")) == "daily courier"
    assert outlet_of(document(4, site="")) == "courier.example"


def test_an_entry_says_its_source_country_and_when_it_was_read() -> None:
    made = to_document(
        entry(1, "x", url="https://www.lemonde.fr/1", outlet=""), feed_title="Le Monde", feed_url="", now=NOON
    )
    assert (made.source, made.country, made.received_at) == ("Le Monde", "FR", NOON)
