"""The lists that a rule uses are those that stand in its text, whatever operator they stand under."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules import Document, Rule, RuleError, RuleSet, parse
from rules.grammar import Infix, Prefix, grammar
from rules.lists import written_out
from rules.operators.facts import SORTS
from rules.rule import lists_used
from tests.rules.everything import texts_of_rules

LISTS = {
    "places": "Ukraine OR Poland",
    "moves": "~deploy AND troops",
    "facts": "lang:uk OR troops",
    "Names": "Kyiv, @cities",
    "cities": 'title:@places, "@moves"',
}
_INSIDE = {"Names": {"cities", "places"}, "cities": {"places"}}
_lists = st.sampled_from(["@places", "@Names", "@names^", "@cities"])


def _standing(text: str) -> set[str]:
    """The names in a text whose quotes, braces and patterns hold none, with those that their lists name."""
    spelled = {name.casefold(): name for name in LISTS}
    names = {spelled[name.casefold()] for name in re.findall(r"@(\w+)", text)}
    return names.union(*(_INSIDE.get(name, set()) for name in names))


def _numbered(operator: Infix | Prefix) -> str:
    return f"{operator.name}/{max(operator.number.low, 1)}" if operator.number else operator.name


def _around(prefix: Prefix) -> str:
    """A rule in which the operator stands directly at the list, as close as the language lets it."""
    if prefix.comma is not None:
        return f"troops {prefix.name}1 of (war,{{}},{{}})"
    return f"troops {_numbered(prefix)}{{}}" if prefix.name[-1] == ":" else f"troops {_numbered(prefix)} {{}}"


_REFUSING = {*(f"{scope}:" for scope in SORTS), "umlauts:", "hanzi:"}  # lists, in words of their own
_FORMS = [
    *("{} " + _numbered(infix) + " {}" for infix in grammar().infix.values()),
    *(_around(prefix) for prefix in grammar().prefix.values() if prefix.name not in _REFUSING),
    "troops -{}",
    "({})",
    "title:({} NEAR/3 {})",
    "min:2 of (lead:{0}, body:{1}, NOT {0})",
]
_by_operator = st.builds(
    lambda form, first, second: form.format(first, second), st.sampled_from(_FORMS), _lists, _lists
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(_by_operator, st.builds("({}) AND ({})".format, _by_operator, texts_of_rules), texts_of_rules))
@example("title:@places")
@example("troops ATLEAST/2(@Names)")
def test_the_lists_used_are_those_that_stand_in_the_text(text: str) -> None:
    try:
        rule = parse(text, lists=LISTS)
    except RuleError:
        return
    wanted = _standing(text)
    assert rule.lists == {name: LISTS[name] for name in wanted}
    assert lists_used(text, lists=LISTS) == {name.casefold() for name in wanted}
    alone = parse(text, lang=rule.lang, lists=rule.lists)  # they are all that it needs
    assert (alone.node, alone.lists) == (rule.node, rule.lists)
    assert parse(f"war ({written_out(rule.node)})", lang=rule.lang)


@pytest.mark.parametrize("form", _FORMS)
def test_every_operator_takes_a_list_and_shows_that_it_is_used(form: str) -> None:
    text = form.format("@places", "@places")
    assert parse(text, lists=LISTS).lists == {"places": LISTS["places"]}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("title:@gone AND @Names", {"gone", "names", "cities", "places", "moves"}),
        ("(@gone^ AND", {"gone"}),
        ("war", set()),
        ('"@places" OR {@places} OR /war@places/', set()),
    ],
)
def test_a_text_that_cannot_be_read_may_use_every_list_that_it_mentions(text: str, used: set[str]) -> None:
    assert lists_used(text, lists=LISTS) == used


def test_hits_that_are_preferred_in_a_list_are_written_out_without_the_mark() -> None:
    assert written_out(parse("@places^ NEAR/3 title:@moves", lists=LISTS).node) == (
        "(Ukraine OR Poland) NEAR/3 title:(~deploy AND troops)"
    )


@pytest.mark.parametrize(
    "text", ["title:@places NEAR/2 war NEAR/3 troops", "@places AND /troops.*kyiv/i", "@moves^ war"]
)
def test_a_rule_whose_list_vanished_fails_alone(text: str) -> None:
    """Committed rules are read again from their text: such a one was saved by a version that knew less."""
    whole = parse(text, lists=LISTS)
    failures: list[str] = []
    engine = RuleSet(on_failure=lambda rule_id, error: failures.append(f"{rule_id}: {error}"))
    engine.add_many([("gone", replace(whole, lists={})), ("other", "troops"), ("tree", "troops NEAR/1 to NEAR/1 Kyiv")])
    document = Document(id="d", title="Poland and war: troops to Kyiv", body="Deployed.")
    for _ in range(2):
        assert {"other", "tree"} <= {match.rule_id for match in engine.match(document)}
        assert [match.rule_id for match in engine.match_all(document)] == ["other", "tree"]
    assert "gone" in engine
    assert len(failures) == 1
    assert failures[0].startswith("gone: there is no list @")


@settings(max_examples=100, deadline=None)
@given(st.lists(_by_operator, min_size=1, max_size=6))
def test_committed_rules_have_their_lists(texts: list[str]) -> None:
    rules: list[tuple[str, Rule]] = []
    for number, text in enumerate(texts):
        try:
            rules.append((str(number), parse(text, lists=LISTS)))
        except RuleError:
            continue
    engine = RuleSet()
    engine.add_many(rules)
    documents = [
        Document(id="d", title="War in Kyiv and Ukraine", body="Troops of Poland are deployed. Ukraine waits.")
    ]
    wanted = [[rule_id for rule_id, rule in rules if rule.spans(documents[0]) is not None]]
    loaded = RuleSet.load(engine.save())
    assert [[match.rule_id for match in each] for each in loaded.match_many(documents)] == wanted
    assert all(match.spans for match in loaded.match(documents[0]))
    assert loaded.failures == {}
