"""Rules with every operator of the language, and documents of which all their facts can be true."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from rules import Document, Rule, RuleError, parse
from rules.document import StoryFacts
from tests.rules.strategies import TEXT_PIECES, VOCABULARY
from tests.rules.strategies import rules as worded

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LISTS = {"places": "Ukraine OR Poland", "moves": "~deploy AND troops", "facts": "lang:uk OR troops"}
_LEAVES = ["{Ukraine}", "{UKRAINE}", "deploy*", "troops~1", "Ukrane~2", "/troop.?/", "@places", "@moves", "war^"]
_LEAVES += ["umlauts:Kyüv", "umlauts:(ai OR troep)", "hanzi:北京"]
_WRAPS = [
    "title:({})",
    "lead:({})",
    "body:({})",
    "ATLEAST/2 ({})",
    "FIRST/3 ({})",
    "min:2 of ({}, war, {})",
    "NOT ({})",
]
_PAIRS = ["{} NEAR/1 {}", "{} PRE/1 {}", "{} SENT {}", "{} PARA {}", "{} NOT NEAR/2 {}", "{} NOT SENT {}"]
_PAIRS += ["{} NOT PARA {}", "{} AND {}", "{} OR {}"]

# What no index of words knows: the story, the age, the source, the length.
facts = st.sampled_from(
    [
        "sources>=2", "sources>=3", "sources>=2/30m", "new:only", "age<2h", "age>=2h", "words>4", "words<=4",
        "site:un.org", "lang:uk", "lang:no", "country:UA", "tag:war", "author:Anna", "source:wire", "url:war",
        "title:@places", "@facts",
    ]
)  # fmt: skip
_beside = st.builds(
    "{}({}) {} {}".format, st.sampled_from(["", "NOT "]), facts, st.sampled_from(["AND", "OR", "AND NOT"]), facts
)
_with_fact = st.sampled_from(
    ["({0}) AND {1}", "({0}) NOT {1}", "({0}) OR {1}", "{1} NOT ({0})", "min:2 of (({0}), {1}, war)"]
)


def _wider(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = st.builds(lambda form, inside: form.replace("{}", inside), st.sampled_from(_WRAPS), part)
    paired = st.builds(lambda form, a, b: form.format(f"({a})", f"({b})"), st.sampled_from(_PAIRS), part, part)
    return st.one_of(wrapped, paired)


_nested = st.recursive(st.sampled_from([*_LEAVES, *VOCABULARY]), _wider, max_leaves=4)
_of_words = st.one_of(_nested, worded)
texts_of_rules = st.one_of(_of_words, facts, _beside, st.builds(str.format, _with_fact, _of_words, facts))


def read(text: str) -> Rule | None:
    """The rule; None for what the language refuses."""
    try:
        return parse(text, lists=LISTS)
    except RuleError:
        return None


every_rule = texts_of_rules.map(read).filter(lambda rule: rule is not None)

stories = st.lists(st.sampled_from([0, 20, 50, 300]), min_size=1, max_size=4).map(
    lambda minutes: StoryFacts(
        reports=tuple((f"{at}.example", NOON + timedelta(minutes=each)) for at, each in enumerate(minutes)),
        is_first=len(minutes) == 1,
    )
)
_texts = st.lists(st.sampled_from(TEXT_PIECES), max_size=12).map(" ".join)
documents = st.builds(
    Document,
    id=st.just("d"),
    title=_texts,
    body=_texts,
    site=st.sampled_from(["courier.example", "nordwire.example", "news.un.org"]),
    url=st.sampled_from(["https://news.un.org/war", "https://a.example/1"]),
    lang=st.sampled_from(["", "uk", "nb"]),
    country=st.sampled_from(["", "UA"]),
    tags=st.sampled_from([(), ("war",)]),
    author=st.sampled_from(["", "Anna Smith"]),
    source=st.sampled_from(["", "The Wire"]),
    published_at=st.sampled_from([None, NOON, NOON - timedelta(hours=2)]),
    received_at=st.sampled_from([None, NOON]),
    story=st.one_of(st.none(), stories),
)
