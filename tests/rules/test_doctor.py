"""The doctor finds what is planted, says nothing of sound rules, and never claims what is not so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import Document, Rule, RuleError, parse
from rules.doctor import Finding, Rivals, examine
from rules.document import StoryFacts
from rules.logic import follows
from rules.words import fold, words
from tests.rules import everything
from tests.rules.doctor_cases import ALONE, CLEAN, OTHERS, SPELLED, WIDE
from tests.rules.strategies import documents, rules
from tests.waiting import costs_less_than

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@dataclass
class Words:
    """A vocabulary from a table."""

    counts: dict[str, int]
    size: int = 4000

    def count(self, word: str) -> int:
        return self.counts.get(word, 0)

    def words(self) -> Iterable[str]:
        return self.counts


@dataclass
class Outlook:
    """A forecast."""

    stories: int
    days: int = 7
    documents: int = 4000
    before: int = 0

    @property
    def per_day(self) -> float:
        return self.stories / self.days


@lru_cache(maxsize=1)
def newsroom() -> Words:
    """What an archive of 4,000 articles might hold: the seeds' words, the clean rules', and more that are frequent."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.iterdir()) if path.suffix in (".md", ".txt")]
    counts = {fold(word): 12 for text in (*texts, *CLEAN) for word in words(text)}
    counts |= dict.fromkeys(SPELLED.frequent.split(), 312)
    counts |= {f"con{end}": 40 for end in SPELLED.endings.split()}
    for word in ("the", "of", "and", "to", "in", "said"):
        counts[word] = 3600
    return Words(counts)


def findings_of(text: str, **more: object) -> list[Finding]:
    return examine(parse(text), **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------- planted, and clean


@pytest.mark.parametrize(("kind", "text", "place", "cure"), ALONE)
def test_what_is_planted_is_found_at_its_place_with_its_cure(kind: str, text: str, place: str, cure: str) -> None:
    (finding,) = findings_of(text)
    assert (finding.kind, text[finding.start : finding.end], finding.cure) == (kind, place, cure)
    if kind == "always false" and place != text and finding.severity == "wrong":
        assert "^" in finding.caret(text)


@pytest.mark.parametrize("text", [case[1] for case in ALONE if case[3]])
def test_a_cure_cures(text: str) -> None:
    (finding,) = findings_of(text)
    left = [each.severity for each in findings_of(finding.cure)]
    assert left == [] or (finding.severity == "wrong" and set(left) == {"hint"})  # parts left over that do nothing


@pytest.mark.parametrize("text", CLEAN)
def test_a_sound_rule_has_no_finding(text: str) -> None:
    lists = {"outlets": "reuters, bbc, spiegel", "nordics": "Sweden OR Norway OR Finland"}
    rule = parse(text, lists=lists)
    assert examine(rule, lists=lists) == []
    assert examine(rule, vocabulary=newsroom(), forecast=Outlook(stories=30), lists=lists) == []


def test_sound_rules_have_nothing_to_do_with_each_other() -> None:
    read = []
    for text in CLEAN:
        if "@" not in text:
            read.append((text, parse(text)))
    all_of_them = Rivals(read)
    for text, rule in read:
        assert examine(rule, others=all_of_them.but(text)) == [], text


@pytest.mark.parametrize(("kind", "text", "other", "says"), OTHERS)
def test_another_rule_that_covers_it_is_named(kind: str, text: str, other: str, says: str) -> None:
    (finding,) = findings_of(text, others=[("2 “unrelated”", parse("volcano")), ("3 “x”", parse(other))])
    assert (finding.kind, finding.message) == (kind, says.format(other="rule 3 “x”"))
    assert (finding.start, finding.end) == (0, len(text))


# ---------------------------------------------------------------------------------------------------- with an archive


@pytest.mark.parametrize(("text", "place", "cure"), SPELLED.cases)
def test_a_typo_is_found_by_its_frequent_neighbour(text: str, place: str, cure: str) -> None:
    (finding,) = findings_of(text, vocabulary=newsroom())
    assert (finding.kind, text[finding.start : finding.end], finding.cure) == ("typo", place, cure)
    assert "in no document; did you mean" in finding.message


@pytest.mark.parametrize("text", SPELLED.new)
def test_what_is_merely_new_is_no_typo(text: str) -> None:
    assert findings_of(text, vocabulary=newsroom()) == []


def test_a_long_word_that_is_very_rare_can_be_a_typo_of_the_archive_s_own() -> None:
    vocabulary = Words({"ukriane": 1, "ukraine": 312})
    (finding,) = findings_of("Ukriane", vocabulary=vocabulary)
    assert finding.message == "“Ukriane” is in 1 document only; did you mean “Ukraine” (312 documents)?"
    vocabulary.counts["ukriane"] = 3
    assert findings_of("Ukriane", vocabulary=vocabulary) == []


@pytest.mark.parametrize(("text", "place", "says"), WIDE)
def test_a_pattern_that_accepts_too_much_is_shown_with_examples(text: str, place: str, says: str) -> None:
    (finding,) = findings_of(text, vocabulary=newsroom())
    assert (finding.kind, text[finding.start : finding.end]) == ("wildcard explosion", place)
    assert says in finding.message


@pytest.mark.parametrize("text", ["con*", "pro* AND troops", "sta*t OR star*", "int*", "(troops OR com*) AND Kyiv"])
def test_without_an_archive_only_beginnings_of_very_many_words_are_too_wide(text: str) -> None:
    kinds = [finding.kind for finding in findings_of(text)]
    assert kinds == ([] if text.startswith("sta") else ["wildcard explosion"])


def test_a_word_of_most_documents_is_a_stop_word_of_this_archive() -> None:
    vocabulary = Words({"ukraine": 2480, "troops": 200})
    (finding,) = findings_of("Ukraine", vocabulary=vocabulary)
    assert finding.kind == "stop words"
    assert "is in 62% of the documents" in finding.message
    (finding,) = findings_of("troops OR Ukraine", vocabulary=vocabulary)
    assert (finding.kind, finding.cure) == ("always true", "troops")
    assert findings_of("troops AND Ukraine", vocabulary=vocabulary) == []
    vocabulary.size = 199
    assert findings_of("Ukraine", vocabulary=vocabulary) == []


def test_a_rule_that_nothing_matches_names_the_word_that_is_never_there() -> None:
    vocabulary = Words({"troops": 50, "kyiv": 20})
    text = "troops AND Kyiv AND Xanadu"
    (finding,) = findings_of(text, vocabulary=vocabulary, forecast=Outlook(stories=0))
    assert (finding.kind, finding.severity, text[finding.start : finding.end]) == ("dead", "hint", "Xanadu")
    assert finding.message == "None of the 4,000 documents of 7 days in the archive matches: “Xanadu” is in none."
    (finding,) = findings_of("troops NEAR/2 Kyiv", vocabulary=vocabulary, forecast=Outlook(stories=0))
    assert finding.message == "None of the 4,000 documents of 7 days in the archive matches."


@pytest.mark.parametrize(
    "outlook", [Outlook(0, documents=199), Outlook(0, days=2), Outlook(0, before=1), Outlook(1), Outlook(140)]
)
def test_a_small_archive_and_a_bearable_forecast_say_nothing(outlook: Outlook) -> None:
    assert findings_of("troops AND Kyiv", forecast=outlook) == []


def test_a_rule_that_would_alert_all_the_time_is_noisy() -> None:
    (finding,) = findings_of("troops", forecast=Outlook(stories=287))
    assert (finding.kind, finding.severity) == ("noisy", "warning")
    assert "about 41 alerts a day" in finding.message


def test_lists_are_what_they_say() -> None:
    lists = {"weather": "storm, flood, hail", "all": "@weather OR the"}
    text = "storm OR @weather OR drought"
    (finding,) = examine(parse(text, lists=lists), lists=lists)
    assert (finding.kind, text[finding.start : finding.end], finding.cure) == (
        "does nothing",
        "storm",
        "@weather OR drought",
    )
    (finding,) = examine(parse("drought OR @all", lists=lists), lists=lists)
    assert (finding.kind, finding.cure) == ("always true", "drought")
    text = "flood NOT @weather"
    (finding,) = examine(parse(text, lists=lists), lists=lists)
    assert (finding.kind, text[finding.start : finding.end], finding.cure) == ("always false", text, "flood")
    (finding,) = examine(parse(text, lists=lists))  # who forgets the lists gets no place and no cure, but is told
    assert (finding.kind, finding.start, finding.end) == ("always false", 0, len(text))


def test_the_worst_comes_first() -> None:
    kinds = [finding.severity for finding in findings_of("con* AND (troops OR troops) AND WHO", vocabulary=newsroom())]
    assert kinds == ["warning", "hint", "hint"]


def test_the_place_is_that_of_the_text_as_typed() -> None:
    text = "“troops”  AND （Kyiv OR Kyiv）"
    (finding,) = findings_of(text)
    assert text[finding.start : finding.end] == "Kyiv"
    assert finding.start == text.rindex("Kyiv")


# ------------------------------------------------------------------------------------------------- it never claims more


WORDS = ["troop", "troops", "deployed", "Kyiv", "war", "NATO"]
LEAVES = """
    troop troops ~troop {troops} {Troops} troop* tro*s troops~1 NATO {NATO} deployed deploy* ~deploy Kyiv^ /troops?/
    words>3 words<6 words<=3 words=4 age<2h age>=2h lang:de lang:no lang:nb country:UA country:PL site:un.org
    site:news.un.org author:Anna tag:war sources>=2 sources>=3/30m new:only
"""
PHRASES = ['"Kyiv war"', '"troop deployed"~', '"troop deploy*"', 'author:"Anna Smith"', "(Kyiv NEAR/3 ~troop)"]
leaf = st.sampled_from([*LEAVES.split(), *PHRASES])
joined = st.recursive(
    leaf,
    lambda part: st.one_of(
        st.lists(part, min_size=2, max_size=3).map(lambda each: "(" + " AND ".join(each) + ")"),
        st.lists(part, min_size=2, max_size=3).map(lambda each: "(" + " OR ".join(each) + ")"),
        st.lists(part, min_size=3, max_size=3).map(lambda each: f"min:2 of ({', '.join(each)})"),
        part.map("NOT ({})".format),
    ),
    max_leaves=6,
)
rules_of_all_kinds = st.one_of(rules, joined)
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPORTS = st.lists(st.sampled_from([0, 20, 50, 300]), min_size=1, max_size=4).map(
    lambda each: StoryFacts(
        reports=tuple((f"{at}.example", WHEN + timedelta(minutes=minutes)) for at, minutes in enumerate(each)),
        is_first=len(each) == 1,
    )
)
known = st.builds(
    Document,
    id=st.just("d"),
    title=st.lists(st.sampled_from([*WORDS, "Troops"]), max_size=3).map(" ".join),
    body=st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    lang=st.sampled_from(["", "de", "nb", "no"]),
    country=st.sampled_from(["", "UA", "PL"]),
    url=st.sampled_from(["", "https://news.un.org/x", "https://un.org/"]),
    author=st.sampled_from(["", "Anna", "Anna Smith"]),
    tags=st.sampled_from([(), ("war",)]),
    published_at=st.sampled_from([None, WHEN - timedelta(hours=2), WHEN - timedelta(hours=1)]),
    received_at=st.sampled_from([None, WHEN]),
    story=st.one_of(st.none(), REPORTS),
)
documents_of_all_kinds = st.lists(st.one_of(documents, known), min_size=1, max_size=6)


def parsed(text: str) -> Rule:
    try:
        return parse(text)
    except RuleError:
        assume(False)
        raise


def holds(rule: Rule, many: list[Document]) -> Iterator[bool]:
    return (rule.spans(document) is not None for document in many)


@settings(max_examples=400, deadline=None)
@given(rules_of_all_kinds, documents_of_all_kinds)
def test_what_is_said_to_be_never_or_always_true_is(text: str, many: list[Document]) -> None:
    rule = parsed(text)
    for finding in examine(rule):
        assert 0 <= finding.start < finding.end <= len(text)
        if finding.severity == "wrong":
            assert not any(holds(rule, many))
        if finding.message == "This is true of every document.":
            assert all(holds(rule, many))


@settings(max_examples=400, deadline=None)
@given(rules_of_all_kinds, documents_of_all_kinds)
def test_a_part_that_is_said_to_do_nothing_can_go(text: str, many: list[Document]) -> None:
    rule = parsed(text)
    for finding in examine(rule):
        if finding.cure and (finding.kind == "does nothing" or "so it does nothing" in finding.message):
            assert list(holds(parse(finding.cure), many)) == list(holds(rule, many))


@settings(max_examples=400, deadline=None)
@given(rules_of_all_kinds, rules_of_all_kinds, documents_of_all_kinds)
def test_a_rule_that_is_said_to_follow_does(text: str, other: str, many: list[Document]) -> None:
    this, that = parsed(text), parsed(other)
    for first, second in ((this, that), (that, this)):
        if follows(first.node, second.node):
            assert all(not a or b for a, b in zip(holds(first, many), holds(second, many), strict=True))


@settings(max_examples=150, deadline=None)
@given(everything.every_rule, everything.every_rule, st.lists(everything.documents, min_size=1, max_size=8))
def test_no_document_contradicts_what_is_said_whatever_operators_the_rules_have(
    rule: Rule, other: Rule, many: list[Document]
) -> None:
    true, lists = list(holds(rule, many)), everything.LISTS
    for finding in examine(rule, lists=lists, others=[("2 “other”", other)]):
        if finding.severity == "wrong":
            assert not any(true), finding
        if finding.message == "This is true of every document.":
            assert all(true), finding
        if finding.cure and (finding.kind == "does nothing" or "so it does nothing" in finding.message):
            assert list(holds(parse(finding.cure, lists=lists), many)) == true, finding
        if finding.kind in ("subsumed", "subsumes"):
            pairs = list(zip(true, holds(other, many), strict=True))
            assert finding.kind == "subsumes" or all(not a or b for a, b in pairs), finding
            assert finding.kind == "subsumed" or all(a or not b for a, b in pairs), finding
            assert "the same" not in finding.message or all(a == b for a, b in pairs), finding
    if follows(rule.node, other.node):
        assert all(not a or b for a, b in zip(true, holds(other, many), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f"w{number}" for number in range(999)),
        " AND ".join(f"w{number}" for number in range(999)),
        " OR ".join(f'"a b{number}"' for number in range(800)),
        " ".join(f"(x{number % 30} OR NOT (z{number} w))" for number in range(250)) + " q",
        "(" * 40 + "a" + " OR b) AND c" * 40,
        " ".join(f"(p{i} OR q{i} OR NOT p{(i * 7) % 90})" for i in range(90)) + " q",
    ],
)
def test_the_largest_rules_cost_a_bounded_number_of_steps(text: str) -> None:
    from rules.logic import STEPS, Logic

    logic = Logic()
    node = parse(text).node
    logic.impossible(logic.literal(node))
    assert logic.patience.left >= -STEPS  # the last sum of steps is noticed after it is spent
    assert all(finding.severity != "wrong" for finding in examine(parse(text)))


# ------------------------------------------------------------------------------------------------------ hostile rules


def _many(number: int) -> list[str]:
    letters = "bcdfghklmn"
    return [f"w{letters[i // 100]}{letters[i // 10 % 10]}{letters[i % 10]}" for i in range(number)]


HOSTILE = {
    "one word again and again": "ax " * 1000,
    "one word, OR": " OR ".join(["ax"] * 900),
    "a phrase again and again": " OR ".join(['"ax bx"'] * 450),
    "capitals": " OR ".join(["IT"] * 900),
    "common words beside a rare one": "zebra OR " + " OR ".join(["the"] * 900),
    "nothing but common words": " ".join(["the", "and"] * 500),
    "few enough to be tried one by one": " OR ".join(f"({word} ax)" for word in _many(49)) + " OR ax",
    "wildcards": " OR ".join(f"{word}*" for word in _many(900)),
    "likely misspelt": " OR ".join(f"{word}xe" for word in _many(900)),
    "tolerant words": " OR ".join(f"{word}xe~1" for word in _many(800)),
    "one side of SENT": " OR ".join(f"{word} SENT ax" for word in _many(480)),
    "one side of NEAR": " OR ".join(f"{word} NEAR/{i % 90} ax" for i, word in enumerate(_many(450))),
    "the beginning of the text": " OR ".join(f"FIRST/{i + 1} ax" for i in range(500)),
    "phrases in phrases": " OR ".join('"' + " ".join(["ax"] * (2 + i)) + '"' for i in range(75)),
    "contradictions": " OR ".join(f"({word} NOT {word})" for word in _many(380)),
    "parentheses": "".join(f"({word} OR (" for word in _many(40)) + "ax" + "))" * 40,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_rule_keeps_the_doctor_busy(kind: str) -> None:
    """Counted in time of this process, with room for slow machines: before there was a bound it was up to 8 s."""
    archive = Words({f"{word}{end}": 40 for word in _many(1000) for end in ("", "xa", "xi", "ation", "ing")})
    rule = parse(HOSTILE[kind])
    with costs_less_than(2.0):  # .3 on a quiet machine
        findings = examine(rule, vocabulary=archive)
    assert len(findings) <= 50


def test_what_was_not_examined_is_said() -> None:
    findings = examine(parse("ax " * 1000))
    assert [each.kind for each in findings].count("does nothing") == 10
    assert findings[-1].message == "This rule is too long to be examined further; there may be more to say."
    assert "cut short" not in {each.kind for each in examine(parse("ax bx ax"))}
