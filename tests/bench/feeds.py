"""How the feed parser stands beside feedparser: `python -m tests.bench.feeds [feedparser's tests folder]`.

Speed: clean feeds of 50 entries, in this project's words, read by both in the same run. With the folder `tests` of
feedparser's source package (from PyPI; not part of this project): on its well-formed feeds the number of entries has to
be feedparser's, and with damage added never smaller. An entry of which neither title nor text is left is none to us, so
it is not counted on either side.
"""

import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from bot.errors import UserError
from bot.reading.feeds.parse import parse_feed
from bot.reading.text.htmltext import plain_line

NOW = datetime(2026, 3, 2, tzinfo=UTC)
# The aim is that of a compiled parser; the least is what a busy machine still shows (8 to 16 measured).
AIM, LEAST_SPEED, LEAST_EQUAL = 50, 5, 0.995
ENTRIES, REPEATS = 50, 5
MOST, BUDGET, LENIENT = 5_000, 1.0, 3  # seconds of processor time; a busy machine takes up to three times as long
PARAGRAPH = "<p>Engineers closed the <b>third span</b> of the bridge on Monday &amp; traffic went by ferry.</p>"


def main() -> int:
    """1 when a goal is missed."""
    warnings.simplefilter("ignore")  # feedparser's own deprecations
    missed = [speed(name, body) for name, body in clean().items()]
    missed += [budget(name, body) for name, body in large().items()]
    if len(sys.argv) > 1:
        samples = sorted((Path(sys.argv[1]) / "wellformed").rglob("*.xml"))
        missed += [equal(samples), damaged(samples)]
    return 1 if any(missed) else 0


def clean() -> dict[str, bytes]:
    """Feeds as large sites have them: summaries in RSS, whole articles in Atom."""
    day = "Mon, 02 Mar 2026 08:{:02}:00 GMT"
    rss = "".join(
        f"<item><title>Bridge report {number}</title><link>https://news.example/{number}</link>"
        f"<guid isPermaLink='false'>n{number}</guid><pubDate>{day.format(number)}</pubDate>"
        f"<description><![CDATA[{PARAGRAPH}]]></description><category>Traffic</category></item>"
        for number in range(ENTRIES)
    )
    atom = "".join(
        f"<entry><title>Bridge report {number}</title><link href='https://news.example/{number}'/>"
        f"<id>tag:news.example,2026:{number}</id><updated>2026-03-02T08:{number:02}:00Z</updated>"
        f"<content type='html'>{PARAGRAPH.replace('&', '&amp;').replace('<', '&lt;') * 12}</content></entry>"
        for number in range(ENTRIES)
    )
    return {
        "RSS, summaries": f"<rss version='2.0'><channel><title>News</title>{rss}</channel></rss>".encode(),
        "Atom, articles": f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{atom}</feed>".encode(),
    }


def large() -> dict[str, bytes]:
    """Feeds of MOST entries of the kinds that cost the most: odd dates, two texts, markup unescaped, broken XML."""
    words, french = (
        "<description>" + PARAGRAPH.replace("<", "&lt;") + "</description>",
        "{:02} nov. 2026 {:02}:{:02}:00",
    )
    fields = {
        "no dates, but guids": words,
        "dates in French": words + "<pubDate>dim., {date} +0100</pubDate>",
        "dates that are none": words + "<pubDate>on day {number} of the fair</pubDate>",
        "summary and article": "<description>Number {number}, in short.</description><body>"
        + PARAGRAPH * 12
        + "</body>",
        "markup unescaped": "<description>" + PARAGRAPH * 3 + "</description>",
        "end tags missing": "<description><p>Number {number} <br> sank</description>",
        "no end tags at all": "<description>Number {number} sank",
    }
    return {
        name: "<rss version='2.0'><channel><title>News</title>{}</channel></rss>".format(
            "".join(
                "<item><title>Report</title><guid isPermaLink='false'>tag:news.example,2026-03-02:{number}</guid>"
                "{text}</item>".format(
                    number=number,
                    text=text.format(
                        number=number, date=french.format(1 + number // 1440 % 28, number // 60 % 24, number % 60)
                    ),
                )
                for number in range(MOST)
            )
        ).encode()
        for name, text in fields.items()
    }


def budget(name: str, body: bytes) -> bool:
    """One line; whether a feed of MOST entries takes more than its second."""
    seconds = timed(lambda: ours_of(body), 2)
    print(f"{name:20} {MOST:,} entries, {len(body) / 1e6:4.1f} MB: {seconds:5.2f} s (aim {BUDGET:.0f})")
    return seconds > BUDGET * LENIENT


def speed(name: str, body: bytes) -> bool:
    """One line; whether the goal is missed."""
    ours, theirs = timed(lambda: ours_of(body), REPEATS * 10), timed(lambda: theirs_of(body), REPEATS)
    print(f"{name:16} {len(body) / 1000:5.0f} kB: {ours * 1000:6.2f} ms, feedparser {theirs * 1000:7.1f} ms", end="")
    print(f", {theirs / ours:.0f} times faster (aim {AIM})")
    return theirs / ours < LEAST_SPEED


def timed(work: Callable[[], object], repeats: int) -> float:
    """The quickest of several, in seconds of processor time."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def ours_of(body: bytes) -> int:
    """How many entries."""
    try:
        return len(parse_feed(body, "", "https://base.example/feed", NOW).entries)
    except UserError:
        return 0


def theirs_of(body: bytes) -> int:
    """How many entries with a title or a text."""
    try:
        entries = feedparser.parse(body).entries
    except Exception:  # it raises on some damaged feeds
        return 0
    return sum(any(_has_text(one, name) for name in ("title", "summary", "content")) for one in entries)


def _has_text(entry: "feedparser.FeedParserDict", name: str) -> bool:
    value = entry.get(name)
    texts = [one.get("value", "") for one in value] if isinstance(value, list) else [value or ""]
    return any(plain_line(text) if name == "title" else text.strip() for text in texts)


def equal(samples: list[Path]) -> bool:
    """How often both count alike; whether the goal is missed."""
    counts = [(path, ours_of(path.read_bytes()), theirs_of(path.read_bytes())) for path in samples]
    counts = [(path, ours, theirs) for path, ours, theirs in counts if ours or theirs]
    different = [(path, ours, theirs) for path, ours, theirs in counts if ours != theirs]
    share = 1 - len(different) / max(len(counts), 1)
    print(f"{len(counts):,} of feedparser's well-formed feeds with entries: {share:.2%} counted alike")
    for path, ours, theirs in different[:20]:
        print(f"  {path.parent.name}/{path.name}: {ours}, feedparser {theirs}")
    return share < LEAST_EQUAL


def damaged(samples: list[Path]) -> bool:
    """How often ours finds fewer in a damaged feed; whether it ever does."""
    dice, tried, fewer = random.Random(11), 0, []
    for path in samples:
        for name, body in damages(path.read_bytes(), dice):
            ours, theirs = ours_of(body), theirs_of(body)
            tried += 1
            if ours < theirs:
                fewer.append(f"  {path.parent.name}/{path.name}, {name}: {ours}, feedparser {theirs}")
    print(f"{tried:,} damaged feeds: fewer entries than feedparser in {len(fewer)}")
    print("\n".join(fewer[:20]))
    return bool(fewer)


def damages(body: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """The body with each kind of damage at some place of its second half."""
    at = dice.randrange(len(body) // 2, len(body) + 1)
    yield "cut off", body[:at]
    yield "control characters", body[:at] + b"\x0b\x00" + body[at:]
    yield "bytes that are no UTF-8", body[:at] + b"\xff\xfe" + body[at:]
    yield "a tag that is never closed", body[:at] + b"<b>" + body[at:]


if __name__ == "__main__":
    sys.exit(main())
