"""Factiva: free-text search.

After "Search Statement Operators", "Search Statement Examples" and "Range Searches" of the Factiva Developer's Kit and
"Using Connectors and Operators" of the Factiva help. Proximity (same, adjN, w/N, nearN, /NN/, /FN/) binds first, then
atleast and field names, NOT, AND, last OR; words side by side are a phrase; a word is that word alone; operators may be
in small letters.
"""

import re
from collections.abc import Iterator

from rules.dialects import _common as common
from rules.dialects._common import WHOLE_WORD, Token, Translation
from rules.dialects._translate import translated

TITLE = "Factiva"
_NEAR, _FIRST, _FIELD, _NOT, _AND, _OR = 60, 55, 50, 40, 30, 20
_IMPLICIT = Token(kind="infix", start=0, end=0, op="phrase", power=_NEAR + 1)
_LEAD = "the title and the first two paragraphs: may find more"
_ENDINGS = "any number of letters, not at most so many: may find more"
_FIELDS = {
    "hd": ("title", ""),
    "hl": ("title", ""),
    "hlp": ("lead", _LEAD),
    "lp": ("lead", _LEAD),
    "td": ("body", "with the lead as well: finds more"),
    "by": ("author", ""),
    "sn": ("source", ""),
    "la": ("lang", ""),
}
_CODES = {
    "rst": "source", "sc": "source", "re": "region", "in": "industry", "ns": "subject", "co": "company",
    "fds": "company", "pe": "person",
}  # fmt: skip
_END = r"(?=[\s()\[\]\"]|$)"
_PATTERN = re.compile(
    rf"""(?ix)
      (?P<bracket>[()\[\]])
    | (?P<quoted>"[^"]*"?)
    | (?P<first>/f(?P<first_n>\d{{1,6}})/)
    | (?P<slashed>/n(?P<slashed_n>\d{{1,6}})/)
    | (?P<near>near/?(?P<near_n>\d{{1,6}}){_END})
    | (?P<adj>(?:adj|w/)(?P<adj_n>\d{{1,6}})?{_END})
    | (?P<same>same{_END})
    | (?P<and>and{_END}) | (?P<or>or{_END}) | (?P<not>(?:and\s+)?not{_END})
    | (?P<gap>%(?:\s*%)*{_END})
    | (?P<atleast>atleast\s*(?P<atleast_n>\d{{1,4}}){_END})
    | (?P<count>wc\s*(?P<count_op>[<>]=?|=)\s*(?P<count_n>\d{{1,7}}){_END})
    | (?P<date>date\s+(?:from\s+[\w/-]+\s+to\s+[\w/-]+|(?:after|before|on)?\s*[-+]?\d[\w/-]*))
    | (?P<field>(?P<name>[a-z]{{2,5}})=)
    | (?P<word>(?:(?!/[fn]\d{{1,6}}/)[^\s()\[\]"])+)
    """
)


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT)


def _tokens(text: str) -> Iterator[Token]:
    return common.scan(text, _PATTERN, _READERS)


def _near(match: re.Match[str], op: str, group: str) -> Token:
    return common.near(match, op, int(match[group] or 1) - 1, _NEAR, WHOLE_WORD)


def _field(match: re.Match[str]) -> Token:
    name = match["name"].lower()
    if name in _FIELDS:
        scope, why = _FIELDS[name]
        return common.scope(match, scope, _FIELD, changed=why)
    why = f"there is no “{match[0]}” here"
    if name in _CODES:
        why = f"“{match[0]}” names Factiva's own {_CODES[name]} codes"
    return common.lost(match.start(), match.end(), why, kind="prefix", power=_FIELD)


def _count(match: re.Match[str]) -> Token:
    into = f"words{match['count_op']}{match['count_n']}"
    return Token(kind="term", start=match.start(), end=match.end(), into=into)


def _gap(match: re.Match[str]) -> Token:
    """`%` stands for exactly one word."""
    token = common.near(match, "pre", match[0].count("%"), _NEAR)
    why = "at most as many words between, not exactly: may find more"
    return Token(
        kind="infix", start=token.start, end=token.end, op="pre", number=token.number, power=_NEAR, into=token.into,
        verdict="changed", why=why,
    )  # fmt: skip


def _word(match: re.Match[str]) -> Token:
    text, dollars = re.subn(r"\$\d*", "*", match[0])
    if dollars:
        return common.pattern(match, text, why=_ENDINGS, changed=True)
    return common.pattern(match, text) if re.search(r"[*?]", text) else common.word(match)


_READERS: dict[str, common.Reader] = {
    "bracket": common.bracket,
    "quoted": lambda match: common.phrase(match, common.inside(match)),
    "first": lambda match: common.counted(match, "first", int(match["first_n"]), _FIRST, kind="postfix"),
    "slashed": lambda match: _near(match, "near", "slashed_n"),
    "near": lambda match: _near(match, "near", "near_n"),
    "adj": lambda match: _near(match, "pre", "adj_n"),
    "same": lambda match: common.infix(match, "para", _NEAR),
    "and": lambda match: common.infix(match, "and", _AND),
    "or": lambda match: common.infix(match, "or", _OR),
    "not": lambda match: common.negation(match, _NOT, _AND),
    "gap": _gap,
    "atleast": lambda match: common.counted(match, "atleast", int(match["atleast_n"]), _FIELD),
    "count": _count,
    "date": lambda match: common.lost(*match.span(), "rules do not ask for dates; age<7d asks for recent texts"),
    "field": _field,
    "word": _word,
}

EXAMPLES = (
    ("bill clinton or gore and george bush", '"bill clinton" OR (gore AND "george bush")', "kept"),
    ("world cup adj5 rugby", '"world cup" PRE/4 rugby', "kept"),
    ("carrefour near5 retail sales", 'carrefour NEAR/4 "retail sales"', "kept"),
    ("vodafone same telecommunications", "vodafone PARA telecommunications", "kept"),
    ("president w/2 bush", "president PRE/1 bush", "kept"),
    ("toyota/F50/", "FIRST/50 toyota", "kept"),
    ("boeing 747/N30/british airways", '"boeing 747" NEAR/29 "british airways"', "kept"),
    ("atleast5 microsoft and wc>500", "ATLEAST/5 microsoft AND words>500", "kept"),
    ("hd=europe and (trade or tariff*)", "title:europe AND (trade OR tariff*)", "kept"),
    ("hlp=(missile or rocket) not test", "lead:(missile OR rocket) AND NOT test", "changed"),
    ("engineer$3 and la=de", "engineer* AND lang:de", "changed"),
    ("software not spreadsheets", "software AND NOT spreadsheets", "kept"),
    ("wom?n and [pay or wage]", "wom?n AND (pay OR wage)", "kept"),
    ('"peas and carrots"', '"peas and carrots"', "kept"),
    ("by=smith and sn=financial times", 'author:smith AND source:"financial times"', "kept"),
    ("rst=nytf and ukraine", "ukraine", "lost"),
    ("ukraine not re=usa", "", "lost"),
    ("ukraine and date from 20200101 to 20201231", "ukraine", "lost"),
    ("president % clinton", "president PRE/1 clinton", "changed"),
    ("oil near500 price", "oil NEAR/100 price", "changed"),
)  # fmt: skip
