"""`umlauts:` and `hanzi:` take a term in all its spellings, wherever a term may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Document, RuleError, RuleSet, explain, parse
from rules.hanzi import hanzi_either_way
from rules.umlauts import umlauts_either_way

NAMES = {"names": "umlauts:Müller, umlauts:Köln"}
FORMS = ["{}", '"Frau {}"', "{{{}}}", "body:{}", "~{}", "{}^", "{}*", "{}~1", "(Frau NEAR/2 {})", "min:1 of ({}, b)"]


def hits(rule: str, text: str) -> bool:
    """By the tree and by the index, which have to agree."""
    document, engine = Document(id="d", body=text), RuleSet()
    engine.add("1", parse(rule, lang="de", lists=NAMES))
    by_tree = bool(engine.match_all(document))
    assert bool(engine.match(document)) == by_tree
    return by_tree


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("typed", "written"), [("Müller", "Mueller"), ("Mueller", "Müller"), ("Mu\u0308ller", "Mueller")]
)
def test_umlauts_are_written_either_way_under_every_operator(form: str, typed: str, written: str) -> None:
    rule = f"umlauts:{form.format(typed)}"
    assert hits(rule, f"Frau {written} sagt es.")
    assert not hits(rule, "Frau Moller sagt es." if "~1" not in form else "Frau Schmidt sagt es.")
    read = parse(rule, lang="de")
    assert parse(str(read), lang="de").node == read.node


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("Müller", "Mueller"), ("Mueller", "Müller"), ("umlauts:neue", "neu"), ("umlauts:Bauer", "Baur"),
        ("umlauts:Quelle", "Qulle"), ("umlauts:Samuel", "Samul"), ("umlauts:Michael", "Michal"), ("umlauts:neu", "ne"),
        ("umlauts:Köln Bonn", "Koeln"),
        ("(umlauts:Köln) Zürich", "Köln Zuerich"), ("NOT umlauts:Köln Bonn", "Koeln Bonn"),
    ],
)  # fmt: skip
def test_other_words_stay_as_they_are(rule: str, text: str) -> None:
    assert not hits(rule, text)


@pytest.mark.parametrize("word", ["Israel", "Samuel", "neu", "neue", "Bauer", "Quelle", "aktuell", "Müller", "ÖBB"])
def test_the_word_as_typed_is_always_a_hit(word: str) -> None:
    assert hits(f"umlauts:{word}", f"So {word} ist es.")


def test_every_umlaut_of_a_name_may_be_either() -> None:
    assert hits('umlauts:"Müller Goethe"', "Mueller Göthe")
    assert umlauts_either_way("ÄÖÜäöü")[1:] == ("AEOEUeaeoeue",)


def test_the_hit_is_the_spelling_that_the_text_has() -> None:
    document = Document(id="d", title="Frau Mueller")
    (span,) = parse("umlauts:Müller^").spans(document) or ()
    assert document.title[span.start : span.end] == "Mueller"
    assert "Mueller" in str(explain(parse("umlauts:Müller"), document))


def test_a_list_is_refused_with_a_cure() -> None:
    with pytest.raises(RuleError, match="does not reach into @names") as caught:
        parse("umlauts:@names", lists={"names": "Müller, Köln"})
    assert parse(caught.value.cure, lists={"names": "Müller, Köln"})
    assert hits("@names", "Koeln")


_CHINESE = ["{}", '"{}"', "{{{}}}", "body:{}", "{}^", '"{} AI"', "({} NEAR/2 AI)", "min:1 of ({}, b)", "umlauts:{}"]


@pytest.mark.parametrize("form", _CHINESE)
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("台湾", "臺灣"),
        ("台湾", "台灣"),
        ("臺灣", "台灣"),
        ("臺灣", "台湾"),
        ("头发", "頭髮"),
        ("發展", "发展"),
        ("后", "後"),
    ],
)
def test_chinese_is_traditional_or_simplified_under_every_operator(form: str, typed: str, written: str) -> None:
    rule = f"hanzi:{form.format(typed)}"
    assert hits(rule, f"在{written} AI新")
    assert not hits(rule, "在香港 AI新")
    assert not hits(form.format(typed).removeprefix("umlauts:"), f"在{written} AI新")
    assert parse(str(parse(rule))).node == parse(rule).node


def test_what_is_no_chinese_is_left_as_it_is() -> None:
    assert hanzi_either_way("Müller “台” 頭髮!") == ("Müller “台” 頭髮!", "Müller “台” 头发!", "Müller “臺” 頭髮!")


def test_options_may_stand_before_each_other() -> None:
    assert hits("umlauts:hanzi:(Köln 台湾)", "Koeln 臺灣")
    assert str(parse("hanzi:hanzi:台湾")) == 'hanzi:"台湾"'


_words = st.text("aeoulsnäöüÄÖÜq 台湾臺灣头發", min_size=1, max_size=12)


@given(_words, st.lists(_words, max_size=4), st.sampled_from(FORMS), st.sampled_from(["umlauts:", "hanzi:"]))
def test_the_index_and_the_tree_agree_and_other_spellings_only_add(
    word: str, texts: list[str], form: str, option: str
) -> None:
    plain, engine = form.format(word.strip() or "a"), RuleSet()
    document = Document(id="d", body=" ".join([word, *texts]))
    try:
        engine.add("with", f"{option}{plain}")
        engine.add("without", plain)
        engine.add("absent", f"a NOT {option}{plain}")
    except RuleError:
        return
    found = engine.match(document)
    assert found == engine.match_all(document)
    assert {match.rule_id for match in found} & {"with", "without"} != {"without"}
