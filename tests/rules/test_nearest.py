"""The nearest miss: what is suggested is a rule, and true of the document; where a small change helps, one is found."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import Document, Rule, RuleError, parse
from rules.document import StoryFacts
from rules.nearest import nearest_miss
from rules.operators.near import Near
from rules.tokenized import Hits, Tokenized
from tests.rules.everything import LISTS, NOON, every_rule
from tests.rules.everything import documents as every_document
from tests.rules.strategies import VOCABULARY, documents, rules

FAR = "Ukraine" + " x" * 14 + " troops."


def parsed(text: str) -> Rule:
    try:
        return parse(text)
    except RuleError:
        assume(False)
        raise


def doc(body: str, title: str = "") -> Document:
    return Document(id="d", title=title, body=body)


def aged(**duration: int) -> Document:
    return replace(doc("Troops."), published_at=NOON - timedelta(**duration), received_at=NOON)


def reported(*minutes: int) -> Document:
    """With that many outlets, each so long after noon."""
    reports = tuple((f"{at}.example", NOON + timedelta(minutes=each)) for at, each in enumerate(minutes))
    return replace(doc("Troops."), story=StoryFacts(reports=reports, is_first=len(minutes) == 1))


@pytest.mark.parametrize(
    ("rule", "document", "changed", "why"),
    [
        ("deployment", doc("Deployments."), "~deployment", "found “Deployments”; write ~deployment"),
        ("troops NEAR/10 Ukraine", doc(FAR), "troops NEAR/14 Ukraine", "Ukraine is 14 words away, the rule allows 10"),
        ("troops NEAR Ukraine", doc("Ukraine." + " x" * 101 + " troops."), "troops AND Ukraine", "the rule allows 10"),
        ("troops NEAR Ukraine", doc("Ukraine.", "Troops"), "troops AND Ukraine", "one is in the title"),
        ("earthquake NOT drill", doc("Earthquake drill."), "earthquake", "“drill” is there and the rule excludes it"),
        ("a NOT (drill OR war)", doc("A war."), "a AND NOT drill", "“war” is there and the rule excludes it"),
        ("a NOT (drill OR war OR b)", doc("A war b."), "a AND NOT drill", "“b” is there"),
        ("a NOT (b NEAR/5 c)", doc("a b x x c"), "a AND NOT (b NEAR/1 c)", "is there and the rule excludes it"),
        ("troops AND Poland", doc("Troops."), "troops", "“Poland” is not there; remove it"),
        ("a OR (b AND c)", doc("c"), "a OR c", "“b” is not there; remove it"),
        ("(a AND z) OR ~deployment OR c NEAR/1 d", doc("c x x d a"), "", "d is 2 words away"),
        ('"troop deployment"', doc("New troop deployments."), '"troop deployment"~', "found “troop deployments”"),
        (
            '"troop deployment"',
            doc("Deployment of a troop."),
            "troop NEAR/2 deployment",
            "found “Deployment of a troop”",
        ),
        ("troops NEAR/3 deployment", doc("Troops: deployments."), "troops NEAR/3 ~deployment", "found “deployments”"),
        ("troops NEAR/1 deployment", doc("Troops x x x deployments."), "troops NEAR/3 ~deployment", "3 words away"),
        ("troops PRE/3 Ukraine", doc("Ukraine x troops"), "troops NEAR/3 Ukraine", "Ukraine stands before troops"),
        ("troops PRE/3 Ukraine", doc(FAR), "troops NEAR/14 Ukraine", "Ukraine is 14 words away"),
        ("troops PRE/3 Ukraine", doc("Troops x x x x Ukraine"), "troops PRE/4 Ukraine", "the rule allows 3"),
        ("troops SENT Ukraine", doc("Troops. Ukraine."), "troops PARA Ukraine", "never in one sentence"),
        ("troops SENT Ukraine", doc("Troops.\n\nUkraine."), "troops AND Ukraine", "never in one sentence"),
        ("troops NOT NEAR/5 drill", doc("Troops at a drill."), "troops NOT NEAR/1 drill", "has drill within 5 words"),
        ("troops NOT SENT drill", doc("Troops at a drill."), "troops", "every sentence with troops has drill too"),
        ("ATLEAST/3 troops", doc("Troops, troops."), "ATLEAST/2 troops", "there twice, the rule asks for 3"),
        ("FIRST/5 troops", doc("a b c d e f g troops"), "FIRST/8 troops", "not in the first 5 words"),
        ("title:troops", doc("Troops."), "troops", "“troops”: it is there, but not in the title"),
        ("troops words<3", doc("Troops a b c d."), "troops AND words<6", "the document has 5 words"),
        ("troops words>9", doc("Troops."), "troops", "the document has 1 word; remove it"),
        ("troops age<6h", aged(hours=9), "troops AND age<10h", "it was 9h old"),
        ("troops age<6h", aged(minutes=370), "troops AND age<7h", "it was 6h old"),
        ("troops sources>=3", reported(0, 50), "troops AND sources>=2", "2 independent sources so far"),
        ("troops sources>=2/30m", reported(0, 50), "troops AND sources>=2/1h", "within 50m"),
        ("troops new:only", reported(0, 50), "troops", "its story was reported before; remove it"),
        (r"/\d+ killed/", doc("12 Killed"), r"/\d+ killed/i", "found “12 Killed”"),
        ("min:2 of (troops, Kyiv, war)", doc("Troops."), "min:1 of (troops, Kyiv, war)", "1 of 3 match"),
        ("{NATO} AND Kyiv", doc("Nato, Kyiv."), "NATO AND Kyiv", "found “Nato”; write NATO"),
        ("troops lang:uk", doc("Troops."), "troops", "“lang:uk”"),
    ],
)
def test_the_change_and_its_reason(rule: str, document: Document, changed: str, why: str) -> None:
    miss = nearest_miss(parse(rule), document)
    assert miss is not None
    assert parse(miss.text).spans(document) is not None
    assert why in miss.why
    if changed:
        assert miss.text == changed


@pytest.mark.parametrize(
    ("rule", "body"), [("troops", "nothing like it"), ("a AND b", "c"), ("a NOT b", "b"), ("a OR b", ""), ("a", "a")]
)
def test_where_nothing_small_helps_nothing_is_said(rule: str, body: str) -> None:
    assert nearest_miss(parse(rule), doc(body)) is None


@settings(max_examples=400, deadline=None)
@given(rules, documents)
def test_a_suggestion_is_a_rule_that_is_true_of_the_document(text: str, document: Document) -> None:
    rule = parsed(text)
    miss = nearest_miss(rule, document)
    if miss is not None:
        assert rule.spans(document) is None
        assert parse(miss.text).spans(document) is not None
        assert miss.why
        assert miss.cost > 0


SPELLINGS = {
    "troops": "~troop",
    "deployed": "~deploy",
    "deployment": "~deployment",
    "Ukraine": "Ukraine",
    "Kyiv": "Kyiv",
}


def broken() -> st.SearchStrategy[tuple[str, str]]:
    """(rule, the same made false of the text below by one small change, as a person would)."""
    true = st.sampled_from(sorted(SPELLINGS))
    return st.one_of(
        st.tuples(true, true).map(lambda each: (f"{each[0]} AND {each[1]}", f"{each[0]} AND {each[1]} AND absent")),
        true.map(lambda word: (word, f"{word} AND NOT {word}")).map(lambda each: (each[0], f"war AND ({each[1]})")),
        true.map(lambda word: (word, f"war NOT {word}")),
        st.sampled_from(["troop", "deploying", "deployments", "wars"]).map(lambda word: (word, f"{word} AND Kyiv")),
        st.sampled_from(["Ukraine NEAR/0 Kyiv", "Kyiv NEAR/1 war", "(Kyiv OR absent) NEAR/0 Ukraine"]).map(
            lambda near: (near, f"{near} AND war")
        ),
    )


@settings(max_examples=100, deadline=None)
@given(broken(), st.lists(st.sampled_from(["x", "y", "the"]), min_size=3, max_size=12))
def test_where_a_small_change_helps_one_is_found(pair: tuple[str, str], between: list[str]) -> None:
    gap = " ".join(between)
    document = doc(f"war {gap} troops deployed deployment {gap} Kyiv {gap} Ukraine")
    rule = parse(pair[1])
    assume(rule.spans(document) is None)
    miss = nearest_miss(rule, document)
    assert miss is not None
    assert parse(miss.text).spans(document) is not None


@settings(max_examples=200, deadline=None)
@given(rules, documents, st.sampled_from(VOCABULARY))
def test_a_true_rule_that_is_told_to_exclude_or_to_add_a_word_is_mended(
    text: str, document: Document, word: str
) -> None:
    parsed(f"({text}) OR here")  # a rule by itself: one of NOTs alone cannot be what is left
    document = replace(document, title=document.title + " here")
    for changed in (f"(({text}) OR here) AND nowhere", f"(({text}) OR here) NOT {word}"):
        rule = parsed(changed)
        if rule.spans(document) is None:
            miss = nearest_miss(rule, document)
            assert miss is not None
            assert parse(miss.text).spans(document) is not None


def test_long_rules_and_long_documents_are_looked_at_quickly() -> None:
    """1,000 terms and 250,000 characters: the limit of what is tried keeps it to a fraction of a second."""
    terms = [f"word{number}" for number in range(600)]
    rule = parse("(" + " OR ".join(terms[:300]) + ") AND (" + " AND ".join(terms[300:]) + ") AND Ukraine")
    body = " ".join(f"w{number % 9000} Ukraine" for number in range(18_000))
    miss = nearest_miss(rule, doc(body))
    assert miss is None or parse(miss.text).spans(doc(body)) is not None


@settings(max_examples=400, deadline=None)
@given(every_rule, every_document)
def test_a_suggestion_is_true_whatever_operators_the_rule_has(rule: Rule, document: Document) -> None:
    miss = nearest_miss(rule, document, lists=LISTS)
    if miss is not None:
        assert rule.spans(document) is None
        assert parse(miss.text, lists=LISTS).spans(document) is not None
        assert miss.why


@dataclass(frozen=True, slots=True)
class Far(Near):
    """NOT NEAR, as a family that says nothing of what would loosen it."""

    def hits(self, tokens: Tokenized) -> Hits | None:
        return None if Near.hits(self, tokens) else self.left.hits(tokens)


def test_the_sides_of_a_proximity_that_shall_not_be_are_no_suggestion() -> None:
    war, peace = parse("war").node, parse("peace").node
    miss = nearest_miss(Rule("war, peace", Far(war, peace, 0)), doc("War, peace."))
    assert miss is not None
    assert miss.text == "war"


def test_a_list_keeps_its_name_and_is_never_changed_itself() -> None:
    miss = nearest_miss(parse("@moves AND Kyiv", lists=LISTS), doc("Troops, Kyiv."), lists=LISTS)
    assert miss is not None
    assert miss.text == "Kyiv"
    kept = nearest_miss(parse("@places AND deployment", lists=LISTS), doc("Poland deployed."), lists=LISTS)
    assert kept is not None
    assert kept.text == "@places AND ~deployment"


def test_nested_operators_are_looked_at_once_each() -> None:
    """Twice a level would be 2 to the power of 40."""
    for prefix in ("min:1 of (b, ", "title:(", "ATLEAST/2 ("):
        try:
            rule = parse(f"{prefix * 40}a AND zz{')' * 40}")
        except RuleError:
            continue
        miss = nearest_miss(rule, doc("a zz"))
        assert miss is None or parse(miss.text).spans(doc("a zz")) is not None
