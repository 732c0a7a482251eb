"""Where SQLite FTS5 has the same operator, it finds the same documents, to the last id, on real text.

The texts are those that every machine with Python has, its language reference, with our own documentation and sample
articles. FTS5's `unicode61` splits ASCII words as we do, so the rules ask for those; its NEAR counts the words between
two words as ours does. What it lacks (inflection, order, sentences ...) or does otherwise (one token for a run of Han
characters, words within addresses, ß for itself alone) is not asked.
"""

import random
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from pydoc_data import topics
from typing import NamedTuple

import pytest

from rules import Document, RuleSet, parse
from rules.joined import joined
from rules.words import fold, is_unspaced, words

ROOT = Path(__file__).parents[2]
QUERIES = 240
LEAST_PAIRS = 10_000
_ASCII = re.compile(r"[a-z]{2,14}")


class Query(NamedTuple):
    """One question in both languages."""

    ours: str
    theirs: str


@cache
def texts() -> list[Document]:
    """About a thousand pieces of 40 words and more, each with a title."""
    sources = [*sorted((ROOT / "seeds").rglob("*.*")), *sorted((ROOT / "docs").glob("*.md"))]
    whole = {path.name: path.read_text(encoding="utf-8") for path in sources} | topics.topics
    pieces: list[Document] = []
    for name, text in whole.items():
        for number, piece in enumerate(re.split(r"\n\s*\n(?=\S)", _without_addresses(text))):
            row = words(piece)
            if len(row) >= 40 and not any(is_unspaced(word) or _is_spelled_out(word) for word in row):
                pieces.append(Document(id=f"{name} {number}", title=" ".join(row[:6]), body=piece))
    return pieces


def _without_addresses(text: str) -> str:
    for address in reversed(joined(text)):
        text = f"{text[: address.start]} {text[address.end :]}"
    return text


def _is_spelled_out(word: str) -> bool:
    """Whether we find it under ASCII letters of which it has others (ß is ss, ø is o), which FTS5 does not."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char))
    return fold(word).isascii() and fold(word) != plain


@cache
def table() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table texts using fts5(title, body, tokenize = 'unicode61 remove_diacritics 2')")
    rows = [(number, text.title, text.body) for number, text in enumerate(texts())]
    base.executemany("insert into texts (rowid, title, body) values (?, ?, ?)", rows)
    return base


# --------------------------------------------------------------------------------------------------------- the queries


def queries(seed: int) -> Iterator[Query]:
    """Of words that stand in the texts, common ones as well as rare ones; the same for the same seed."""
    draw = random.Random(seed)
    makers: list[Callable[[random.Random], Query]] = [_word, _phrase, _prefix, _both, _either, _without, _near, _group]
    while True:
        yield draw.choice(makers)(draw)


def _row(draw: random.Random) -> list[str]:
    """Folded words in a row as they stand in one text, all of them ASCII."""
    while True:
        row = [fold(word) for word in words(draw.choice(texts()).body)]
        start = draw.randrange(len(row) - 3)
        run = row[start : start + 3]
        if all(_ASCII.fullmatch(word) and word not in ("and", "or", "not", "of") for word in run):
            return run


def _word(draw: random.Random) -> Query:
    word = _row(draw)[0]
    return Query(word, f'"{word}"')


def _phrase(draw: random.Random) -> Query:
    text = " ".join(_row(draw)[: draw.choice((2, 3))])
    return Query(f'"{text}"', f'"{text}"')


def _prefix(draw: random.Random) -> Query:
    start = max(_row(draw), key=len)[: draw.choice((3, 4, 5))].ljust(3, "e")
    return Query(f"{start}*", f'"{start}" *')


def _both(draw: random.Random) -> Query:
    first, second = _simple(draw), _simple(draw)
    return Query(f"{first.ours} AND {second.ours}", f"{first.theirs} AND {second.theirs}")


def _either(draw: random.Random) -> Query:
    first, second = _simple(draw), _simple(draw)
    return Query(f"{first.ours} OR {second.ours}", f"{first.theirs} OR {second.theirs}")


def _without(draw: random.Random) -> Query:
    first, second = _simple(draw), _simple(draw)
    return Query(f"{first.ours} NOT {second.ours}", f"{first.theirs} NOT {second.theirs}")


def _near(draw: random.Random) -> Query:
    first, second = _row(draw)[0], _row(draw)[0]
    while second == first:
        second = _row(draw)[0]
    most = draw.choice((0, 1, 3, 10, 40))
    return Query(f"{first} NEAR/{most} {second}", f'NEAR("{first}" "{second}", {most})')


def _group(draw: random.Random) -> Query:
    """Parts of parts, in parentheses."""
    first, second = (draw.choice((_both, _either, _without, _near, _phrase))(draw) for _ in range(2))
    name = draw.choice(("AND", "OR", "NOT"))
    return Query(f"({first.ours}) {name} ({second.ours})", f"({first.theirs}) {name} ({second.theirs})")


def _simple(draw: random.Random) -> Query:
    return draw.choice((_word, _word, _phrase, _prefix))(draw)


# ----------------------------------------------------------------------------------------------------------- the tests


def test_the_same_documents_are_found() -> None:
    asked = dict(zip(range(QUERIES), queries(7), strict=False))
    engine = RuleSet()
    engine.add_many((str(number), query.ours) for number, query in asked.items())
    ours: dict[int, set[int]] = {number: set() for number in asked}
    for place, rule_id, _ in engine.match_batch(texts()):
        ours[int(rule_id)].add(place)
    wrong, pairs = [], 0
    for number, query in asked.items():
        rows = table().execute("select rowid from texts where texts match ?", (query.theirs,))
        theirs = {place for (place,) in rows}
        pairs += len(texts())
        if theirs != ours[number]:
            wrong.append((query, sorted(theirs - ours[number])[:3], sorted(ours[number] - theirs)[:3]))
    assert wrong == []
    assert pairs >= 10 * LEAST_PAIRS
    assert sum(map(len, ours.values())) >= LEAST_PAIRS // 2  # and not because nothing was found


@pytest.mark.parametrize("maker", [_word, _prefix])
def test_each_word_is_hit_as_often(maker: Callable[[random.Random], Query]) -> None:
    draw = random.Random(11)
    for query in (maker(draw) for _ in range(25)):
        rule = parse(query.ours)
        marked = "highlight(texts, 0, '\x01', '') || highlight(texts, 1, '\x01', '')"
        sql = f"select rowid, {marked} from texts where texts match ?"
        for place, text in table().execute(sql, (query.theirs,)):
            assert len(rule.spans(texts()[place]) or ()) == text.count("\x01"), (query, texts()[place].id)
