"""What is told of a rule and a document reads well on a phone, however long both are."""

from hypothesis import given
from hypothesis import strategies as st

from rules import Document, explain, parse
from rules.explain import MOST_LINES
from rules.tokenized import Forms


def lines(rule: str, body: str) -> list[str]:
    return explain(parse(rule), Document(id="d", body=body)).lines()


def test_a_long_or_shows_what_is_there_and_counts_the_rest() -> None:
    shown = lines(" OR ".join(f"word{number}" for number in range(200)), "Only word150 and word7 are here.")
    assert shown[1:3] == ["  ✓ word7: 1 hit: “word7”", "  ✓ word150: 1 hit: “word150”"]
    assert shown[-1] == "  … and 194 more not found"
    assert len(shown) == 8
    assert len(shown[0]) < 100


def test_of_a_long_and_the_parts_that_fail_are_shown() -> None:
    shown = lines(" ".join(f"word{number}" for number in range(50)), " ".join(f"word{n}" for n in range(48)))
    assert "  ✗ word48: not found" in shown
    assert "  ✗ word49: not found" in shown
    assert shown[-1] == "  … and 44 more found"


def test_of_the_misses_those_that_came_near_come_first() -> None:
    shown = lines(" OR ".join([f"word{number}" for number in range(50)] + ["deployment"]), "Deployments.")
    assert shown[1] == "  ✗ deployment: found “Deployments”; write ~deployment"


def test_an_explanation_keeps_every_part_and_its_lines_end() -> None:
    deep = "a"
    for _ in range(45):
        deep = f"(b OR (a AND {deep}))"
    explanation = explain(parse(deep), Document(id="d", body="a"))
    assert len(explanation.lines()) == MOST_LINES
    assert explanation.lines()[-1] == "… and more parts"
    many = explain(parse(" OR ".join(f"word{number}" for number in range(200))), Document(id="d"))
    assert len(many.children) == 200


@given(st.lists(st.text("ab", max_size=4), max_size=8), st.text("ab", max_size=3))
def test_the_word_that_holds_another_is_the_first_of_the_alphabet(row: list[str], part: str) -> None:
    wanted = next((key for key in sorted(set(row) - {""}) if part and part in key), "")
    assert Forms(row).holding(part) == wanted
