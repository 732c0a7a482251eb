"""Rules and documents over a small vocabulary, so that they often meet."""

from hypothesis import strategies as st

from rules import Document

VOCABULARY = ["troop", "troops", "deploy", "deployed", "deployment", "Ukraine", "Kyiv", "war", "é", "北", "京", "ai"]
TEXT_PIECES = [*VOCABULARY, "Training", "Ukraine’s", "e-mail", "E", "北京大学", "TROOPS", ".", "\n", "½", "ﬁ", "Straße"]
TEXT_PIECES += ["Kiev", "Київ", ". Troops", "!\n\nThe", "Mr."]

words = st.sampled_from(VOCABULARY)
phrases = st.lists(words, min_size=1, max_size=3).map(lambda each: '"' + " ".join(each) + '"')
special = st.sampled_from(
    ["{Kyiv}", "{troops}", "deploy*", "tr?ops", '"troop deploy*"', "deployed~1", "Kyiv~1", r"/deploy\w*/i", "troops^"]
)
facts = st.sampled_from(["site:un.org", "lang:uk", "tag:war", "source:wire", "words>3", "words<=9", "country:UA"])
leaves = st.one_of(words, phrases, words.map("~{}".format), phrases.map("{}~".format), special)
numbers = st.sampled_from([0, 1, 2, 3, 5, 10])


_names = st.sampled_from(["NEAR", "PRE", "NOT NEAR"])
_links = st.one_of(
    st.builds("{}/{}".format, _names, numbers), st.sampled_from(["SENT", "PARA", "NOT SENT", "NOT PARA"])
)


def _near(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(leaves, min_size=1, max_size=3).flatmap(
        lambda each: st.sampled_from([" OR ", " AND "]).map(lambda op: "(" + op.join(each) + ")")
    )
    side = st.one_of(leaves, group)
    return st.builds(
        lambda first, rest: first + "".join(f" {link} {each}" for link, each in rest),
        side,
        st.lists(st.tuples(_links, side), min_size=1, max_size=3),
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
        part.map("title:({})".format),
        part.map("lead:({})".format),
        part.map("body:({})".format),
        part.map("FIRST/4 ({})".format),
        part.map("ATLEAST/2 ({})".format),
        joined.map(lambda each: f"min:2 of ({', '.join(each)})"),
        st.tuples(part, facts).map(" AND ".join),
        st.tuples(part, facts).map(" NOT ".join),
        _near(part),
    )


rules = st.recursive(leaves, _inner, max_leaves=8)
texts = st.lists(st.sampled_from(TEXT_PIECES), max_size=25).map(" ".join)
documents = st.builds(
    lambda title, body, url, lang, tags, source: Document(
        id="d", title=title, body=body, url=url, lang=lang, tags=tags, source=source
    ),
    texts,
    texts,
    st.sampled_from(["", "https://news.un.org/war", "https://fun.org/"]),
    st.sampled_from(["", "uk", "en"]),
    st.sampled_from([(), ("war",), ("peace talks", "war")]),
    st.sampled_from(["", "Wire", "The Wire"]),
)
