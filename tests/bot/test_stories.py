"""Story grouping: what joins, what never joins, and the figures that docs/stories.md gives."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.grouper import Grouper
from bot.core.stories.judging import Placement
from bot.model import content_id
from rules.document import Document
from tests.bot.newsdesk import BODY, EDITS, NOW, SEEDS, Draw, doc, group_documents, notices, seed_documents, stream


def second(first: Document, later: Document, *, after: timedelta = timedelta(hours=1)) -> Placement:
    grouper = Grouper()
    grouper.place(first, NOW)
    return grouper.place(later, NOW + after)


# -------------------------------------------------------------------------------------------------------------- joins


def test_a_new_story_takes_its_id_from_its_first_document() -> None:
    placement = Grouper().place(doc("a"), NOW)
    assert (placement.relation, placement.story_id, placement.like) == ("new", content_id("story", "a"), "")


def test_equal_texts_join_whatever_their_case_and_punctuation() -> None:
    later = doc("b", BODY.upper().replace(",", " -"), title="LIGHTHOUSE ON GULL POINT TO BE REBUILT!")
    placement = second(doc("a"), later)
    assert (placement.relation, placement.like, placement.why) == ("copy", "a", "the same text")


def test_a_cut_copy_with_agency_line_and_another_headline_joins() -> None:
    cut = "GULL POINT (Nordwire) - " + BODY.rsplit("\n\n", 1)[0] + "\n\nReporting by the Nordwire coast desk"
    placement = second(doc("a"), doc("b", cut, title="UPDATE 2 - Board agrees to rebuild the lighthouse"))
    assert placement.relation == "copy"
    assert "no name, number or date differs" in placement.why


def test_the_longer_original_joins_after_its_cut_copy() -> None:
    assert second(doc("a", BODY.rsplit("\n\n", 1)[0]), doc("b")).relation == "copy"


def test_a_copy_says_us_for_united_states() -> None:
    first = BODY.replace("the coast fund", "a fund of the United States")
    assert second(doc("a", first), doc("b", first.replace("United States", "U.S."))).relation == "copy"


def test_a_changed_text_at_the_same_address_is_a_version_although_one_figure_changed() -> None:
    at = "https://coast.example/lighthouse"
    later = doc("b", BODY.replace("2.4 million", "2.9 million"), url=at + "?utm_source=feed", title="Costs grow")
    placement = second(doc("a", url=at), later)
    assert (placement.relation, placement.like) == ("version", "a")
    assert "same address" in placement.why


def test_a_flash_grows_into_a_report_at_its_address() -> None:
    at = "https://coast.example/flash"
    assert second(doc("a", "Lighthouse on Gull Point to be rebuilt", url=at), doc("b", url=at)).relation == "new"
    flash = BODY.split(",")[0] + "."
    assert second(doc("a", flash, url=at), doc("b", url=at)).relation == "version"


def test_the_same_headline_on_the_same_site_is_a_version_when_only_words_were_added() -> None:
    later = doc("b", BODY + "\n\n" + "Tenders are open. " * 20, site="coast.example", url="https://coast.example/2")
    assert second(doc("a", site="coast.example", url="https://coast.example/1"), later).relation == "version"


def test_short_texts_join_only_when_equal() -> None:
    short = "Explosions heard in Podil, Kyiv."
    assert second(doc("a", short, title=""), doc("b", "explosions heard in Podil, Kyiv", title="")).relation == "copy"
    assert second(doc("a", short, title=""), doc("b", short + " Sirens.", title="")).relation == "new"


# -------------------------------------------------------------------------------------------------------- never joins


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Gull Point", "Seal Point"),
        ("in May", "in June"),
        ("2.4 million", "2.4 billion"),
        ("2.4 million", "3.1 million"),
        ("Edith Marlow", "Ruben Marlow"),
        ("crew of four", "crew of five"),
        ("Edith Marlow", "Edith Marlowe"),  # Hansen and Hanson: nearly spelled alike is another person
    ],
)
def test_one_differing_slot_vetoes_and_is_named(old: str, new: str) -> None:
    placement = second(doc("a", title=""), doc("b", BODY.replace(old, new), title=""))
    assert placement.relation == "new"
    assert f"it has {new.split()[-1 if old.split()[0] == new.split()[0] else 0]} where" in placement.why


@pytest.mark.parametrize(
    ("old", "new"), [("Sudan", "South Sudan"), ("was found", "was not found"), ("2.4 in", "2.4 million in")]
)
def test_a_lone_word_that_turns_the_meaning_vetoes(old: str, new: str) -> None:
    first = BODY + " The judge in Sudan was found guilty, at a cost of 2.4 in all."
    later = "".join(new.join(first.rsplit(old, 1)))
    assert second(doc("a", first, title=""), doc("b", later, title="")).relation == "new"


def test_swapped_names_are_another_match() -> None:
    text = (
        "Easton beat Kelm 2-1 at Quay Park in the rain. The visitors protested against the first goal, but the referee "
        "waved play on and most of the crowd agreed with him long after the end of the game."
    )
    other = text.replace("Easton", "#").replace("Kelm", "Easton").replace("#", "Kelm")
    assert second(doc("a", text, title=""), doc("b", other, title="")).relation == "new"


def test_equal_boilerplate_under_different_headlines_stays_apart() -> None:
    wall = "Please log in or buy a subscription to read on. " + "With a subscription you read all articles. " * 4
    assert second(doc("a", wall, title="Mayor resigns"), doc("b", wall, title="Bridge closed")).relation == "new"
    advice = "Branches may break. Secure what stands outside, keep away from trees. " * 4
    hamburg = doc("a", advice, title="Storm Warning For Hamburg")
    assert second(hamburg, doc("b", advice, title="Storm Warning For Bremen")).relation == "new"


def test_a_front_page_address_merges_nothing() -> None:
    other = "Farmers on the Kelm plain have begun to sow maize two weeks early because the soil is warm. " * 3
    for at in ("https://coast.example/", "https://coast.example/news"):
        assert second(doc("a", url=at), doc("b", other, title="Early maize", url=at)).relation == "new"


def test_a_page_that_always_shows_the_latest_notice_merges_nothing() -> None:
    at = "https://quake.example/latest"
    told = (
        "A magnitude {} earthquake struck {} km {} of {} at {} local time, at a depth of {} km. This notice is "
        "automatic and has not been checked. Fill in the form on our website if you felt it."
    )
    first = doc("a", told.format(4.5, 12, "south", "Aigio", "04:12", 10), "Latest earthquake", url=at)
    later = doc("b", told.format(5.1, 30, "north", "Volos", "09:40", 8), "Latest earthquake", url=at)
    assert second(first, later).relation == "new"


def test_a_page_of_many_notices_merges_none_even_when_one_name_differs() -> None:
    at = "https://coast.example/notices"
    later = doc("b", BODY.replace("Gull Point", "Seal Point"), "Lighthouse on Seal Point to be rebuilt", url=at)
    assert second(doc("a", url=at), later).relation == "new"


def test_another_language_never_joins() -> None:
    assert second(doc("a", lang="en"), doc("b", BODY + " More follows.", lang="de-DE")).relation == "new"


def test_nothing_joins_after_the_window() -> None:
    assert second(doc("a"), doc("b"), after=timedelta(days=3, minutes=1)).relation == "new"


def test_publication_counts_where_both_say_it() -> None:
    old, new = doc("a", published_at=NOW - timedelta(days=9)), doc("b", published_at=NOW)
    assert second(old, new).relation == "new"


def test_a_short_alert_in_the_same_words_next_day_is_another_alert() -> None:
    alert = "Air raid alert in Kyiv"
    assert second(doc("a", alert, ""), doc("b", alert, ""), after=timedelta(hours=14)).relation == "new"


def test_documents_without_text_stay_apart() -> None:
    assert second(doc("a", "", ""), doc("b", "...", "")).relation == "new"


def test_an_id_used_for_another_text_does_not_hide_it() -> None:
    other = "Farmers on the Kelm plain have begun to sow maize two weeks early because the soil is warm this year."
    first, later = Grouper(), doc("a", other, "Early maize")
    one, two = first.place(doc("a"), NOW), first.place(later, NOW)
    assert two.relation == "new"
    assert one.story_id != two.story_id


def test_one_ordinary_word_of_a_short_notice_vetoes() -> None:
    told = "The court in Kiel hears on Monday the case against a man of 34 charged with {}. Witnesses come at noon."
    told += " The hearing is public; reporters register with the press office on the day before. No cameras."
    assert second(doc("a", told.format("arson"), ""), doc("b", told.format("fraud"), "")).relation == "new"


@pytest.mark.parametrize(
    ("told", "slots"),
    [
        (
            "{}气象台发布暴雨预警信号，预计未来六小时内将出现强降雨，请市民注意防范，减少外出，远离低洼地带和河道。",
            ("北京", "上海"),
        ),
        (
            "рятувальники попереджають: у {} області очікуються сильні пориви вітру. просимо не залишати автомобілі "
            "під деревами, закріпити все, що стоїть надворі, і стежити за повідомленнями. прогноз буде ввечері.",
            ("київській", "львівській"),
        ),
    ],
)
def test_names_without_capitals_veto(told: str, slots: tuple[str, str]) -> None:
    first, later = (doc(slot, told.format(slot), title="") for slot in slots)
    assert second(first, later).relation == "new"
    assert second(first, doc("c", first.body + " (1)", title="")).relation == "copy"


# ---------------------------------------------------------------------------------------------------- templated notices


@pytest.mark.parametrize("seed", range(5))
def test_no_templated_notice_is_hidden(seed: int) -> None:
    hidden = []
    grouper = Grouper()
    for number, notice in enumerate(notices(210, seed)):
        placement = grouper.place(notice, NOW + timedelta(minutes=number))
        if placement.relation != "new":
            hidden.append((notice.body, placement.why))
    assert hidden == []


# ---------------------------------------------------------------------------------------------------------- near copies


def test_nearly_every_edited_copy_of_a_seed_joins_its_original() -> None:
    draw, joined, missed = Draw(7), 0, []
    for original in seed_documents():
        for number in range(8):
            body = original.body
            for edit in draw.sample(EDITS, draw.randrange(1, 4)):
                body = edit(body, draw)
            title = draw.choice(("UPDATE 1 - {}", "{}", "Nordwire: {}", "Eilmeldung: {}")).format(original.title)
            later = doc(f"{original.id}-{number}", body, title, site="nordwire.example", lang=original.lang)
            placement = second(original, later)
            joined += placement.relation == "copy"
            if placement.relation != "copy":
                missed.append(placement.why)
    assert joined / (joined + len(missed)) >= 0.95, missed


# ------------------------------------------------------------------------------------------------- memory, determinism


def test_a_restored_grouper_places_as_the_one_that_never_stopped() -> None:
    documents = stream()
    times = [NOW + timedelta(hours=number) for number in range(len(documents))]
    whole = Grouper()
    placed = [whole.place(document, at) for document, at in zip(documents, times, strict=True)]
    half = len(documents) * 3 // 4
    restored = Grouper()
    for document, at, placement in zip(documents[:half], times[:half], placed, strict=False):
        if at >= times[half] - timedelta(days=3):
            restored.restore(document, placement.story_id, at)
    again = [restored.place(document, at) for document, at in zip(documents[half:], times[half:], strict=True)]
    assert again == placed[half:]


def test_memory_is_bounded_by_window_capacity_and_story() -> None:
    grouper = Grouper(capacity=50)
    for number, notice in enumerate(notices(120, 1)):
        grouper.place(notice, NOW + timedelta(minutes=number))
    assert len(grouper) == 50
    grouper.place(doc("late"), NOW + timedelta(days=9))
    assert len(grouper) == 1
    for number in range(200):
        grouper.place(doc(f"copy {number}", site=f"site{number}.example"), NOW + timedelta(days=9))
    assert len(grouper) == 32


def test_the_same_report_again_takes_no_more_memory() -> None:
    grouper = Grouper()
    for _ in range(100):
        assert grouper.place(doc("a"), NOW).story_id == content_id("story", "a")
    assert len(grouper) == 1


def test_grouping_is_the_same_in_every_process() -> None:
    script = "from tests.bot.newsdesk import group_documents, stream; print(list(group_documents(stream())))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=SEEDS.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{list(group_documents(stream()))}\n"}


def test_documents_without_dates_come_at_the_time_of_the_one_before() -> None:
    dated = doc("a", published_at=NOW)
    clusters = [cluster for _, cluster in group_documents([dated, doc("b"), doc("c", "Other words. " * 30, "Other")])]
    assert clusters[0] == clusters[1] != clusters[2]


# ----------------------------------------------------------------------------------------------------------- bad input


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_text_is_placed(texts: list[tuple[str, str, str]]) -> None:
    grouper = Grouper()
    for number, (title, body, url) in enumerate(texts):
        told = grouper.place(doc(str(number), body * 20, title, url=url, site=title), NOW)
        assert told.story_id
        assert grouper.place(doc(str(number), body * 20, title, url=url, site=title), NOW).story_id


@pytest.mark.parametrize("body", ["\ud800 lone " * 20, "x" * 300_000, "a b " * 100_000, "(" * 200_000, "漢" * 100_000])
def test_hostile_bodies_are_placed(body: str) -> None:
    grouper = Grouper()
    grouper.place(doc("a", body), NOW)
    assert grouper.place(doc("b", body + " and more", title="- " * 10_000, site="-"), NOW).why


def test_dates_at_the_ends_of_time_are_placed() -> None:
    ends = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    documents = [doc(str(number), published_at=at) for number, at in enumerate(ends * 2)]
    assert len(list(group_documents(documents))) == 4
