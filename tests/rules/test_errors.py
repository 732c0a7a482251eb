"""A wrong rule is answered with its place, the reason and a cure that parses."""

import pickle

import pytest

from rules import RuleError, parse


def refused(text: str, lang: str = "en") -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(text, lang=lang)
    return caught.value


@pytest.mark.parametrize(
    ("rule", "place", "message", "cure"),
    [
        ("troops AND", "AND", "AND needs a term after it", "troops"),
        ("OR troops", "OR", "OR needs a term before it", "troops"),
        ("troops AND OR Ukraine", "AND", "AND needs a term after it", "troops OR Ukraine"),
        ("(troops AND Ukraine", "(", "never closed", "(troops AND Ukraine)"),
        ("troops)", ")", "no opening one", "troops"),
        ("troops ()", "()", "nothing between", "troops"),
        ('"troop deployment AND Ukraine', '"', "quote is never closed", '"troop deployment" AND Ukraine'),
        ("“troop deployment", "“", "quote is never closed", '"troop deployment"'),
        ("NOT drill", "NOT drill", "only what must be absent", "troops NOT drill"),
        ("NOT troops", "NOT troops", "put before it what must be there", "earthquake NOT troops"),
        ("-drill -exercise", "-drill -exercise", "only what must be absent", "troops -drill -exercise"),
        ("quake OR NOT drill", "NOT drill", "this side of OR", "quake NOT drill"),
        ("NOT drill OR quake", "NOT drill", "this side of OR", "NOT drill quake"),
        ("troops NOT NOT drill", "NOT NOT", "cancel each other", "troops drill"),
        ("a NEAR/101 b", "/101", "from 0 to 100, not 101", "a NEAR/100 b"),
        ("a NEAR/-1 b", "/-1", "from 0 to 100, not -1", "a NEAR/10 b"),
        ("a NEAR/ b", "/", "as in NEAR/10", "a NEAR/10 b"),
        ("a NEAR/9999999999999999999999 b", "/9999999999999999999999", "not 9999999", "a NEAR/100 b"),
        ("a AND/OR b", "/OR", "AND takes no number", "a OR b"),
        ("a w/5 b", "w/5", "write NEAR/5", "a NEAR/5 b"),
        ("a & b", "&", "write AND", "a AND b"),
        ("a &amp;&amp; b", "&amp;&amp;", "write AND", "a AND b"),
        ("a || b", "||", "write OR", "a OR b"),
        ("a !b", "!", "write NOT", "a NOT b"),
        ("a - b", "-", "directly before", "a -b"),
        ("'troop deployment' Kyiv", "'troop deployment'", "double quotes", '"troop deployment" Kyiv'),
        ("troops~", "troops~", "before the word", "~troops"),
        ("~ troops", "~ ", "directly before a word", "~troops"),
        ('~"troop deployment"', '~"troop deployment"', "after the closing quote", '"troop deployment"~'),
        ("titel:Ukraine", "titel:", "is no scope", "titel Ukraine"),
        ("(a NOT b) NEAR/5 c", "(a NOT b)", "NOT cannot stand inside", "(a NOT b) AND c"),
        ("troops →", "→", "no word in →", "troops"),
    ],
)
def test_place_message_and_cure(rule: str, place: str, message: str, cure: str) -> None:
    error = refused(rule)
    assert message in error.message
    assert rule[error.start : error.end] == place
    assert error.cure == cure
    assert parse(error.cure)


def test_what_was_expected_is_told() -> None:
    assert '"a phrase"' in refused("troops AND").expected
    assert "NOT" in refused("troops AND").expected
    assert "AND" in refused("troops)").expected


def test_a_language_without_stems_is_told() -> None:
    error = refused("~troops", lang="xx")
    assert "'xx'" in error.message
    assert error.cure == "troops"
    assert str(parse("troops", lang="xx")) == "troops"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("a " * 1001, "1,000 terms"),
        ("(" * 101 + "a" + ")" * 101, "100 levels"),
        ("x " + "NOT (" * 60 + "a" + ")" * 60, "100 levels"),
        ("x " + "(a OR b NOT " * 49 + "c" + ")" * 49, "with all its quotes and parentheses"),
        ("a-b " * 2400, "1,000 terms"),
        ("a&b " * 950 + "x" * 6100, "with all its quotes and parentheses"),
        ("a" * 10_001, "10,000 characters"),
        (" NEAR ".join("a" * 22), "20 NEARs"),
        ("(" + " ".join("a" * 40) + ") NEAR (" + " ".join("b" * 40) + ")", "1,000 terms"),
    ],
)
def test_limits_are_refused_with_the_reason(rule: str, message: str) -> None:
    assert message in refused(rule).message


def test_the_limits_themselves_are_allowed() -> None:
    assert len(parse("a " * 1000).node.children) == 1000
    assert str(parse("(" * 100 + "a" + ")" * 100)) == "a"
    assert parse("a" * 10_000)
    assert parse("a NEAR/0 b NEAR/100 c")
    deep = parse("x " + "(a OR b NOT " * 33 + "c" + ")" * 33)
    assert parse(str(deep)).node == deep.node


def test_the_caret_points_at_the_place() -> None:
    assert refused("troops AND OR Ukraine").caret() == "troops AND OR Ukraine\n       ^^^"


def test_the_caret_minds_wide_and_invisible_characters() -> None:
    assert refused("北京 cafe\u0301 AND").caret().split("\n")[1] == " " * 10 + "^^^"
    assert refused("\ufeff（a").caret().split("\n")[1] == "^^"
    assert refused("a\nAND").caret() == "a AND\n  ^^^"


def test_the_caret_of_a_long_rule_shows_the_part_around() -> None:
    line, carets = refused("word " * 200 + "AND OR " + "word " * 200).caret().split("\n")
    at = carets.index("^")
    assert line[at : at + 3] == "AND"
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) <= 80


def test_an_error_can_be_sent_between_processes() -> None:
    error = refused("troops AND")
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.cure, again.caret()) == (error.message, error.cure, error.caret())
