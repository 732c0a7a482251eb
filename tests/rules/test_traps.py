"""What other products get wrong, each once: see the issue trackers of feed readers and alerting bots."""

import pytest

from rules import Document, RuleError, RuleSet, parse


def hits(rule: str, body: str, title: str = "") -> bool:
    """By the tree and by the index, which have to agree."""
    document, engine = Document(id="d", title=title, body=body), RuleSet()
    engine.add("1", rule)
    by_tree = parse(rule).spans(document) is not None
    assert bool(engine.match(document)) == by_tree
    return by_tree


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("dating", "The site is updating its terms."),
        ("game", "A review of war games."),
        ("ai", "The training went on."),
        ("it", "They said a bit."),
        ("{IT}", "They said it again."),
    ],
)
def test_no_part_of_a_word_is_a_hit(rule: str, text: str) -> None:
    assert not hits(rule, text)


def test_a_site_is_not_the_end_of_another_name() -> None:
    assert parse("site:un.org").spans(Document(id="d", url="https://news.un.org/x")) is not None
    assert parse("site:un.org").spans(Document(id="d", url="https://fun.org/x")) is None


def test_a_flag_typed_the_wrong_way_round_is_refused_with_a_cure() -> None:
    with pytest.raises(RuleError) as caught:
        parse("/(i?)breaking news/")
    assert "(?i)" in caught.value.message or "/i" in caught.value.cure
    assert hits(caught.value.cure, "BREAKING NEWS")


@pytest.mark.parametrize(
    "pattern", ["/[unclosed/", "/(a/", "/a**/", "/*news/", r"/news\/", "/new(?=s)/", r"/(\w+) \1/"]
)
def test_an_invalid_expression_is_an_error_and_never_a_word(pattern: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(pattern)
    assert caught.value.start < caught.value.end <= len(pattern)


def test_title_and_body_do_not_run_together() -> None:
    assert not hits("endstart", "Start of the text", title="The end")
    assert not hits('"end start"', "Start of the text", title="The end")
    assert hits("end start", "Start of the text", title="The end")


@pytest.mark.parametrize(
    "typed",
    [
        '"AT&T"', '"AT&amp;T"', "“AT&T”", "„AT&T“", "«AT&T»", "＂AT&T＂",
        '"AT&T"\u00a0', '\u200b"AT&T"',
    ],
)  # fmt: skip
def test_what_phones_and_slack_make_of_quotes_and_ampersands_is_undone(typed: str) -> None:
    assert hits(typed, "The AT&T deal")
    assert not hits(typed, "The AT deal, by T")


def test_slacks_wrapped_address_is_the_address() -> None:
    assert parse("site:<https://un.org|un.org>").node == parse("site:un.org").node


def test_word_boundaries_know_cyrillic() -> None:
    assert hits(r"/\bвойна\b/i", "Война началась")
    assert not hits(r"/\bвойна\b/i", "Военная, довойна")
