"""Articles that alerted are read again: corrections, retractions, changed facts edit the alert; nothing else does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.core.alerts import corrections
from bot.core.alerts.corrections import MISSES, MOST, VISITS, Text, compare
from bot.errors import PermanentError, TransientError
from bot.model import Correction, CorrectionCheck
from tests.contracts.made import feed
from tests.fakes import HALL, NOON, entry, text_of
from tests.house import House, open_store

NEWS = (
    "The ferry struck a pier at the harbour on Monday. Twelve people were hurt, the coast guard said. "
    "The company, Nordline, said that 12 of them went home. Service resumes on Tuesday. The pier is closed. "
    "Engineers look at the hull. The minister travels to Odesa."
)


def changed(old: str, new: str, text: str = NEWS) -> list[tuple[str, str, str]]:
    assert old in text
    found = compare(Text("Ferry accident", text), Text("Ferry accident", text.replace(old, new)), NOON)
    return [(one.kind, one.before, one.after) for one in found]


def test_another_number_name_or_denial_is_told_with_the_words_around_it() -> None:
    assert changed("12 of them", "14 of them") == [
        ("change", "The company, Nordline, said that 12 of them went home.",
         "The company, Nordline, said that 14 of them went home.")
    ]  # fmt: skip
    assert changed("to Odesa", "to Mykolaiv") == [
        ("change", "The minister travels to Odesa.", "The minister travels to Mykolaiv.")
    ]
    assert [kind for kind, *_ in changed("Service resumes", "Service does not resume")] == ["change"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the coast guard said", "the coast guard told us"),
        ("The pier is closed.", "The pier is closed. A second ship was 30 minutes late."),
        ("The pier is closed. ", ""),
        ("Engineers look at the hull.", "Divers look at the hull."),
        ("on Monday", "on Monday morning"),
        ("Twelve people", "Twelve  people"),
    ],
)
def test_rewording_and_added_or_cut_sentences_are_not_told(old: str, new: str) -> None:
    assert changed(old, new) == []


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Correction: an earlier version misstated the pier.", "correction"),
        ("In einer früheren Version hieß es, der Hafen sei zu.", "correction"),
        ("Уточнення: йдеться про інший причал.", "correction"),
        ("Une version précédente citait un autre quai.", "correction"),
        ("This story has been retracted.", "retraction"),
    ],
)
def test_the_editors_own_word_is_quoted(note: str, kind: str) -> None:
    assert changed("The pier is closed.", f"The pier is closed. {note}") == [(kind, "", note)]
    with_note = NEWS + " " + note
    assert changed("hull", "bow", with_note) == []  # a note that was there from the beginning is no news


@pytest.mark.parametrize(
    ("before", "after"),
    [("12 comments", "14 comments"), ("Read 1,200 times", "Read 1,300 times"), ("3 hours ago.", "4 hours ago.")],
)
def test_counters_of_the_page_are_not_told(before: str, after: str) -> None:
    assert changed(before, after, f"{NEWS} The harbour office has {before} {before}. {before}") == []
    assert changed(before, after, f"{NEWS}\n\n{before}\n\nMore follows soon, they said.") == []


def test_another_text_at_the_address_is_no_edit() -> None:
    other = "Fares rise by 9 percent. Nordline blames Kyiv. The board met 3 times. Riders protest. Buses are full."
    assert compare(Text("Ferry accident", NEWS), Text("Fares", other), NOON) == []


def test_a_title_can_be_corrected() -> None:
    (edit,) = compare(Text("Ferry hits pier, 12 hurt", NEWS), Text("Ferry hits pier, 14 hurt", NEWS), NOON)
    assert (edit.before, edit.after) == ("Ferry hits pier, 12 hurt", "Ferry hits pier, 14 hurt")


texts = st.lists(st.sampled_from(["Troops left.", "12 hurt in Odesa.", "Correction: not 12.", "\n", "a b", "…", "“"]))


@given(texts.map(" ".join), texts.map(" ".join))
def test_any_two_texts_can_be_compared_and_a_text_with_itself_gives_nothing(one: str, other: str) -> None:
    assert len(compare(Text("", one), Text("", other), NOON)) <= MOST
    assert compare(Text(one, one), Text(one, one), NOON) == []


def test_long_texts_are_compared_quickly() -> None:
    import time

    many = [f"Word{number} said {number} things about the harbour today." for number in range(4000)]
    start = time.process_time()
    compare(Text("", " ".join(many)), Text("", " ".join(f"{one[:-1]} again 7." for one in many)), NOON)
    assert time.process_time() - start < 5


# ------------------------------------------------------------------------------------------------------ the timetable


def test_visits_grow_apart_and_end_after_two_days() -> None:
    it, at, seen = corrections.begin("d", "https://a.example/", NOON), NOON, []
    while it.next_at is not None:
        at = it.next_at
        seen.append(at - NOON)
        it = corrections.after_reading(it, Text("t", "x"), at)
    assert tuple(seen) == VISITS
    assert seen[-1] == timedelta(hours=48)


def test_a_process_that_slept_makes_up_for_it_with_one_visit() -> None:
    it = corrections.begin("d", "https://a.example/", NOON)
    after = corrections.after_reading(it, Text("t", "x"), NOON + timedelta(hours=5))
    assert after.next_at == NOON + timedelta(hours=8)


def test_a_page_that_is_gone_is_told_once_it_is_sure_and_taken_back_when_it_returns() -> None:
    never = corrections.begin("d", "https://a.example/", NOON)
    for _ in range(MISSES + 1):
        never = corrections.after_miss(never, NOON)
    assert never.corrections == ()  # it was never there: the address is wrong, the article may be well
    it = corrections.after_reading(corrections.begin("d", "https://a.example/", NOON), Text("t", NEWS), NOON)
    kinds = []
    for _ in range(MISSES + 1):
        it = corrections.after_miss(it, NOON)
        kinds.append([edit.kind for edit in it.corrections])
    assert kinds == [[], ["removed"], ["removed"]]
    assert corrections.after_reading(it, Text("t", NEWS), NOON).corrections == ()


# --------------------------------------------------------------------------------------------------------- in the house


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    it = House(store)
    it.source.links_articles = True
    yield it
    store.close()


PAGE = "<html><head><title>Ferry accident</title></head><body><article>{}</article></body></html>"
URL, ADDRESS = "https://news.example/ferry", "https://feed.example/rss"


def show(house: House, text: str) -> None:
    paragraphs = "".join(f"<p>{part}.</p>" for part in text.rstrip(".").split(". "))
    house.web.pages[URL] = PAGE.format(paragraphs)


async def alerted(house: House) -> None:
    await house.add_feed(ADDRESS)
    await house.say("watch ferry")
    await house.say("watch ferry", to=HALL)
    (post,) = await house.publish([entry(1, "Ferry accident", NEWS, url=URL)], ADDRESS)
    assert post.alert_key
    show(house, NEWS)
    house.clock.forward(minutes=11)
    await house.settle()


async def later(house: House, **length: float) -> list[str]:
    """The texts of the edits that came of it."""
    before = len(house.chat.edits)
    house.clock.forward(**length)
    await house.settle()
    return [text_of(one.message) for one in house.chat.edits[before:]]


async def test_a_correction_edits_the_alert_and_never_posts(house: House) -> None:
    await alerted(house)
    posts = len(house.chat.posts)
    assert await later(house, minutes=20) == []
    show(house, NEWS.replace("12 of them", "14 of them"))
    (edit,) = await later(house, hours=1)
    assert "Changed by Daily Courier (seen 15:31 UTC): “The company, Nordline, said that 12 of them" in edit
    assert "14 of them went home.”" in edit
    assert "The [ferry] struck a pier" in edit  # the source's words as they were archived
    assert await later(house, hours=3) == []
    house.restart()
    assert await later(house, hours=44) == []
    assert len(house.chat.posts) == posts
    assert house.web.visits.count(URL) == 6  # once as an article; of the nine checks the clock leapt over four
    assert await later(house, hours=48) == []


async def test_a_later_report_keeps_the_correction(house: House) -> None:
    await alerted(house)
    show(house, NEWS + " Correction: the pier is open.")
    assert len(await later(house, hours=1)) == 1
    assert await house.publish([entry(2, "Ferry accident", NEWS, outlet="Evening Post")], ADDRESS) == []
    edit = text_of(house.chat.edits[-1].message)
    assert "Also reported by Evening Post" in edit
    assert "Corrected by Daily Courier" in edit


async def test_a_removed_page_is_said_and_trouble_is_not(house: House) -> None:
    await alerted(house)
    house.web.pages[URL] = TransientError("busy")
    assert await later(house, minutes=30) == []
    house.web.pages[URL] = PermanentError("it refuses us")
    assert await later(house, hours=1) == []
    house.web.pages[URL] = PermanentError("not found", missing=True)
    assert await later(house, hours=4) == []
    (edit,) = await later(house, hours=4)
    assert "Removed by Daily Courier (seen " in edit
    assert "Below is what it said." in edit


async def test_what_is_no_article_is_not_read_again(house: House) -> None:
    house.source.links_articles = False
    await house.add_feed()
    await house.say("watch ferry")
    await house.publish([entry(1, "Ferry accident", NEWS, url=URL)])
    await later(house, hours=48)
    assert house.web.visits == []


def test_a_check_is_kept_claimed_once_and_forgotten_with_the_archive(house: House) -> None:
    store = house.store
    store.add_feed(feed(1), "c")
    assert store.correction_check("d1") is None
    edit = Correction(kind="change", before="a\ud800", after="b", seen_at=NOON)
    early = CorrectionCheck(
        document_id="d1", url="https://a.example/1", since=NOON, next_at=NOON, text="x", corrections=(edit,)
    )
    store.save_correction_check(early)
    store.save_correction_check(CorrectionCheck(document_id="d2", url="https://a.example/2", since=NOON, next_at=None))
    store.save_correction_check(corrections.begin("d3", "https://a.example/3", NOON))
    kept = store.correction_check("d1")
    assert kept is not None
    assert (kept.next_at, kept.text, kept.corrections[0].after) == (NOON, "x", "b")
    lease = timedelta(minutes=2)
    assert [one.document_id for one in store.claim_correction_checks(NOON, limit=9, lease=lease)] == ["d1"]
    assert store.claim_correction_checks(NOON + timedelta(minutes=1), limit=9, lease=lease) == []
    assert [one.document_id for one in store.claim_correction_checks(NOON + lease, limit=9, lease=lease)] == ["d1"]
    store.end_leases()
    assert len(store.claim_correction_checks(NOON + timedelta(hours=1), limit=1, lease=lease)) == 1
    store.drop_before(NOON + timedelta(seconds=1))
    assert store.correction_check("d1") is None
