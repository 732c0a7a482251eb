"""What the dialects share: tokens and parts, and terms written in our language."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rules.errors import Fix, Refusal, RuleError
from rules.grammar import grammar
from rules.joined import spelled
from rules.rule import parse
from rules.words import words

Verdict = Literal["kept", "changed", "lost"]
Kind = Literal["(", ")", "term", "infix", "prefix", "not", "postfix", "aside"]

MOST_WORDS = 100  # between the sides of our NEAR and PRE
WHOLE_WORD = "the tool counts the second word itself; this counts the words between"
_WILD = re.compile(r"[*?]")
_SIGNS = re.compile(r"[+#$%€£^=<>|]")
_PIECE = re.compile(r"(?:[^\W_]|[*?\u0300-\u036f])+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the source, what became of it and why. Offsets are code points, half-open."""

    text: str
    start: int
    end: int
    verdict: Verdict
    into: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A rule in our language and the parts of its source. `text` is empty when `problem` says why there is none."""

    text: str
    parts: tuple[Part, ...]
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of its parts."""
        if not self.text or any(part.verdict == "lost" for part in self.parts):
            return "lost"
        return "changed" if any(part.verdict == "changed" for part in self.parts) else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of a source rule.

    A term's `into` is our text for it, empty when it cannot be said; `plain` are its bare words when it may join a
    phrase, `choices` the plain words that a regular expression comes to, if it does. An operator's `op` is what it does
    (the acts of the writer), `power` how tightly it binds; `beside` is the same for a NOT between two terms.
    """

    kind: Kind
    start: int
    end: int
    op: str = ""
    number: int = 0
    power: float = 0.0
    beside: float = 0.0
    into: str = ""
    plain: str = ""
    choices: tuple[str, ...] = ()
    inflect: bool = False
    verdict: Verdict = "kept"
    why: str = ""


Reader = Callable[[re.Match[str]], Token]
_TYPED = str.maketrans(
    {**dict.fromkeys("“”„‟«»＂", '"'), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("‐‑‒–—―−", "-"), "\u00a0": " "}
)


def plain_text(text: str) -> str:
    """Typed quotes, dashes and spaces made plain, character for character."""
    return text.translate(_TYPED)


def scan(text: str, pattern: re.Pattern[str], readers: Mapping[str, Reader]) -> Iterator[Token]:
    """The tokens of a rule: `pattern` has a group for each kind of token, and a reader for each group."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = pattern.match(text, at)
        if match is None or match.end() == at:
            yield lost(at, at + 1, f"“{text[at]}” is nothing that rules search for", kind="aside")
            at += 1
            continue
        yield readers[match.lastgroup or ""](match)
        at = match.end()


def bracket(match: re.Match[str]) -> Token:
    """A parenthesis."""
    kind: Kind = "(" if match[0] in "([" else ")"
    return Token(kind=kind, start=match.start(), end=match.end(), into=kind)


def lost(start: int, end: int, why: str, *, kind: Kind = "term", power: float = 0.0) -> Token:
    """A piece that our language cannot say; as a prefix, together with what it is about."""
    return Token(kind=kind, start=start, end=end, op="unsaid", power=power, verdict="lost", why=why)


# --------------------------------------------------------------------------------------------------------------- terms


def spoken(plain: str, *, inflect: bool = False) -> str:
    """Words or a phrase as rule text, its wildcards kept; empty when there is no word in it."""
    wild = _WILD.search(plain) is not None
    pieces = _PIECE.findall(plain) if wild else words(plain)
    if len(pieces) == 1 and (wild or (pieces[0].isalnum() and pieces[0] not in grammar().names)):
        return f"~{pieces[0]}" if inflect else pieces[0]
    inside = plain if plain.isalnum() else spelled(pieces)  # scripts without spaces stay as they are
    return f'"{inside}"' + "~" * inflect if pieces else ""


def word(match: re.Match[str], text: str = "", *, inflect: bool = False, why: str = "", changed: bool = False) -> Token:
    """A term of plain words: `text`, or all that matched."""
    start, end = match.span()
    text = text or match[0]
    into = spoken(text, inflect=inflect)
    if not into:
        return _no_word(start, end, text)
    if not changed and _SIGNS.search(text):
        why, changed = "signs such as + are not searched for: may find more", True
    verdict = _changed_if(changed)
    return Token(kind="term", start=start, end=end, into=into, plain=text, inflect=inflect, why=why, verdict=verdict)


def _no_word(start: int, end: int, text: str) -> Token:
    """Punctuation, which no tool searches for, or signs such as 🙂, which some do."""
    if text.isascii():
        why = "punctuation is not searched for"
        return Token(kind="aside", start=start, end=end, verdict="changed", why=why)
    return lost(start, end, "there is no word in it, and rules search for words")


def pattern(match: re.Match[str], text: str, *, why: str = "", changed: bool = False) -> Token:
    """A term with `*` for any letters and `?` for one; lost when it has too few letters of its own."""
    start, end = match.span()
    pieces = [re.sub(r"[*?]*\*[*?]*", "*", piece) for piece in _PIECE.findall(text)]
    odd = {piece: _as_regex(piece) for piece in pieces if _WILD.search(piece) and refusal(piece)}
    plain = " ".join(pieces)
    into = spoken(plain)
    if odd:
        if any(refusal(said) for said in odd.values()):
            return lost(start, end, f"{next(iter(odd))} has too few letters of its own to be searched for")
        said = [odd.get(piece) or spoken(piece) for piece in pieces]
        plain, into = "", said[0] if len(said) == 1 else f"({' PRE/0 '.join(said)})"
        why, changed = why or "as a regular expression, for our wildcards begin with a letter: finds the same", True
    verdict = _changed_if(changed)
    return Token(kind="term", start=start, end=end, into=into, plain=plain, why=why, verdict=verdict)


def _as_regex(piece: str) -> str:
    inside = "".join({"*": r"\w*", "?": r"\w"}.get(char, char) for char in piece)
    return rf"/\b{inside}\b/i"


def refusal(text: str) -> str:
    """Why our language does not take this term; empty when it does."""
    try:
        parse(text)
    except RuleError as error:
        return error.message
    return ""


def phrase(match: re.Match[str], text: str, *, inflect: bool = False, why: str = "", changed: bool = False) -> Token:
    """What stood in quotes: plain words, or some with wildcards."""
    if _WILD.search(text):
        return pattern(match, text, why=why, changed=changed)
    return word(match, text or " ", inflect=inflect, why=why, changed=changed)


def apart(match: re.Match[str], text: str, number: int) -> Token:
    """Words that may stand `number` words apart: `"apple juice"~5`."""
    each = [said for part in words(text) if (said := spoken(part))]
    if len(each) < 2:
        return word(match, text or " ")
    into = "(" + f" NEAR/{min(number, MOST_WORDS)} ".join(each) + ")"
    why = "each within n words of the next, in any order: may find more"
    return Token(kind="term", start=match.start(), end=match.end(), into=into, verdict="changed", why=why)


def inside(match: re.Match[str], quote: str = '"') -> str:
    """The inside of a quoted text. Raises Refusal when it is never closed."""
    if len(match[0]) > 1 and match[0].endswith(quote):
        return match[0][1:-1]
    end = match.end()
    cures = ((Fix(end, end, quote),), (Fix(match.start(), match.start() + 1, " "),))
    raise Refusal("this quote is never closed", match.start(), match.start() + 1, expected=(quote,), cures=cures)


def exact_case(match: re.Match[str], *forms: str, why: str = "", changed: bool = False) -> Token:
    """A term that must be spelled just so; several spellings, any of them."""
    shown = [form for form in dict.fromkeys(forms) if words(form) and not set("{}") & set(form)]
    if not shown:
        return lost(*match.span(), "there is no word in it")
    into = f"{{{shown[0]}}}" if len(shown) == 1 else "(" + " OR ".join(f"{{{form}}}" for form in shown) + ")"
    verdict = _changed_if(changed)
    return Token(kind="term", start=match.start(), end=match.end(), into=into, why=why, verdict=verdict)


# ----------------------------------------------------------------------------------------------------------- operators


def near(match: re.Match[str], op: str, between: int, power: float, why: str = "") -> Token:
    """A proximity operator with at most `between` words between its sides."""
    start, end = match.span()
    number = max(0, min(between, MOST_WORDS))
    name = {"near": "NEAR", "pre": "PRE", "notnear": "NOT NEAR"}[op]
    far = between > MOST_WORDS
    if far:
        why = f"{name} reaches {MOST_WORDS} words at most: finds {'more' if op == 'notnear' else 'less'}"
    into, verdict = f"{name}/{number}", _changed_if(far)
    return Token(
        kind="infix", start=start, end=end, op=op, number=number, power=power, into=into, verdict=verdict, why=why
    )


def _changed_if(changed: object) -> Verdict:
    return "changed" if changed else "kept"


def infix(match: re.Match[str], op: str, power: float, *, changed: str = "") -> Token:
    """An operator between two sides; `changed` says how its meaning changed."""
    into = {"and": "AND", "or": "OR", "andnot": "NOT", "notsent": "NOT SENT", "notpara": "NOT PARA"}.get(op, op.upper())
    start, end = match.span()
    return Token(
        kind="infix", start=start, end=end, op=op, power=power, into=into, verdict=_changed_if(changed), why=changed
    )


def negation(match: re.Match[str], power: float, beside: float) -> Token:
    """NOT, before a term or between two."""
    start, end = match.span()
    return Token(kind="not", start=start, end=end, op="not", power=power, beside=beside, into="NOT")


def scope(match: re.Match[str], name: str, power: float, *, changed: str = "") -> Token:
    """`name:` of our language, for what follows."""
    start, end = match.span()
    into, verdict = f"{name}:", _changed_if(changed)
    return Token(kind="prefix", start=start, end=end, op="scope", power=power, into=into, verdict=verdict, why=changed)


def counted(match: re.Match[str], op: str, number: int, power: float, *, kind: Kind = "prefix") -> Token:
    """ATLEAST/n and FIRST/n."""
    name = {"atleast": "ATLEAST", "first": "FIRST"}[op]
    return Token(
        kind=kind, start=match.start(), end=match.end(), op=op, number=number, power=power, into=f"{name}/{number}"
    )
