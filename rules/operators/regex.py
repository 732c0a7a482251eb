r"""Regular expressions.

`/troops? of \d+/` is a regular expression, searched for in the title and in the body, each by itself; `/.../i` ignores
case. `\w`, `\d`, `\s` and `\b` know all of Unicode, `^` and `$` are the start and the end of the title or body, and a
slash inside is written `\/`. A quote, an apostrophe, a hyphen or a space stands for all its kinds, so that phones
cannot spoil an expression. The time is linear in the text, whatever the expression: there are no look-arounds and no
back-references. Each match must have three letters in a row that the expression says (two in Chinese or Korean), and
of a title or body the first 500 matches count. A hit is the words that the match touches.
"""

import re
from dataclasses import dataclass

from rules.conditions import UNKNOWN, Condition
from rules.errors import Fix, Refusal
from rules.forms import PatternForm
from rules.grammar import Call, Shape
from rules.joined import spelled
from rules.nodes import Node
from rules.regex import literals
from rules.regex.matcher import TooLarge, can_be_empty, compiled, matches
from rules.regex.syntax import Invalid, read
from rules.run import hit_texts
from rules.tokenized import Hit, Hits, Tokenized
from rules.typed import read_typed
from rules.words import words

EXAMPLES = (
    (r"/troops? of \d+/", "A troop of 40 came.", True),
    (r"/troops? of \d+/", "A troop of many came.", False),
    (r"/\bвойна\b/i", "Война началась.", True),
    (r"/\bвойна\b/", "Военная тема.", False),
    (r"/\bgames\b/i", "The War Games began.", True),
    (r"/Kyiv/", "KYIV", False),
    (r"/(air|missile) (strike|attack)s?/i NEAR/5 Kyiv", "Missile attacks on Kyiv.", True),
)
FLAGS = ("", "i")
_PAIR = re.compile(r"\\(.)|[&<]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Regex(Node):
    """The matches of `pattern`, as the words that they touch."""

    pattern: str
    any_case: bool = False

    def hits(self, tokens: Tokenized) -> Hits | None:
        """The words of each match; a match that touches no word has no place."""
        hits: set[Hit] = set()
        some = False
        for name, text in (("title", tokens.title), ("body", tokens.body)):
            for start, end in matches(self.pattern, self.any_case, text):
                first, last = tokens.spot(name, start), _last(tokens, name, end)
                if first > last:
                    some = some or tokens.end > 0
                elif _is_inside(tokens, first, last):
                    hits.add((first, last, ()))
        return sorted(hits) or ([] if some else None)

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether there is a match; where only a part of the text counts, its places say."""
        if tokens.is_part:
            return self.hits(tokens) is not None
        return any(any(matches(self.pattern, self.any_case, text)) for text in (tokens.title, tokens.body))

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"/{self.pattern}/{'i' * self.any_case}"

    def condition(self, wanted: bool) -> Condition:
        """The literals of every match, each inside a word."""
        return literals.condition(read(self.pattern)) if wanted else UNKNOWN

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """What matched; of a miss whether the case was in the way."""
        hits = self.hits(tokens)
        if hits is not None:
            return hit_texts(hits, tokens)
        loose = Regex(self.pattern, True)
        others = None if self.any_case else loose.hits(tokens)
        if others:
            return f"found “{tokens.quote(tokens.span(*others[0][:2]))}”; write {loose.write()}"
        return "no match in the title, none in the body"


def _last(tokens: Tokenized, name: str, end: int) -> int:
    """The last word that begins before `end`."""
    position = tokens.spot(name, end - 1)
    stop = tokens.end if name == "body" else tokens.spot("title", len(tokens.title))
    return position if position < stop and tokens.offsets(position)[0] < end else position - 1


def _is_inside(tokens: Tokenized, first: int, last: int) -> bool:
    """Whether the text, which may be a part of a document, has these words."""
    return all(tokens.forms().row[first : last + 1])


# -------------------------------------------------------------------------------------------------------------- reading


def _regex(text: str, call: Call) -> Node:
    pattern, _, flags = text[1:].rpartition("/")
    if flags not in FLAGS:
        message = f"“{flags[:12]}” behind the slash is no flag; i (ignore case) is the only one"
        start = call.end - len(flags)
        cures = [(Fix(call.start, call.end, _quoted(text) or " "),)]
        if set(flags) <= set("gimsux"):  # flags of other tools
            cures.insert(0, (Fix(start, call.end, "i" if "i" in flags else ""),))
        raise Refusal(message, start, call.end, expected=("/.../", "/.../i"), cures=tuple(cures))
    try:
        part = read(pattern)
        compiled(pattern, bool(flags))
    except Invalid as invalid:
        raise _located(invalid, flags, call) from None
    except TooLarge:
        message = "this regular expression needs more memory than it may have; repeat less, or make two rules of it"
        raise _refuse(message, call, pattern) from None
    if can_be_empty(part):
        raise _refuse("this regular expression matches everywhere: it is true of no character at all", call, pattern)
    if literals.strength(part) < literals.LEAST:
        message = (
            "every match of a regular expression needs three letters in a row that it says;"
            " otherwise each text would have to be tried"
        )
        raise _refuse(message, call, pattern)
    return Regex(_stable(pattern), bool(flags))


def _stable(pattern: str) -> str:
    """Written so that what undoes Slack's wrapping finds nothing in it when it is read again."""
    if read_typed(pattern).plain == pattern:
        return pattern
    return _PAIR.sub(lambda pair: {"&": r"\x26", "<": r"\x3c"}.get(pair[0][-1], pair[0]), pattern)


def _located(invalid: Invalid, flags: str, call: Call) -> Refusal:
    start = call.start + 1 + invalid.start
    flags = flags or invalid.flags
    cures = [(Fix(call.start, call.end, f"/{cure}/{flags}"),) for cure in invalid.cures if cure]
    return Refusal(
        invalid.message,
        start,
        max(start + 1, call.start + 1 + invalid.end),
        expected=("a regular expression",),
        cures=(*cures, *_as_words(call, call.start)),
    )


def _refuse(message: str, call: Call, pattern: str) -> Refusal:
    quoted = _quoted(pattern)
    cures = ((Fix(call.start, call.end, quoted or " "),),)
    return Refusal(message, call.start, call.end, expected=("three letters in a row",), cures=cures)


def _as_words(call: Call, start: int) -> tuple[tuple[Fix, ...], ...]:
    return ((Fix(start, call.end, " "),),)


def _quoted(text: str) -> str:
    plain_words = words(re.sub(r"\\[a-zA-Z]", " ", text))
    return f'"{spelled(plain_words)}"' if plain_words else ""


def _unclosed(text: str, call: Call) -> Node:
    quoted = _quoted(text)
    cures = [(Fix(call.end, call.end, "/"),)] if len(text) > 1 else []
    cures += [(Fix(call.start, call.end, quoted or " "),)]
    message = "this slash begins a regular expression, and no slash ends it"
    raise Refusal(message, call.start, call.end, expected=("/.../", "/.../i"), cures=tuple(cures))


def _literal(key: str) -> str:
    return key


def _contains(key: str, word: str) -> bool:
    return key in word


FORMS = (PatternForm(name=literals.PART, accepts=_contains, literal=_literal, anywhere=True),)
_BODY = r"/(?:[^/\\]|\\.)+/"
SHAPES = (
    Shape(name="regex", pattern=re.compile(rf"{_BODY}[A-Za-z]*(?=[\s()^]|$)"), read=_regex, rank=3),
    Shape(name="unclosed regex", pattern=re.compile(rf"/[^\s()\"]*|{_BODY}[^\s()]+"), read=_unclosed),
)
