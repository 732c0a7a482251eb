"""Signs that make another word of a word are looked for; those that are not are remarked on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Document, explain, parse
from tests.rules.test_traps import hits


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("C++", "We want C++, today"), ("C++", "(C++)"), ("C++", "C++11 and later"), ("C++", "Ｃ＋＋ 入門"),
        ("C#", "in C#."),
        (".NET", ".NET, of course"), ("F-16", "An F-16 flew"), ("F-16", "An F\u201116 flew"), ("AT&T", "by AT&T."),
        ("AT&T", "by AT & T"), ("R&D", "the R&D budget"), ("#Ukraine", "#Ukraine!"), ("#Ukraine", "＃Ukraine"),
        ("$TSLA", "$TSLA fell"), ("Disney+", "on Disney+"), ("9/11", "since 9/11"), ("al-Qaeda", "al Qaeda"),
        ('"C++ developer"', "a C++ developer"), ("{C++}", "C++"), ("~C++", "C++"), ("C++ NEAR/2 jobs", "C++ jobs"),
        ("COVID-19", "COVID 19"), ('"Johnson & Johnson"', "Johnson & Johnson"), ("e-mail", "an e mail"),
        ("title:#war OR C++^", "C++"), ('"snake_case"', "a snake_case name"),
    ],
)  # fmt: skip
def test_a_word_with_its_signs_is_a_hit(rule: str, text: str) -> None:
    assert hits(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("C++", "Vitamin C"), ("C++", "C+"), ("C++", "C#"), ("C++", "C+++"), ("C#", "C++"), ("C#", "C"),
        (".NET", "the net"),
        (".NET", "ASP.NET"), (".NET", "wait...net"), ("F-16", "Section F, 16 pages"), ("AT&T", "look at T-shirts"),
        ("R&D", "R, D"), ("#Ukraine", "Ukraine"), ("#Ukraine", "a#Ukraine"), ("$TSLA", "TSLA"), ("$TSLA", "US$TSLA"),
        ("Disney+", "Disney"), ("9/11", "9, 11"), ('"C++ developer"', "C developer"), ("{C++}", "c++"), ("~C++", "C"),
        ("C++ NEAR/2 jobs", "C jobs, and far away from it all the word C++"), ("COVID-19", "19 COVID"),
        ('"Johnson & Johnson"', "Johnson, Johnson"), ('"snake_case"', "snake case"), ("min:2 of (C++, C#)", "C, C++"),
    ],
)  # fmt: skip
def test_the_word_without_its_signs_is_none(rule: str, text: str) -> None:
    assert not hits(rule, text)


def test_a_miss_says_that_only_the_signs_are_missing() -> None:
    assert explain(parse("C++"), Document(id="1", body="Vitamin C")).detail == "found “C” without the signs of “C++”"


@pytest.mark.parametrize(("rule", "sign"), [("5%", "%"), ("20°C", "°"), ('"C++ devel*"', "+"), ("a=b", "=")])
def test_a_sign_that_is_not_searched_for_is_remarked_on(rule: str, sign: str) -> None:
    assert [note.message.startswith(f"“{sign}” is not searched for") for note in parse(rule).notes] == [True]


@pytest.mark.parametrize("rule", ["C++", "AT&T", "e-mail", "/a+b+cde/", "url:a+b", '"what?"', "«Привет»", "troops"])
def test_what_is_searched_for_is_not_remarked_on(rule: str) -> None:
    assert parse(rule).notes == ()


_signed = st.text(st.sampled_from("CFnet16 .+#$&-_/"), min_size=1, max_size=8)


@given(_signed.filter(lambda term: any(map(str.isalnum, term))), _signed)
def test_the_index_and_the_tree_agree_on_signs_and_every_rule_reads_back(term: str, text: str) -> None:
    rule = parse(f'"{term}" OR nothing')
    assert parse(str(rule)).node == rule.node
    assert hits(f'"{term}"', term)
    hits(f'"{term}"', text)


def test_a_sign_that_is_letters_in_plain_characters_joins_nothing() -> None:
    rule = parse("\u3700\u3374\uff04\u3701")  # a sign that stands for "bar", a full-width dollar
    assert parse(str(rule)).node == rule.node
