"""LexisNexis: terms and connectors.

After "Terms & Connectors Complete Reference", "Connector Order and Priority", "Finding Plural Words" and "How Do I
Search for Variations of Words?" of the LexisNexis help. OR binds first, then proximity from the smallest number to the
largest, w/s, w/p, then AND, last AND NOT; words side by side are a phrase; outside quotes a word stands for its forms;
connectors may be in small letters.
"""

import re
from collections.abc import Iterator

from rules.dialects import _common as common
from rules.dialects._common import WHOLE_WORD, Token, Translation
from rules.dialects._translate import translated

TITLE = "LexisNexis"
_FORMS = "~ finds all forms of a word; older Lexis services find only its plural and possessive: may find more"
_LEAD = "the title and the first two paragraphs: may find more"
_ENDINGS = "read as any ending, as in Lexis today; older Lexis services mean one letter: may find more"
_SAME_SEGMENT = "there are no segments to share here: finds more"
_NOT_SEGMENT = "absent from the whole text, not from one segment: finds less"
_OR, _NEAR, _SENT, _PARA, _SEGMENT, _AND, _NOT, _WORDS, _FIELD = 90, 80.0, 70, 65, 62, 50, 40, 100, 110
_IMPLICIT = Token(kind="infix", start=0, end=0, op="phrase", power=_WORDS)
_SEGMENTS = {
    "headline": ("title", ""),
    "title": ("title", ""),
    "hlead": ("lead", _LEAD),
    "lead": ("lead", _LEAD),
    "body": ("body", ""),
    "byline": ("author", ""),
    "author": ("author", ""),
    "publication": ("source", ""),
    "source": ("source", ""),
    "language": ("lang", ""),
}
_END = r"(?=[\s()\"]|$)"
_SIGNS = {"gtr": ">", "geq": ">=", "lss": "<", "leq": "<="}
_COMPARED = "|".join(_SIGNS)
_DAY = r"(?:[a-z]{3,9}\.?\s+)?\d[\d/.,-]*(?:\s+\d[\d,]*)?"
_DATE = rf"(?:[<>]=?|=|(?:{_COMPARED}|aft|after|bef|before|is)\b)\s*(?:\(\s*{_DAY}\s*\)|{_DAY}{_END})"
_PATTERN = re.compile(
    rf"""(?ix)
      (?P<bracket>[()])
    | (?P<quoted>"[^"]*"?)
    | (?P<notnear>(?:and\s+)?not\s*(?:w\s*)?/(?P<notnear_n>\d{{1,9}}){_END})
    | (?P<notunit>(?:and\s+)?not\s*(?:w\s*)?/(?P<not_unit>s|sent|p|para|seg){_END})
    | (?P<andnot>(?:(?:and|but)\s+)?not{_END})
    | (?P<near>(?:w|near|n)?/(?P<near_n>\d{{1,9}}){_END})
    | (?P<pre>(?:pre|onear|p|\+)/(?P<pre_n>\d{{1,9}}){_END})
    | (?P<unit>w?/(?P<same>s|sent|p|para|seg){_END})
    | (?P<and>(?:and|&){_END})
    | (?P<or>or{_END})
    | (?P<atleast>atleast\s*/?(?P<atleast_n>\d{{1,4}})(?=\s*\())
    | (?P<form>(?P<form_name>allcaps|caps|nocaps|plural|singular)\s*\((?P<form_of>[^()"]*)\))
    | (?P<length>length\s*(?:\(\s*)?(?P<length_op>[<>]=?|(?:{_COMPARED})\b)\s*(?P<length_n>\d{{1,7}})\s*\)?{_END})
    | (?P<date>(?:[a-z]+-)?date\s*{_DATE}(?:\s+and\s+{_DATE})?)
    | (?P<field>(?P<field_name>[a-z][a-z-]*)(?=\())
    | (?P<spaced>(?P<spaced_name>(?-i:HEADLINE|HLEAD|LEAD|BODY|BYLINE|PUBLICATION|LANGUAGE))(?=\s+\())
    | (?P<word>[^\s()"]+)
    """
)


def translate(text: str) -> Translation:
    """The rule in our language. Raises RuleError."""
    return translated(text, _tokens, _IMPLICIT)


def _tokens(text: str) -> Iterator[Token]:
    return common.scan(text, _PATTERN, _READERS)


def _near(match: re.Match[str], op: str, group: str) -> Token:
    number = int(match[group])
    return common.near(match, op, number - 1, _NEAR - min(number, 900) / 1000, WHOLE_WORD)


def _unit(match: re.Match[str]) -> Token:
    unit = match["same"].lower()[0:2]
    if unit == "se" and match["same"].lower() == "seg":
        return common.infix(match, "and", _SEGMENT, changed=_SAME_SEGMENT)
    return common.infix(match, "para", _PARA) if unit[0] == "p" else common.infix(match, "sent", _SENT)


def _not_unit(match: re.Match[str]) -> Token:
    unit = match["not_unit"].lower()
    if unit == "seg":
        return common.infix(match, "andnot", _SEGMENT, changed=_NOT_SEGMENT)
    return common.infix(match, "notpara", _PARA) if unit[0] == "p" else common.infix(match, "notsent", _SENT)


def _field(match: re.Match[str], group: str) -> Token:
    name = match[group].lower()
    if name in _SEGMENTS:
        scope, why = _SEGMENTS[name]
        return common.scope(match, scope, _FIELD, changed=why)
    why = f"there is no segment {match[group]} here"
    return common.lost(match.start(), match.end(), why, kind="prefix", power=_FIELD)


def _form(match: re.Match[str]) -> Token:
    """ALLCAPS(x), CAPS(x), NOCAPS(x), PLURAL(x), SINGULAR(x)."""
    name, inner = match["form_name"].lower(), match["form_of"].strip()
    if re.search(r"(?i)[!*?]|\b(?:and|or|not)\b|/", inner) or not inner:
        return common.lost(*match.span(), f"{match['form_name']} is kept only for plain words")
    if name == "singular":
        return common.word(match, inner)
    if name == "plural":
        return common.word(match, _plural(inner), why="the regular English plural: may find less", changed=True)
    if name == "caps":
        why = "written with a first capital or all in capitals: finds less than any capital would"
        return common.exact_case(match, inner.title(), inner.upper(), why=why, changed=True)
    return common.exact_case(match, inner.upper() if name == "allcaps" else inner.lower())


def _plural(word: str) -> str:
    if re.search(r"(?i)s$", word) and not re.search(r"(?i)ss$", word):
        return word
    if re.search(r"(?i)(?:s|x|z|ch|sh)$", word):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"(?i)[^aeiou]y$", word) else word + "s"


def _length(match: re.Match[str]) -> Token:
    sign = match["length_op"].lower()
    into = f"words{_SIGNS.get(sign, sign)}{match['length_n']}"
    return Token(kind="term", start=match.start(), end=match.end(), into=into)


def _quoted(match: re.Match[str]) -> Token:
    return common.phrase(match, _wild(common.inside(match)))


def _wild(text: str) -> str:
    """Lexis wildcards as ours: `!` is any ending, `*` one letter inside a word and any ending after it."""
    text = re.sub(r"!+|\*+(?=\s|$)", "\uffff", text)
    return text.replace("*", "?").replace("\uffff", "*")


def _word(match: re.Match[str]) -> Token:
    text = match[0]
    if not re.search(r"[!*?]", text):
        return common.word(match, inflect=True, why=_FORMS, changed=True)
    star = text.endswith("*")
    return common.pattern(match, _wild(text), why=_ENDINGS if star else "", changed=star)


_READERS: dict[str, common.Reader] = {
    "bracket": common.bracket,
    "quoted": _quoted,
    "notnear": lambda match: _near(match, "notnear", "notnear_n"),
    "notunit": _not_unit,
    "andnot": lambda match: common.negation(match, _NOT, _NOT),
    "near": lambda match: _near(match, "near", "near_n"),
    "pre": lambda match: _near(match, "pre", "pre_n"),
    "unit": _unit,
    "and": lambda match: common.infix(match, "and", _AND),
    "or": lambda match: common.infix(match, "or", _OR),
    "atleast": lambda match: common.counted(match, "atleast", int(match["atleast_n"]), _FIELD),
    "form": _form,
    "length": _length,
    "date": lambda match: common.lost(*match.span(), "rules do not ask for dates; age<7d asks for recent texts"),
    "field": lambda match: _field(match, "field_name"),
    "spaced": lambda match: _field(match, "spaced_name"),
    "word": _word,
}

EXAMPLES = (
    ("bankrupt! w/25 discharg! and student or college or education! w/5 loan",
     "(bankrupt* NEAR/24 discharg*) AND ((~student OR ~college OR education*) NEAR/4 ~loan)", "changed"),
    ("southwest pre/2 air or airline", "~southwest PRE/1 (~air OR ~airline)", "changed"),
    ("rico not w/5 puerto", "~rico NOT NEAR/4 ~puerto", "changed"),
    ('"troop deployment" and ukraine', '"troop deployment" AND ~ukraine', "changed"),
    ("troop deployment", '"troop deployment"~', "changed"),
    ('HLEAD("sanctions" w/3 "oil")', "lead:(sanctions NEAR/2 oil)", "changed"),
    ('HEADLINE("merger") and not "rumor"', "title:merger AND NOT rumor", "kept"),
    ('atleast5("nato") and BODY("drill")', "ATLEAST/5 nato AND body:drill", "kept"),
    ("ALLCAPS(aids) and NOCAPS(march)", "{AIDS} AND {march}", "kept"),
    ('BYLINE(smith) and LANGUAGE(german)', "author:smith AND lang:de", "kept"),
    ('"missile" w/s "kyiv"', "missile SENT kyiv", "kept"),
    ('"missile" w/p "kyiv" and not "film"', "(missile PARA kyiv) AND NOT film", "kept"),
    ("wom*n and singular(sanction)", "wom?n AND sanction", "kept"),
    ('COMPANY(gazprom) and "pipeline"', "pipeline", "lost"),
    ('"pipeline" and not GEOGRAPHIC(norway)', "", "lost"),
    ('"money" w/5 "launder!" and length > 300', "(money NEAR/4 launder*) AND words>300", "kept"),
    ('"gilts" and DATE geq (1/1/2020)', "gilts", "lost"),
    ('PUBLICATION("Financial Times") and "gilts" w/seg "yield"',
     'source:"Financial Times" AND (gilts AND yield)', "changed"),
    ('"tank" w/150 "kherson"', "tank NEAR/100 kherson", "changed"),
    ('"a" w/10 "b" w/3 "c"', "a NEAR/9 (b NEAR/2 c)", "kept"),
)  # fmt: skip
