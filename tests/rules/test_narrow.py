"""A narrower rule: every proposal is false of all that shall go and true of all that shall stay."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, Rule, RuleError, parse
from rules.narrow import narrowed
from tests.rules.everything import LISTS, every_rule, read
from tests.rules.everything import documents as every_document
from tests.rules.strategies import documents, rules

REAL = (
    ("Earthquake in Rome", "An earthquake shook Rome. Forty houses fell."),
    (
        "Earthquake off Crete",
        "An earthquake in the sea was felt on Crete.",
    ),
)


def docs(*texts: tuple[str, str]) -> list[Document]:
    return [Document(id=str(number), title=title, body=body) for number, (title, body) in enumerate(texts)]


def proposed(rule: str, dropped: Sequence[tuple[str, str]], kept: Sequence[tuple[str, str]]) -> list[str]:
    return [change.text for change in narrowed(parse(rule), docs(*dropped), docs(*kept))]


def test_a_word_of_the_title_that_no_other_alert_has_is_excluded() -> None:
    drill = ("Earthquake drill in Rome", "An earthquake drill was held at the school.")
    (best, *_) = narrowed(parse("earthquake"), docs(drill), docs(*REAL))
    assert best.text == "earthquake AND NOT drill"
    assert best.why == "“drill” is in it and in none of the 2 to keep"


def test_a_phrase_is_excluded_where_no_single_word_would_do() -> None:
    dropped = [("War game", "The war game sold out.")]
    kept = [("War", "The war goes on, a game is sold, it is out.")]
    assert proposed("war", dropped, kept)[0] == 'war AND NOT "war game"'


def test_several_marked_alerts_share_what_is_excluded_or_have_one_word_each() -> None:
    same = [("Earthquake drill", "At school."), ("Earthquake drill", "In the hospital.")]
    assert "earthquake AND NOT drill" in proposed("earthquake", same, REAL)
    each = [("Earthquake drill", ""), ("Earthquake film", "")]
    assert "earthquake AND NOT (drill OR film)" in proposed("earthquake", each, REAL)


def test_a_number_is_tightened() -> None:
    dropped = [("", "Ukraine said that many of the troops left.")]
    kept = [("", "Troops for Ukraine, said that many.")]
    changes = narrowed(parse("troops NEAR/10 Ukraine"), docs(*dropped), docs(*kept))
    assert changes[0].text == "troops NEAR/4 Ukraine"
    assert "troops NEAR/4 Ukraine" in changes[0].why


@pytest.mark.parametrize(
    ("rule", "dropped", "kept", "narrower"),
    [
        ("FIRST/9 troops", "a b c d e f troops", "a b troops", "FIRST/6 troops"),
        ("ATLEAST/2 troops", "troops troops", "troops troops troops", "ATLEAST/3 troops"),
        ("troops PRE/9 Kyiv", "troops a b c Kyiv", "troops a Kyiv", "troops PRE/2 Kyiv"),
        ("troops NOT NEAR/1 drill", "troops a b drill", "troops a b c drill", "troops NOT NEAR/2 drill"),
        ("min:1 of (troops, Kyiv, war)", "troops", "troops war", "min:2 of (troops, Kyiv, war)"),
        ("troops words<9", "troops a b c d e f", "troops a b", "troops AND words<7"),
    ],
)
def test_the_number_of_any_operator_is_tightened(rule: str, dropped: str, kept: str, narrower: str) -> None:
    assert narrower in proposed(rule, [("", dropped)], [("", kept)])


def test_a_side_of_an_or_that_only_the_unwanted_alert_needed_goes() -> None:
    changes = proposed("earthquake AND (school OR Rome OR Crete)", [("Earthquake", "At school.")], REAL)
    assert "earthquake AND (Rome OR Crete)" in changes


def test_an_inflected_word_becomes_the_form_that_the_others_have() -> None:
    changes = proposed(
        "~deploy Kyiv", [("", "Kyiv deployment")], [("", "Kyiv deployed"), ("", "Kyiv deployed deployment")]
    )
    assert "deployed AND Kyiv" in changes


def test_two_words_anywhere_become_near() -> None:
    dropped = [("", "troops " + "of " * 30 + "Ukraine")]
    kept = [("", "troops of Ukraine " + "of " * 30)]
    assert proposed("troops Ukraine", dropped, kept)[0].startswith("troops NEAR/")


@pytest.mark.parametrize(
    ("dropped", "kept"),
    [
        ([("Earthquake", "here")], [("Earthquake", "here")]),  # the same text
        ([("Nothing of it", "")], list(REAL)),  # the rule is not true of it
        ([], list(REAL)),
    ],
)
def test_where_nothing_tells_them_apart_nothing_is_proposed(
    dropped: list[tuple[str, str]], kept: list[tuple[str, str]]
) -> None:
    assert proposed("earthquake", dropped, kept) == []


def test_common_words_are_not_worth_excluding() -> None:
    others = docs(*(("", f"It said that number {number} would come.") for number in range(10)))
    drill = docs(("Earthquake", "It said that a drill would come."))
    changes = narrowed(parse("earthquake"), drill, docs(*REAL), others=others)
    assert changes[0].text == "earthquake AND NOT drill"
    assert not any(word in change.text for change in changes for word in ("said", "would", "come"))


@settings(max_examples=250, deadline=None)
@given(rules, st.lists(documents, min_size=1, max_size=3), st.lists(documents, max_size=4))
def test_a_proposal_drops_all_that_shall_go_and_keeps_all_that_shall_stay(
    text: str, dropped: list[Document], kept: list[Document]
) -> None:
    try:
        rule = parse(f"({text}) OR war")
    except RuleError:
        return
    changes = narrowed(rule, dropped, kept)
    assert len(changes) <= 3
    assert [change.cost for change in changes] == sorted(change.cost for change in changes)
    for change in changes:
        narrower = parse(change.text)
        assert all(narrower.spans(document) is None for document in dropped if rule.spans(document) is not None)
        assert all(narrower.spans(document) is not None for document in kept if rule.spans(document) is not None)


@settings(max_examples=200, deadline=None)
@given(every_rule, st.lists(every_document, min_size=1, max_size=2), st.lists(every_document, max_size=3))
def test_a_proposal_holds_whatever_operators_the_rule_has(
    asked: Rule, dropped: list[Document], kept: list[Document]
) -> None:
    rule = read(f"({asked.text}) OR war")
    if rule is None:  # what must be absent alone is no side of an OR
        return
    for change in narrowed(rule, dropped, kept, lists=LISTS):
        narrower = parse(change.text, lists=LISTS)
        assert all(narrower.spans(document) is None for document in dropped if rule.spans(document) is not None)
        assert all(narrower.spans(document) is not None for document in kept if rule.spans(document) is not None)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["troops", "Ukraine", "ai"]), documents, st.lists(documents, max_size=3))
def test_where_one_word_tells_them_apart_an_edit_is_found(word: str, dropped: Document, kept: list[Document]) -> None:
    marked = Document(id="m", title=f"{word} parade {dropped.title}", body=dropped.body)
    stay = [Document(id="k", title=f"{word} {document.title}", body=document.body) for document in kept]
    assert narrowed(parse(word), [marked], stay) != []
