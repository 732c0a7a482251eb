"""What a later report says that no earlier one said, in six languages, and what is no news at all."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.stories.new_facts import LONGEST, MOST, new_facts
from bot.model import NewFact
from rules import Document


def report(title: str, body: str = "", lang: str = "en", **more: str) -> Document:
    """A report of an outlet of its own."""
    return Document(id=f"{title} {body[:40]}", title=title, body=body, lang=lang, **more)


def said(facts: list[NewFact]) -> list[tuple[str, str, str]]:
    """(kind, text, was)"""
    return [(fact.kind, fact.text, fact.was) for fact in facts]


STORIES = {
    "en": (
        [
            report(
                "Ferry sinks, 12 dead",
                "A ferry sank on Monday. 12 people died, the coast guard said. 214 were on board.",
            )
        ],
        report(
            "Ferry sinks off Skagen",
            "SKAGEN (Nordwire) - At least 15 people were killed on Monday when a ferry with 214 people on board sank. "
            'The prime minister, Mette Holm, called it "a dark day for the whole coast".',
        ),
        [
            ("changed figure", "15 people were killed", "12 dead"),
            ("quotation", "a dark day for the whole coast", ""),
            ("name", "Mette Holm", ""),
        ],
    ),
    "de": (
        [report("Fähre gesunken, zwölf Tote", "Die Fähre sank am Montag. Zwölf Menschen starben.", "de")],
        report(
            "Fährunglück: 15 Tote",
            "Auf der Fähre starben am Montag 15 Menschen, sagte Anna Brandt. „Wir haben alles getan, was wir konnten“, "
            "sagte Brandt am 12. Mai um 15:30 Uhr.",
            "de",
        ),
        [
            ("changed figure", "15 Tote", "zwölf Tote"),
            ("quotation", "Wir haben alles getan, was wir konnten", ""),
            ("name", "Anna Brandt", ""),
        ],
    ),
    "fr": (
        [report("Naufrage : 12 morts", "Le naufrage a fait 12 morts lundi, 214 personnes étaient à bord.", "fr")],
        report(
            "Naufrage au large de Calais",
            "Le naufrage a fait quinze morts et 1 200 personnes ont été évacuées, selon Jean Martin. « C’est une "
            "journée très sombre pour la côte », a-t-il dit le 12 mai.",
            "fr",
        ),
        [
            ("changed figure", "quinze morts", "12 morts"),
            ("figure", "1 200 personnes ont été évacuées", ""),
            ("quotation", "C’est une journée très sombre pour la côte", ""),
        ],
    ),
    "es": (
        [report("Doce muertos en un naufragio", "El naufragio dejó 12 muertos.", "es")],
        report(
            "Sube a 15 la cifra de muertos",
            "El naufragio dejó 15 muertos y 23 desaparecidos, dijo el alcalde, Pedro Ruiz, el 12 de mayo. Ruiz "
            "pidió ayuda.",
            "es",
        ),
        [
            ("changed figure", "15 muertos", "Doce muertos"),
            ("figure", "23 desaparecidos", ""),
            ("name", "Pedro Ruiz", ""),
        ],
    ),
    "uk": (
        [report("Удар по Харкову: 12 загиблих", "У Харкові загинули 12 людей, повідомив Ігор Терехов.", "uk")],
        report(
            "Кількість загиблих у Харкові зросла",
            "Внаслідок удару загинуло 15 людей, повідомив Олег Синєгубов 12 травня о 14:30. «Рятувальники працюють на "
            "місці удару», сказав Синєгубов.",
            "uk",
        ),
        [
            ("changed figure", "загинуло 15 людей", "12 загиблих"),
            ("quotation", "Рятувальники працюють на місці удару", ""),
            ("name", "Олег Синєгубов", ""),
        ],
    ),
    "ru": (
        [report("Двенадцать погибших", "При взрыве погибли 12 человек.", "ru")],
        report(
            "Число погибших выросло",
            "При взрыве погибли 15 человек, ранены двадцать человек. Ущерб — 4 млн евро.",
            "ru",
        ),
        [
            ("changed figure", "погибли 15 человек", "Двенадцать погибших"),
            ("figure", "ранены двадцать человек", ""),
            ("figure", "4 млн евро", ""),
        ],
    ),
}


@pytest.mark.parametrize("lang", STORIES)
def test_what_is_new_is_told_in_the_reports_own_words_the_strongest_first(lang: str) -> None:
    earlier, later, wanted = STORIES[lang]
    facts = new_facts(later, earlier)
    assert said(facts) == wanted
    for fact in facts:
        assert (later.title if fact.field == "title" else later.body)[fact.start : fact.end] == fact.text


@pytest.mark.parametrize("lang", STORIES)
def test_a_copy_a_version_and_what_was_said_before_are_nothing_new(lang: str) -> None:
    earlier, later, _ = STORIES[lang]
    opening = later.body.split(" - ")[-1]
    assert new_facts(later, [*earlier, later]) == []
    assert new_facts(report(later.title, opening + "\n\nNordwire", lang), [later]) == []
    assert new_facts(report(later.title.upper(), opening.replace("«", "“").replace("»", "”"), lang), [later]) == []
    assert new_facts(earlier[0], [later, earlier[0]]) == []
    assert new_facts(later, []) == []  # the first report of a story is told whole


@pytest.mark.parametrize(
    "text",
    [
        "On 12 May 2025 at 14:30 the minister, 34, met reporters for 3 hours.",
        "5 min read. 1,234 views. 17 comments. Updated 20 minutes ago.",
        "A Boeing 737 and an F-16 flew over Article 5 territory; the 42nd brigade, 23-member crew, beat them 3-1.",
        "By John Miller\nThe minister met reporters.",
        "NEW YORK (AP) - The minister met reporters.",
        "Kyiv, Ukraine – The minister met reporters.",
        "The Prime Minister and the Foreign Ministry met reporters on Monday, said President Zelensky.",
        "The minister spoke of “a dark day” to reporters.",
        "The minister met reporters, AFP and DPA reported.",
        "The minister met reporters near Gull Street, 30 miles from the coast, for the fifth time, and 4 times in all.",
        "The internet was slow. Internet Service Providers met the minister. Internet Service Providers met reporters.",
        "Harbour Workers Call on the Minister to Overturn Secret Lund Rules\nThe minister met reporters at Lund.",
        "A HUGE crowd met the minister and a few reporters.",
        "The minister met Rolf Ekström, a passer-by, and reporters.",
        'The minister of "Fair Winds" met reporters of "Open Seas" and others who had come.',
        "The minister met reporters.\n"
        + "It rained all day. " * 20
        + "“We have come here by boat today”, said a guest.",
    ],
)
def test_dates_times_counters_bylines_and_credits_are_no_facts(text: str) -> None:
    assert new_facts(report("Minister meets reporters", text), [report("Minister speaks", "Zelensky spoke.")]) == []


def test_amounts_magnitudes_and_shares_are_figures() -> None:
    earlier = [report("Quake hits Lima", "A 6.1 magnitude earthquake hit Lima, where 9 houses fell.")]
    later = report(
        "Quake hits Lima", "The quake of magnitude 6.3 did damage of $4 million, or 12 per cent of the budget."
    )
    assert said(new_facts(later, earlier)) == [
        ("changed figure", "magnitude 6.3", "6.1 magnitude"),
        ("figure", "$4 million", ""),
        ("figure", "12 per cent", ""),
    ]
    houses = report("Quake hits Lima", "In Lima, 23 houses fell.")
    assert said(new_facts(houses, earlier)) == [("changed figure", "23 houses fell", "9 houses fell")]


def test_a_number_that_any_earlier_report_has_is_no_news_however_it_is_written() -> None:
    late = "It rained. " * 200 + "They took 1.500 tonnes and twenty-three pirates."
    later = report("Navy frees ship", "The navy held 23 pirates and took 1,500 tonnes.")
    assert new_facts(later, [report("Ship freed", late)]) == []
    assert said(new_facts(later, [report("Ship freed", "It rained.")])) == [
        ("figure", "23 pirates", ""),
        ("figure", "1,500 tonnes", ""),
    ]


def test_what_it_was_comes_from_the_newest_report_and_only_where_that_is_sure() -> None:
    earlier = [
        report("Fire", "2 people died."),
        report("Fire", "12 people died."),
        report("Fire", "Rain ended the fire."),
    ]
    (fact,) = new_facts(report("Fire: 15 dead", "The fire went out."), earlier)
    assert (fact.kind, fact.was) == ("changed figure", "12 people died")
    # Who died elsewhere or before is another number: this report counts the dead of the fire as the earlier one did.
    (other,) = new_facts(report("Fire: 12 dead", "In spring 300 people died in floods."), earlier)
    assert said([other]) == [("figure", "300 people died", "")]
    several = [report("Fire", "It took 3 houses here and 40 houses there.")]
    assert said(new_facts(report("Fire", "It took 70 houses."), several)) == [("figure", "70 houses", "")]


def test_names_are_known_in_any_case_and_script() -> None:
    earlier = [report("Удар по Києву", "Про це сказав Володимир Зеленський у Києві.", "uk")]
    later = report(
        "Attack on Kyiv", "So said Volodymyr Zelensky, and so did Petra Lindqvist of NABU. Lindqvist left NABU later."
    )
    assert said(new_facts(later, earlier)) == [("name", "Petra Lindqvist", ""), ("name", "NABU", "")]
    again = report("Після удару", "Так сказала Петра Ліндквіст у розмові з Володимиром Зеленським.", "uk")
    assert new_facts(again, [*earlier, later]) == []


def test_names_that_the_report_is_about_are_facts() -> None:
    earlier = [report("Ferry sinks", "It sank off the coast of Mr Holm.")]
    for title, body, name in (
        ("Ferry owner Rolf Ekström resigns", "The owner has resigned.", "Rolf Ekström"),
        ("Ferry sank", "The owner, Rolf Ekström, fled. Police look for Ekström.", "Rolf Ekström"),
        ("Ferry sank", "The prime minister, Rolf Ekström, was on board.", "Rolf Ekström"),
        ("Ferry sank", "So ended Rolf Ekström's Tuesday. Ekström swam.", "Rolf Ekström"),
        ("Ferry sank", "It was bound for New Skagen. In New Skagen people wept.", "New Skagen"),
    ):
        assert said(new_facts(report(title, body), earlier)) == [("name", name, "")]
    assert new_facts(report("Ferry", "The harbour of Mette Holm's town is empty, says Holm."), earlier) == []


def test_a_quotation_of_another_language_may_be_a_known_one_translated() -> None:
    earlier = [report("Minister speaks", 'He said: "We have done all that we could do".')]
    later = report("Minister spricht", "Er sagte: „Wir haben alles getan, was wir konnten“.", "de")
    assert new_facts(later, earlier) == []
    longer = report("Minister speaks", "“We have done all that we could do for them”, he said.")
    assert new_facts(longer, earlier) == []  # a little more of the same one


def test_a_long_fact_is_cut_between_words() -> None:
    quoted = "we have seen nothing like this on the coast in all the years that I have been at sea " * 2
    (fact,) = new_facts(report("Ferry", f"“{quoted}”, he said."), [report("Ferry", "It sank.")])
    assert len(fact.text) <= LONGEST
    assert quoted.startswith(fact.text + " ")


@pytest.mark.parametrize(
    "piece",
    [
        "Anna Brandt said 15 dead. ",
        '"',
        "“ ",
        "7",
        "7 ",
        "1 200 ",
        "Ab",
        "A B ",
        "А́ ",
        "mille ",
        "— ",
        "By ",
        "x\n",
        "\u00a0",
    ],
)
def test_huge_texts_and_stories_take_bounded_time(piece: str) -> None:
    huge = report("Ferry " + piece * 200, piece * (1_000_000 // len(piece)))
    story = [report(f"Ferry {number}", piece * 20_000) for number in range(40)] + [report("Ferry")] * 5_000
    began = process_time()
    assert len(new_facts(huge, story)) <= MOST
    assert process_time() - began < 6  # about 1 s on a free core


@given(
    st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), st.sampled_from(["", "en", "de", "uk", "zh"])
)
def test_any_text_has_its_own_words_and_none_of_what_was_said(title: str, body: str, other: str, lang: str) -> None:
    later = report(title, body, lang)
    for fact in new_facts(later, [report(other, "", lang)]):
        assert (title if fact.field == "title" else body)[fact.start : fact.end] == fact.text
        assert fact.text
    assert new_facts(later, [report(other, "", lang), later]) == []
