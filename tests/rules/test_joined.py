"""Words inside addresses and handles are no hits, elided articles are no words, and what was typed is highlighted."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.archive.sieve import entered, token_of
from rules import Document, parse
from rules.words import offsets, words
from tests.rules.test_traps import hits

_ADDRESSES = [
    "https://x.org/iran-war",
    "HTTP://iran.example",
    "www.iran.org",
    "x.org/iran-war",
    "Iran.co.uk/a/org-war",
    "press@iran.org",
    "a.iran@x.org",
    "@Iran",
]


@pytest.mark.parametrize("address", _ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "See {}.", "({})", "“{}”", "see:{}, and", "<{}>", "北京{}。大学"])
@pytest.mark.parametrize("rule", ["Iran", "~Iran", "{Iran} OR {iran}", "ira*", "Iran~1", '"Iran org"', "org OR war"])
def test_what_stands_in_an_address_is_no_hit(address: str, around: str, rule: str) -> None:
    assert not hits(rule, around.format(address))
    assert hits(rule, around.format(address) + " Iran iran, org")


@pytest.mark.parametrize("address", _ADDRESSES)
@pytest.mark.parametrize("form", ['"{}"', '"{}"~', "{{{}}}", 'title:"x" OR "{}"^', '"see {}"', '"{}" NEAR/2 see'])
def test_an_address_is_a_hit_when_it_is_typed(address: str, form: str) -> None:
    rule = form.format(address)
    assert hits(rule, f"See {address}. see {address}")
    assert not hits(rule, "See Iran, x org, iran org, press, and war")
    assert str(parse(str(parse(rule)))) == str(parse(rule))


def test_an_address_of_the_document_is_asked_for_by_its_scope() -> None:
    document = Document(id="d", url="https://www.x.org/@nasa/iran", author="press@iran.org")
    for rule in ("url:iran", "url:nasa", "author:iran", 'author:"press@iran.org"'):
        assert parse(rule).spans(document) is not None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("Iran", "l'Iran"), ("Iran", "dell’Iran"), ("Ukraine", "la guerre d'Ukraine"), ("Israël", "qu'Israël"),
        ("AI", "l'AI"), ("AI", "dell'AI Act"), ("~effondrer", "l'armée s'effondre"), ("Iran", "Iran's oil"),
        ("Dell", "Dell's laptops"), ("O'Brien", "O’Brien"), ("l'Iran", "L'IRAN"), ('"j\'ai"', "J’ai faim"),
        ("{l'Iran}", "l'Iran"), ("Iran NEAR/2 guerre", "guerre à l'Iran"), ("Oréal", "L'Oréal"),
        ("Booking", "Booking.com"), ("Amazon", "AMAZON.COM/"), ("km", "2.5 km/h"), ("China", "the U.S./China talks"),
        ("or", "Iran and/or Iraq"), ("Iran", "e.g./Iran"),
        ("Iran", "#Iran"), ("Iran", "@ Iran"), ("Iran", "us@iran"), ("Iran*", "l'Iranien"),
        ("\"d'un'altra\"", "d’un’altra"),
    ],
)  # fmt: skip
def test_a_word_behind_an_elided_one_is_a_hit(rule: str, text: str) -> None:
    assert hits(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("AI", "j'ai"), ("AI", "J’AI"), ("AI", "je l'ai"), ("Dell", "dell'Iran"), ("~Dell", "dell'Iran"),
        ("UN", "d'un coup"),
        ("Dell~1", "dell'Iran"), ("dell*", "dell'Iran"), ("{dell}", "dell'Iran"), ("all", "all'Iran"),
        ("EST", "c'est"),
        ("l'Iran", "Iran"), ("\"Dell Iran\"", "dell'Iran"), ("UN", "un'altra"),
    ],
)  # fmt: skip
def test_an_elided_word_is_none(rule: str, text: str) -> None:
    assert not hits(rule, text)


@pytest.mark.parametrize(
    ("rule", "text", "shown"),
    [
        ("C++", "a C++ job", "C++"), (".NET", "on .NET, yes", ".NET"), ('"C++ job"', "a C++ job", "C++ job"),
        ("#war OR job", "a #war", "#war"), ("title:x OR C# NEAR/2 job", "C# job", "C#"), ("AT&T", "by AT&T", "AT&T"),
        ('"@nasa"', "by @NASA!", "@NASA"), ("l'Iran", "à l’Iran", "l’Iran"), ("C++^", "C++", "C++"),
        ("C", "C++", "C"),
    ],
)  # fmt: skip
def test_all_that_was_typed_is_highlighted(rule: str, text: str, shown: str) -> None:
    spans = parse(rule).spans(Document(id="d", body=text)) or ()
    assert text[spans[0].start : spans[0].end] == shown


_pieces = st.sampled_from([
    "l'", "D’", "dell'", "un'", "j'", "ai", "AI", "un", "Iran", "É", "s", "@", "x", ".org", "https://", "www.",
    "/", " ", "'",
    "_", "\u0301", "北", "½", "a@", "-", ",", "é", "\u200b", "qu", "ß", "ſ", "\n", "dELL’", "wWw.", "a.b-" * 17,
])  # fmt: skip
_texts = st.lists(_pieces, max_size=9).map("".join)


@given(_texts, _texts)
def test_engine_tree_and_archive_split_alike(title: str, body: str) -> None:
    text = title + body
    places = offsets(text)
    assert len(places) == len(words(text))
    assert places == sorted(places)
    assert entered(text).tokens.split() == [token_of(word) for word in words(text)]
    for rule in ("AI", "ai NEAR/1 un", "Iran", "un", "dell", "{AI}", '"l\'Iran"', '"x org"', "ira*", "É"):
        hits(rule, body, title)


@pytest.mark.parametrize(
    "unit", ["@", "a@", "a.", "www.", "l'", "@a.", "https://", "d'un'", "a@b.", "-", "a" * 70 + "@"]
)
def test_hostile_text_takes_time_in_step_with_its_length(unit: str) -> None:
    def cost(size: int) -> float:
        text = (unit * size)[:size] + "@ '"
        start = time.process_time()
        words(text)
        return time.process_time() - start

    assert min(cost(200_000) for _ in range(2)) < 12 * max(0.01, min(cost(50_000) for _ in range(3)))
