"""The terminal's form of a message: readable without color, and never in the hands of the source."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import say
from bot.model import Block, Button, Message, Run
from bot.writing.terminal import cells, clean, format_message
from tests.talk import alert_message

OUR_STYLES = re.compile(r"\x1b\[(?:0|[1-9][0-9]?(?:;[0-9]+)*)m")


def shown(*blocks: Block, width: int = 88, color: bool = False, buttons: tuple[Button, ...] = ()) -> str:
    return format_message(Message(blocks=blocks, buttons=buttons), color=color, width=width)


def test_an_alert_reads_as_in_the_design() -> None:
    assert format_message(alert_message(), color=False, newest=True) == (
        "Potential troop deployment to Ukraine\n"
        "Daily Courier\n"
        "│ … prepared to send [troops] to the border …\n"
        "[Open: https://courier.example/a] [Why: /why last alert]"
    )


def test_color_marks_hits_instead_of_brackets() -> None:
    lines = format_message(alert_message(), color=True).split("\n")
    assert lines[0] == "\x1b[1mPotential troop deployment to Ukraine\x1b[0m"
    assert "send \x1b[1;30;43mtroops\x1b[0m to" in lines[2]
    assert "[troops]" not in lines[2]


def test_color_changes_nothing_but_color() -> None:
    message = say.message(say.title("Flood"), say.item("one ", say.bold("bold"), " ", say.mono("a AND b")))
    assert OUR_STYLES.sub("", format_message(message, color=True)) == format_message(message, color=False)


def test_each_line_of_a_long_quote_has_its_bar() -> None:
    lines = shown(say.quote("word " * 60), width=40).split("\n")
    assert len(lines) > 5
    assert all(line.startswith("│ word") and cells(line) <= 40 for line in lines)


def test_a_word_in_two_styles_is_not_broken_in_between() -> None:
    quote = say.quote("x" * 30, " ", Run(text="troop", styles=("hit",)), "s, and more")
    assert shown(quote, width=40).split("\n")[1] == "│ [troop]s, and more"


def test_wide_characters_count_twice_and_wrap_without_spaces() -> None:
    lines = shown(say.text("欧洲国家准备" * 10), width=21).split("\n")
    assert [cells(line) for line in lines] == [20] * 6
    assert "".join(lines) == "欧洲国家准备" * 10


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("中a", 3), ("각", 2), ("\u1112\u1161\u11ab", 2), ("🇺🇦", 2)],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_code_keeps_its_lines_so_that_the_caret_points_right() -> None:
    rule = "troops AND " * 12
    assert shown(say.code(f"{rule}\n{'^':>50}"), width=40) == f"  {rule.rstrip()}\n  {'^':>50}"


def test_a_link_is_told_once_and_only_where_no_button_opens_it() -> None:
    one = Run(text="Bild", url="https://bild.example/1")
    two = Run(text=" Zeitung", url="https://bild.example/1")
    assert shown(say.meta(one, two, " +3")) == "Bild Zeitung <https://bild.example/1> +3"
    button = Button(label="Open", url="https://bild.example/1")
    assert shown(say.meta(one), buttons=(button,)).split("\n")[0] == "Bild"
    assert shown(say.text(Run(text="x", url="javascript:alert(1)"))) == "x"


def test_a_long_address_stays_whole() -> None:
    address = "https://x.example/" + "y" * 120
    assert f"<{address}>" in shown(say.item(Run(text="feed", url=address)), width=40).split("\n")[1]


def test_buttons_say_what_to_type_and_wrap_between_each_other() -> None:
    buttons = tuple(Button(label=f"Number {n}…", command=f"unmute {n}", danger=n == 2) for n in range(4))
    assert shown(buttons=buttons, width=60) == (
        "[Number 0: /unmute 0] [Number 1: /unmute 1]\n[Number 2: /unmute 2] [Number 3: /unmute 3]"
    )
    assert "\x1b[31m[Number 2: /unmute 2]\x1b[0m" in shown(buttons=buttons, color=True)


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        ("a\x1b[2Jb", "ab"),
        ("a\x1b]0;own title\x07b", "ab"),
        ("a\x1b]8;;https://evil.example\x1b\\b", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x9d0;t\x9cb", "ab"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x1b", "a"),
        ("a\x1b]0;never closed", "a0;never closed"),
        ("a\rb\nc\td\x08\x7f", "a b c d"),
        ("abc\u202edef\u2066\u200e", "abcdef"),
        ("so\u00adft\ufeff\ud800", "soft"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_could_drive_a_terminal_is_taken_out(hostile: str, kept: str) -> None:
    assert clean(hostile) == kept


hostile_text = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x9b\x9d[]0;m\\\x07\r\n\u202e中 ")), max_size=60)


@given(hostile_text, st.sampled_from(["title", "text", "meta", "quote", "item", "code"]), st.booleans())
def test_no_source_text_reaches_the_terminal_raw(text: str, kind: str, color: bool) -> None:
    runs = (
        Run(text=text, styles=("hit",), url=text),
        Run(text="https://x.example/" + text, url="https://x.example/" + text),
    )
    block = Block(kind=kind, runs=runs)  # type: ignore[arg-type] - one of the kinds
    buttons = (Button(label=text, command=text), Button(label=text, url=text, danger=True))
    printed = OUR_STYLES.sub("", format_message(Message(blocks=(block,), buttons=buttons), color=color))
    bad = [character for character in printed if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]
    assert set(bad) <= {"\n"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", printed)
    printed.encode()


@given(st.lists(hostile_text, max_size=5), st.integers(20, 60))
def test_lines_fit_and_nothing_readable_is_lost(texts: list[str], width: int) -> None:
    printed = shown(say.quote(*(Run(text=text) for text in texts)), width=width)
    assert all(cells(line) <= width for line in printed.split("\n"))
    kept = "".join(clean(text) for text in texts).replace(" ", "")
    assert printed.replace("│ ", "").replace("\n", "").replace(" ", "") == kept.replace("│ ", "")
