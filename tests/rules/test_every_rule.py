"""No rule of any operator, scope, list and fact makes the engine fail, and the index says what the tree says.

Rules are put together from the grammar itself and from every family's examples, so that a new operator is asked too.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, Rule, RuleError, RuleSet, explain, parse
from rules.explain import Explanation
from rules.families import declared, families
from rules.grammar import Infix, Prefix, grammar
from rules.operators.facts import SORTS
from rules.tokenized import tokenize
from tests.rules import everything
from tests.rules.fuzzed import ODD
from tests.rules.strategies import TEXT_PIECES

_FAMILY_LISTS = {name: text for _, module in families() for name, text in getattr(module, "LISTS", {}).items()}
LISTS = {**everything.LISTS, **_FAMILY_LISTS, "mixed": "C++, @places, title:war", "story": "new:only OR sources>=2"}
_EXAMPLES = [(str(rule), text) for rule, text, _ in declared("EXAMPLES")]  # type: ignore[attr-defined]
_SIGNED = [
    "C++",
    ".NET",
    "#war",
    '"@nasa"',
    "F-16",
    "🚨",
    "غزة",
    "北京",
    "½",
    '"½ ai"',
    "e-mail",
    "İ",
    '"ﬁ Straße"',
    "l'Iran",
    '"j\'ai"',
    "dell",
    "dell*",
    "dell~1",
    "~dell",
    "{AI}",
]
_SIGNED += [
    "d'un'altra",
    "www.x.org/war",
    '"press@x.org"',
    "nasa*",
    '"@NASA"~',
    '"l\'Ira*"',
    "il",
    "C#",
    "#war NEAR/2 C++",
]
_VALUES = ["un.org", "uk", "war", '"peace talks"', "(wire OR war)", "news.un.org/war", "UA", "Anna", "北"]
_leaves = st.one_of(
    st.sampled_from([rule for rule, _ in _EXAMPLES]),
    st.sampled_from([f"@{name}" for name in LISTS] + _SIGNED),
    st.builds("{}:{}".format, st.sampled_from(sorted(SORTS)), st.sampled_from(_VALUES)),
    everything.facts,
    everything.texts_of_rules,
)


def _number(operator: Infix | Prefix) -> st.SearchStrategy[str]:
    number = operator.number
    if number is None:
        return st.just("")
    return st.sampled_from(sorted({number.low, number.low + 1, number.low + 4, number.high})).map(str)


def _linked(infix: Infix, part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    slash = "/" if infix.number else ""
    return st.builds(f"({{}}) {infix.name}{slash}{{}} ({{}})".format, part, _number(infix), part)


def _headed(prefix: Prefix, part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    if prefix.comma is not None:
        return st.builds(f"{prefix.name}{{}} of (({{}}), {{}}, war)".format, _number(prefix), part, part)
    slash = "/" if prefix.number else ""
    return st.builds(f"{prefix.name}{slash}{{}} ({{}})".format, _number(prefix), part)


def _wider(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    table = grammar()
    wholes = [_linked(each, part) for each in table.infix.values()]
    wholes += [_headed(each, part) for each in table.prefix.values()]
    return st.one_of(*wholes, st.builds("{}^ {}".format, part, part), st.builds("{} -({})".format, part, part))


_texts_of_rules = st.recursive(_leaves, _wider, max_leaves=5)


def _read(text: str) -> Rule | None:
    try:
        return parse(text, lists=LISTS)
    except RuleError:
        return None


_rules = st.lists(_texts_of_rules.map(_read).filter(lambda rule: rule is not None), min_size=1, max_size=8)
_pieces = [*TEXT_PIECES, *ODD, "C++", ".NET", "#war", "@nasa", "F-16", "🚨", "غزه", "京", "İstanbul", "ﷺ", "\n\n", "…"]
_pieces += [
    "dell'Iran",
    "J’ai",
    "l'AI",
    "d'un'altra",
    "qu'il",
    "Dell's",
    "www.x.org/war",
    "https://x.org/a",
    "press@x.org",
]
_pieces += ["press@x.org", "l'", "d’", "DELL'", "'", "’ai", "@", "un", "http", "Www.", "C#", "https://", ".@nasa's"]
_pieces += [text for _, text in _EXAMPLES if isinstance(text, str)]
_texts = st.one_of(
    st.builds(
        lambda gap, some: gap.join(some), st.sampled_from(["", " "]), st.lists(st.sampled_from(_pieces), max_size=10)
    ),
    st.text(max_size=30),
)
_documents = st.one_of(
    st.sampled_from([text for _, text in _EXAMPLES if isinstance(text, Document)]),
    st.builds(lambda facts, title, body: replace(facts, title=title, body=body), everything.documents, _texts, _texts),
)


def _all_parts(explanation: Explanation) -> list[Explanation]:
    return [explanation, *(part for child in explanation.children for part in _all_parts(child))]


def _check_explained(rule: Rule, document: Document) -> None:
    """The explanation can be shown, and says what the tree says."""
    explained = explain(rule, document)
    assert explained.lines()
    assert explained.truth == rule.node.true_of(tokenize(document)) == (rule.hits(document) is not None)
    sizes = {"title": len(document.title), "body": len(document.body)}
    for part in _all_parts(explained):
        assert all(0 <= span.start < span.end <= sizes[span.field] for span in part.spans)


@settings(max_examples=300, deadline=None)
@given(_rules, st.lists(_documents, min_size=1, max_size=3))
def test_no_rule_fails_and_the_index_says_what_the_tree_says(some: list[Rule], documents: list[Document]) -> None:
    singly, at_once = RuleSet(), RuleSet()
    named = [(str(number), rule) for number, rule in enumerate(some)]
    for name, rule in named:
        singly.add(name, rule)
    at_once.add_many(named)
    for engine in (singly, at_once, RuleSet.load(at_once.save())):
        wanted = [engine.match_all(document) for document in documents]
        assert engine.match_many(documents) == wanted  # with their hits
        assert [engine.match(document) for document in documents] == wanted
        pairs = sorted((place, rule_id) for place, rule_id, _ in engine.match_batch(documents))
        assert pairs == [(place, match.rule_id) for place, all_of in enumerate(wanted) for match in all_of]
        assert engine.failures == {}
    for rule in some:
        for document in documents:
            _check_explained(rule, document)
