"""Exact case, wildcards, fuzzy words and `^`: meanings and traps; and what all word tests ask of the index."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, RuleError, RuleSet, explain, parse
from rules.conditions import Condition
from rules.forms import KeyForm, PatternForm, form
from rules.nodes import Node
from rules.operators.preferred import preferred_hits
from rules.row import places
from rules.tokenized import Tokenized, tokenize
from tests.waiting import costs_less_than


def hits(rule: str, body: str, *, title: str = "") -> list[str] | None:
    """The texts of the hits; None when the rule is not true."""
    document = Document(id="1", title=title, body=body)
    spans = parse(rule).spans(document)
    fields = {"title": title, "body": body}
    return None if spans is None else [fields[span.field][span.start : span.end] for span in spans]


def refused(rule: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(rule)
    assert caught.value.start < caught.value.end
    return caught.value


RULES = [
    *("{NATO}", "{US Army}", "{Il-Mio}", "{北京}", "{й}", "{AND}", "deploy*", "wom?n", "colo*r", "e-mail*"),
    *('"troop deploy*"', '"wom?n of 北京"', "Zelensky~1", "Зеленський~2", "Žukov~1", "war? NEAR/3 gam?s", "Ukraine^"),
    *(
        '"a b"^',
        "~deploy^ OR {NATO}^",
        "/war games/^",
        r"/\bвойна\b/i",
        r"/a\/b war/",
        "/“quoted” don’t/",
        r"/[\W_]war/",
    ),
    *("/foo &amp;lt; bar/", "/&lt;@bc&gt; war/", "-deploy* troops", "x deploy*"),
]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_printed_reads_back(rule: str) -> None:
    read = parse(rule)
    assert parse(str(read)).node == read.node
    assert str(parse(str(read))) == str(read)
    assert parse(read.reading).node == read.node


# ---------------------------------------------------------------------------------------------------------- exact case


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("{IT}", "it is It, IT.", ["IT"]),
        ("{NATO}", "ＮＡＴＯ and Nato", ["ＮＡＴＯ"]),
        ("{Il-Mio}", "Il Mio, Il-Mio, il mio", ["Il Mio", "Il-Mio"]),
        ("{US Army}", "US army, US Army", ["US Army"]),
        ("{résumé}", "resume re\u0301sume\u0301", ["re\u0301sume\u0301"]),
        ("{deployment}", "a deploy\u00adment", ["deploy\u00adment"]),
        ("{北京大学}", "他在北京大学学习。", ["北京大学"]),
        ("{北京大学}", "北京 大学", None),
        ("{“US” Army}", "US Army", ["US Army"]),
    ],
)
def test_exact_case(rule: str, text: str, expected: list[str] | None) -> None:
    assert hits(rule, text) == expected


def test_a_miss_of_exact_case_says_what_would_hit() -> None:
    explanation = explain("{IT}", Document(id="1", body="They found it."))
    assert (explanation.truth, explanation.detail) == (False, "found “it”; write IT")


@pytest.mark.parametrize(("rule", "cure"), [("{US Army", "{US} Army"), ("{}", ""), ("NATO}", "NATO"), ("} war", "war")])
def test_braces_that_do_not_pair_are_refused(rule: str, cure: str) -> None:
    assert refused(rule).cure == cure


# ----------------------------------------------------------------------------------------------------------- wildcards


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("deploy*", "deploy Deployed, redeploy DÉPLOYONS", ["deploy", "Deployed", "DÉPLOYONS"]),
        ("wom?n", "women womn woman womaan", ["women", "woman"]),
        ("colo*r", "color colour colonizer colors", ["color", "colour", "colonizer"]),
        ("game?", "game games gamers", ["games"]),
        ("deploy?*", "deploy deploys", ["deploys"]),
        ("a*b*ccc", "abbccc accc abccd", ["abbccc"]),
        ("во?на", "война воина вона", ["война", "воина"]),
        ('"troop deploy*"', "troop deployments, troops deploy", ["troop deployments"]),
        ('"deploy* 北京大学"', "deployed 北京大学 deployed 北京 大学", ["deployed 北京大学"]),
        ('"is it war? deploy* now"', "Is it war? Deploying now", ["Is it war? Deploying now"]),
        ("“troop deploy*” NEAR/2 Kyiv", "troop deployments in Kyiv", ["troop deployments", "Kyiv"]),
        ("deploy*", "", None),
    ],
)
def test_wildcards(rule: str, text: str, expected: list[str] | None) -> None:
    assert hits(rule, text) == expected


@pytest.mark.parametrize(
    ("rule", "cure"),
    [
        ("*ploy", "ploy"),
        ("?ploy troops", "ploy troops"),
        ("* troops", "troops"),
        ("de*", "de"),
        ("北京*", "北京"),
        ('"a* b"', '"a b"'),
        ("~deploy*", "deploy*"),
        ('"troop deploy*"~', '"troop deploy*"'),
        ("titel:deploy*", "titel deploy*"),
        ("e-mail? troops", "e-mail troops"),
        ("deploy-* troops", "deploy- troops"),
        ("a?b?c?d?e?f?g?h?i?j?k?l?m", "abcdefghijklm"),
    ],
)
def test_wildcards_that_would_be_any_word_are_refused(rule: str, cure: str) -> None:
    assert refused(rule).cure == cure


def test_a_wildcard_is_linear_in_a_hostile_word() -> None:
    with costs_less_than(2):
        assert hits("abc*a*a*a*a*a*a*a*b", "abc" + "a" * 200_000) is None


# --------------------------------------------------------------------------------------------------------- fuzzy words

NAMES = [
    ("Zelensky", "Zelenskyy Zelenskyi Zelenskij Selenskyj Zelenskiy Zełenski Зеленський Зеленский"),
    ("Selenskyj", "Zelensky Зеленський"),
    ("Зеленский", "Zelensky Selenskyj Зеленський"),
    ("Trotsky", "Trotzki Троцкий"),
    ("Yeltsin", "Jelzin Ельцин"),
    ("Zhukov", "Schukow Žukov Жуков"),
    ("Žukov", "Schukow Zhukov Жуков"),
    ("Chernihiv", "Tschernihiw Чернігів"),
    ("Чернігів", "Chernihiv"),
    ("Poroshenko", "Poroschenko Порошенко"),
    ("Kuznetsov", "Kusnezow Кузнецов"),
    ("Yuliia", "Julia Юлія Юлия"),
]


@pytest.mark.parametrize(("name", "text"), NAMES)
def test_a_fuzzy_name_hits_its_other_spellings(name: str, text: str) -> None:
    assert hits(f"{name}~1", text) == text.split()


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("deploy~1", "deploys dploy delpoy deplxy eploy depl employ", ["deploys", "dploy", "delpoy", "deplxy"]),
        ("government~2", "goverment govermnent gvrnmnt", ["goverment", "govermnent"]),
        ("gate~1", "hate late gates", ["gates"]),
        ("Wagner~1", "wager Wagners", ["wager", "Wagners"]),
        ("Zelensky~1", "Zealous zombies", None),
    ],
)
def test_fuzzy_words(rule: str, text: str, expected: list[str] | None) -> None:
    assert hits(rule, text) == expected


@pytest.mark.parametrize(
    ("rule", "cure"),
    [
        ("war~1", "war"),
        ("troop~2", "troop~1"),
        ("troops~3", "troops~2"),
        ("troops~0", "troops~1"),
        ("troops~1x", "troops~1"),
        ("2024~1", "2024"),
        ("~troops~1", "troops~1"),
        ("e-mail~1", "e AND mail~1"),
        ('"troop deployment"~3', "(troop NEAR/3 deployment)"),
        ("troops~", "~troops"),
        ("x" * 70 + "~1", "x" * 70),
    ],
)
def test_fuzzy_words_that_would_be_any_word_are_refused(rule: str, cure: str) -> None:
    assert refused(rule).cure == cure


def test_a_fuzzy_miss_says_when_two_changes_would_do() -> None:
    explanation = explain("government~1", Document(id="1", body="The govermnet fell."))
    assert explanation.detail == "found “govermnet”; write government~2"


# ------------------------------------------------------------------------------------------------------ for the index


def allows(condition: Condition, tokens: Tokenized) -> bool:
    """Whether a document passes: each group has a literal that holds."""
    return all(any(_has(tokens, each.term.words) is each.present for each in group) for group in condition.groups)


def _has(tokens: Tokenized, words: tuple[object, ...]) -> bool:
    starts = [{place - at for place in places(tokens, word)} for at, word in enumerate(words)]  # type: ignore[arg-type]
    return bool(set.intersection(*starts))


_words = [
    "troops",
    "Troop",
    "wars",
    "война",
    "мои",
    "мой",
    "Зеленський",
    "Selenskyj",
    "naïve",
    "Straße",
    "北京",
    "games",
]
_rules = st.sampled_from(
    [
        *("{Troop}", "{troops}", "troop*", "wa?s", "stras*", '"war* game*"', "Zelensky~1", "troops~1", "мойи~1"),
        *(
            "/troops?/i",
            "/мои/",
            "/вой|tro/",
            "/naïv/",
            "/STRASSE|straß/i",
            "/北京/",
            "/[wg]a[rm][se]?s/",
            r"/\bмои\b/",
        ),
        *(r"/\wroops\b/", "/(tr|w)(oop|ars)/", "/(?:tro){1,2}o/", "/wars.*games/", "troop*^", "/\\Broops/^"),
    ]
)
_marks = st.sampled_from(["", "", "", "\u0306", "\u0301", "\u200d", "\u00ad", "\u0345", "\ufe0f", "½", "_", "'"])
_texts = st.lists(
    st.tuples(st.sampled_from(_words), _marks, st.sampled_from([" ", "", "-", "\u200d\u0306"])), max_size=8
)


@settings(max_examples=600, deadline=None)
@given(_rules, _texts)
def test_conditions_are_necessary_and_exact_ones_sufficient(rule: str, pieces: list[tuple[str, str, str]]) -> None:
    tokens = Tokenized(Document(id="1", body="".join("".join(each) for each in pieces)))
    node = parse(rule).node
    truth = node.hits(tokens) is not None
    for wanted in (True, False):
        condition = node.condition(wanted)
        if truth is wanted:
            assert allows(condition, tokens)
        elif condition.exact:
            assert not allows(condition, tokens)


@settings(max_examples=200, deadline=None)
@given(st.lists(_rules, min_size=1, max_size=6), _texts)
def test_the_index_finds_what_trying_every_rule_finds(rules: list[str], pieces: list[tuple[str, str, str]]) -> None:
    engine = RuleSet()
    for number, rule in enumerate(rules):
        engine.add(str(number), rule)
    document = Document(id="1", body="".join("".join(each) for each in pieces))
    assert engine.match(document) == engine.match_all(document)
    assert engine.failures == {}


def test_forms_say_what_their_words_begin_with_or_contain() -> None:
    for name, key, word in (("wildcard", "wom?n", "women"), ("fuzzy", "deploy~1", "dploy"), ("part", "roo", "troops")):
        kind = form(name)
        assert isinstance(kind, PatternForm)
        assert kind.accepts(key, word)
        assert kind.literal(key) in word if kind.anywhere else word.startswith(kind.literal(key))
    for name, word, key in (("written", "NATO", "NATO"), ("romanised", "Selenskyj", "selenski")):
        kind = form(name)
        assert isinstance(kind, KeyForm)
        assert kind.key(word) == key


# ------------------------------------------------------------------------------------------------------ preferred hits


def preferred(rule: str, body: str) -> list[str]:
    node: Node = parse(rule).node
    tokens = tokenize(Document(id="1", body=body))
    return [body[each.start : each.end] for each in tokens.spans(preferred_hits(node, tokens, node.hits(tokens) or []))]


@pytest.mark.parametrize(
    ("rule", "body", "expected"),
    [
        ("troops AND Ukraine^", "Troops in Ukraine.", ["Ukraine"]),
        ("troops AND Ukraine", "Troops in Ukraine.", []),
        ("(troops^ NEAR/2 Ukraine) OR peace", "Troops in Ukraine. Much later the troops left.", ["Troops"]),
        ("troops NOT drill^", "Troops.", []),
        ('"peace deal"^ /talks of \\d+/^ war', "war, talks of 10, a peace deal", ["talks of 10", "peace deal"]),
    ],
)
def test_preferred_hits_are_those_that_made_the_rule_true(rule: str, body: str, expected: list[str]) -> None:
    assert preferred(rule, body) == expected


@pytest.mark.parametrize(
    ("rule", "cure"),
    [
        ("(a OR b)^", "(a OR b)"),
        ("^foo", "foo"),
        ("foo^^", "foo^"),
        ("foo^2", "foo^"),
        ("war~1^", "war^"),
        ("de*^ a", "de^ a"),
    ],
)
def test_a_misplaced_mark_is_refused(rule: str, cure: str) -> None:
    assert refused(rule).cure == cure


# --------------------------------------------------------------------------------------------- traps of other products


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("{dating}", "updating"),
        ("dating*", "updating"),
        ("dating~1", "updating"),
        (r"/\bdating\b/", "updating"),
        ("{game}", "war games"),
        ("game?", "war game"),
        ("{ai}", "training"),
        (r"/\bai fund\b/", "training mai fund"),
    ],
)
def test_a_word_is_never_a_substring(rule: str, text: str) -> None:
    assert hits(rule, text) is None
