"""Made-up news for the benchmarks: texts whose words are as unevenly spread as those of real news, and rules for them.

Words: 240 of English at the top, then 200,000 made of syllables, some with accents, many inflected; their frequencies
fall as 1/rank**1.4 (Zipf). An article has a topic whose names come again and again, and one to three words that no
other article has. So 4,000 articles have some 46,000 different words, and the next article brings some six new ones,
as the Reuters news of RCV1 do (Manning, Raghavan and Schütze, Introduction to Information Retrieval, 5.1: 44 * T**0.49
words in T tokens). Everything comes from one seed.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from rules import Document, RuleError, parse

WORDS = 400  # of an article's body
_VOCABULARY = 200_000
_TOPICS, _NAMES = 500, 24
_EXPONENT = 1.4
_RARE = 1400  # rank from which on a word is rare
_TEXT = """
the of and to a in is was for on that with as it by at from be his an are has he have were said not this had but they
who its which will or been their would more one about also after she up new when all can two out over into other year
people than first could there last her no time years some government president if state we what million so against her
only minister most before police three world him city years them may while country told under made during many now
percent news even such then between officials war security group where including any told party through those how like
company week should being because early women still man under since day just report four between three news second high
since military home work public life part market several attack say official week number court number each off members
make law month national area according school another house long both office north south west east power end big plan
top leader case former members change team help support own down until local peace trade troops border talks deal
"""
_ENDINGS = ("", "", "", "", "s", "ed", "ing", "er", "ment")
_SYLLABLES = [first + vowel for first in [*"bcdfghklmnprstvwz", "br", "gr", "kr", "st"] for vowel in "aeiou"]


@lru_cache(maxsize=1)
def vocabulary() -> list[str]:
    """All words, the most frequent first."""
    draw = np.random.default_rng(11)
    found = dict.fromkeys(_TEXT.split())
    while len(found) < _VOCABULARY:
        size = int(draw.integers(2, 5))
        stem = "".join(_SYLLABLES[at] for at in draw.integers(0, len(_SYLLABLES), size))
        if draw.random() < 0.02:
            stem = stem.replace("e", "é", 1).replace("o", "ö", 1)
        found[stem + _ENDINGS[int(draw.integers(0, len(_ENDINGS)))]] = None
    return list(found)


@lru_cache(maxsize=1)
def _shares() -> np.ndarray:
    shares = 1 / np.arange(1, _VOCABULARY + 1) ** _EXPONENT
    return np.cumsum(shares / shares.sum())


def articles(count: int, seed: int) -> list[Document]:
    """Articles; those of another seed share topics and words, but no text."""
    draw = np.random.default_rng(seed)
    words = vocabulary()
    return [_article(draw, words, f"{seed}-{number}", f"{seed}q{number}") for number in range(count)]


def _article(draw: np.random.Generator, words: list[str], article_id: str, mark: str) -> Document:
    size = WORDS + 10
    ranks = np.searchsorted(_shares(), draw.random(size)).clip(0, _VOCABULARY - 1)
    topic = int(draw.integers(0, _TOPICS))
    names = np.random.default_rng(topic).integers(3000, _VOCABULARY, _NAMES)
    places = draw.integers(0, size, size // 10)
    ranks[places] = names[np.minimum(draw.zipf(1.6, len(places)), _NAMES) - 1]
    text = [words[rank] for rank in ranks.tolist()]
    for at in places.tolist():
        text[at] = text[at].capitalize()
    for number, at in enumerate(draw.integers(10, size, int(draw.integers(1, 4))).tolist()):
        text[at] = f"X{mark}n{number}".replace("-", "")
    title = " ".join(text[:10]).capitalize()
    url = f"https://news{topic % 40}.example.org/{article_id}"
    return Document(id=article_id, title=title, body=_body(draw, text[10:]), url=url)


def _body(draw: np.random.Generator, words: list[str]) -> str:
    """Sentences of 8 to 24 words, paragraphs of two to four sentences."""
    pieces, at = [], 0
    until_paragraph = 3
    while at < len(words):
        size = int(draw.integers(8, 25))
        sentence = words[at : at + size]
        at += size
        sentence[0] = sentence[0].capitalize()
        if len(sentence) > 10 and size % 3 == 0:
            sentence[4] += ","
            sentence[7] = f"“{sentence[7]}”"
        until_paragraph -= 1
        pieces.append(" ".join(sentence) + ("." if until_paragraph else ".\n\n"))
        until_paragraph = until_paragraph or int(draw.integers(2, 5))
    return " ".join(pieces).replace("\n\n ", "\n\n").strip()


# Share in a thousand and pattern; r0 r1 r2 are rare words, w0 w1 w2 words of any frequency, n a small number.
_SHAPES = (
    (250, "{r0}"), (220, '"{w0} {w1}"'), (150, "{r0} AND {w0}"), (80, "{r0} AND ({w0} OR {w1})"), (60, "{r0} NOT {w0}"),
    (80, "{r0} NEAR/{n} {w0}"), (50, "~{r0}"), (30, "{start}*"), (10, "{r0} PRE/{n} {w0}"), (10, "{r0} SENT {w0}"),
    (5, "{r0} PARA {w0}"), (5, "{r0} NOT NEAR/{n} {w0}"), (5, "ATLEAST/2 {r0}"), (5, "FIRST/50 {r0}"),
    (10, "title:{r0}"), (5, "lead:{r0}"), (10, "{{{name}}}"), (5, "{long}~1"), (3, "site:news7.example.org {r0}"),
    (2, "lang:uk {r0}"), (5, "min:2 of ({r0}, {r1}, {w0})"), (1, "/{long}(?:s|ed)?/i"), (4, "{r0}^ AND {w0}"),
)  # fmt: skip


def rules(count: int, seed: int = 5) -> Iterator[str]:
    """Rules of the whole language, most of them about rare names; an article matches about 3 in 10,000."""
    draw = np.random.default_rng(seed)
    words = [word for word in vocabulary() if word.isascii() or len(word) > 6]
    shares = np.array([share for share, _ in _SHAPES], float)
    for start in range(0, count, 10_000):
        many = min(10_000, count - start)
        shapes = draw.choice(len(_SHAPES), many, p=shares / shares.sum()).tolist()
        rare = np.exp(draw.uniform(np.log(_RARE), np.log(len(words)), (many, 3))).astype(int).tolist()
        common = np.exp(draw.uniform(np.log(150), np.log(len(words)), (many, 2))).astype(int).tolist()
        numbers = draw.integers(1, 16, many).tolist()
        for shape, rares, others, number in zip(shapes, rare, common, numbers, strict=True):
            yield _written(_SHAPES[shape][1], [words[at] for at in rares], [words[at] for at in others], number)


def _written(shape: str, rare: list[str], others: list[str], number: int) -> str:
    long = max(rare, key=len)
    named = {"r0": rare[0], "r1": rare[1], "w0": others[0], "w1": others[1], "n": number, "long": long}
    return shape.format(**named, start=long[:7], name=rare[0].capitalize())


def unreadable() -> list[str]:
    """The patterns that do not parse; none, unless the language and this list have come apart."""
    found = []
    for _, shape in _SHAPES:
        try:
            parse(_written(shape, ["alphabet", "betagamma", "gammadelta"], ["war", "peace"], 3))
        except RuleError as error:
            found.append(f"{shape}: {error.message}")
    return found
