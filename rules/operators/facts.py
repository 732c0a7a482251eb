"""What is known of a document.

`site:` is the host that published it, whole labels from the right: `site:un.org` takes news.un.org, never fun.org.
`url:` are words in a row of its address, `author:` and `source:` (the outlet or feed) words of those names, `tag:` a
tag or words of one. `lang:` is a language's code, `country:` the outlet's country's. A group takes several:
`site:(un.org OR nato.int)`. Where the whole rule needs one `lang:`, `~word` means that language. A fact has no place in
the text, so NEAR cannot measure it.
"""

import re
from dataclasses import dataclass, field

from rules.codes import COUNTRIES, LANGUAGES, country_named, language_named
from rules.conditions import UNKNOWN, Condition, Term, has, inexact, lacks
from rules.document import Document
from rules.errors import Fix, Refusal
from rules.fact import Fact
from rules.forms import FactForm, Feature
from rules.grammar import Call, Operand, Prefix, grammar
from rules.hosts import address_words, host_of, is_host, is_suffix, path_of, readable
from rules.known import LONGEST_KEY, SORTS, Sort, form_name, row_of
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.operators.words import closed
from rules.tokenized import Tokenized
from rules.words import plain_words

_NEWS = Document(
    id="1",
    body="Troops.",
    url="https://news.un.org/en/story/2026/peace-talks",
    author="Anna Smith",
    lang="en",
    tags=("Ukraine war", "UN"),
    site="news.un.org",
    source="UN News",
    country="UA",
)
EXAMPLES = (
    ("site:un.org", _NEWS, True),
    ("site:un.org", Document(id="1", url="https://fun.org/"), False),
    ("site:(nato.int OR un.org) troops", _NEWS, True),
    ("url:peace-talks", _NEWS, True),
    ("url:un.org/en", _NEWS, True),
    ('author:"Anna Smith"', _NEWS, True),
    ('author:"Smith Anna"', _NEWS, False),
    ("source:UN NOT tag:sport", _NEWS, True),
    ("tag:war", _NEWS, True),
    ("lang:uk", _NEWS, False),
    ("country:UA", _NEWS, True),
)

_BARE = re.compile(r"[\w/][\w/.%=&#+@-]*")
_CAPITALS = re.compile(r"[A-Z]{2,}")
_ODD = re.compile(r"[*{}|^]")
_ODD_WORD = re.compile(r"[*{}|^~?]|^/.+/\w*$")
_SLIPS = {"or": "OR", "and": "AND", "not": "NOT", "|": "OR", "||": "OR", "&": "AND", "&&": "AND", "+": "AND"}


@dataclass(frozen=True, slots=True)
class Said(Fact):
    """`scope:value`: what the document says of itself. `key` is what is compared, `shown` is the value as typed."""

    scope: str
    key: str
    shown: str = field(compare=False)

    @property
    def sort(self) -> Sort:
        """Its scope."""
        return SORTS[self.scope]

    @property
    def language(self) -> str:
        """Of `lang:` its code."""
        return self.key if self.scope == "lang" else ""

    def holds(self, document: Document) -> bool:
        """The same as the document says; for words, its words in a row."""
        if self.sort.rows is None:
            return self.key in self.sort.keys(document)
        return any(f" {self.key} " in f" {' '.join(row)} " for row in self.sort.rows(document))

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"{self.scope}:{_written(self.shown)}"

    def condition(self, wanted: bool) -> Condition:
        """Its key; of many words the first ones."""
        row = self.key.split(" ")
        term = Term((Feature(form_name(self.scope), " ".join(row[:LONGEST_KEY])),))
        if len(row) <= LONGEST_KEY or self.sort.rows is None:
            return has([term]) if wanted else lacks([term])
        return inexact(has([term])) if wanted else UNKNOWN

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """What the document says."""
        said = [each for each in self.sort.said(tokens.document) if each]
        if not said:
            return f"the document names no {self.sort.noun}"
        shown = ", ".join(f"“{each[:80]}”" for each in said[:3]) + (", …" if len(said) > 3 else "")
        return f"the {self.sort.noun} is {shown}"


def _written(shown: str) -> str:
    """Bare where it reads back as one term, otherwise in quotes."""
    capitals = _CAPITALS.match(shown)
    bare = _BARE.fullmatch(shown) and not (capitals and capitals[0] in grammar().names)
    return shown if bare else f'"{shown}"'


# -------------------------------------------------------------------------------------------------------------- reading


def _read(text: str, call: Call) -> Node:
    """The value of a scope. Raises Refusal."""
    scope = call.name[:-1]
    if text.lower() in _SLIPS and (scope in ("site", "lang", "country") or not text.isalpha()):
        name = _SLIPS[text.lower()]
        raise _refuse(f"{text} is not an operator here; write {name}", call, f" {name} ")
    value = _plain(text, scope, call)
    if text[0] == "@" and text[1:].casefold() in {name.casefold() for name in call.lists}:
        message = f"a list cannot stand inside {call.name}; put “{call.name}” into the list, and write {text} alone"
        raise _refuse(message, call, value or " ")
    if scope == "site":
        return _site(value, call)
    if scope == "lang":
        code = value.lower() if value.lower() in LANGUAGES else ""
        return _said(scope, code or _refuse_code(value, language_named(value), "language", "lang:uk", call))
    if scope == "country":
        code = value.upper() if value.upper() in COUNTRIES else ""
        return _said(scope, code or _refuse_code(value, country_named(value), "country", "country:UA", call))
    row = address_words(value) if scope == "url" else row_of(value)
    if not row:
        raise _refuse(f"there is no word in {value[:20] or 'the quotes'}", call, " ")
    return _said(scope, " ".join(row), value)


def _plain(text: str, scope: str, call: Call) -> str:
    """The value without quotes; wildcards and the like are refused, for a fact is compared as it stands."""
    quoted = text.startswith('"')
    inside = closed(text[: text.rindex('"') + 1], call) if quoted else text
    rest = text[text.rindex('"') + 1 :] if quoted else ""
    odd = rest or (_ODD if quoted or scope == "url" else _ODD_WORD).search(inside)
    if odd:
        without = _ODD_WORD.sub(lambda match: match[0].strip("/") if match[0][0] == "/" else "", inside).strip(" .")
        shown = odd if isinstance(odd, str) else odd[0]
        message = f"{call.name} takes its value as it stands, without {shown[:20]}"
        raise _refuse(message, call, f'"{without}"' if quoted and without else without or " ")
    return inside.strip()


def _site(value: str, call: Call) -> Node:
    host = host_of(value)
    if host and path_of(value):
        whole = value if _BARE.fullmatch(value) else f'"{value}"'
        message = f"a site is a host without a path; for words of an address write url:{whole}"
        raise _refuse(message, call, host)
    if is_host(host) or is_suffix(host):
        return Said("site", host.removeprefix("www."), readable(host.removeprefix("www.")))
    if "," in value:
        raise _refuse(f"between sites stands OR, not a comma: {value[:40]}", call, value.replace(",", " OR "))
    dotted = ".".join(plain_words(value))
    if is_host(dotted):
        raise _refuse(f"{value} is no site; a site is written as in an address", call, dotted)
    cure = (Fix(call.start, call.end, f"{dotted}.com"),) if dotted else (Fix(call.start, call.end, " "),)
    message = f"{value[:40]} is no site: write its address, as in site:un.org, or its name, as in source:Reuters"
    raise Refusal(message, call.start, call.end, expected=("an address such as un.org",), cures=(cure,))


def _refuse_code(value: str, code: str, noun: str, example: str, call: Call) -> str:
    message = f"“{value[:40]}” is no {noun}'s code; it has two letters, as in {example}"
    raise _refuse(message, call, code or example.partition(":")[2])


def _said(scope: str, key: str, shown: str = "") -> Node:
    return Said(scope, key, shown or key)


def _refuse(message: str, call: Call, text: str) -> Refusal:
    expected = (text.strip(),) if text.strip() else ("a word",)
    return Refusal(message, call.start, call.end, expected=expected, cures=((Fix(call.start, call.end, text),),))


def _make(operand: Operand, call: Call) -> Node:
    """A group is its parts, each with the scope. Raises Refusal for other operators inside."""
    name, rest = call.name.strip().lower(), [operand.node]
    while rest:
        each = rest.pop()
        if isinstance(each, And | Or | Not):
            rest.extend(each.children)
        elif not isinstance(each, Said) or f"{each.scope}:" != name:
            raise Refusal(
                f"inside {name} stand its values, AND, OR, NOT and parentheses, not {each.write()[:40]}",
                operand.start,
                operand.end,
                expected=("a value", "OR", "AND", "NOT"),
                cures=((Fix(call.start, call.end, " "),), (Fix(call.start, operand.end, " "),)),
            )
    return operand.node


PREFIX = tuple(Prefix(name=f"{scope}:", make=_make, term=_read) for scope in SORTS)
FORMS = tuple(FactForm(name=form_name(scope), keys=sort.keys) for scope, sort in SORTS.items())
