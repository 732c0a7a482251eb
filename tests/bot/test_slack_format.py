"""What Slack gets: judged by Slack's own limits, and attacked with text that wants to be markup."""

import re
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import say
from bot.model import Block, Button, Message, Run, User
from bot.writing.slack import format_message
from tests import slack_rules
from tests.fakes import NOON

ANNA = User(platform="slack", workspace="T1", user_id="U0ANNA", name="Anna")
NASTY = "<!channel> <!here|x> <@U0BORIS> <https://evil.example|bank.example> *b* _i_ `c` :smile: & &amp; @everyone"
LINK = "https://courier.example/a?b=1&c=2"


def hit(text: str) -> Run:
    return Run(text=text, styles=("hit",))


def alert() -> Message:
    return Message(
        blocks=(
            say.title(Run(text="Potential ", url=LINK), Run(text="troop", styles=("hit",), url=LINK)),
            say.meta(say.bold("Daily Courier"), " · ", Run(text="12:00 UTC", time=NOON), ", 4 min ago", " · rule 3"),
            say.quote("… prepared to send ", hit("troops"), " to the border …"),
            say.meta("Also reported by ", Run(text="Bild", url="https://bild.example/1")),
            say.text(Run(text="@Anna", mention=ANNA), " "),
        ),
        buttons=(
            Button(label="Open", url=LINK),
            Button(label="Mute", command="mute alert:0123456789abcdef"),
            Button(label="Remove", command="unwatch 3", danger=True),
        ),
        gist="Potential troop (Daily Courier)",
    )


def inline(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Every element of rich text, in order."""
    found: list[dict[str, Any]] = []

    def walk(part: Any) -> None:
        for one in part.get("elements", []):
            (walk if one["type"].startswith("rich_text") else found.append)(one)

    for block in payload["blocks"]:
        if block["type"] == "rich_text":
            walk(block)
    return found


def test_an_alert_reads_as_designed() -> None:
    payload = format_message(alert())
    assert slack_rules.faults(payload["blocks"]) == []
    assert [block["type"] for block in payload["blocks"]] == [
        *("rich_text", "context", "rich_text", "rich_text", "rich_text", "actions")
    ]
    title, context, quote, also, mention, actions = payload["blocks"]
    assert title["elements"][0]["elements"] == [
        {"type": "link", "url": LINK, "text": "Potential troop", "style": {"bold": True}},
    ]
    assert [one["text"] for one in context["elements"]] == [
        "Daily Courier",
        f"<!date^{int(NOON.timestamp())}^{{date_short_pretty}} {{time}}|12:00 UTC>",
        "4 min ago · rule 3",
    ]
    assert quote["elements"][0]["type"] == "rich_text_quote"
    assert quote["elements"][0]["elements"][1] == {"type": "text", "text": "troops", "style": {"bold": True}}
    assert also["elements"][0]["elements"][1] == {"type": "link", "url": "https://bild.example/1", "text": "Bild"}
    assert mention["elements"][0]["elements"][0] == {"type": "user", "user_id": "U0ANNA"}
    assert [(one["action_id"], one.get("value"), one.get("url"), one.get("style")) for one in actions["elements"]] == [
        ("open:0", None, LINK, None),
        ("command:1", "mute alert:0123456789abcdef", None, None),
        ("command:2", "unwatch 3", None, "danger"),
    ]


def test_a_title_with_marked_words_is_one_link_which_says_where_it_leads_when_it_poses() -> None:
    runs = [Run(text=text, url=LINK) for text in ("bank", ".example ", "opens")]
    other = Run(text=" (copy)", url="https://bild.example/1")
    shown = inline(format_message(say.message(say.title(*runs, other))))
    assert [(one["text"], one["url"]) for one in shown] == [
        ("bank.example opens [courier.example]", LINK),
        (" (copy)", "https://bild.example/1"),
    ]


def test_the_fallback_text_is_the_whole_gist_and_nothing_is_unfurled() -> None:
    payload = format_message(alert())
    assert payload["text"].splitlines() == [
        "Potential troop (Daily Courier)",
        "Daily Courier · 12:00 UTC, 4 min ago · rule 3",
        "&gt; … prepared to send troops to the border …",
        "Also reported by Bild",
        "<@U0ANNA>",
    ]
    assert (payload["unfurl_links"], payload["unfurl_media"], payload["link_names"]) == (False, False, False)
    assert payload["mrkdwn"] is False


def test_plain_is_text_alone_and_still_tells_links_hits_and_buttons() -> None:
    payload = format_message(alert(), plain=True)
    assert "blocks" not in payload
    lines = payload["text"].splitlines()
    assert lines[:2] == ["Potential [troop]", LINK.replace("&", "&amp;")]
    assert "&gt; … prepared to send [troops] to the border …" in lines
    assert lines[-1] == "Remove: /watchword unwatch 3"
    in_thread = format_message(alert(), plain=True, is_alert=True)["text"].splitlines()
    assert in_thread[-1] == "Mention me in this message's thread and say: mute"


def test_every_kind_of_block() -> None:
    payload = format_message(
        say.message(
            say.title("Watchword"),
            say.text("Say ", say.mono("help"), Run(text="now", styles=("italic",))),
            say.item("one"),
            say.item(Run(text="two", url="https://two.example/")),
            say.code("watch (a\n      ^"),
            say.meta("You typed: ", say.mono("watch (a")),
            say.text("until ", say.moment(NOON)),
        )
    )
    assert slack_rules.faults(payload["blocks"]) == []
    header, text, items, code, meta, moment = payload["blocks"]
    assert header == {"type": "header", "text": {"type": "plain_text", "text": "Watchword", "emoji": False}}
    assert text["elements"][0]["elements"][1:] == [
        {"type": "text", "text": "help", "style": {"code": True}},
        {"type": "text", "text": "now", "style": {"italic": True}},
    ]
    assert items["elements"][0]["style"] == "bullet"
    assert len(items["elements"][0]["elements"]) == 2
    assert code["elements"] == [
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "watch (a\n      ^"}]}
    ]
    assert meta["type"] == "rich_text"  # a context line has no code
    assert moment["elements"][0]["elements"][1] == {
        "type": "date",
        "timestamp": int(NOON.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": "Mon 02 Mar 2026, 12:00 UTC",
    }


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("/rules", "/watchword rules"),
        ("/source add <address>", "/watchword source add <address>"),
        ("/watchword rules", "/watchword rules"),
        ("help", "help"),
        ("/srv/feeds", "/srv/feeds"),
    ],
)
def test_what_is_to_be_typed_is_shown_as_it_is_typed_on_slack(written: str, shown: str) -> None:
    payload = format_message(say.message(say.text("Try ", say.mono(written)), say.code(written)))
    assert [element["text"] for element in inline(payload)] == ["Try ", shown, shown]
    assert payload["text"] == "\n".join(["Try " + shown, shown]).replace("<", "&lt;").replace(">", "&gt;")
    prose = format_message(say.message(say.text(written)))
    assert inline(prose)[0]["text"] == written  # only what is marked as typed


@pytest.mark.parametrize("kind", ["title", "text", "meta", "quote", "item", "code"])
@pytest.mark.parametrize("plain", [False, True])
def test_source_text_never_becomes_markup(kind: Any, plain: bool) -> None:
    block = Block(kind=kind, runs=(Run(text=NASTY), hit(NASTY), Run(text=NASTY, time=NOON)))
    buttons = (Button(label=NASTY, command="help"),)
    payload = format_message(Message(blocks=(block,), buttons=buttons, gist=NASTY), plain=plain)
    assert slack_rules.MARKUP.findall(payload["text"]) == []
    for one in payload.get("blocks", []):
        for element in one.get("elements", []):
            if element["type"] == "mrkdwn":  # ours alone: a date, whose fallback is escaped
                assert re.fullmatch(r"<!date\^\d+\^[^|<>]+\|[^|<>]+>", element["text"])
    kinds = {element["type"] for element in inline(payload)} if not plain else set()
    assert kinds <= {"text", "date"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://courier.example/",
        "slack://open",
        "https://",
        "https://bank.example@evil.example/",
        "https://courier.example/a b",
        "https://courier.example/\u202egnp.exe",
        "https://[::1/",
        "https://courier.example/" + "a" * 3_000,
        "/relative",
    ],
)
def test_addresses_that_are_no_plain_web_address_are_no_link(url: str) -> None:
    payload = format_message(say.message(say.text(Run(text="read", url=url)), buttons=(Button(label="Open", url=url),)))
    assert [element["type"] for element in inline(payload)] == ["text"]
    assert [block["type"] for block in payload["blocks"]] == ["rich_text"]


def test_an_address_cannot_close_the_markup_around_it() -> None:
    payload = format_message(say.message(say.text(Run(text="read", url='https://a.example/?q=<b>|"'))))
    assert inline(payload)[0]["url"] == "https://a.example/?q=%3Cb%3E%7C%22"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://bank.example/login", "https://bank.example/login [evil.example]"),
        ("bank.example", "bank.example [evil.example]"),
        ("www.evil.example/a", "www.evil.example/a"),
        ("Evil.example", "Evil.example"),
        ("Banks fail", "Banks fail"),
        ("Mr. Bank", "Mr. Bank"),
    ],
)
def test_a_link_that_poses_as_another_address_says_where_it_leads(text: str, shown: str) -> None:
    payload = format_message(say.message(say.text(Run(text=text, url="https://evil.example/x"))))
    assert inline(payload)[0]["text"] == shown


def test_only_people_on_slack_are_mentioned() -> None:
    strangers = (
        User(platform="telegram", user_id="U0ANNA", name="Anna"),
        User(platform="slack", user_id="U1> <!channel", name="Anna"),
        User(platform="slack", user_id="channel", name="Anna"),
    )
    runs = tuple(Run(text="@Anna", mention=user) for user in strangers)
    payload = format_message(Message(blocks=(Block(kind="text", runs=runs),)))
    assert {element["type"] for element in inline(payload)} == {"text"}
    assert "<" not in payload["text"]


def test_long_text_is_split_and_what_does_not_fit_is_counted() -> None:
    long = say.message(
        say.text("word " * 900), say.code("line of code\n" * 300), *(say.text(f"{n}") for n in range(60))
    )
    payload = format_message(long)
    assert slack_rules.faults(payload["blocks"]) == []
    assert len(payload["blocks"]) == 50
    shown = "".join(slack_rules.texts(payload["blocks"][:2]))
    assert shown == "word " * 900  # cut between words, nothing lost
    assert payload["blocks"][-1]["elements"][0]["text"] == "Shortened: 15 more parts did not fit."
    assert slack_rules.units(payload["text"]) < 4_000
    assert payload["text"].endswith("…")


def test_the_fallback_is_never_cut_within_an_escape_or_a_mention() -> None:
    for length in range(3_880, 3_902):
        text = format_message(say.message(say.text("x" * length, Run(text="@Anna", mention=ANNA), "&" * 50)))["text"]
        assert re.fullmatch(r"x+(<@U0ANNA>)?(&amp;)*…", text), text[-30:]
        assert slack_rules.units(text) <= 3_900


def test_buttons_that_slack_would_refuse_are_left_out() -> None:
    buttons = (
        Button(label="  ", command="help"),
        Button(label="x" * 100, command="rules"),
        Button(label="nothing"),
        Button(label="long", command="x" * 2_001),
        *(Button(label=f"{n}", command=f"why {n}") for n in range(30)),
    )
    payload = format_message(say.message(say.text("Choose"), buttons=buttons))
    assert slack_rules.faults(payload["blocks"]) == []
    rows = [block["elements"] for block in payload["blocks"] if block["type"] == "actions"]
    assert [len(row) for row in rows] == [25, 6]
    assert rows[0][0]["text"]["text"] == "x" * 74 + "…"


@pytest.mark.parametrize("message", [Message(blocks=()), Message(blocks=(say.text(" ", "\u200b"),), gist=" ")])
def test_an_empty_message_is_still_one(message: Message) -> None:
    assert format_message(message)["text"] == "Watchword"
    assert "blocks" not in format_message(message)


TEXTS = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(
    [NASTY, "😀" * 1_600, "\ud800", "\0", " ", "a\n\nb"]
)
URLS = st.sampled_from(["", LINK, "javascript:x", "https://пример.example/ы", "https://[", NASTY])
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
STYLE = st.lists(st.sampled_from(["bold", "italic", "code", "hit"]), max_size=3, unique=True).map(tuple)
RUNS = st.builds(Run, text=TEXTS, styles=STYLE, url=URLS, time=st.none()) | st.builds(Run, text=TEXTS, time=TIMES)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(["title", "text", "meta", "quote", "item", "code"]),
    runs=st.lists(RUNS, max_size=6).map(tuple),
)
BUTTONS = st.builds(Button, label=TEXTS, command=TEXTS, url=URLS, danger=st.booleans())
MESSAGES = st.builds(
    Message,
    blocks=st.lists(BLOCKS, max_size=60).map(tuple),
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
    gist=TEXTS,
)


@given(MESSAGES, st.booleans())
def test_whatever_the_message_slack_takes_it(message: Message, plain: bool) -> None:
    payload = format_message(message, plain=plain)
    assert slack_rules.faults(payload.get("blocks", [])) == []
    assert payload["text"].strip()
    assert slack_rules.units(payload["text"]) <= 3_900
    assert slack_rules.MARKUP.findall(payload["text"]) == []
    payload["text"].encode()
