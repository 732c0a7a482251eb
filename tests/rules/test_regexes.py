"""Regular expressions: meanings, refusals, hostile texts, and what they ask of the index."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import parse
from rules.regex.matcher import TooLarge, compiled, matches
from rules.regex.syntax import Invalid
from tests.rules.test_word_tests import hits, refused
from tests.waiting import costs_less_than


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (r"/\bвойна\b/", "война, войнах; война́ войной", ["война"]),
        (r"/\bwar\b/", "wars war warm", ["war"]),
        (r"/\bwar\b|\bgames?\b/i", "Wargames, war. GAME!", ["war", "GAME"]),
        (r"/(?:\bwar|games\b)/", "awar warm games gamesx", ["warm", "games"]),
        (r"/\Bgame\b/", "game wargame", ["wargame"]),
        (r"/\w+-\d{3} troops/", "Ф-१२३ troops", ["Ф-१२३ troops"]),
        (r"/troops of \d+/", "troops of 40000", ["troops of 40000"]),
        (r"/air.strikes/", "air\nstrikes air strikes", ["air strikes"]),
        (r"/don't go/", "Don’t go, don’t go", ["don’t go"]),
        (r"/“war”/", 'a "war" of „war“', ["war", "war"]),
        (r"/war - peace/", "war\u00a0– peace", ["war\u00a0– peace"]),
        (r"/R&amp;D war/", "R&D war", ["R&D war"]),
        (r"/a &lt; bcd/", "a < bcd", ["a < bcd"]),
        (r"/and\/or war/", "and/or war", ["and/or war"]),
        (r"/gr[ae]y fox/", "grey fox", ["grey fox"]),
        (r"/^war/", "war and war", ["war"]),
        (r"/war$/", "war and\nwar", ["war"]),
        (r"/北京/", "在北京大学", ["北京"]),
        (r"/[^\W\d_]+burg/", "Hamburg 9burg", ["Hamburg"]),
        (r"/war\x21/", "war!", ["war"]),
    ],
)
def test_regular_expressions(rule: str, text: str, expected: list[str] | None) -> None:
    assert hits(rule, text) == expected


def test_a_match_never_runs_from_the_title_into_the_body() -> None:
    assert hits("/war games/", "games", title="war") is None
    assert hits("/war.*games/", "games", title="war") is None
    assert hits("/war$/", "games", title="war") == ["war"]


@pytest.mark.parametrize(
    ("rule", "cure", "message"),
    [
        ("/(i?)troops/", "/troops/i", "ignore case"),
        ("/(?i)troops/", "/troops/i", "behind the last slash"),
        ("/troops(?=x)/", "/troops(?:x)/", "looks around"),
        ("/(?<!x)troops/", "/(?:x)troops/", "looks around"),
        (r"/(troops) \1/", "/(troops) /", "back-reference"),
        ("/tro(ops/", r"/tro\(ops/", "never closed"),
        ("/troops)/", r"/troops\)/", "no opening"),
        ("/[troops/", r"/\[troops/", "never closed"),
        ("/x*/", '"x"', "no character"),
        (r"/\b/", "", "no character"),
        ("/ab/", '"ab"', "three letters"),
        (r"/\w+ \d+/", "", "three letters"),
        ("/a{1000}/", "", "100 times"),
        ("/troops/gi", "/troops/i", "flag"),
        ("/r/ukraine", '"r ukraine"', "flag"),
        ("/troops", "/troops/", "no slash ends"),
        (r"/\w{60}\w{60}\w{60}troops/", "", "memory"),
        (r"/\p{Nonsense}troops/", "", "no regular expression"),
        (r"/troops\Q/", "/troopsQ/", "no escape"),
        ("/[z-a]troops/", "/[a-z]troops/", "range"),
        ("/troops++/", "/troops+/", "repeated again"),
        ("/war^peace/", "", "start of the text"),
        ("/[[:alpha:]]troops/", r"/[\p{L}]troops/", "names"),
        ("/" + "(" * 30 + "war" + ")" * 30 + "/", "", "levels"),
        ("/" + "war" * 200 + "/", "", "characters at most"),
    ],
)
def test_an_invalid_expression_is_an_error_with_its_place_never_a_word(rule: str, cure: str, message: str) -> None:
    error = refused(rule)
    assert message in error.message
    assert not cure or error.cure == cure
    assert not error.cure or parse(error.cure)


def test_the_place_of_an_error_is_inside_the_expression() -> None:
    error = refused("war AND /troops(?=x)/")
    assert (error.start, error.end) == (15, 18)


CATASTROPHES = [
    r"/(a+)+bcd/",
    r"/(a|aa)+bcd/",
    r"/\b(a*)*bcd\b/",
    r"/(.*,){20}bcd/",
    r"/abc(.*.*.*)xyz/",
    r"/abc(?:[^x]*x)?/",
]


@pytest.mark.parametrize("rule", CATASTROPHES)
def test_textbook_catastrophes_take_linear_time(rule: str) -> None:
    with costs_less_than(3):
        hits(rule, "a" * 100_000 + "," * 100 + "abc" * 20_000)


# Python's own engine is the oracle: it knows Unicode's \b, and these texts have no combining marks.
_ATOMS = [
    "a",
    "b",
    "я",
    "é",
    "_",
    r"\.",
    "1",
    "й",
    "北",
    "ß",
    r"\b",
    r"\B",
    "[ab]",
    r"\w",
    r"\W",
    ".",
    "[^a]",
    r"\s",
    r"[\W_]",
]
_GROUPS = ["({}|{})", "({}{})*", "({}{})+", "({}{})?", "({}{}){{2}}", "({}{})*?", "{}{}"]
_patterns = st.recursive(
    st.sampled_from(_ATOMS),
    lambda part: st.builds(
        lambda group, first, second: group.format(first, second), st.sampled_from(_GROUPS), part, part
    ),
    max_leaves=7,
)


@settings(max_examples=600, deadline=None)
@given(_patterns, st.text("aabя_é. 1й北!ß\n", max_size=14))
def test_edges_of_words_are_those_of_unicode(pattern: str, text: str) -> None:
    try:
        compiled(pattern, False)
    except (Invalid, TooLarge):
        return
    wanted = [match.span() for match in re.finditer(pattern, text)]
    if all(start < end for start, end in wanted):  # expressions that match nothing are refused
        spans = list(matches(pattern, False, text))
        assert [span for span in spans if span[0] < span[1]] == wanted


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("/troops? of/", ["troop", "troops"]),
        ("/troop deployment/", ["deployment", "troop"]),
        ("/gr[ae]y fox/", ["gray", "grey"]),
        ("/война/", ["войн"]),
        ("/Война и/", ["война"]),
        ("/(wars?|game_over) x/i", ["game", "war", "wars"]),
        ("/北京/", ["京", "北"]),
        (r"/\d+ (?:un)?deployed/", ["deployed", "undeployed"]),
    ],
)
def test_an_expression_asks_the_index_for_its_literals(rule: str, keys: list[str]) -> None:
    condition = parse(rule).node.condition(True)
    assert not condition.exact
    assert sorted({each.term.words[0].key for group in condition.groups for each in group}) == keys
