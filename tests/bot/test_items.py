"""What a source calls its items decides before likeness: versions of one, other items behind one name or address."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.core.visits.items import names_of
from bot.model import Entry, Reason
from tests.fakes import NOON, ROOM, text_of
from tests.house import House, open_store

GATE = "The lock gate at Brill was closed at noon, because a barge had struck its lower hinge."
HOUR = timedelta(hours=1)


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def item(
    title: str,
    content: str = GATE,
    *,
    name: str = "a1",
    url: str = "https://canal.example/gate",
    at: datetime | None = NOON + HOUR,
) -> Entry:
    return Entry(id=name, url=url, title=title, content=content, is_html=False, published_at=at)


async def ready(house: House, rule: str = "lock OR gate OR canal", *there: Entry) -> None:
    house.source.entries["fake:news"] = [*there]
    await house.add_feed()
    await house.say(f"watch {rule}")


async def then(house: House, *entries: Entry) -> tuple[list[str], list[str]]:
    """The feed as it is now, read two hours later: texts of new alerts, and of edits."""
    house.source.entries["fake:news"] = [*entries]
    edits = len(house.chat.edits)
    posts = await house.publish([])
    return [text_of(post.message) for post in posts], [text_of(edit.message) for edit in house.chat.edits[edits:]]


async def test_a_rewritten_headline_and_text_edit_the_alert(house: House) -> None:
    await ready(house)
    assert len((await then(house, item("Lock gate at Brill closed")))[0]) == 1
    rewritten = item("Barge crew blamed for damage at Brill", "Divers look at the gate; the barge lies at the quay.")
    posts, edits = await then(house, rewritten)
    assert posts == []
    assert [edit.splitlines()[0] for edit in edits] == ["Barge crew blamed for damage at Brill"]
    assert "[gate]" in edits[0]


async def test_a_name_used_again_for_something_else_is_news_with_its_own_text(house: House) -> None:
    await ready(house)
    await then(house, item("Lock gate at Brill closed"))
    weekly = item("Canal museum opens", "The canal museum shows forty paintings from Sunday on.", at=NOON + 2 * HOUR)
    posts, edits = await then(house, weekly)
    assert edits == []
    assert ["forty paintings" in post for post in posts] == [True]


async def test_a_template_with_other_figures_a_week_later_is_news_though_its_name_is_the_same(house: House) -> None:
    def report(level: int, days: int) -> Entry:
        text = f"The canal stood at {level} centimetres below the lock on Monday morning, the keeper said."
        return item("Canal level", text, at=NOON + timedelta(days=days))

    await ready(house)
    await then(house, report(312, 0))
    house.clock.forward(days=7)
    posts, _ = await then(house, report(455, 7))
    assert ["455" in post for post in posts] == [True]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
async def test_notices_with_names_of_their_own_behind_one_address_are_apart(
    house: House, order: tuple[int, int], together: bool
) -> None:
    text = "Valve K of the lock leaks {} litres an hour, the keeper of the canal says; boats may pass at walking pace."
    both = [item("Lock notice", text.format(litres), name=name) for name, litres in (("k1", "4.1"), ("k2", "73.0"))]
    entries = [both[number] for number in order]
    await ready(house)
    if together:
        posts, _ = await then(house, *entries)
    else:
        posts = [(await then(house, entry))[0][0] for entry in entries]
    assert sorted("73.0" in post for post in posts) == [False, True]


async def test_a_changed_figure_under_one_name_edits_the_alert(house: House) -> None:
    text = "Valve K of the lock leaks {} litres an hour, the keeper of the canal says; boats may pass at walking pace."
    await ready(house)
    await then(house, item("Lock notice", text.format("4.1")))
    posts, edits = await then(house, item("Lock notice", text.format("73.0")))
    assert (posts, ["73.0" in edit for edit in edits]) == ([], [True])


async def test_the_counter_in_a_title_edits_the_alert(house: House) -> None:
    await ready(house)
    await then(house, item("Storm on the canal (3)"))
    posts, edits = await then(house, item("Storm on the canal (5)"))
    assert (posts, len(edits)) == ([], 1)


async def test_the_same_item_five_days_later_at_another_address_is_not_told_again(house: House) -> None:
    await ready(house)
    await then(house, item("Lock gate at Brill closed"))
    house.clock.forward(days=5)
    posts, _ = await then(house, item("Lock gate at Brill closed", url="https://canal.example/archive/77"))
    assert posts == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            item("Lock gate", name="http://canal.example/gate", url="http://canal.example/gate"),
            item("Lock gate", name="https://www.canal.example/gate", url="https://www.canal.example/gate"),
        ),
        (item("Lock gate"), item("Lock gate", f"{GATE}\n\n1,204 views")),
        (item("Lock gaet closed"), item("Lock gate closed", url="https://canal.example/gate-closed")),
        (item("Lock gate"), item("Lock gate", name="other")),
        (item("Lock gate"), item("Lock gate", f"{GATE} It will be mended by Friday.", name="other")),
        (item("Lock gate"), item("Gate at Brill mended", "Divers mended the hinge; the gate at Brill works again.")),
    ],
    ids=["scheme", "counter", "typo", "renamed", "renamed and longer", "rewritten"],
)
async def test_what_was_there_at_the_first_visit_stays_old(house: House, before: Entry, after: Entry) -> None:
    await ready(house, "lock OR gate", before)
    assert await then(house, after) == ([], [])
    lines = house.store.ledger(ROOM, since=NOON - timedelta(days=1))
    assert {line.reason for line in lines} <= {Reason.OLD, Reason.FIRST_POLL}
    house.restart()
    posts, _ = await then(house, after, item("Lock keeper retires", "He kept it for forty years.", name="z", url=""))
    assert [post.splitlines()[0] for post in posts] == ["[Lock] keeper retires"]


async def test_an_item_that_came_later_and_matches_only_after_an_edit_is_told_with_its_hit(house: House) -> None:
    await ready(house, "hinge")
    await then(house, item("Lock gate at Brill closed", "It was closed at noon."))
    posts, _ = await then(house, item("Lock gate at Brill closed", "It was closed at noon. A hinge broke."))
    assert ["[hinge]" in post for post in posts] == [True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("http://a.example/x", "http://a.example/y"), ("https://www.a.example/x", "https://a.example/y/")),
        (("17", "https://a.example/y?utm_source=rss"), ("17", "http://a.example/y")),
    ],
)
def test_names_that_are_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert names_of(*one, "https://a.example/feed") == names_of(*other, "https://a.example/feed")


def test_addresses_that_name_nothing() -> None:
    assert names_of("", "https://a.example/", "https://a.example/feed").all == ()
    assert names_of("", "https://a.example/page", "https://a.example/page#text=.price").all == ()
    assert len(names_of("https://a.example/x", "https://a.example/x", "https://a.example/feed").all) == 1
    assert len({names_of("", f"https://a.example/x{part}", "").address for part in ("", "#1", "#2")}) == 3


async def test_the_back_catalogue_is_archived_and_told_in_the_ledger_as_old(house: House) -> None:
    await ready(house, "lock")
    old = item("Lock of 2019", "The lock was drained.", name="old", url="", at=NOON - timedelta(days=2500))
    assert await then(house, old) == ([], [])
    assert [line.reason for line in house.store.ledger(ROOM, since=NOON)] == [Reason.OLD]
    again = item("Lock of 2019", "The lock was drained, and gilded.", name="old", url="", at=old.published_at)
    assert await then(house, again) == ([], [])


async def test_a_rule_that_asks_for_an_age_is_obeyed(house: House) -> None:
    await ready(house, "lock AND age<9d")
    await house.say("watch lock topic:other")
    old = item("Lock of last week", "The lock was drained.", at=NOON - timedelta(days=5))
    (post,), _ = await then(house, old)
    assert "rule 1" in post
    assert "rule 2" not in post


async def test_what_was_published_while_nobody_looked_is_news(house: House) -> None:
    await ready(house, "lock")
    house.clock.forward(days=9)
    posts, _ = await then(house, item("Lock drained", "It was drained.", at=NOON + timedelta(days=1)))
    assert len(posts) == 1


async def test_an_item_that_came_in_time_is_news_however_late_it_is_edited(house: House) -> None:
    await ready(house, "hinge")
    await then(house, item("Lock gate at Brill closed", "It was closed at noon."))
    house.clock.forward(days=6)
    await then(house, item("Lock gate at Brill closed", "It was closed at noon."))
    posts, _ = await then(house, item("Lock gate at Brill closed", "It was closed at noon. A hinge broke."))
    assert ["[hinge]" in post for post in posts] == [True]
