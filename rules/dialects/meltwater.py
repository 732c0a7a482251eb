"""Meltwater: Boolean searches.

After "How to Master Boolean Search" (parts 1 to 3), "Boolean" and "The Boolean Touch" of the Meltwater help and blog.
NOT binds before AND, AND before OR; NEAR alone means at most four words between; ONEAR keeps the order; `^9` marks
what to show; operators may be in small letters.
"""

import re
from collections.abc import Iterator

from rules.dialects import _common as common
from rules.dialects._common import Token, Translation
from rules.dialects._translate import translated

TITLE = "Meltwater"
_NEAR, _NOT, _AND, _OR, _FIELD = 80, 70, 50, 40, 110
_NEAR_ALONE = 4
_BESIDE = "no operator between the words: read as AND"
_IMPLICIT = Token(kind="infix", start=0, end=0, op="and", power=_AND, into="AND", verdict="changed", why=_BESIDE)
_FIELDS = {
    "title": ("title", ""),
    "ingress": ("lead", "the title and the first two paragraphs: may find more"),
    "body": ("body", ""),
    "url": ("url", ""),
    "domain": ("site", ""),
    "site": ("site", ""),
    "author": ("author", ""),
    "authorname": ("author", ""),
    "source": ("source", ""),
    "sourcename": ("source", ""),
    "lang": ("lang", ""),
    "language": ("lang", ""),
    "country": ("country", ""),
}
_END = r"(?=[\s()\"]|$)"
_PATTERN = re.compile(
    rf"""(?ix)
      (?P<bracket>[()])
    | (?P<prefer>(?<=[\w")*?])\^\d*)
    | (?P<quoted>"[^"]*"?(?:~(?P<quoted_n>\d{{1,6}}))?)
    | (?P<case>\{{[^{{}}]*\}}?)
    | (?P<near>(?P<ordered>o?)near(?:/(?P<near_n>\d{{1,6}}))?{_END})
    | (?P<and>and{_END}) | (?P<or>or{_END}) | (?P<not>(?:and\s+)?not{_END}) | (?P<minus>-(?=[\w"(]))
    | (?P<atleast>atleast/?(?P<atleast_n>\d{{1,4}}){_END})
    | (?P<tagged>[\#@](?P<sign>\w+))
    | (?P<field>(?P<name>[a-z][\w.]*):(?=[^\s/:]))
    | (?P<word>[^\s()"^]+)
    """
)


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT)


def _tokens(text: str) -> Iterator[Token]:
    return common.scan(text, _PATTERN, _READERS)


def _near(match: re.Match[str]) -> Token:
    between = int(match["near_n"]) if match["near_n"] else _NEAR_ALONE
    return common.near(match, "pre" if match["ordered"] else "near", between, _NEAR)


def _quoted(match: re.Match[str]) -> Token:
    if match["quoted_n"]:
        return common.apart(match, match[0].rpartition("~")[0].strip('"'), int(match["quoted_n"]))
    return common.phrase(match, common.inside(match))


def _field(match: re.Match[str]) -> Token:
    known = _FIELDS.get(match["name"].lower())
    if known:
        return common.scope(match, known[0], _FIELD, changed=known[1])
    return common.lost(match.start(), match.end(), f"there is no “{match['name']}:” here", kind="prefix", power=_FIELD)


def _prefer(match: re.Match[str]) -> Token:
    why = "marks what to show first; there is one level here, and what is found stays the same"
    return Token(
        kind="postfix", start=match.start(), end=match.end(), op="prefer", power=_FIELD + 1, into="^",
        verdict="changed" if len(match[0]) > 1 else "kept", why=why,
    )  # fmt: skip


_READERS: dict[str, common.Reader] = {
    "bracket": common.bracket,
    "prefer": _prefer,
    "quoted": _quoted,
    "case": lambda match: common.exact_case(match, match[0].strip("{}")),
    "near": _near,
    "and": lambda match: common.infix(match, "and", _AND),
    "or": lambda match: common.infix(match, "or", _OR),
    "not": lambda match: common.negation(match, _NOT, _AND),
    "minus": lambda match: common.negation(match, _NOT, _AND),
    "atleast": lambda match: common.counted(match, "atleast", int(match["atleast_n"]), _FIELD),
    "tagged": lambda match: common.word(
        match, match["sign"], why="the word with or without its # or @: may find more", changed=True
    ),
    "field": _field,
    "word": lambda match: common.pattern(match, match[0]) if re.search(r"[*?]", match[0]) else common.word(match),
}

EXAMPLES = (
    ("Apple NEAR watch", "Apple NEAR/4 watch", "kept"),
    ("Apple NEAR/10 watch", "Apple NEAR/10 watch", "kept"),
    ("Apple ONEAR/10 watch", "Apple PRE/10 watch", "kept"),
    ("Apple onear watch", "Apple PRE/4 watch", "kept"),
    ("Apple NOT “apple juice”", 'Apple AND NOT "apple juice"', "kept"),
    ('apple AND (watch OR iwatch) NOT ("apple sauce" OR "apple juice" OR "apple orchard*")',
     'apple AND (watch OR iwatch) AND NOT ("apple sauce" OR "apple juice" OR "apple orchard*")', "kept"),
    ("(“Golden State Warriors” OR GSW) AND basketball", '("Golden State Warriors" OR GSW) AND basketball', "kept"),
    ("cat AND dog OR bird", "(cat AND dog) OR bird", "kept"),
    ("title:merger AND ingress:(bank OR insurer)", "title:merger AND lead:(bank OR insurer)", "changed"),
    ("atleast3 nato AND drill", "ATLEAST/3 nato AND drill", "kept"),
    ("apple watch", "apple AND watch", "changed"),
    ("apple^10 OR pear", "apple^ OR pear", "changed"),
    ("wom?n AND sourceName:reuters", "wom?n AND source:reuters", "kept"),
    ("brand AND type:news", "brand", "lost"),
    ("brand NOT metaData.sentiment:negative", "", "lost"),
    ("brand OR outreach:5", "brand", "lost"),
    ('"climate change"~5 AND country:us', "(climate NEAR/5 change) AND country:US", "changed"),
    ("lang:en AND AI*", "", "lost"),
    ("*gate AND minister", r"/\b\w*gate\b/i AND minister", "changed"),
)  # fmt: skip
