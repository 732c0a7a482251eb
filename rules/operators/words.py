"""Words and phrases.

`word` is that whole word, never a part of another: `game` does not hit "games". `"a b c"` is that run of words.
Capitals and accents do not count; a hyphen or an apostrophe splits a word, so `e-mail` is the phrase "e mail".
Signs that make another word of a word count: `C++`, `C#`, `.NET`, `AT&T`, `F-16`, `#tag`, `$TSLA`, `9/11`.
An emoji is a word. Letters that are written either way are one: ß and ss, Arabic ى and ي, ة and ه, the forms of alef.
What stands in an address, a mail address or a handle is no hit; `"@nasa"` in quotes is the handle, `url:` asks for the
address of the article. Elided words are none by themselves: `Iran` hits "l'Iran" and "dell'Iran", which `Dell` does
not; `AI` does not hit "j'ai".
In Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese a word or phrase is found inside longer text.
"""

import re
from itertools import pairwise

from rules.errors import Fix, Refusal
from rules.grammar import Call, Shape, grammar
from rules.joined import is_joined
from rules.nodes import Node
from rules.run import Run
from rules.signs import signs_of
from rules.stems import stemmer
from rules.words import fold, is_unspaced, offsets, words

EXAMPLES = (
    ("dating", "The site is updating its rules.", False),
    ("ai", "Training begins today.", False),
    ("cafe", "A CAFÉ in Lviv.", True),
    ('"troop deployment"', "The troop deployment was agreed.", True),
    ('"troop deployment"', "Deployment of a troop.", False),
    ("e-mail", "An E-Mail arrived.", True),
    ("C++", "We look for a C++ developer.", True),
    ("C++", "Vitamin C is good.", False),
    (".NET", "They mended the net.", False),
    ("AT&T", "They look at T-shirts.", False),
    ("F-16", "Section F, 16 pages.", False),
    ("🚨", "🚨 BREAKING", True),
    ("Ukraine", "See https://x.org/ukraine or ask @Ukraine.", False),
    ("Iran", "See x.org/iran-war.", False),
    ("Amazon", "Amazon.com reports.", True),
    ('"@nasa"', "Says @NASA: no.", True),
    ("Iran", "Il petrolio dell'Iran.", True),
    ("Dell", "Il petrolio dell'Iran.", False),
    ("AI", "J'ai faim.", False),
    ("غزة", "وصلت الى غزه اليوم", True),
    ("北京大学", "他在北京\n大学学习。", True),
    ('"北京大学"', "他在北京大学学习。", True),
)

_FIRST_OPERATOR = re.compile(r"\s+(?=(?:AND|OR|NOT|NEAR)\b)")
_OTHER_NEAR = re.compile(r"(?i:w|n|within|near|adj|onear|p|pre)/?(\d+)")
_ODD = re.compile(r"[*?~^{}|]")


def run_of(text: str, call: Call, *, lang: str = "") -> Run:
    """The words of `text` in a row; their stems when `lang` is given. Raises Refusal when there are none."""
    surfaces = tuple(words(text))
    if not surfaces:
        raise Refusal(
            f"there is no word in {_short(text)}",
            call.start,
            call.end,
            expected=("a word", '"a phrase"'),
            cures=((Fix(call.start, call.end, " "),),),
        )
    form = stemmer(lang) if lang else fold
    assert form is not None, f"no stemmer for {lang!r}"
    quoted = len(surfaces) > 1 or surfaces[0] in grammar().names or is_joined(surfaces[0])
    places = offsets(text)
    simple = len(set(places)) == len(places)  # ½ is several words in one place
    signs = signs_of(text, places) if simple else ()
    return Run(tuple(map(form, surfaces)), lang, _glued(surfaces, places), surfaces, quoted, signs)


def _glued(surfaces: tuple[str, ...], places: list[tuple[int, int]]) -> tuple[bool, ...]:
    """Before which words nothing may stand: those of scripts without spaces that were written together."""
    unspaced = [not word.isascii() and is_unspaced(word) for word in surfaces]
    if not any(unspaced):
        return (False,) * len(surfaces)
    touching = [after[0] <= before[1] for before, after in pairwise(places)]
    either = [word or after for word, after in pairwise(unspaced)]
    return (False, *(word and after for word, after in zip(touching, either, strict=True)))


def closed(text: str, call: Call) -> str:
    """The inside of a quoted text. Raises Refusal when the quote is never closed."""
    if len(text) > 1 and text.endswith('"'):
        return text[1:-1]
    early = _FIRST_OPERATOR.search(text)
    ends = [call.start + early.start(), call.end] if early else [call.end]
    raise Refusal(
        "this quote is never closed",
        call.start,
        call.start + 1,
        expected=('"',),
        cures=(*((Fix(at, at, '"'),) for at in ends), (Fix(call.start, call.start + 1, " "),)),
    )


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def _phrase(text: str, call: Call) -> Node:
    return run_of(closed(text, call), call)


def _word(text: str, call: Call) -> Node:
    near = _OTHER_NEAR.fullmatch(text) if "/" in text else None
    if near:
        raise _refuse(call, f"{text} is not an operator here; write NEAR/{near[1]}", f"NEAR/{near[1]}")
    odd = _ODD.search(text)
    if odd:
        at = call.start + odd.start()
        raise Refusal(
            f"{odd[0]} cannot stand here",
            at,
            at + 1,
            expected=("a word", '"a phrase"', *grammar().expected_operator()),
            cures=((Fix(at, at + 1, " OR " if odd[0] == "|" else " "),),),
        )
    return run_of(text, call)


def _single_quotes(text: str, call: Call) -> Node:
    inside = text[1:-1] if text[-1] == "'" else text[1:]
    meant = f'"{inside}"' if " " in inside else inside
    raise _refuse(call, "phrases stand in double quotes, words without any", meant or " ", '"')


def _refuse(call: Call, message: str, text: str, expected: str = "") -> Refusal:
    cure = (Fix(call.start, call.end, text),)
    return Refusal(message, call.start, call.end, expected=(expected or text,), cures=(cure,))


_SINGLE_QUOTES = re.compile(r"'(?:[^'\"()]*'(?=[\s()]|$)|[^\s()\"]*)")
SHAPES = (
    Shape(name="phrase", pattern=re.compile(r'"[^"]*"?'), read=_phrase),
    Shape(name="single quotes", pattern=_SINGLE_QUOTES, read=_single_quotes, rank=1),
    Shape(name="word", pattern=re.compile(r'[^\s()"]+'), read=_word, rank=0),
)
