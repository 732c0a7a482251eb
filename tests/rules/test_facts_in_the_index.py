"""Facts, numbers, `min:n of` in the index: what the index is told is what the tree says."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, RuleError, RuleSet
from rules.document import StoryFacts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

PARTS = ("troops", "Ukraine", "site:un.org", "lang:uk", "tag:war", "words>3", "sources>=2", "new:only", "NOT drill")
parts = st.sampled_from(PARTS)


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    chosen = draw(st.lists(parts, min_size=2, max_size=6))
    inner = f"min:{draw(st.integers(1, len(chosen)))} of ({', '.join(chosen)})"
    kind = draw(st.sampled_from(("{}", "NOT {}", "{} OR tag:peace", "min:1 of (peace, {} AND country:UA)")))
    return f"({kind.format(inner)}) AND {draw(parts)} AND {draw(st.sampled_from(PARTS[:3]))}"


documents = st.builds(
    Document,
    id=st.just("1"),
    body=st.lists(st.sampled_from(("troops", "Ukraine", "drill", "peace")), max_size=5).map(" ".join),
    url=st.sampled_from(("", "https://news.un.org/x", "https://fun.org/")),
    lang=st.sampled_from(("", "uk", "en")),
    tags=st.sampled_from(((), ("war",), ("peace talks", "war"))),
    country=st.sampled_from(("", "UA")),
    story=st.sampled_from(
        (
            None,
            StoryFacts(reports=(("a", NOON),), is_first=True),
            StoryFacts(reports=(("a", NOON), ("b", NOON)), is_first=False),
        )
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(rule_texts(), min_size=1, max_size=5, unique=True), st.lists(documents, min_size=1, max_size=4))
def test_the_index_says_what_the_tree_says(texts: list[str], batch: list[Document]) -> None:
    engine = RuleSet()
    for text in texts:
        try:
            engine.add(text, text)
        except RuleError:
            continue
    for document in batch:
        true = {match.rule_id for match in engine.match(document)}
        assert true == {match.rule_id for match in engine.match_all(document)}


def test_so_many_parts_that_their_choices_are_not_written_out() -> None:
    names = [f"w{number}" for number in range(40)]
    engine = RuleSet()
    engine.add("some", f"min:20 of ({', '.join(names)})")
    engine.add("none", f"NOT min:20 of ({', '.join(names)}) AND w0")
    for count in (19, 20, 21):
        document = Document(id="1", body=" ".join(names[:count]))
        assert [match.rule_id for match in engine.match(document)] == (["some"] if count >= 20 else ["none"])
