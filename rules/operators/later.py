"""Forms that the language will have.

PRE/n, SENT, PARA, NOT NEAR/n, ATLEAST/n, FIRST/n, `min:n of`, scopes such as `title:`, wildcards (`deploy*`, `wom?n`),
`/regular expressions/`, `@lists`, exact case (`{NATO}`), fuzzy words (`word~1`), numbers (`words>200`) and `term^` are
not read yet. They are refused with the nearest rule that works today, never ignored. A family that defines one of these
names in its own file takes its place here.
"""

import re

from rules.errors import Fix, Refusal
from rules.grammar import Call, Infix, Number, Operand, Prefix, Shape
from rules.nodes import Node
from rules.words import words

EXAMPLES: tuple[tuple[str, str, bool], ...] = ()
REFUSED = (
    "troops PRE/3 Ukraine",
    "troops SENT Ukraine",
    "troops PARA Ukraine",
    "troops NOT NEAR/3 drill",
    "troops NOT SENT drill",
    "ATLEAST/3 troops",
    "FIRST/50 troops",
    "min:2 of (troops, Ukraine, NATO)",
    "title:Ukraine",
    "site:un.org troops",
    "deploy*",
    "wom?n AND troops",
    "/troops?/i",
    "@outlets AND Ukraine",
    "{NATO} troops",
    "Zelensky~1",
    '"troop deployment"~3',
    "Ukraine^ troops",
    "words>200 Ukraine",
    "troops new:only",
)

_ANY = Number(low=0, high=1_000_000, default=0)
_WRITTEN = Number(low=0, high=1_000_000)
_SCOPES = ("title", "body", "lead", "url", "site", "author", "tag", "lang", "source", "country")


def _refuse(what: str, call: Call, *texts: str) -> Refusal:
    """`texts`: what could stand in its place today, best first."""
    cures = tuple((Fix(call.start, call.end, text),) for text in texts)
    expected = tuple(text for text in texts[:1] if text.strip())
    return Refusal(f"not yet supported: {what}", call.start, call.end, expected=expected, cures=cures)


def _infix(name: str, instead: str) -> Infix:
    def make(left: Operand, right: Operand, call: Call) -> Node:
        text = instead.replace("/n", f"/{min(call.number or 10, 100)}")
        raise _refuse(call.name, call, text)

    return Infix(name=name, make=make, number=_ANY, reserved=True)


def _prefix(name: str, number: Number | None = None) -> Prefix:
    def make(operand: Operand, call: Call) -> Node:
        raise _refuse(call.name.strip(), call, " ")

    return Prefix(name=name, make=make, number=number, reserved=True)


def _shape(name: str, what: str, pattern: str) -> Shape:
    def read(text: str, call: Call) -> Node:
        found = " ".join(words(text.rpartition("~")[0] if name.startswith("fuzzy") else text))
        quoted = f'"{found}"' if " " in found or not found.isalnum() else found
        keep = [quoted] if found and name not in ("number", "fact") else []
        if name == "wildcard":
            start = words(re.split(r"[*?]", text)[0])
            keep = [f"~{start[-1]}", start[-1]] if start else []
        raise _refuse(what, call, *keep, " ")

    return Shape(name=name, pattern=re.compile(pattern), read=read, rank=1, reserved=True)


INFIX = (
    _infix("PRE", "NEAR/n"),
    _infix("SENT", "NEAR/20"),
    _infix("PARA", "NEAR/100"),
    _infix("NOT NEAR", "NOT"),
    _infix("NOT SENT", "NOT"),
    _infix("NOT PARA", "NOT"),
)
PREFIX = (
    _prefix("ATLEAST", _WRITTEN),
    _prefix("FIRST", _WRITTEN),
    *(_prefix(f"{scope}:") for scope in _SCOPES),
)
SHAPES = (
    _shape("fact", "min:n of", r"min:\d*\s*(?:of\b)?"),
    _shape("number", "facts such as numbers", r'(?:words|age|sources)[<>]=?[^\s()"]*|new:[^\s()"]*'),
    _shape("wildcard", "wildcards", r'[^\s()"/]*[^\s()"/*?][*?][^\s()"]*|[*?]+[^\s()"]*'),
    _shape("regex", "regular expressions", r"/[^/]*/[a-z]*|/[^\s()\"]*"),
    _shape("list", "lists", r'@[^\s()"]*'),
    _shape("case", "exact case", r"\{[^}]*\}?"),
    _shape("fuzzy word", "fuzzy words", r'[^\s()"~*?^{}]+~\d[^\s()"]*'),
    _shape("fuzzy phrase", "a number after a phrase", r'"[^"]*"~\d+'),
    _shape("boost", "^", r'(?:"[^"]*"|[^\s()"^]+)~?\^[^\s()"]*'),
)
