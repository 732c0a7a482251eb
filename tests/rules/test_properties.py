"""The index equals the oracle, what is printed reads back, and an explanation tells the truth."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import Document, Explanation, Rule, RuleError, RuleSet, explain, parse
from rules.nodes import Node
from rules.operators.near import join
from rules.tokenized import tokenize
from tests.rules.strategies import documents, rules


def parsed(text: str) -> Rule:
    """The rule; texts that the language refuses are not what these tests are about."""
    try:
        return parse(text)
    except RuleError:
        assume(False)
        raise


def _engines(texts: list[str], gone: int) -> list[RuleSet]:
    """The same rules in each of the ways in which they can come to be in a set."""
    read = [(str(number), text) for number, text in enumerate(texts) if _reads(text)]
    half = len(read) // 2
    singly, at_once, both, changed = RuleSet(), RuleSet(), RuleSet(), RuleSet()
    for rule_id, text in read:
        singly.add(rule_id, text)
        changed.add(rule_id, "somethingelse")
    at_once.add_many(read)
    both.add_many(read[:half])
    for rule_id, text in read[half:]:
        both.add(rule_id, text)
    changed.commit()
    changed.match(Document(id="d", title="War, troops and ai in Kyiv: deployed"))  # words known before their rules
    for rule_id, text in read:
        changed.add(rule_id, text)
    engines = [singly, at_once, both, changed]
    for engine in engines:
        engine.remove(str(gone))
    return [*engines, RuleSet.load(both.save())]


def _reads(text: str) -> bool:
    try:
        parse(text)
    except RuleError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(st.lists(rules, min_size=1, max_size=12), st.lists(documents, min_size=1, max_size=4), st.integers(0, 11))
def test_the_index_finds_what_trying_every_rule_finds(texts: list[str], many: list[Document], gone: int) -> None:
    for engine in _engines(texts, gone):
        wanted = [engine.match_all(document) for document in many]
        assert engine.match_many(many) == wanted
        assert [engine.match(document) for document in many] == wanted
        assert engine.failures == {}


@settings(max_examples=300, deadline=None)
@given(rules)
def test_what_is_printed_reads_back_to_the_same_tree(text: str) -> None:
    rule = parsed(text)
    assert parse(str(rule)).node == rule.node
    assert str(parse(str(rule))) == str(rule)
    assert parse(rule.reading).node == rule.node
    assert [note for note in parse(str(rule)).notes if note.other] == []  # one reading, so no other to offer


@settings(max_examples=200, deadline=None)
@given(rules, documents)
def test_an_explanation_equals_the_oracle_at_every_node(text: str, document: Document) -> None:
    rule = parsed(text)
    tokens = tokenize(document)

    def check(node: Node, explanation: Explanation) -> None:
        hits = node.hits(tokens)
        assert explanation.truth == (hits is not None)
        assert explanation.spans == tokens.spans(hits or ())
        for child, part in zip(node.children, explanation.children, strict=True):
            check(child, part)

    check(rule.node, explain(rule, document))
    assert explain(rule, document).truth == (rule.spans(document) is not None)


@settings(max_examples=200, deadline=None)
@given(rules, documents)
def test_spans_lie_in_the_text_in_reading_order_each_once(text: str, document: Document) -> None:
    spans = parsed(text).spans(document) or ()
    order = [(span.field == "body", span.start, span.end) for span in spans]
    assert order == sorted(set(order))
    for span in spans:
        field = document.title if span.field == "title" else document.body
        assert 0 <= span.start < span.end <= len(field)
        assert field[span.start : span.end].strip() != ""


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), max_size=8),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), max_size=8),
    st.integers(0, 6),
)
def test_near_takes_exactly_the_terms_of_pairs_within_reach(
    lefts: list[tuple[int, int]], rights: list[tuple[int, int]], most: int
) -> None:
    left, right = (sorted({(at, at + size, ()) for at, size in each}) for each in (lefts, rights))

    def near(a: tuple[int, int, tuple[()]], b: tuple[int, int, tuple[()]]) -> bool:
        between = max(a[0], b[0]) - min(a[1], b[1]) - 1
        return 0 <= between <= most

    wanted = {each[:2] for a in left for b in right if near(a, b) for each in (a, b)}
    assert {part for hit in join(left, right, most) for part in hit[2]} == wanted
