"""What Telegram gets. Telegram's own text code (TDLib, offline) judges every message that the formatter can make."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import say
from bot.core.telegram_format import MOST_ENTITIES, MOST_UNITS, format_message, units
from bot.model import Block, Button, Message, Run, User
from tests.fakes import NOON

STYLES = st.lists(st.sampled_from(["bold", "italic", "code", "hit"]), max_size=2, unique=True).map(tuple)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["@everyone", "/start", "https://x.example", "<b>&amp;", "🪖🏳️‍🌈", "  ", "\n", "troops", "a\u202eb", "日本", "ї́"]
)
RUNS = st.builds(
    Run,
    text=WORDS,
    styles=STYLES,
    url=st.sampled_from(["", "", "https://a.example/?a=1&b=2", "javascript:alert(1)"]),
    mention=st.none() | st.just(User(platform="telegram", user_id="42", name="Anna")),
)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(["title", "text", "meta", "quote", "item", "code"]),
    runs=st.lists(RUNS, min_size=1, max_size=5).map(tuple),
)
MESSAGES = st.lists(BLOCKS, max_size=8).map(lambda blocks: Message(blocks=tuple(blocks)))


def units_of(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def part(payload: dict[str, Any], entity: dict[str, Any]) -> str:
    raw = payload["text"].encode("utf-16-le")
    return bytes(raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]).decode("utf-16-le")


def test_an_alert() -> None:
    payload = format_message(
        say.message(
            say.title(Run(text="Fresh ", url="https://a.example/"), Run(text="troops", styles=("hit",), url="https://a.example/")),
            say.meta(say.bold("Courier"), " · ", say.moment(NOON)),
            say.quote("🪖 The ", Run(text="troops", styles=("hit",)), " came."),
            say.quote("They left."),
            buttons=(Button(label="Why", command="why alert:1"),),
        )
    )  # fmt: skip
    assert payload["text"] == ("Fresh troops\nCourier · Mon 02 Mar 2026, 12:00 UTC\n\n🪖 The troops came.\nThey left.")
    marked = {(one["type"], part(payload, one)) for one in payload["entities"]}
    assert ("bold", "Fresh troops") in marked
    assert ("text_link", "troops") in marked
    assert ("blockquote", "🪖 The troops came.") in marked
    assert ("blockquote", "They left.") in marked
    assert ("underline", "troops") in marked
    assert payload["link_preview_options"] == {"is_disabled": True}


def test_a_long_quote_is_folded_and_a_long_message_cut() -> None:
    long = format_message(say.message(say.quote("word " * 100)))
    assert [one["type"] for one in long["entities"]] == ["expandable_blockquote"]
    huge = format_message(
        say.message(say.title("Title"), *(say.quote("🪖" * 900, Run(text="hit", styles=("hit",))) for _ in range(9)))
    )
    assert units_of(huge["text"]) <= MOST_UNITS
    assert huge["text"].endswith("…")


def test_only_web_addresses_become_links_and_only_real_users_mentions() -> None:
    payload = format_message(
        say.message(
            say.text(Run(text="a", url="javascript:x"), Run(text="@x", mention=User(platform="telegram", user_id="x")))
        )
    )
    assert "entities" not in payload


def test_a_button_that_telegram_would_refuse_is_a_bug_of_ours() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        format_message(say.message(say.text("x"), buttons=(Button(label="x", command="y" * 65),)))


def test_plain_is_plain() -> None:
    payload = format_message(say.message(say.title("T"), buttons=(Button(label="x", command="y"),)), plain=True)
    assert set(payload) == {"text", "link_preview_options", "disable_notification"}


@given(MESSAGES)
def test_every_message_keeps_telegrams_limits(message: Message) -> None:
    payload = format_message(message)
    assert payload["text"].strip()
    assert units_of(payload["text"]) == units(payload["text"]) <= MOST_UNITS
    entities = payload.get("entities", [])
    assert len(entities) <= MOST_ENTITIES
    for one in entities:
        assert one["offset"] >= 0
        assert one["length"] > 0
        assert one["offset"] + one["length"] <= units_of(payload["text"])
        assert part(payload, one)  # no character is halved


@pytest.mark.needs("tdjson")
@given(MESSAGES)
def test_telegrams_own_code_reads_the_same_text_and_entities(message: Message) -> None:
    """The message as HTML through TDLib's parser must give the text and the entities that we send."""
    payload = format_message(message)
    judged = judge(as_html(payload))
    assert judged["@type"] == "formattedText", judged
    expected = payload["text"]
    assert judged["text"].strip() == expected.strip()
    links = [one for one in judged["entities"] if one["type"]["@type"] == "textEntityTypeTextUrl"]
    ours = [one for one in payload.get("entities", []) if one["type"] == "text_link"]
    assert covered(links) == covered(ours)


def covered(entities: list[dict[str, Any]]) -> set[int]:
    return {place for one in entities for place in range(one["offset"], one["offset"] + one["length"])}


def judge(html: str) -> dict[str, Any]:
    import tdjson

    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


def as_html(payload: dict[str, Any]) -> str:
    """The same message in Telegram's HTML, links only: a look that does not nest cleanly is not HTML's to tell."""
    text = payload["text"]
    starts, ends = {}, {}
    for one in payload.get("entities", []):
        if one["type"] == "text_link":
            starts[one["offset"]] = one["url"]
            ends[one["offset"] + one["length"]] = True
    out, at = [], 0
    for character in text:
        if at in ends:
            out.append("</a>")
        if at in starts:
            out.append(f'<a href="{starts[at].replace("&", "&amp;")}">')
        out.append({"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(character, character))
        at += units_of(character)
    if at in ends:
        out.append("</a>")
    return "".join(out)
