"""Miniflux: block and keep rules.

After "Filter, Rewrite, and Scraper Rules" of the Miniflux documentation. A line is `Field=regex` in RE2's syntax, or,
in the older feed rules, a regular expression for title, address, tags and author. A keep rule is a watch rule; a block
rule says what to leave out: `mute` it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from rules.dialects import _common as common
from rules.dialects._common import Token, Translation
from rules.dialects._regexes import regex
from rules.dialects._translate import translated
from rules.errors import Fix, Refusal

TITLE = "Miniflux"
_FIELDS = {
    "EntryTitle": "title",
    "EntryURL": "url",
    "EntryContent": "body",
    "EntryAuthor": "author",
    "EntryTag": "tag",
}
_OTHERS = ("EntryDate", "EntryCommentsURL")
_OLDER = ("title", "url", "tag", "author")  # where a rule without a field looks
_OR, _FIELD = 40, 110
_IMPLICIT = Token(kind="infix", start=0, end=0, op="or", power=_OR)
_LINE = re.compile(r"\s*(?P<field>(?P<name>Entry[A-Za-z]+)\s*=)?\s*(?P<body>\S.*)?", re.DOTALL)
_FLAG = re.compile(r"\(\?i\)")
_AGE = re.compile(r"max-age:(?P<number>\d{1,6})(?P<unit>[hd])")


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT, typed=False)


def _tokens(text: str) -> Iterator[Token]:
    match = _LINE.match(text)
    if match is None or not match["body"]:
        raise Refusal("the rule is empty", 0, len(text), expected=("EntryTitle=regex",))
    start = match.start("body")
    end = start + len(match["body"].rstrip())
    name, body = match["name"] or "", text[start:end]
    if name in _FIELDS:
        yield replace(common.scope(match, _FIELDS[name], _FIELD), start=match.start("field"), end=match.end("field"))
        yield _regex(body, start, end)
    elif name in _OTHERS:
        yield from _other(match, body, start, end)
    elif name:
        places = match.span("name")
        fix = (Fix(*places, "EntryTitle"),)
        raise Refusal(f"Miniflux has no field {name[:40]}", *places, expected=tuple(_FIELDS), cures=(fix,))
    else:
        yield _older(body, start, end)


def _regex(body: str, start: int, end: int) -> Token:
    flag = _FLAG.match(body)
    return regex(start, end, body[flag.end() :] if flag else body, folded=flag is not None)


def _older(body: str, start: int, end: int) -> Token:
    """In each of the four fields; of addresses, tags and names only the words can be asked for."""
    token = _regex(body, start, end)
    if not token.into:
        return token
    if not token.choices:
        why = "in the title alone, for addresses, tags and names take plain words: finds less"
        return replace(token, into=f"title:{token.into}", verdict="changed", why=why)
    names = " OR ".join(map(common.spoken, token.choices))
    value = f"({names})" if len(token.choices) > 1 else names
    said = [f"title:{token.into}", *(f"{scope}:{value}" for scope in _OLDER[1:])]
    why = "in addresses, tags and names whole words alone, in any case: may find less"
    return replace(token, into=f"({' OR '.join(said)})", choices=(), verdict="changed", why=why)


def _other(match: re.Match[str], body: str, start: int, end: int) -> Iterator[Token]:
    """Dates, and the address of the comments."""
    age = _AGE.fullmatch(body)
    if match["name"] == "EntryDate" and age:
        into = f"age<{age['number']}{age['unit']}"
        yield Token(kind="term", start=match.start("field"), end=end, into=into)
        return
    why = "rules do not ask for dates; age<7d asks for recent texts"
    if match["name"] != "EntryDate":
        why = "the address of the comments is not kept here"
    yield common.lost(match.start("field"), end, why)


EXAMPLES = (
    ("EntryTitle=(?i)miniflux", "title:/miniflux/i", "kept"),
    ("EntryTitle=(?i)^(?:sponsored|advert):", "title:/^(?:sponsored|advert):/i", "kept"),
    (r"EntryTitle=\bAI\b", "title:{AI}", "kept"),
    (r"EntryTitle=(?i)\b(?:AI|ML)\b", "title:(AI OR ML)", "kept"),
    ("EntryURL=/sport/", "url:sport", "changed"),
    (r"EntryURL=https://example\.org/live/", "url:example.org/live", "changed"),
    (r"EntryURL=/\d{4}/sport/", "", "lost"),
    ("EntryContent=(?i)kyiv|kiev", "body:/kyiv|kiev/i", "kept"),
    ("EntryAuthor=(?i)smith", "author:smith", "changed"),
    ("EntryTag=(?i)politics|opinion", "tag:(politics OR opinion)", "changed"),
    ("(?i)miniflux", "(title:/miniflux/i OR url:miniflux OR tag:miniflux OR author:miniflux)", "changed"),
    (r"(?i)best \d+ phones", r"title:/best \d+ phones/i", "changed"),
    ("EntryDate=max-age:7d", "age<7d", "kept"),
    ("EntryDate=future", "", "lost"),
    ("EntryDate=before:2024-01-01", "", "lost"),
    ("EntryDate=between:2024-01-01,2024-02-01", "", "lost"),
    ("EntryCommentsURL=reddit", "", "lost"),
    ("EntryTitle=(?!no)look", "", "lost"),
    (r"EntryTitle=[0-9]{2,4} best (?:phones|laptops)", "title:/[0-9]{2,4} best (?:phones|laptops)/", "kept"),
)
