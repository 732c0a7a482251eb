"""What people type besides a rule's words: commas and markup are told of, quotes of every kind are quotes."""

import pytest

from rules import parse


@pytest.mark.parametrize(
    ("typed", "read", "either"),
    [
        ("troops, Ukraine", "troops AND Ukraine", "troops OR Ukraine"),
        ("troops,Ukraine", '"troops Ukraine"', "troops OR Ukraine"),
        (
            "troop deployment, Kyiv ,Ukraine",
            "troop AND deployment AND Kyiv AND Ukraine",
            "(troop AND deployment) OR Kyiv OR Ukraine",
        ),
        ('"troop deployment", Ukraine', '"troop deployment" AND Ukraine', '"troop deployment" OR Ukraine'),
        ("troops , Ukraine", "troops AND Ukraine", "troops OR Ukraine"),
        ("(troops, Ukraine)", "troops AND Ukraine", "troops OR Ukraine"),
        ("Kyiv, Ukraine NOT drill", "Kyiv AND Ukraine AND NOT drill", ""),
    ],
)
def test_a_comma_between_words_is_remarked_on_with_the_other_reading(typed: str, read: str, either: str) -> None:
    rule = parse(typed)
    assert str(rule) == read
    note = next(note for note in rule.notes if "comma" in note.message)
    assert (typed[note.start : note.end], note.other) == (",", either)


@pytest.mark.parametrize(
    "typed", ["troops,", "10,000 troops", '"troops, Ukraine"', "min:2 of (flood, dam, levee)", "/troops,tanks/"]
)
def test_other_commas_are_not_remarked_on(typed: str) -> None:
    assert not [note for note in parse(typed).notes if "comma" in note.message]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<b>troops</b>", "troops"),
        ("&lt;b&gt;troops&lt;/b&gt;", "troops"),
        ('troops <i class="x">Ukraine</i>', "troops AND Ukraine"),
        ("troops<br/>Ukraine", "troops AND Ukraine"),
        ('<a href="https://a.example/x">troops</a> NOT drill', "troops AND NOT drill"),
    ],
)
def test_markup_is_dropped_with_a_remark(typed: str, read: str) -> None:
    rule = parse(typed)
    assert str(rule) == read
    assert [note.message.endswith("was dropped.") for note in rule.notes] == [True]
    place = rule.notes[0]
    assert typed[place.start : place.end][-4:].endswith((">", "&gt;"))


def test_a_group_of_a_regular_expression_is_no_markup() -> None:
    assert parse("/(?P<b>troops)/").notes == ()


@pytest.mark.parametrize("quotes", ["„{}“", "“{}”", "«{}»", "»{}«", "”{}”", "「{}」", '"{}”'])
def test_quotes_of_every_keyboard_are_quotes(quotes: str) -> None:
    assert str(parse(quotes.format("troop deployment"))) == '"troop deployment"'
