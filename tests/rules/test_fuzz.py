"""No input may raise anything but RuleError, and every cure is a rule. `tests/bench/fuzz.py` asks many more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import RuleError, parse
from rules.errors import CARET_COLUMNS
from tests.rules.fuzzed import ODD, PIECES, fuzzed

noise = st.lists(st.one_of(st.sampled_from([*PIECES, *ODD]), st.text(max_size=3)), max_size=25).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda gap: gap.join(pieces))
)


def check(text: str) -> None:
    """Parse it; hold the answer to its promises."""
    try:
        rule = parse(text)
    except RuleError as error:
        check_error(text, error)
        return
    assert parse(str(rule)).node == rule.node
    for note in rule.notes:
        assert 0 <= note.start < note.end <= len(text)
        assert note.other == "" or parse(note.other).node != rule.node


def check_error(text: str, error: RuleError) -> None:
    assert error.message.encode()
    assert error.text == text
    assert 0 <= error.start <= error.end <= len(text)
    assert error.cure == "" or parse(error.cure)
    line, carets = error.caret().split("\n")
    assert carets.strip(" ").strip("^") == ""
    assert "^" in carets
    assert len(line) <= CARET_COLUMNS + 2


@settings(max_examples=2000, deadline=None)
@given(noise)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    check(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200))
def test_any_unicode_is_read_or_refused(text: str) -> None:
    check(text)


def test_what_nobody_should_write_is_read_or_refused() -> None:
    for text in fuzzed(seed=1, count=1500):
        check(text)
