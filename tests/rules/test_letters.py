"""Emoji are words; letters that are written either way are one; a wrapped line parts no Chinese or Japanese word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Document, RuleSet, parse
from tests.rules.test_traps import hits

_EMOJI = ["🚨", "❤️", "👍🏽", "👨‍👩‍👧", "🇺🇦", "🏃‍♀️", "✅", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f"]


@pytest.mark.parametrize("emoji", _EMOJI)
@pytest.mark.parametrize("form", ["{}", '"{} war"', "{{{}}}", "title:{0} OR {0}", "{} NEAR/1 war", "~{}", "{}^"])
def test_an_emoji_is_a_word_under_every_operator(emoji: str, form: str) -> None:
    rule = form.format(emoji)
    assert hits(rule, f"Now:{emoji}War {emoji}{emoji}")
    assert not hits(rule, "Now: war 🛑 👍 👨 👩 👧 🇺🇸 🏃 🏴")
    assert str(parse(str(parse(rule)))) == str(parse(rule))


def test_how_an_emoji_is_to_be_drawn_does_not_count() -> None:
    assert hits("❤", "I ❤\ufe0f Kyiv")
    assert hits("❤\ufe0f", "I ❤ Kyiv")
    assert hits("{❤\ufe0f}", "I ❤ Kyiv")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("غزة", "الى غزه اليوم"), ("مستشفى", "قصف مستشفي"), ("أحمد", "احمد"), ("آمال", "امال"), ("ٱلله", "الله"),
        ("كتاب", "کتاب"), ("على", "علی"), ("١٩٧٣", "1973"), ("Strasse", "Straße"), ("WEISS", "weiß"),
        ("İstanbul", "ISTANBUL"),
        ("ısparta", "Isparta"), ("~İstanbul", "istanbul"), ("北京大学", "他在北京\n大学学习"),
        ("ウクライナ", "ウクラ\r\n　イナ情勢"),
        ("AI技術", "新しいAI\n技術です"),
    ],
)  # fmt: skip
def test_what_is_written_either_way_is_a_hit(rule: str, text: str) -> None:
    assert hits(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("{غزة}", "غزه"),
        ("{Maß}", "MASS"),
        ("北京大学", "北京 大学"),
        ("北京大学", "北京\n\n大学"),
        ("北京大学", "北京。\n大学"),
    ],
)
def test_what_is_apart_stays_apart(rule: str, text: str) -> None:
    assert not hits(rule, text)


_texts = st.lists(
    st.sampled_from([*_EMOJI, "\u200d", "\ufe0f", "🏽", "🇺", "غزة", "北", "京", "\n", " ", "war", "½"]), max_size=9
)


@given(_texts.map("".join), _texts.map("".join))
def test_the_index_and_the_tree_agree_on_them(term: str, text: str) -> None:
    document, engine = Document(id="d", title=text, body=text + term), RuleSet()
    engine.add("1", f'"war {term}" OR war OR {{🚨}} OR 北京')
    assert engine.match(document) == engine.match_all(document)
