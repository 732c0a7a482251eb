"""Brandwatch: queries.

After "Advanced Query Operators" and "6 tips to use brackets more effectively" of the Brandwatch help and community.
Operators are in capitals; words side by side are a phrase; NEAR/nf keeps the order; `~n` lets words stand apart;
`{ }` (once `raw:`) asks for exact case; AND binds before OR where brackets do not say it.
"""

import re
from collections.abc import Iterator

from rules.dialects import _common as common
from rules.dialects._common import Token, Translation
from rules.dialects._translate import translated

TITLE = "Brandwatch"
_WORDS, _NEAR, _NOT, _AND, _OR, _FIELD = 100, 80, 60, 50, 40, 110
_IMPLICIT = Token(kind="infix", start=0, end=0, op="phrase", power=_WORDS)
_TAGGED = "the word with or without its # or @: may find more"
_FIELDS = {
    "title": ("title", ""),
    "site": ("site", ""),
    "url": ("url", ""),
    "author": ("author", ""),
    "language": ("lang", ""),
    "lang": ("lang", ""),
    "country": ("country", "the outlet's country, not the author's"),
}
_END = r"(?=[\s()\"]|$)"
_PATTERN = re.compile(
    rf"""(?x)
      (?P<comment><<<.*?(?:>>>|$))
    | (?P<slop>(?<=\))~(?P<slop_n>\d{{1,6}}))
    | (?P<bracket>[()])
    | (?P<quoted>"[^"]*"?(?:~(?P<quoted_n>\d{{1,6}}))?)
    | (?P<case>\{{[^{{}}]*\}}?)
    | (?P<near>NEAR/(?P<near_n>\d{{1,6}})(?P<ordered>f?){_END})
    | (?P<and>AND{_END}) | (?P<or>OR{_END}) | (?P<not>NOT{_END}) | (?P<minus>-(?=[\w"(]))
    | (?P<tagged>(?:hashtags?|at_mentions?):(?P<tag>[\w#@.]+) | [\#@](?P<sign>\w+))
    | (?P<raw>raw:(?:"(?P<raw_quoted>[^"]*)"|(?P<raw_word>[^\s()"]+)))
    | (?P<range>(?P<range_name>[A-Za-z]\w*):\[[^\]]*\]?)
    | (?P<field>(?P<name>[A-Za-z]\w*):(?=[^\s/:]))
    | (?P<word>[^\s()"]+)
    """,
    re.DOTALL,
)


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT)


def _tokens(text: str) -> Iterator[Token]:
    return common.scan(text, _PATTERN, _READERS)


def _comment(match: re.Match[str]) -> Token:
    why = "a comment; the meaning stays"
    return Token(kind="aside", start=match.start(), end=match.end(), verdict="changed", why=why)


def _near(match: re.Match[str]) -> Token:
    return common.near(match, "pre" if match["ordered"] else "near", int(match["near_n"]), _NEAR)


def _slop(match: re.Match[str]) -> Token:
    number = min(int(match["slop_n"]), common.MOST_WORDS)
    return Token(
        kind="postfix", start=match.start(), end=match.end(), op="slop", number=number, power=_FIELD,
        into=f"NEAR/{number}", verdict="changed", why="each within n words of the next: may find more",
    )  # fmt: skip


def _quoted(match: re.Match[str]) -> Token:
    if match["quoted_n"]:
        return common.apart(match, match[0].rpartition("~")[0].strip('"'), int(match["quoted_n"]))
    return common.phrase(match, common.inside(match))


def _field(match: re.Match[str]) -> Token:
    name = match["name"]
    if name in _FIELDS:
        scope, why = _FIELDS[name]
        return common.scope(match, scope, _FIELD, changed=why)
    return common.lost(match.start(), match.end(), f"there is no “{name}:” here", kind="prefix", power=_FIELD)


def _word(match: re.Match[str]) -> Token:
    text, tilde, number = match[0].partition("~")
    if tilde and number.isascii() and number.isdigit() and len(number) < 7:
        return _loose(match, text, number)
    return common.pattern(match, match[0]) if re.search(r"[*?]", match[0]) else common.word(match)


def _loose(match: re.Match[str], text: str, number: str) -> Token:
    """`apple juice~5` without quotes marks its last word."""
    why = f"without quotes, ~{number} has no words to keep apart: may find less"
    return common.word(match, text or " ", why=why, changed=True)


def _case(match: re.Match[str], text: str) -> Token:
    return common.exact_case(match, text)


_READERS: dict[str, common.Reader] = {
    "comment": _comment,
    "slop": _slop,
    "bracket": common.bracket,
    "quoted": _quoted,
    "case": lambda match: _case(match, match[0].strip("{}")),
    "near": _near,
    "and": lambda match: common.infix(match, "and", _AND),
    "or": lambda match: common.infix(match, "or", _OR),
    "not": lambda match: common.negation(match, _NOT, _AND),
    "minus": lambda match: common.negation(match, _NOT, _AND),
    "tagged": lambda match: common.word(
        match, (match["tag"] or match["sign"]).lstrip("#@") or " ", why=_TAGGED, changed=True
    ),
    "raw": lambda match: _case(match, match["raw_quoted"] or match["raw_word"] or ""),
    "range": lambda match: common.lost(*match.span(), f"there is no “{match['range_name']}:” here"),
    "field": _field,
    "word": _word,
}

EXAMPLES = (
    ("(apple OR orange) NEAR/5 (smartphone OR phone)", "(apple OR orange) NEAR/5 (smartphone OR phone)", "kept"),
    ("logitech NEAR/2f keyboard", "logitech PRE/2 keyboard", "kept"),
    ("apple juice", '"apple juice"', "kept"),
    ('"apple juice"~5', "(apple NEAR/5 juice)", "changed"),
    ("((cake OR \"ice cream\") AND (birthday OR birthdays))~5",
     '(cake OR "ice cream") NEAR/5 (birthday OR birthdays)', "changed"),
    ("apple NOT (juice OR pie OR sauce)", "apple AND NOT (juice OR pie OR sauce)", "kept"),
    ("British Telecom OR {BT}", '"British Telecom" OR {BT}', "kept"),
    ("raw:Google AND ads", "{Google} AND ads", "kept"),
    ("economy AND url:(guardian.com OR sun.com)", 'economy AND url:(guardian.com OR sun.com)', "kept"),
    ("site:bbc.co.uk AND (strike OR walkout)", "site:bbc.co.uk AND (strike OR walkout)", "kept"),
    ("title:(deploy* NEAR/3 troops)", "title:(deploy* NEAR/3 troops)", "kept"),
    ("#climate AND country:de", "climate AND country:DE", "changed"),
    ("at_mentions:nato AND language:en", "nato AND lang:en", "changed"),
    ("brand AND sentiment:negative", "brand", "lost"),
    ("brand NOT authorGender:male", "", "lost"),
    ("engagementScore:[10 TO 50] AND brand", "brand", "lost"),
    ("<<<our brand>>> wom?n AND author:smith", "wom?n AND author:smith", "changed"),
    ("apple OR pear AND juice", "apple OR (pear AND juice)", "kept"),
)  # fmt: skip
