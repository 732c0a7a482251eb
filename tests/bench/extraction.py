"""How well and how fast articles are taken out of pages: `python -m tests.bench.extraction`.

Pages in our own words, in the shapes that news sites have, each with the sentences that are its article. Told are the
F1 of the words found, for what is archived after a match (the thorough look), for what is archived otherwise, and for
trafilatura alone; and the processor time of a page that matches nothing beside trafilatura's.
"""

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from statistics import mean
from typing import NamedTuple

from bot.reading.text.extract import glimpse, main_text

PAGES, SHARE = 120, 1 / 8
_WORD = re.compile(r"\w+")
_SUBJECTS = "The harbour board|A spokeswoman|The ferry company|Two witnesses|The regional court|Engineers|The mayor"
_VERBS = "said|announced|denied|confirmed|wrote in a letter|told the council|explained|warned"
_REST = (
    "that the northern pier stays closed until the end of the month|that twelve people were treated for bruises"
    "|that nobody had checked the bolts since the spring|that fog came up within minutes and hid the lights"
    "|that the second ship leaves on Tuesday at half past six|that repairs will cost about four million"
    "|that passengers get their money back within two weeks|that the wind was weaker than forecast"
    "|that a first report is expected before the holidays|that the island has supplies for nine days"
)
_BOX = "Subscribe to our newsletter|Most read this week|Share this story|Follow us|Advertisement|More from this section"
_TEASER = "Goats graze on the motorway|Five soups for cold days|How the choir got its name|A museum for door handles"
_MENU = "Home|Politics|Business|Sport|Weather|Culture|Opinion|Podcasts|Archive|Jobs|Log in"


class Page(NamedTuple):
    """HTML and the text that is its article."""

    html: bytes
    article: str


def pages() -> list[Page]:
    """The same ones each time."""
    return [_page(random.Random(number), number % len(_SHAPES)) for number in range(PAGES)]


def _sentence(dice: random.Random) -> str:
    parts = (dice.choice(part.split("|")) for part in (_SUBJECTS, _VERBS, _REST))
    return " ".join(parts) + "."


def _page(dice: random.Random, shape: int) -> Page:
    title = _sentence(dice)[:-1]
    paragraphs = [" ".join(_sentence(dice) for _ in range(dice.randint(1, 4))) for _ in range(dice.randint(4, 18))]
    menu = "".join(f"<li><a href='/{one}'>{one}</a></li>" for one in _MENU.split("|"))
    teasers = "".join(f"<li><a href='/t'>{one}</a></li>" for one in dice.sample(_TEASER.split("|"), 3))
    box = f"<div class='box'><h3>{dice.choice(_BOX.split('|'))}</h3><ul>{teasers}</ul></div>"
    comments = "".join(f"<div class='comment'><b>user{n}</b><p>I knew it all along!</p></div>" for n in range(4))
    extra = "<style>p{margin:0}</style><script>var a='p';</script>"
    head = f"<head><title>{title} - Harbour Times</title>{extra}</head>"
    inside = _SHAPES[shape](title, paragraphs, box)
    body = (
        f"<header><nav><ul>{menu}</ul></nav></header>{inside}<section id='comments'>{comments}</section>"
        f"<footer><p>Imprint. All rights reserved. Privacy settings.</p><ul>{menu}</ul></footer>"
    )
    return Page(f"<!doctype html><html lang='en'>{head}<body>{body}</body></html>".encode(), "\n".join(paragraphs))


def _semantic(title: str, paragraphs: list[str], box: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<main><article><h1>{title}</h1>{text}</article><aside>{box}</aside></main>"


def _divs(title: str, paragraphs: list[str], box: str) -> str:
    text = "".join(f"<div class='par'>{one}</div>" for one in paragraphs)
    return f"<div id='content'><div class='story-body'><h2>{title}</h2>{text}</div><div class='right'>{box}</div></div>"


def _broken_up(title: str, paragraphs: list[str], box: str) -> str:
    middle = len(paragraphs) // 2
    text = "".join(f"<p>{one}</p>" for one in paragraphs[:middle])
    rest = "".join(f"<p>{one}</p>" for one in paragraphs[middle:])
    return f"<article class='post'><h1>{title}</h1>{text}{box}{rest}</article>"


def _breaks(title: str, paragraphs: list[str], box: str) -> str:
    text = "<br><br>".join(paragraphs)
    return f"<div class='wrap'><h1>{title}</h1><div class='entry-content'>{text}</div>{box}</div>"


def _table(title: str, paragraphs: list[str], box: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<table><tr><td>{box}</td><td><h1>{title}</h1>{text}</td></tr></table>"


_SHAPES = (_semantic, _divs, _broken_up, _breaks, _table)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def f1(found: str, wanted: str) -> float:
    """Of the words, as bags."""
    one, other = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(wanted.lower()))
    both = (one & other).total()
    return 2 * both / max(one.total() + other.total(), 1)


def _alone(html: bytes) -> str:
    import trafilatura

    found = trafilatura.bare_extraction(html.decode(), with_metadata=True, include_comments=False)
    return getattr(found, "text", "") or ""


def _timed(work: Callable[[bytes], object], some: list[Page]) -> float:
    """Milliseconds of processor time for a page."""
    work(some[0].html)
    start = time.process_time()
    for page in some:
        work(page.html)
    return (time.process_time() - start) / len(some) * 1000


def main() -> int:
    """1 when a goal is missed."""
    some = pages()
    scores = {
        "archived after a match": mean(f1(main_text(page.html, "").text, page.article) for page in some),
        "archived otherwise": mean(f1(glimpse(page.html, "").article.text, page.article) for page in some),
        "trafilatura alone": mean(f1(_alone(page.html), page.article) for page in some),
    }
    for name, score in scores.items():
        print(f"{name:24} F1 {score:.3f}")
    lost = sum(bool(_words(page.article) - _words(glimpse(page.html, "").whole)) for page in some)
    print(f"pages of which the first look misses a word of the article: {lost} of {len(some)}")
    quick, slow = _timed(lambda html: glimpse(html, ""), some), _timed(_alone, some)
    share = f"{quick / slow:.3f} of trafilatura's {slow:.1f} ms (aim {SHARE})"
    print(f"a page that matches nothing: {quick:.2f} ms, {share}")
    good = scores["archived after a match"] >= scores["trafilatura alone"] and not lost
    return 0 if good and quick / slow <= SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
