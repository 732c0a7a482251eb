"""Inflected forms.

`~word` is any form of the word: `~deploy` hits deploys, deployed and deployment. `"a b"~` is a phrase of which each
word may be inflected. The forms are those of the rule's language (Snowball stems; for Ukrainian, simplemma's
dictionary).
"""

import re

from rules.errors import Fix, Refusal
from rules.grammar import Call, Shape
from rules.nodes import Node
from rules.operators.words import closed, run_of
from rules.stems import language, languages, stemmer

EXAMPLES = (
    ("~deploy", "Troops were deployed.", True),
    ("~deploy", "The deployments go on.", True),
    ("~deploy", "A ploy.", False),
    ("~deployment", "They deploy tomorrow.", True),
    ('"troop deployment"~', "New troop deployments were announced.", True),
    ('"troop deployment"~', "Deployed were the troops.", False),
)


def _word(text: str, call: Call) -> Node:
    return run_of(text[1:], call, lang=_language(call, Fix(call.start, call.start + 1)))


def _phrase(text: str, call: Call) -> Node:
    return run_of(closed(text[:-1], call), call, lang=_language(call, Fix(call.end - 1, call.end)))


def _language(call: Call, fix: Fix) -> str:
    """The language of the rule. Raises Refusal when it has no stems."""
    lang = language(call.lang)
    if stemmer(lang) is None:
        raise Refusal(
            f"~ does not know the language {call.lang or 'without a name'!r}; it knows {', '.join(languages())}",
            call.start,
            call.end,
            expected=("a word without ~",),
            cures=((fix,),),
        )
    return lang


def _misplaced(text: str, call: Call) -> Node:
    """A ~ before a quote or a parenthesis, after a word, or alone."""
    start, end = call.start, call.end
    if text.startswith('~"'):
        cure, message = (Fix(start, end, text[1:].rstrip("~") + "~"),), "for a phrase, ~ stands after the closing quote"
    elif text.startswith("~("):
        cure, message = (Fix(start, end, "("),), "~ belongs to one word; put it before each word of the group"
    elif text.startswith("~"):
        cure, message = (Fix(start, end, "~" if len(text) > 1 else " "),), "~ stands directly before a word"
    else:
        cure, message = (Fix(start, end, "~" + text.rstrip("~")),), "~ stands before the word, not after it"
    without = (Fix(start, end, text.strip("~")),)
    raise Refusal(message, start, end, expected=("~word", '"a phrase"~'), cures=(cure, without))


SHAPES = (
    Shape(name="inflected word", pattern=re.compile(r'~[^\s()"~*?^{}|]+'), read=_word),
    Shape(name="inflected phrase", pattern=re.compile(r'"[^"]*"~'), read=_phrase),
    Shape(
        name="misplaced ~",
        pattern=re.compile(r'~"[^"]*"~?|~\(|~+\s*(?=[^\s()"~]|$)|~+(?=[\s)])|[^\s()"~*?^{}]+~(?=[\s()"]|$)'),
        read=_misplaced,
        rank=1,
    ),
)
