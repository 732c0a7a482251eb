"""Many rules at once."""

import pytest

from rules import Document, RuleError, RuleSet, Span, explain, parse
from rules.nodes import Node
from rules.tokenized import Hits, Tokenized


class Broken(Node):
    """An operator with a bug."""

    def hits(self, tokens: Tokenized) -> Hits | None:
        raise RecursionError("too deep")

    def write(self, full: bool = False) -> str:
        return "broken"


def broken_rule() -> object:
    rule = parse("war")
    return type(rule)("broken", Broken())


ARTICLE = Document(id="a", title="Troop deployment", body="Talks on Ukraine go on.")


def test_add_replace_remove() -> None:
    engine = RuleSet()
    engine.add("1", "Ukraine")
    assert "1" in engine
    assert len(engine) == 1
    engine.add("1", "Poland")
    assert len(engine) == 1
    assert engine.match(ARTICLE) == []
    assert engine.remove("1") is True
    assert engine.remove("1") is False
    assert len(engine) == 0
    assert "1" not in engine


def test_a_bad_rule_leaves_the_old_one() -> None:
    engine = RuleSet()
    engine.add("1", "Ukraine")
    with pytest.raises(RuleError):
        engine.add("1", "Ukraine AND")
    assert [match.rule_id for match in engine.match(ARTICLE)] == ["1"]


def test_matches_come_by_rule_id_with_spans() -> None:
    engine = RuleSet()
    engine.add("b", "~talk OR ~deploy")
    engine.add("a", "Ukraine AND NOT Russia")
    engine.add("c", "a AND b")
    assert [(match.rule_id, match.document_id, match.spans) for match in engine.match(ARTICLE)] == [
        ("a", "a", (Span("body", 9, 16),)),
        ("b", "a", (Span("title", 6, 16), Span("body", 0, 5))),
    ]


def test_double_negation_is_listed_under_what_it_needs() -> None:
    engine = RuleSet()
    engine.add("1", "NOT (NOT Ukraine)")
    engine.add("2", "NOT (NOT Ukraine OR NOT talks)")
    assert [match.rule_id for match in engine.match(ARTICLE)] == ["1", "2"]
    assert engine.match(Document(id="e")) == engine.match_all(Document(id="e")) == []


def test_a_rule_that_fails_does_not_stop_the_others() -> None:
    failures: list[tuple[str, Exception]] = []
    engine = RuleSet(on_failure=lambda rule_id, error: failures.append((rule_id, error)))
    engine.add("1", broken_rule())  # type: ignore[arg-type]
    engine.add("2", "Ukraine")
    assert [match.rule_id for match in engine.match(ARTICLE)] == ["2"]
    assert engine.failures == {"1": "RecursionError: too deep"}
    assert [rule_id for rule_id, _ in failures] == ["1"]
    engine.remove("1")
    assert engine.failures == {}


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        ("Ukraine NEAR/1 go", ""),
        ("talks NEAR/2 go", ""),
        ("talks NEAR/1 go", "go is 2 words away, the rule allows 1"),
        ("talks NEAR/0 Ukraine", "Ukraine is 1 word away, the rule allows 0"),
        ("deployment NEAR Ukraine", "not in the same field"),
        ("Ukraine NEAR Ukraine", "counts once"),
        ("talk", "found “Talks”; write ~talk"),
        ('"troops deployment"', 'found “Troop deployment”; write "troops deployment"~'),
        ('"deployment troop"', "its words are there, but not in a row"),
        ('"troop carrier"', "not found: carrier"),
        ("kraine", "only inside “ukraine”, which is another word"),
        ("Poland", "not found"),
        ("~talk", "1 hit: “Talks”"),
    ],
)
def test_explain_tells_hits_and_near_misses(rule: str, detail: str) -> None:
    explanation = explain(rule, ARTICLE)
    assert detail in explanation.detail
    assert bool(detail) or explanation.truth


def test_an_explanation_as_lines() -> None:
    assert explain("talks NEAR/1 (go OR went) NOT Poland", ARTICLE).lines() == [
        "✗ talks NEAR/1 (go OR went) AND NOT Poland",
        "  ✗ talks NEAR/1 (go OR went): (go OR went) is 2 words away, the rule allows 1",
        "    ✓ talks: 1 hit: “Talks”",
        "    ✓ go OR went",
        "      ✓ go: 1 hit: “go”",
        "      ✗ went: not found",
        "  ✓ NOT Poland",
        "    ✗ Poland: not found",
    ]
