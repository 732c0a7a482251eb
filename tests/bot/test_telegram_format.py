"""What Telegram gets. Telegram's own text code (TDLib, offline) judges every message that the formatter can make."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import say
from bot.model import Block, Button, Message, Run, User
from bot.writing._telegram_text import JOINER, beginning, inert, safe_url
from bot.writing.telegram import MOST_ENTITIES, MOST_UNITS, format_message
from tests.bot.telegram_judge import MARKDOWN, accepted, alive, found_in, linked, looks, part, units
from tests.fakes import NOON

ANNA = User(platform="telegram", user_id="42", name="Anna")
LINK = "https://a.example/"
HOSTILE = [
    "@everyone", "@durov", "/unwatch 1", "/start@OtherBot", "https://evil.example/x?a=1", "evil.com", "t.me/x", "#tag",
    "$BTC", "1.2.3.4", "a@b.com", "tg://resolve?domain=x", "example.рф", "www.x.co.uk", "<b>&amp;", "🪖🏳️‍🌈", "👩🏽‍🚀",
    "  ", "\n", "troops", "a\u202eb", "日本", "ї́", "a\ufeffb", "\u2060", "##·x", "@", "/", ".", "com", ":", "//",
]  # fmt: skip


def messages(text: st.SearchStrategy[str]) -> st.SearchStrategy[Message]:
    runs = st.builds(
        Run,
        text=text,
        styles=st.lists(st.sampled_from(["bold", "italic", "code", "hit"]), max_size=2, unique=True).map(tuple),
        url=st.sampled_from(
            ["", "", "", LINK, "https://b.example/?a=1&b=2", "javascript:alert(1)", "http://intranet/"]
        ),
        mention=st.sampled_from([None, None, ANNA, User(platform="slack", user_id="U1")]),
        time=st.sampled_from([None, None, NOON, datetime(1, 1, 1, tzinfo=UTC)]),
    )
    blocks = st.builds(
        Block,
        kind=st.sampled_from(["title", "text", "meta", "quote", "item", "code"]),
        runs=st.lists(runs, min_size=1, max_size=5).map(tuple),
    )
    return st.lists(blocks, max_size=8).map(lambda made: Message(blocks=tuple(made), gist="gist"))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(HOSTILE)
ANY = messages(WORDS)
NO_MARKDOWN = messages(WORDS.map(lambda text: "".join(one for one in text if one not in MARKDOWN)))
HUGE = Message(
    blocks=(
        *(Block(kind="quote", runs=(Run(text="🪖 @durov " * 90), Run(text="hit", styles=("hit",)))) for _ in range(9)),
        *(Block(kind="item", runs=tuple(Run(text=f"/a{n} ", styles=("code",)) for n in range(9))) for _ in range(40)),
        *(Block(kind="item", runs=(Run(text="x", url=f"{LINK}{n}"), Run(text="@durov "))) for n in range(200)),
    )
)

MANY = Message(
    blocks=tuple(
        Block(
            kind="item", runs=(Run(text="/a", styles=("code",)), Run(text=" or "), Run(text="b.com", url=f"{LINK}{n}"))
        )
        for n in range(150)
    )
)


def marked(payload: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["type"], part(payload["text"], one["offset"], one["length"])) for one in payload.get("entities", [])}


def hit(text: str, url: str = "") -> Run:
    return Run(text=text, styles=("hit",), url=url)


# ----------------------------------------------------------------------------------------------------------- by example


def test_an_alert() -> None:
    payload = format_message(
        say.message(
            say.title(Run(text="Fresh ", url=LINK), hit("troops", LINK)),
            say.meta(say.bold("Courier"), " · ", say.moment(NOON)),
            say.quote("🪖 The ", hit("troops"), " came."),
            say.quote("They left."),
            say.text(Run(text="@Anna", mention=ANNA)),
            buttons=(
                Button(label="Open", url=LINK),
                Button(label="Why", command="why alert:1"),
                Button(label="Forget", command="forget", danger=True),
                Button(label="More", command="more"),
            ),
        )
    )
    assert payload == {
        "text": "Fresh troops\nCourier · Mon 02 Mar 2026, 12:00 UTC\n\n"
        f"🪖 The troops came.\nThey left.\n\n@{JOINER}Anna",
        "entities": [
            {"type": "text_link", "offset": 0, "length": 12, "url": LINK},
            {"type": "bold", "offset": 0, "length": 12},
            {"type": "underline", "offset": 6, "length": 6},
            {"type": "bold", "offset": 13, "length": 7},
            {"type": "date_time", "offset": 23, "length": 26, "unix_time": int(NOON.timestamp())},
            {"type": "blockquote", "offset": 51, "length": 19},
            {"type": "underline", "offset": 58, "length": 6},
            {"type": "bold", "offset": 58, "length": 6},
            {"type": "blockquote", "offset": 71, "length": 10},
            {
                "type": "text_mention",
                "offset": 83,
                "length": 6,
                "user": {"id": 42, "is_bot": False, "first_name": "Anna"},
            },
        ],
        "reply_markup": {
            "inline_keyboard": [
                [
                    {"text": "Open", "url": LINK},
                    {"text": "Why", "callback_data": "why alert:1"},
                    {"text": "Forget", "callback_data": "forget", "style": "danger"},
                ],
                [{"text": "More", "callback_data": "more"}],
            ]
        },
        "link_preview_options": {"is_disabled": True},
        "disable_notification": False,
    }


def test_a_caret_stays_under_its_word() -> None:
    payload = format_message(say.message(say.text("This cannot be read:"), say.code("troops AND\n          ^")))
    assert payload["text"].endswith("\n\ntroops AND\n          ^")
    assert marked(payload) == {("pre", "troops AND\n          ^")}


def test_a_long_quote_is_folded() -> None:
    payload = format_message(say.message(say.quote("word " * 100)))
    assert [one["type"] for one in payload["entities"]] == ["expandable_blockquote"]


def test_quotes_give_way_before_anything_else_does() -> None:
    quotes = [say.quote(f"{n} ", "word " * 300, hit("late")) for n in range(4)]
    payload = format_message(say.message(say.title("Title"), *quotes, say.meta("Why: because of rule 3")))
    lines = payload["text"].split("\n")
    assert lines[0] == "Title"
    assert lines[-1] == "Why: because of rule 3"
    assert lines[2].endswith("late"), "the first quote is whole"
    assert lines[5].endswith("…"), "the last one is not"
    assert units(lines[5]) > 200, "nor is it gone"
    assert MOST_UNITS - 20 < units(payload["text"]) <= MOST_UNITS


def test_what_has_no_quotes_is_cut_at_the_end() -> None:
    payload = format_message(say.message(say.title("Title"), *(say.item(f"{n}: ", "x" * 90) for n in range(99))))
    assert payload["text"].startswith("Title\n\n• 0: x")
    assert payload["text"].endswith("…")
    assert units(payload["text"]) > MOST_UNITS - 200


@pytest.mark.parametrize("character", ["🪖", "👩🏽‍🚀", "e\u0301\u0302", "❤️"])
def test_a_cut_halves_no_character(character: str) -> None:
    text = character * 50
    for most in range(units(character), units(text)):
        kept = beginning(text, most)
        assert text.startswith(kept)
        assert units(kept) <= most
        assert len(kept) % len(character) == 0


def test_only_web_addresses_become_links_and_others_are_told() -> None:
    bad = "javascript:alert(1)"
    payload = format_message(say.message(say.text(Run(text="a", url=bad), Run(text="b", url=bad), " c")))
    assert payload["text"] == f"ab ({bad}) c"
    assert "entities" not in payload
    assert marked(
        format_message(say.message(say.text(Run(text="a", url="file:///etc/x"), Run(text="b", url=LINK))))
    ) == {("text_link", "b")}


def test_only_people_on_telegram_are_mentioned() -> None:
    others = [User(platform="telegram", user_id="x"), User(platform="slack", user_id="42")]
    payload = format_message(say.message(say.text(*(Run(text="@x ", mention=other) for other in others))))
    assert "entities" not in payload


def test_a_button_that_telegram_would_refuse_is_a_bug_of_ours_or_left_out() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        format_message(say.message(say.text("x"), buttons=(Button(label="x", command="ї" * 33),)))
    for url in ("javascript:x", "http://localhost:1/", "https://a b/", "http://u:p@x.org/", "http://[", "http://x:y/"):
        assert "reply_markup" not in format_message(say.message(say.text("x"), buttons=(Button(label="x", url=url),)))


def test_plain_has_no_entities_no_buttons_and_says_in_words_what_they_did() -> None:
    message = say.message(
        say.title(Run(text="T", url=LINK)),
        say.quote("a ", hit("b"), " /c"),
        say.code("/watch x"),
        buttons=(Button(label="x", command="y"),),
    )
    payload = format_message(message, plain=True)
    assert set(payload) == {"text", "link_preview_options", "disable_notification"}
    assert payload["text"] == f"T ({LINK})\n\na [b] /{JOINER}c\n\n/{JOINER}watch x"


def test_an_empty_message_says_its_gist() -> None:
    assert format_message(Message(blocks=(), gist="Look at /this"))["text"] == f"Look at /{JOINER}this"
    assert format_message(Message(blocks=(say.text(" \n"),)))["text"] == "…"


# ---------------------------------------------------------------------------------------------------------- always true


@given(ANY, st.booleans())
@example(HUGE, False)
@example(HUGE, True)
@example(MANY, False)
@example(MANY, True)
def test_every_message_keeps_telegrams_limits(message: Message, plain: bool) -> None:
    payload = format_message(message, plain=plain)
    assert payload["text"].strip()
    assert units(payload["text"]) <= MOST_UNITS
    entities = payload.get("entities", [])
    assert len(entities) <= MOST_ENTITIES
    for one in entities:
        assert one["offset"] >= 0
        assert one["length"] > 0
        assert one["offset"] + one["length"] <= units(payload["text"])
        assert part(payload["text"], one["offset"], one["length"])  # no character is halved


@given(ANY)
def test_nothing_is_left_out_of_a_message_that_fits(message: Message) -> None:
    shown = format_message(message)["text"].replace(JOINER, "")
    for block in message.blocks:
        for run in block.runs:
            assert all(word in shown for word in run.text.split() if word.isascii() and word.isalnum())


@pytest.mark.needs("tdjson")
@given(ANY, st.booleans())
@example(HUGE, False)
@example(HUGE, True)
@example(MANY, False)
@example(MANY, True)
def test_only_our_own_links_can_be_pressed(message: Message, plain: bool) -> None:
    """Telegram's code finds no mention, command, tag or address beside the links that we made."""
    ours = {run.url for block in message.blocks for run in block.runs} if plain else set()
    assert [one for one in alive(format_message(message, plain=plain)) if one not in ours] == []


@pytest.mark.needs("tdjson")
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=8).map("".join))
def test_text_is_made_inert_and_reads_the_same(text: str) -> None:
    dead = inert(text)
    assert dead.replace(JOINER, "") == text.replace(JOINER, "")
    assert [one for one in found_in(dead) if one[0] not in {"BankCardNumber", "MediaTimestamp"}] == []


@pytest.mark.needs("tdjson")
@given(NO_MARKDOWN)
@example(HUGE)
@example(MANY)
def test_telegram_keeps_every_message_as_we_send_it(message: Message) -> None:
    """Its code neither refuses an entity nor cuts, moves or drops one, nor changes the text."""
    payload = format_message(message)
    kept = accepted(payload)
    assert kept["@type"] == "formattedText", kept
    assert kept["text"] == payload["text"]
    assert looks(kept["entities"]) == looks(payload.get("entities", []))


@pytest.mark.needs("tdjson")
@given(
    st.sampled_from(["http://", "https://", "HTTPS://", "ftp://", "tg://", ""]),
    st.text(st.sampled_from("ab.1-_:@[]/?#%&=\\\"<>'йß日 \t\u202e\u2028"), max_size=14),
)
@example("https://", "xn--e1afmkfd.xn--p1ai/a?b=c#d")
@example("http://", "[::1]/")
@example("http://", "localhost")
@example("http://", "1.1:")
def test_an_address_that_we_link_is_one_that_telegram_links(scheme: str, rest: str) -> None:
    """One that it does not take would lose a link, or, on a button, the whole message."""
    if url := safe_url(scheme + rest):
        assert linked(url)
