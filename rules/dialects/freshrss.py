"""FreshRSS: searches, user queries and filter actions.

After "Filtering articles" of the FreshRSS documentation. Terms side by side are an AND, which binds before OR; `-` and
`!` negate; a value follows its field without a space; a word is found inside longer words too. FreshRSS searches the
raw HTML, this the plain text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from rules.dialects import _common as common
from rules.dialects._common import Token, Translation
from rules.dialects._regexes import plain_words, regex
from rules.dialects._translate import translated
from rules.errors import Fix, Refusal

TITLE = "FreshRSS"
_NOT, _AND, _OR, _FIELD = 60, 50, 40, 110
_INSIDE = "whole words; FreshRSS also finds it inside longer ones, as game in games: finds less"
_LINES = "the lines are those of the plain text, not of the HTML: may find others"
_WHEN_READ = "its age when it is read here, not when somebody looks: may find more"
_IMPLICIT = Token(kind="infix", start=0, end=0, op="and", power=_AND)
_FIELDS = {"intitle": "title", "intext": "body", "inurl": "url", "author": "author"}
_LOST = {
    "f": "feeds are chosen with source add", "c": "there are no categories of feeds here",
    "L": "there are no labels here", "label": "there are no labels here", "labels": "there are no labels here",
    "e": "there are no numbers of articles here", "S": "put the user query's own text here",
    "search": "put the user query's own text here", "date": "rules do not ask for dates; age<7d asks for recent texts",
    "pubdate": "rules do not ask for dates; age<7d asks for recent texts",
    "mdate": "rules do not ask for dates", "userdate": "rules do not ask for dates",
}  # fmt: skip
_VALUE = r"""(?:"[^"]*"?|'[^']*'?|[^\s()"']+)"""
_PATTERN = re.compile(
    rf"""(?x)
      (?P<negation>[-!](?=[^\s)]))
    | (?P<bracket>[()])
    | (?P<or>OR(?=[\s()]|$)) | (?P<and>AND(?=[\s()]|$)) | (?P<not>NOT(?=[\s()]|$))
    | (?P<field>(?:intitle|intext|inurl|author):(?=[^\s]))
    | (?P<age>pubdate:P(?:(?P<days>\d{{1,4}}[DW])|T(?P<hours>\d{{1,4}}[HM]))(?=[\s()]|$))
    | (?P<unsaid>(?P<name>{"|".join(_LOST)}):{_VALUE})
    | (?P<tag>\#(?P<tag_name>[^\s()]+))
    | (?P<regex>/(?P<body>(?:[^/\\\n]|\\.)+)/(?P<flags>[imsu]*)(?=[\s()]|$))
    | (?P<quoted>"[^"]*"?)
    | (?P<single>'[^']*'?)
    | (?P<word>(?:\\[()]|[^\s()"])+)
    """
)


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT)


def _tokens(text: str) -> Iterator[Token]:
    return common.scan(text, _PATTERN, _READERS)


def _field(match: re.Match[str]) -> Token:
    return common.scope(match, _FIELDS[match[0][:-1]], _FIELD)


def _unsaid(match: re.Match[str]) -> Token:
    return common.lost(*match.span(), f"“{match['name']}:” {_LOST[match['name']]}")


def _age(match: re.Match[str]) -> Token:
    """pubdate:P3D, pubdate:PT6H."""
    into = f"age<{(match['days'] or match['hours']).lower()}"
    reason = common.refusal(into)
    if reason:
        return common.lost(*match.span(), reason)
    return Token(kind="term", start=match.start(), end=match.end(), into=into, verdict="changed", why=_WHEN_READ)


def _tag(match: re.Match[str]) -> Token:
    text = common.spoken(match["tag_name"].replace("+", " "))
    if not text:
        return common.lost(*match.span(), "there is no word in it")
    return Token(kind="term", start=match.start(), end=match.end(), into=f"tag:{text}")


def _regex(match: re.Match[str]) -> Token:
    body, folded = match["body"], "i" in match["flags"]
    if "m" not in match["flags"]:
        return regex(match.start(), match.end(), body, folded=folded)
    start = r"(?:^|\n)" if body.startswith("^") else ""
    end = r"(?:\n|$)" if body.endswith("$") and not body.endswith(r"\$") else ""
    lines = start + body[bool(start) : len(body) - bool(end)] + end
    token = regex(match.start(), match.end(), lines, folded=folded)
    choices = token.choices or plain_words(body)[1]
    return replace(token, choices=choices, verdict="changed", why=_LINES) if token.into else token


def _single(match: re.Match[str]) -> Token:
    if not match[0].endswith("'") or len(match[0]) < 2:
        end = match.end()
        cures = ((Fix(end, end, "'"),), (Fix(match.start(), match.start() + 1, " "),))
        raise Refusal("this quote is never closed", match.start(), match.start() + 1, expected=("'",), cures=cures)
    return _text(match, match[0][1:-1])


def _text(match: re.Match[str], text: str) -> Token:
    return common.word(match, re.sub(r"[*?\\]", " ", text) or " ", why=_INSIDE, changed=True)


_READERS: dict[str, common.Reader] = {
    "negation": lambda match: common.negation(match, _NOT, _AND),
    "bracket": common.bracket,
    "or": lambda match: common.infix(match, "or", _OR),
    "and": lambda match: common.infix(match, "and", _AND),
    "not": lambda match: common.negation(match, _NOT, _AND),
    "field": _field,
    "age": _age,
    "unsaid": _unsaid,
    "tag": _tag,
    "regex": _regex,
    "quoted": lambda match: _text(match, common.inside(match)),
    "single": _single,
    "word": lambda match: _text(match, match[0]),
}

EXAMPLES = (
    ("intitle:ukraine", "title:ukraine", "changed"),
    ("intitle:'troop deployment' -drill", 'title:"troop deployment" AND NOT drill', "changed"),
    ("author:Dupont OR author:Dupond", "author:Dupont OR author:Dupond", "changed"),
    ("(author:Alice OR intitle:hello) (author:Bob OR intitle:world)",
     "(author:Alice OR title:hello) AND (author:Bob OR title:world)", "changed"),
    ("(author:Alice intitle:hello) !(author:Bob intitle:world)",
     "(author:Alice AND title:hello) AND NOT (author:Bob AND title:world)", "changed"),
    ("intitle:/^(?:breaking|urgent):/i", "title:/^(?:breaking|urgent):/i", "kept"),
    (r"intitle:/^Lo+l\b/i", "", "lost"),
    ("author:/^Alice Dupont$/im", 'author:"Alice Dupont"', "changed"),
    ("/Alice/", "/Alice/", "kept"),
    ("/^Alice/m", r"/(?:^|\n)Alice/", "changed"),
    ("#politics", "tag:politics", "kept"),
    ("#climate+change war", 'tag:"climate change" AND war', "changed"),
    ("ukraine f:123", "ukraine", "lost"),
    ("ukraine OR search:myQuery", "ukraine", "lost"),
    ("ukraine !f:234", "", "lost"),
    ("ukraine pubdate:P1W", "ukraine AND age<1w", "changed"),
    ("ukraine pubdate:2024-01", "ukraine", "lost"),
    ("cat dog OR bird", "(cat AND dog) OR bird", "changed"),
    ("/(?=look)ahead/ ukraine", "ukraine", "lost"),
    ('inurl:economy "interest rate"', 'url:economy AND "interest rate"', "changed"),
)  # fmt: skip
