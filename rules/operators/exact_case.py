"""Exact case.

`{NATO}` is the word exactly as written, capitals and accents included: `{IT}` never hits "it", `{Maß}` never "MASS".
Braces take several words as well: `{US Army}` is that run of words. As everywhere a hyphen or an apostrophe splits a
word, so that `{Il-Mio}` hits "Il Mio" too, and Chinese, Japanese, Korean or Thai text is found inside longer text.
"""

import re
import unicodedata
from collections.abc import Sequence

from rules.errors import Fix, Refusal
from rules.forms import KeyForm
from rules.grammar import Call, Shape
from rules.nodes import Node
from rules.operators.words import run_of
from rules.run import WRITTEN, Run
from rules.words import LONGEST_CACHED, by_ascii, cached

EXAMPLES = (
    ("{IT}", "The IT department.", True),
    ("{IT}", "They found it.", False),
    ("{US Army}", "the US Army said", True),
    ("{US Army}", "the us army said", False),
    ("{Polish} NEAR/2 ~shoe", "Polish shoes are sold.", True),
    ("{Polish} NEAR/2 ~shoe", "He began to polish his shoes.", False),
    ("{résumé}", "They resume talks.", False),
)
_UNSEEN = re.compile("[\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff]")


@cached
def _as_written(word: str) -> str:
    """In Unicode's normal form, without the characters that nobody sees."""
    if word.isascii() or len(word) > LONGEST_CACHED:  # nobody names a longer one, and floods of marks are slow to sort
        return word
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", word)) or word


def _all_as_written(words: Sequence[str]) -> list[str]:
    return by_ascii(words, list, _as_written)


def _exact(text: str, call: Call) -> Node:
    inside = text[1:]
    if not inside.endswith("}"):
        cures = ((Fix(call.end, call.end, "}"),), (Fix(call.start, call.start + 1),))
        raise Refusal("this brace is never closed", call.start, call.start + 1, expected=("}",), cures=cures)
    run = run_of(inside[:-1], call)
    return Run(tuple(map(_as_written, run.shown)), WRITTEN, run.glued, run.shown, signs=run.signs)


def _stray(text: str, call: Call) -> Node:
    message = "this closing brace has no opening one"
    raise Refusal(message, call.start, call.end, expected=("{WORD}",), cures=((Fix(call.start, call.end, " "),),))


FORMS = (KeyForm(name=WRITTEN, key=_as_written, all_keys=_all_as_written),)
SHAPES = (
    Shape(name="case", pattern=re.compile(r"\{[^{}]*\}|\{[^\s(){}\"]*"), read=_exact),
    Shape(name="stray brace", pattern=re.compile(r"\}+"), read=_stray),
)
