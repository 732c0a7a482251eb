"""The fast story grouping places every document as the slow, obvious one does."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.grouper import Grouper
from bot.core.stories.words import norms, words
from rules.document import Document
from tests.bot.newsdesk import BODY, EDITS, NOW, Draw, doc, notices, seed_documents, stream
from tests.bot.slow_stories import SlowGrouper

HEADLINES = ("Lighthouse on Gull Point to be rebuilt", "UPDATE 1 - Board agrees", "Storm warning for Kiel", "")
EXTRA = ("", " No cameras.", "\n\nReporting by the Nordwire desk", " It cost 3.1 million.", " Seal Point is next.")


def assert_agree(stream: Sequence[tuple[Document, timedelta]], *, capacity: int = 100_000, batches: int = 1) -> None:
    """Both groupers place all documents alike, the fast one in batches of those that arrive together."""
    slow, fast = SlowGrouper(capacity=capacity), Grouper(capacity=capacity)
    for start in range(0, len(stream), batches):
        part = stream[start : start + batches]
        at = NOW + part[0][1]
        expected = [slow.place(document, at) for document, _ in part]
        assert fast.place_all([document for document, _ in part], at) == expected
        assert len(fast) == len(slow)


def edited(seed: int, rounds: int) -> list[Document]:
    """Seeds and notices, each followed at some time by edited copies at the same address or elsewhere."""
    draw, made = Draw(seed), []
    originals = [*seed_documents(), *notices(60, seed), doc("lighthouse", url="https://coast.example/1")]
    for number in range(rounds):
        original = draw.choice(originals)
        body = original.body
        for edit in draw.sample(EDITS, draw.randrange(0, 3)):
            if any(len(word) > 6 and word.isalpha() for word in body.split(" ")):
                body = edit(body, draw)
        title = draw.choice(("{}", "UPDATE 1 - {}", "Nordwire: {}", "Eilmeldung: {}")).format(original.title)
        made.append(
            doc(
                f"{number}",
                body[: draw.choice((120, 400, 10_000))],
                title,
                site=draw.choice(("a.example", "b.example", "Nordwire", "")),
                url=draw.choice(("", original.url, f"https://a.example/{original.id}", f"https://b.example/{number}")),
                lang=draw.choice(("", original.lang)),
            )
        )
    return made


@pytest.mark.parametrize("batches", [1, 20])
def test_seeds_copies_and_notices(batches: int) -> None:
    documents = [*stream(), *notices(210, 4), *edited(5, 300)]
    assert_agree([(each, timedelta(minutes=number)) for number, each in enumerate(documents)], batches=batches)


@pytest.mark.parametrize("batches", [1, 700])
def test_more_than_a_tail_and_more_than_a_window(batches: int) -> None:
    documents = edited(9, 1_500)
    assert_agree([(each, timedelta(minutes=5 * number)) for number, each in enumerate(documents)], batches=batches)


def test_more_alike_than_are_looked_at() -> None:
    documents = [*notices(1_200, 8)]
    assert_agree([(each, timedelta(seconds=number)) for number, each in enumerate(documents)], batches=50)


def test_small_capacity() -> None:
    documents = edited(2, 300)
    assert_agree([(each, timedelta(minutes=number)) for number, each in enumerate(documents)], capacity=30)


texts = st.builds(
    lambda start, more, end: " ".join(BODY.split(" ")[start : start + more]) + end,
    st.integers(0, 30),
    st.sampled_from([3, 20, 24, 26, 60, 200]),
    st.sampled_from(EXTRA),
)
documents = st.builds(
    Document,
    id=st.integers(0, 12).map(str),
    title=st.sampled_from(HEADLINES),
    body=texts,
    url=st.sampled_from(["", "https://a.example/1", "https://a.example/2?utm_source=x", "https://b.example/"]),
    site=st.sampled_from(["", "a.example", "Storm"]),
    lang=st.sampled_from(["", "en", "de-DE"]),
    published_at=st.sampled_from([None, NOW, NOW - timedelta(days=4)]),
)
minutes = st.sampled_from([0, 1, 13 * 60, 2 * 24 * 60, 4 * 24 * 60]).map(lambda number: timedelta(minutes=number))


streams = st.lists(st.tuples(documents, minutes), min_size=2, max_size=25)


@given(streams, st.sampled_from([1, 3]), st.sampled_from([4, 99]))
@settings(max_examples=300, deadline=None)
def test_made_streams(stream: list[tuple[Document, timedelta]], batches: int, capacity: int) -> None:
    assert_agree(stream, batches=batches, capacity=capacity)


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_text(texts: list[tuple[str, str, str]]) -> None:
    made = [doc(str(n), body * 20, title, url=url, site=title) for n, (title, body, url) in enumerate(texts)]
    assert_agree([(each, timedelta()) for each in made * 2], batches=2)


ODD = "ſK'’.-,_()0123Ⅷ２ªßİıΣς漢字ไทยაბВй\u0301\u0345\u037a\u2028\x1c\x85\ud800\u1e9e U.S.A. '"


@given(st.one_of(st.text(), st.text(alphabet=ODD), st.lists(st.sampled_from(BODY.split())).map(" ".join)))
@settings(max_examples=500)
def test_norms_are_those_of_the_words(text: str) -> None:
    assert norms(text) == [word.norm for word in words(text)]
    assert norms(text.lower()) == [word.norm for word in words(text.lower())]
