"""Operators of place against a second, slow reading of what they mean: every pair of words is looked at."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, RuleSet, parse

Place = tuple[str, int, int, int]  # field, position in it, number of the sentence, number of the paragraph
WORDS = ("alpha", "beta", "gamma")
_sentence = st.lists(st.sampled_from((*WORDS, "other")), min_size=1, max_size=6)
_body = st.lists(st.lists(_sentence, min_size=1, max_size=3), max_size=3)  # paragraphs of sentences
_NUMBERS = st.sampled_from((0, 1, 2, 4, 9))


def written(title: list[str], body: list[list[list[str]]]) -> Document:
    """The text of it, as a writer would set it."""
    paragraphs = [" ".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences) for sentences in body]
    return Document(id="d", title=" ".join(title), body="\n\n".join(paragraphs))


def places(word: str, title: list[str], body: list[list[list[str]]]) -> list[Place]:
    """Where the word stands."""
    all_places = [("title", at, -1, -1) for at, each in enumerate(title) if each == word]
    at = sentence = 0
    for paragraph, sentences in enumerate(body):
        for words in sentences:
            all_places += [("body", at + here, sentence, paragraph) for here, each in enumerate(words) if each == word]
            at, sentence = at + len(words), sentence + 1
    return all_places


def between(place: Place, other: Place) -> int:
    """Words between two places; a great many when they are not in one field."""
    return abs(place[1] - other[1]) - 1 if place[0] == other[0] else 10**6


def meant(name: str, number: int, left: list[Place], right: list[Place]) -> bool:
    """Whether the operator is true of words at these places."""
    if name == "NEAR":
        return any(0 <= between(place, other) <= number for place, other in product(left, right))
    if name == "PRE":
        return any(place[1] < other[1] and between(place, other) <= number for place, other in product(left, right))
    if name == "NOT NEAR":
        return any(not any(between(place, other) <= number for other in right) for place in left)
    passage = 2 if name.endswith("SENT") else 3
    theirs = {other[passage] for other in right}
    if name.startswith("NOT"):
        return any(place[passage] not in theirs for place in left)
    return any(place[passage] in theirs for place in left)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(("NEAR", "PRE", "NOT NEAR", "SENT", "PARA", "NOT SENT", "NOT PARA")),
    _NUMBERS,
    st.lists(st.sampled_from(WORDS), max_size=4),
    _body,
)
def test_two_words(name: str, number: int, title: list[str], body: list[list[list[str]]]) -> None:
    document = written(title, body)
    operator = f"{name}/{number}" if name.endswith(("NEAR", "PRE")) else name
    rule = parse(f"alpha {operator} beta")
    wanted = meant(name, number, places("alpha", title, body), places("beta", title, body))
    assert (rule.spans(document) is not None) == wanted
    engine = RuleSet()
    engine.add("1", rule)
    assert bool(engine.match(document)) == wanted


@settings(max_examples=200, deadline=None)
@given(_NUMBERS, st.lists(st.sampled_from(WORDS), max_size=4), _body)
def test_counts_and_parts(number: int, title: list[str], body: list[list[list[str]]]) -> None:
    document = written(title, body)
    alphas, betas = (places(word, title, body) for word in ("alpha", "beta"))
    lead = [place for place in alphas if place[3] < 2]
    first = [place for place in alphas if place[0] == "body" and place[1] < number + 1]
    for text, wanted in (
        (f"ATLEAST/{number + 1} alpha", len(alphas) > number),
        (f"ATLEAST/{number + 1} (alpha OR beta)", len(alphas) + len(betas) > number),
        (f"FIRST/{number + 1} alpha", bool(first)),
        ("lead:alpha", bool(lead)),
        ("title:alpha", any(place[0] == "title" for place in alphas)),
        ("body:(alpha AND beta)", all(any(place[0] == "body" for place in each) for each in (alphas, betas))),
    ):
        rule = parse(text)
        assert (rule.spans(document) is not None) == wanted, text
        engine = RuleSet()
        engine.add("1", rule)
        assert bool(engine.match(document)) == wanted, text


# --------------------------------------------------------------------------------------------------------- hard places


@pytest.mark.parametrize(
    ("rule", "text", "wanted"),
    [
        ("troops NEAR/0 troops", "Troops left.", False),  # one word is not near itself
        ("troops NEAR/0 troops", "Troops, troops!", True),
        ("troops PRE/0 troops", "Troops, troops!", True),
        ('"peace deal" NEAR/5 deal', "A peace deal was signed.", False),  # the word inside the phrase is no other
        ('"peace deal" NEAR/5 deal', "A peace deal, a good deal.", True),
        ("Ukraine NEAR/1 (troops OR soldiers)", "Soldiers for Ukraine.", True),
        ("Kyiv NEAR/1 (troops AND soldiers)", "Troops in Kyiv. Later the soldiers came.", False),
        ("Kyiv NEAR/2 (troops AND soldiers)", "Troops in Kyiv, soldiers too.", True),
        ("troops NEAR/3 Kyiv NEAR/0 today", "Troops reach Kyiv today.", True),
        ("troops NEAR/0 Kyiv NEAR/0 today", "Troops reach Kyiv today.", False),
        ("北京 NEAR/2 大学", "北京的大学", True),
        ("troops NEAR/3 U.S.", "The U.S. sends troops.", True),
        ("troops SENT Washington", "U.S. troops leave. Washington is silent.", False),
        ("troops SENT Washington", "The U.S. troops leave Washington.", True),
        ("rate SENT Tuesday", "The rate rose by 3.5 points on Tuesday.", True),
        ("talks SENT ended", "Talks with Dr. Smith ended.", True),
        ("talks SENT ended", "Talks … and then they ended.", True),
        ("talks SENT ended", "“Talks!” he said. It ended.", False),
        ("talks SENT ended", "What about the talks? They ended.", False),
        ("北京 SENT 上海", "我去北京。他去上海。", False),
        ("北京 SENT 上海", "我从北京去上海。", True),
        ("one PARA two", "- one\n- two", False),  # no blank line: each line is a paragraph
        ("one PARA two", "One line\nand two.\n\nAnother.", True),  # a blank line: the lines go merge
        ("troops NOT SENT drill", "Troops march. Troops drill.", True),
        ("troops NOT PARA drill", "Troops march. Troops drill.", False),
        ("FIRST/3 troops", "Many of the troops.", False),
        ("FIRST/4 troops", "Many of the troops.", True),
        ("FIRST/100 troops", "Troops.", True),
        ("lead:troops", "One.\n\nTwo.\n\nTroops.", False),
        ("lead:troops", "One.\n\nTroops.\n\nThree.", True),
        ("lead:troops", "Only troops.", True),
        ("ATLEAST/2 troops", "Troops met troops.", True),
        ('ATLEAST/2 "troops met"', "Troops met troops.", False),
        ("ATLEAST/3 (troops OR soldiers)", "Troops, soldiers and troops.", True),
    ],
)
def test_hard_places(rule: str, text: str, wanted: bool) -> None:
    document = Document(id="d", body=text)
    parsed = parse(rule)
    assert (parsed.spans(document) is not None) == wanted
    engine = RuleSet()
    engine.add("1", parsed)
    assert bool(engine.match(document)) == wanted


@pytest.mark.parametrize("rule", ["troops NEAR/100 Kyiv", "troops PRE/100 Kyiv", '"troops Kyiv"', "troops SENT Kyiv"])
def test_nothing_reaches_from_the_title_into_the_body(rule: str) -> None:
    assert parse(rule).spans(Document(id="d", title="Troops", body="Kyiv")) is None
    assert parse(rule).spans(Document(id="d", title="", body="Troops Kyiv")) is not None
    assert parse(rule).spans(Document(id="d", title="Troops Kyiv", body="")) is not None
