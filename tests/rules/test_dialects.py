"""Rules of other tools: what each says here, part by part, and that the meaning stays.

The table of real rules is each dialect's EXAMPLES, checked by hand against the tool's documentation.
"""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules.dialects
from rules import Document, RuleError, parse
from rules.dialects import Part, Translation, dialect, dialects, translate
from tests.rules.dialect_docs import DOCS, END, START, section
from tests.waiting import costs_less_than

OTHERS = [name for name in dialects() if name != "watchword"]
BOOLEAN = ("lexis", "factiva", "brandwatch", "meltwater", "freshrss")
EXAMPLES = [(name, *example) for name in dialects() for example in dialect(name).EXAMPLES]


def part(translation: Translation, text: str) -> Part:
    (match,) = [each for each in translation.parts if each.text == text]
    return match


def covered(source: str, translation: Translation) -> None:
    """Every sign of the source that is no space is in exactly one part."""
    count = [0] * len(source)
    for each in translation.parts:
        assert source[each.start : each.end] == each.text
        for at in range(each.start, each.end):
            count[at] += 1
    for at, char in enumerate(source):
        assert count[at] == 1 or (char.isspace() and count[at] < 2), (source, at, translation.parts)


# ------------------------------------------------------------------------------------------------------------ examples


def test_there_are_examples_enough() -> None:
    assert {"brandwatch", "factiva", "freshrss", "lexis", "meltwater", "miniflux", "watchword"} <= set(dialects())
    assert all(len(dialect(name).EXAMPLES) >= 15 for name in OTHERS)


@pytest.mark.parametrize(("name", "source", "rule", "verdict"), EXAMPLES)
def test_example(name: str, source: str, rule: str, verdict: str) -> None:
    translation = translate(source, name)
    assert (translation.text, translation.verdict) == (rule, verdict), translation
    assert bool(translation.problem) == (not translation.text)
    covered(source, translation)
    assert all(each.why for each in translation.parts if each.verdict != "kept"), translation.parts


def test_an_unknown_tool_is_an_error() -> None:
    with pytest.raises(KeyError):
        translate("troops", "_common")


DIALECT = """
import re
from rules.dialects import _common as common
from rules.dialects._translate import translated

TITLE = "Plus"
EXAMPLES = (("troops + Kyiv", "troops AND Kyiv", "kept"),)
_BESIDE = common.Token(kind="infix", start=0, end=0, op="and", power=1)
_PATTERN = re.compile(r"(?P<plus>[+])|(?P<word>[^+\\s]+)")
_READERS = {"plus": lambda match: common.infix(match, "and", 1), "word": common.word}


def translate(text):
    return translated(text, lambda plain: common.scan(plain, _PATTERN, _READERS), _BESIDE)
"""


def test_a_dialect_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plus_signs.py").write_text(DIALECT, "utf-8")
    monkeypatch.setattr(rules.dialects, "__path__", [*rules.dialects.__path__, str(tmp_path)])
    dialects.cache_clear()
    try:
        assert "plus_signs" in dialects()
        assert translate("troops + Kyiv", "plus_signs").text == "troops AND Kyiv"
    finally:
        dialects.cache_clear()


def test_the_page_is_up_to_date() -> None:
    text = DOCS.read_text("utf-8")
    written = START + text.partition(START)[2].partition(END)[0] + END
    assert written == section(), "run: python -m tests.rules.dialect_docs"


# -------------------------------------------------------------------------------------------------------------- parts


def test_what_is_lost_tells_whether_the_rule_finds_more_or_less() -> None:
    translation = translate("rst=nytf and ukraine", "factiva")
    assert part(translation, "rst=nytf").why == (
        "“rst=” names Factiva's own source codes; without it the rule finds more"
    )
    assert part(translation, "and").verdict == "lost"
    translation = translate("ukraine or rst=nytf", "factiva")
    assert part(translation, "rst=nytf").why.endswith("without it the rule finds less")
    translation = translate("ukraine not (drill or re=usa)", "factiva")
    assert translation.text == "ukraine AND NOT drill"
    assert part(translation, "re=usa").why.endswith("without it the rule finds more")
    translation = translate("ukraine not (drill and re=usa)", "factiva")
    assert part(translation, "re=usa").why.endswith("without it the rule finds less")


def test_what_would_match_nearly_everything_is_no_rule() -> None:
    translation = translate("language:en AND city:berlin", "brandwatch")
    assert (translation.text, translation.verdict) == ("", "lost")
    assert translation.problem == (
        "“city:berlin” cannot be said: what is left says nothing of the text, so that nearly everything would match"
    )
    translation = translate("ukraine NOT (language:en AND city:berlin)", "brandwatch")
    assert translation.text == ""
    assert "what is left would leave out nearly everything" in translation.problem
    assert translate("ukraine AND language:en AND city:berlin", "brandwatch").text == "ukraine AND lang:en"


def test_names_of_several_words() -> None:
    assert translate("oil AND country:(united kingdom)", "brandwatch").text == "oil AND country:GB"
    assert translate("oil and sn=new york times", "factiva").text == 'oil AND source:"new york times"'
    assert part(translate("oil and la=klingon", "factiva"), "la=klingon").why.startswith("“klingon” is no language")
    assert part(translate('"oil" and BYLINE(smi!)', "lexis"), "BYLINE(smi!)").verdict == "lost"


def test_what_stays_away_is_lost_with_its_effect() -> None:
    translation = translate('"oil" not w/5 ("gas" or COMPANY(shell))', "lexis")
    assert translation.text == "oil NOT NEAR/4 gas"
    assert part(translation, "COMPANY(shell)").why.endswith("without it the rule finds more")


def test_a_changed_term_under_not_turns_its_effect_round() -> None:
    assert part(translate("ukraine engineer$3", "factiva"), "ukraine engineer$3").why.endswith("may find more")
    assert part(translate("ukraine not engineer$3", "factiva"), "engineer$3").why.endswith("may find less")


@pytest.mark.parametrize(
    "date",
    ["DATE > 2020", "date aft January 1, 2020", "DATE geq (1/1/2020) and leq (12/31/2020)", "publication-date bef 2019",
     "DATE is 2020", "DATE(geq (1/1/2020))", "date after (Jan. 2020)"],
)  # fmt: skip
def test_a_date_is_lost_and_never_words_to_search_for(date: str) -> None:
    for source in (f'"troops" and {date} and "kyiv"', f'{date} and "troops" and "kyiv"'):
        translation = translate(source, "lexis")
        assert translation.text == "troops AND kyiv"
        assert part(translation, date).verdict == "lost"
        covered(source, translation)
    assert translate('"troops" and date palm', "lexis").text == 'troops AND "date palm"~'


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("factiva", "ukraine not re=usa"),
        ("factiva", "ukraine and (oil or (gas not re=usa))"),
        ("lexis", "ukraine and not COMPANY(gazprom or shell)"),
        ("lexis", '"ukraine" not w/5 COMPANY(gazprom)'),
        ("brandwatch", "brand AND NOT sentiment:negative"),
        ("meltwater", "brand NOT type:blog"),
        ("freshrss", "ukraine -f:12"),
    ],
)
def test_no_rule_is_made_that_would_find_what_it_should_leave_out(name: str, source: str) -> None:
    translation = translate(source, name)
    assert translation.text == ""
    assert "without it the rule would find what it should leave out" in translation.problem
    covered(source, translation)
    assert any("no rule is made" in each.why for each in translation.parts)


def test_nothing_left_is_no_rule() -> None:
    translation = translate("re=usa and ns=gpol", "factiva")
    assert (translation.text, translation.problem) == ("", "nothing of it can be said here")
    assert [each.verdict for each in translation.parts] == ["lost"]


def test_a_rule_of_absence_alone_is_no_rule() -> None:
    translation = translate("-drill", "freshrss")
    assert translation.text == ""
    assert "only what must be absent" in translation.problem


def test_a_phrase_is_one_part() -> None:
    translation = translate("bill clinton or gore", "factiva")
    assert [(each.text, each.into) for each in translation.parts] == [
        ("bill clinton", '"bill clinton"'),
        ("or", "OR"),
        ("gore", "gore"),
    ]


def test_words_between_are_counted_as_the_tool_counts_them() -> None:
    """Factiva's near5 has at most four words between, Brandwatch's NEAR/5 five; LexisNexis counts as Factiva."""
    text = Document(id="1", body="one a b c d two")
    for name, within, without in (
        ("factiva", "one near5 two", "one near4 two"),
        ("lexis", '"one" w/5 "two"', '"one" w/4 "two"'),
        ("brandwatch", "one NEAR/4 two", "one NEAR/3 two"),
        ("meltwater", "one NEAR two", "one NEAR/3 two"),
    ):
        assert parse(translate(within, name).text).spans(text)
        assert not parse(translate(without, name).text).spans(text)


def test_quotes_as_phones_type_them() -> None:
    assert translate("“peas and carrots” and ‘soup’", "factiva").text == '"peas and carrots" AND soup'


def test_what_means_something_to_us_alone_is_a_word() -> None:
    assert translate('"NOT" AND "SENT"', "brandwatch").text == '"NOT" AND "SENT"'
    assert translate("min:2", "freshrss").text == '"min 2"'


# ---------------------------------------------------------------------------------------------------------- precedence

# The operators of each tool from the loosest to the tightest, as its documentation orders them.
ORDER: dict[str, tuple[tuple[str, ...], ...]] = {
    "lexis": (("and not",), ("and",), ("or",)),
    "factiva": (("or",), ("and",), ("not",)),
    "brandwatch": (("OR",), ("AND",), ("NOT",)),
    "meltwater": (("OR",), ("AND",), ("NOT",)),
    "freshrss": (("OR",), ("AND",)),
}
NAMES = ("alpha", "beta", "gamma", "delta", "omega")


def truth(pieces: list[str], order: tuple[tuple[str, ...], ...], has: Callable[[str], bool]) -> bool:
    """By the tool's own order: split at the last of the loosest operators."""
    for operators in order:
        for at in range(len(pieces) - 2, 0, -2):
            if pieces[at] in operators:
                left, right = truth(pieces[:at], order, has), truth(pieces[at + 1 :], order, has)
                kind = pieces[at].lower().split()[-1]
                return {"or": left or right, "and": left and right, "not": left and not right}[kind]
    (name,) = pieces
    return has(name)


@pytest.mark.parametrize("name", BOOLEAN)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_precedence_is_the_tools_own(name: str, data: st.DataObject) -> None:
    order = ORDER[name]
    operators = [each for level in order for each in level]
    chosen = data.draw(st.lists(st.sampled_from(operators), min_size=1, max_size=4))
    pieces = [NAMES[0]]
    for operator, word in zip(chosen, NAMES[1:], strict=False):
        pieces += [operator, word]
    quoted = [f'"{piece}"' if piece in NAMES else piece for piece in pieces]
    translation = translate(" ".join(quoted), name)
    if not translation.text:
        assert truth(pieces, order, lambda _: False)
        return
    rule = parse(translation.text)
    for present in product((False, True), repeat=len(NAMES)):
        there = [word for word, is_there in zip(NAMES, present, strict=True) if is_there]
        document = Document(id="1", body=" . ".join(there))
        assert (rule.spans(document) is not None) == truth(pieces, order, there.__contains__), translation.text


# What each tool writes between two groups, and before one; all of it can be said here.
BETWEEN = {
    "lexis": ("and", "or", "w/5", "pre/3", "w/s", "w/p"),
    "factiva": ("and", "or", "near5", "adj3", "same", "w/4"),
    "brandwatch": ("AND", "OR", "NEAR/5", "NEAR/3f"),
    "meltwater": ("AND", "OR", "NEAR", "ONEAR/3"),
    "freshrss": ("AND", "OR", ""),
}
TERMS = {
    "lexis": ("troops", '"peace deal"', "deploy!", "wom*n", "singular(tank)", "ALLCAPS(nato)"),
    "factiva": ("troops", "peace deal", "deploy*", "wom?n", '"peas and carrots"', "atleast2 tank"),
    "brandwatch": ("troops", "peace deal", "deploy*", "wom?n", "{NATO}", '"peace deal"~3', "#tag"),
    "meltwater": ("troops", '"peace deal"', "deploy*", "wom?n", "#tag"),
    "freshrss": ("troops", "'peace deal'", "/missiles?/i", "author:smith"),
}


@pytest.mark.parametrize("name", BOOLEAN)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_can_be_said_is_a_rule_and_nothing_of_it_is_lost(name: str, data: st.DataObject) -> None:
    operators, terms = st.sampled_from(BETWEEN[name]), st.sampled_from(TERMS[name])

    def joined(groups: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(groups, operators, groups).map(lambda each: f"({each[0]} {each[1]} {each[2]})")

    source = data.draw(st.recursive(terms, joined, max_leaves=4))
    translation = translate(source, name)
    assert translation.text, translation.problem
    assert translation.verdict != "lost"
    assert parse(translation.text)
    covered(source, translation)


# ------------------------------------------------------------------------------------------------------------- hostile

PIECES = {
    "lexis": ["DATE geq", "date >", "1/1/2020", "length gtr 9",
              "w/3", "pre/2", "w/s", "/p", "w/seg", "not w/4", "and", "or", "and not", "HLEAD(", "COMPANY(", "deploy!",
              "wom*n", "atleast3(", "allcaps(nato)", "length > 20", "&", "caps(it)", "plural(city)", "w/999"],
    "factiva": ["near5", "adj3", "same", "and", "or", "not", "hd=", "rst=", "la=de", "atleast4", "/F50/", "/N7/", "%",
                "wc>200", "engineer$3", "[", "]", "date after 20200101", "w/2", "by="],
    "brandwatch": ["NEAR/3", "NEAR/2f", "AND", "OR", "NOT", "title:", "site:", "sentiment:bad", "~5", "{BT}", "raw:BT",
                   "#tag", "<<<note>>>", "*ing", "wom?n", "country:de", '"a b"~3', ")~4", "-", "x:[1 TO 2]"],
    "meltwater": ["NEAR/3", "near", "onear/4", "and", "OR", "NOT", "title:", "ingress:", "type:x", "^9", "{BT}", "*",
                  "atleast3", "wom?n", "country:", "lang:en", '"a b"~3', "-", "#x", "AI*"],
    "freshrss": ["pubdate:P3D", "pubdate:PT6H",
                 "intitle:", "inurl:", "author:", "#tag", "-", "!", "OR", "f:12", "date:P1D", "/re+/i", "/(/", "'a b'",
                 "\\(", "search:x", "AND", "label:'x'", "L:*", "intitle:/x/", "NOT", "/a{1000}/"],
    "miniflux": ["EntryTitle=", "EntryDate=future", "(?i)", "a|b", "[", "(", "EntryURL=/x/", "\\b", "EntryNo=", "=",
                 "max-age:3d", "EntryDate=max-age:3d", "{9999}", "\\", "/"],
    "watchword": ["AND", "OR", "NEAR/3", "~x", "NOT"],
}  # fmt: skip
SHARED = ["(", ")", '"', "troops", "Ukraine", "北京", "🙂", "e-mail", "AND", "NEAR", " ", "\n", "\u200b", "*", "?", "’"]


def attempt(source: str, name: str) -> Translation | RuleError:
    try:
        return translate(source, name)
    except RuleError as error:
        return error


def answered(source: str, name: str) -> None:
    """With a translation that parses and tells of every part, or with an error that has its place."""
    translation = attempt(source, name)
    if isinstance(translation, Translation):
        covered(source, translation)
        assert bool(translation.text) != bool(translation.problem)
        assert not translation.text or parse(translation.text)
        return
    assert 0 <= translation.start <= translation.end <= len(source)
    assert translation.message
    assert translation.caret()
    assert not translation.cure or translate(translation.cure, name)


@pytest.mark.parametrize("name", dialects())
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_text_is_translated_or_refused_with_its_place(name: str, data: st.DataObject) -> None:
    tokens = st.sampled_from([*PIECES.get(name, ()), *SHARED])
    source = data.draw(st.one_of(st.lists(tokens, max_size=12).map(" ".join), st.text(max_size=30)))
    answered(source, name)


@pytest.mark.parametrize("name", dialects())
@pytest.mark.parametrize(
    "source",
    [
        "(" * 1_000_000,
        "(" * 9000,
        "NOT " * 4000,
        "a OR " * 10_000 + "a",
        "a or " * 3000 + "a",
        'a" ' * 5000,
        "<<<" * 6000,
        "a w/3 " * 2000 + "a",
        "a NEAR/3 " * 2000 + "a",
        "hd=" * 5000 + "x",
        "title:" * 3000 + "x",
        "{" * 19_000,
        "*" * 19_000,
        "/a" * 9000,
        "a~5" * 5000,
        "-" * 19_000,
        "(a) " * 4900,
        "(a " * 90 + ")" * 90,
        "\ud800 \x00 a",
    ],
    ids=lambda source: source[:12],
)
def test_hostile_rules_are_answered_soon(name: str, source: str) -> None:
    with costs_less_than(2):
        attempt(source, name)
    answered(source, name)


def test_a_missing_parenthesis_is_shown_and_mended() -> None:
    with pytest.raises(RuleError) as caught:
        translate("(troops w/5 ukraine", "lexis")
    assert (caught.value.start, caught.value.cure) == (0, "(troops w/5 ukraine)")
    assert re.search(r"\^", caught.value.caret())


@pytest.mark.parametrize("tool", ["brandwatch", "meltwater"])
def test_a_denied_proximity_is_refused_without_a_cure_that_says_the_opposite(tool: str) -> None:
    with pytest.raises(RuleError, match=r"this tool has no NOT before NEAR; in our rules: A NOT NEAR/5 B") as refused:
        translate("apple NOT NEAR/5 pie", tool)
    assert refused.value.cure == ""
