"""Rules and documents over a small vocabulary, so that they often meet."""

from hypothesis import strategies as st

from rules import Document

VOCABULARY = ["troop", "troops", "deploy", "deployed", "deployment", "Ukraine", "Kyiv", "war", "é", "北", "京", "ai"]
TEXT_PIECES = [*VOCABULARY, "Training", "Ukraine’s", "e-mail", "E", "北京大学", "TROOPS", ".", "\n", "½", "ﬁ", "Straße"]

words = st.sampled_from(VOCABULARY)
phrases = st.lists(words, min_size=1, max_size=3).map(lambda each: '"' + " ".join(each) + '"')
leaves = st.one_of(words, phrases, words.map("~{}".format), phrases.map("{}~".format))
numbers = st.sampled_from([0, 1, 2, 3, 5, 10])


def _near(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(leaves, min_size=1, max_size=3).flatmap(
        lambda each: st.sampled_from([" OR ", " AND "]).map(lambda op: "(" + op.join(each) + ")")
    )
    side = st.one_of(leaves, group)
    return st.builds(
        lambda first, rest: first + "".join(f" NEAR/{n} {each}" for n, each in rest),
        side,
        st.lists(st.tuples(numbers, side), min_size=1, max_size=3),
    )


def _inner(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(part, min_size=2, max_size=3)
    return st.one_of(
        joined.map(" AND ".join),
        joined.map(" ".join),
        joined.map(" OR ".join),
        part.map("({})".format),
        part.map("NOT ({})".format),
        part.map("-({})".format),
        _near(part),
    )


rules = st.recursive(leaves, _inner, max_leaves=8)
texts = st.lists(st.sampled_from(TEXT_PIECES), max_size=25).map(" ".join)
documents = st.builds(lambda title, body: Document(id="d", title=title, body=body), texts, texts)
