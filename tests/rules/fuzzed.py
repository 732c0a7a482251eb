"""Rule texts as nobody should write them: from the grammar, mutilated, nested, and from all of Unicode; from a seed."""

import random
from collections.abc import Callable, Iterator

_PIECES = """
troops Ukraine AND OR NOT NEAR NEAR/5 NEAR/101 NEAR/ NEAR/x PRE/3 SENT PARA ATLEAST/2 FIRST/9 ( ) ( ) " " - -- ~ ~~ *
? ^ / // @ { } [ ] : title: titel: min:2 of , ; & && | || ! + ' “ ” „ « » ’ &amp; &lt; &gt; &quot; <https://x.org|x>
<http://y> <@U1> （ ） ＡＮＤ ＂ 北京 ทหาร é ﬁ ½ İ й ё 🙂 and or not near/3 word~ word~1 deploy* wom?n {NATO} /re/i
@list word^ words>200 new:only site:un.org AND/OR w/5 'single quotes' lead: lang:uk age<6h sources>=2/30m country: NOT
NEAR/3 /tro+ps/ /(a|b)*c/ /[/ /\\bвойна\\b/i min:9 ~ "a b"~ Zelensky~2 deploy*^ FIRST/x ATLEAST/0 author:
"""
PIECES = _PIECES.split()
ODD = ["\u200b", "\u200d", "\ufeff", "\ud800", "\x00", "\n", "\t", "\u3000", "\u202e", "\u0301"]
_TERMS = ("troops", '"peace deal"', "~deploy", "deploy*", "{NATO}", "Kyiv~1", "/miss[ie]les?/i", "война", "北京", "x^")
_JOINS = (" AND ", " OR ", " NOT ", " ", " NEAR/3 ", " PRE/2 ", " SENT ", " PARA ", " NOT NEAR/9 ", " NOT SENT ")
_HEADS = (*[""] * 12, "NOT ", "-", "title:", "lead:", "FIRST/20 ", "ATLEAST/2 ", "site:", "min:2 of ", "~")


def fuzzed(seed: int, count: int) -> Iterator[str]:
    """`count` texts, the same for the same seed."""
    draw = random.Random(seed)
    makers: tuple[Callable[[random.Random], str], ...] = (_pieces, _grammar, _mutilated, _unicode, _nested)
    for maker in draw.choices(makers, weights=(40, 15, 25, 17, 3), k=count):
        yield maker(draw)


def _pieces(draw: random.Random) -> str:
    return draw.choice(("", " ", " ")).join(draw.choices([*PIECES, *ODD], k=draw.randint(0, 25)))


def _grammar(draw: random.Random, level: int = 2) -> str:
    """Mostly a rule that reads."""
    if level == 0 or draw.random() < 0.25:
        return draw.choice(_HEADS) + draw.choice(_TERMS)
    parts = [_grammar(draw, level - 1) for _ in range(draw.randint(2, 3))]
    joined = draw.choice(_JOINS).join(parts)
    return f"{draw.choice(_HEADS)}({joined})" if draw.random() < 0.6 else joined


def _mutilated(draw: random.Random) -> str:
    """A rule with characters lost, doubled, swapped or put in."""
    text = list(_grammar(draw))
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(text) + 1)
        put = (draw.choice(PIECES), draw.choice(ODD), "", '"', "(", ")", " ")
        text[at : at + draw.randint(0, 2)] = draw.choice(put)
    return "".join(text)


def _unicode(draw: random.Random) -> str:
    highest = draw.choice((0x7F, 0x500, 0xFFFF, 0x10FFFF))
    return "".join(chr(draw.randint(0, highest)) for _ in range(draw.randint(0, 120)))


def _nested(draw: random.Random) -> str:
    """Deep, long, or both; sometimes balanced."""
    depth = draw.choice((5, 50, 500, 3000))
    opened, inner = draw.choice(("(", "NOT (", "a AND (", "min:1 of (", "title:(", '"', "-(")), draw.choice(_TERMS)
    text = opened * depth + inner + ")" * draw.choice((0, depth, depth - 1, depth + 1))
    return text + draw.choice(("", " AND ", f" NEAR/{draw.randint(0, 10**6)} b")) * draw.choice((1, 100))
