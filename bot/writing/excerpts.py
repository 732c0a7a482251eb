"""Which of the source's own words to quote."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from bot import say
from bot.model import Block, Excerpt, Run
from rules import Document, Span
from rules.passages import sentences

MOST = 3
LONGEST = 280  # code points: about three lines on a phone
_TOGETHER = 50  # hits that are counted from one on

_LINE = re.compile(r"\n\s*(?=\S)")
_PAIRS = (("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ('"', '"'))
_QUOTED = re.compile("|".join(rf"{a}[^{a}{b}\n]{{1,{LONGEST}}}{b}" for a, b in _PAIRS))
_NOT_A_SIGN = re.compile(r"[\W_]+")
# Marks, joiners, variants and skin tones: part of the sign before them.
_BELONGS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_BLANK = re.compile(r"\s+")
_LAST_WORD = re.compile(r"\S+$")

Place = tuple[int, int]  # start and end, half-open


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence: its place in the body, the hits that lie in it, and those of them that the rule prefers."""

    start: int
    end: int
    hits: tuple[tuple[int, int], ...]
    preferred: tuple[tuple[int, int], ...] = ()


def excerpts(
    document: Document,
    spans: Sequence[Span],
    *,
    preferred: Sequence[Span] = (),
    rules: Sequence[Sequence[Span]] = (),
    most: int = MOST,
) -> tuple[Excerpt, ...]:
    """One to `most` sentences of the body that show the most different hits, in reading order.

    Sentences with `preferred` hits, which are among the `spans`, go before all others. Where `rules` has the hits of
    several, each has its best sentence among them, as far as there is room. Without a hit in the body, its first
    sentence, unmarked, gives the context. Nothing for an empty body.
    """
    body = document.body
    hits = sorted({(span.start, span.end) for span in spans if span.field == "body"})
    wanted = {(span.start, span.end) for span in preferred if span.field == "body"}
    quotations = [match.span() for match in _QUOTED.finditer(body)]
    pieces = _pieces(body, hits, wanted, quotations)
    if len(pieces) > 1 and _is_headline(document, pieces[0]):
        del pieces[0]
    if not pieces:
        return ()
    groups = [{(span.start, span.end) for span in each if span.field == "body"} for each in rules]
    chosen = _choose(body, [piece for piece in pieces if piece.hits], groups, most) or [pieces[0]]
    return tuple(_excerpt(body, piece, quotations) for piece in sorted(chosen, key=lambda piece: piece.start))


def _is_headline(document: Document, piece: _Piece) -> bool:
    """Whether the body begins with the headline, which the alert shows already."""
    title, first = (
        _NOT_A_SIGN.sub("", text).casefold() for text in (document.title, document.body[piece.start : piece.end])
    )
    return bool(first) and first == title


def _pieces(body: str, hits: Sequence[Place], wanted: Set[Place], quotations: Sequence[Place]) -> list[_Piece]:
    """The body's sentences; one that a hit or a quotation runs across is joined with the next."""
    pieces: list[_Piece] = []
    start, index = 0, 0
    for boundary in _boundaries(body, quotations):
        end = start + len(body[start:boundary].rstrip())
        first = index
        while index < len(hits) and hits[index][0] < end:
            index += 1
        if index > first and max(hit_end for _, hit_end in hits[first:index]) > end:
            index = first  # a hit crosses this boundary: go on to the next one
            continue
        if end > start and not body[start:end].isspace():
            inside = tuple(hits[first:index])
            pieces.append(_Piece(start, end, inside, tuple(hit for hit in inside if hit in wanted)))
        start = boundary
    return pieces


def _boundaries(body: str, quotations: Sequence[Place]) -> list[int]:
    """Where a sentence begins, or a line that goes on with no small letter; not inside a quotation. The end, too."""
    lines = {match.end() for match in _LINE.finditer(body)}
    starts = {start for start in {*sentences(body), *lines} if not (start in lines and body[start].islower())}
    inside = iter(quotations)
    quoted = next(inside, None)
    boundaries = []
    for start in sorted(starts - {0}):
        while quoted is not None and quoted[1] <= start:
            quoted = next(inside, None)
        if quoted is None or start <= quoted[0]:
            boundaries.append(start)
    return [*boundaries, len(body)]


def _choose(body: str, pieces: Sequence[_Piece], groups: Sequence[Set[Place]], most: int) -> list[_Piece]:
    """Greedy: the sentence with the most hits that no chosen one shows yet, first by the preferred ones.

    On a tie the earlier one. With several groups of hits, first the best for each of which nothing is shown yet.
    """
    chosen: list[_Piece] = []
    shown: set[str] = set()
    for group in groups if len(groups) > 1 else ():
        if len(chosen) < most and not _words(body, group) & shown:
            own = [piece for piece in pieces if piece not in chosen and not group.isdisjoint(piece.hits)]
            if own:
                best = max(own, key=lambda piece: (*_new(body, _only(piece, group), shown), -piece.start))
                chosen.append(best)
                shown |= _words(body, best.hits)
    rest = [piece for piece in pieces if piece not in chosen]
    while rest and len(chosen) < most:
        best = max(rest, key=lambda piece: (*_new(body, piece, shown), -piece.start))
        if chosen and not any(_new(body, best, shown)):
            break
        chosen.append(best)
        shown |= _words(body, best.hits)
        rest.remove(best)
    return chosen


def _only(piece: _Piece, group: Set[Place]) -> _Piece:
    hits, preferred = (tuple(hit for hit in each if hit in group) for each in (piece.hits, piece.preferred))
    return _Piece(piece.start, piece.end, hits, preferred)


def _new(body: str, piece: _Piece, shown: Set[str]) -> tuple[int, int]:
    """How many preferred hits, and how many hits at all, the sentence would add."""
    return len(_words(body, piece.preferred) - shown), len(_words(body, piece.hits) - shown)


def _words(body: str, hits: Iterable[Place]) -> set[str]:
    return {body[start:end].casefold() for start, end in hits}


def _excerpt(body: str, piece: _Piece, quotations: Sequence[Place]) -> Excerpt:
    start, end = _window(body, piece, quotations)
    return Excerpt(
        text=body[start:end],
        field="body",
        start=start,
        highlights=tuple((a - start, b - start) for a, b in _merged(piece.hits) if a >= start and b <= end),
        cut_before=start > piece.start,
        cut_after=end < piece.end,
    )


def _window(body: str, piece: _Piece, quotations: Sequence[Place]) -> Place:
    """The whole sentence, or the stretch of it with the most different hits, preferred ones first.

    It is cut between words where there are any, and outside quotations where that leaves the hits in it.
    """
    start, end = piece.start, piece.end
    if end - start <= LONGEST:
        return start, end
    hit_start, hit_end = _densest(body, piece)
    left = max(start, min(hit_start - LONGEST // 3, end - LONGEST))
    right = max(min(end, left + LONGEST), min(hit_end, left + 2 * LONGEST))
    if left > start:
        left = _word_start(body, left, hit_start)
    if right < end:
        right = _word_end(body, hit_end, right)
    for quoted_from, quoted_to in quotations:
        if quoted_from < left < quoted_to:
            left = quoted_from if hit_start < quoted_to else _word_start(body, quoted_to, hit_start)
        if quoted_from < right < quoted_to:
            right = quoted_to if hit_end > quoted_from else hit_end + len(body[hit_end:quoted_from].rstrip())
    return left, right


def _densest(body: str, piece: _Piece) -> Place:
    """From the first to the last hit of the stretch that shows the most of them."""
    if not piece.hits:
        return piece.start, piece.start
    reach = LONGEST * 2 // 3
    best: tuple[tuple[int, int, int], Place] | None = None
    for number, (start, _) in enumerate(piece.hits):
        inside = [hit for hit in piece.hits[number : number + _TOGETHER] if hit[1] <= start + reach]
        inside = inside or [piece.hits[number]]
        wanted = [hit for hit in inside if hit in piece.preferred]
        rank = len(_words(body, wanted)), len(_words(body, inside)), -start
        if best is None or rank > best[0]:
            best = rank, (start, max(end for _, end in inside))
    assert best is not None, "there are hits"
    return best[1]


def _word_start(body: str, at: int, before: int) -> int:
    """The first word's start from `at` on, `before` at the latest; `at`, or the next whole sign, where none begins."""
    blank = _BLANK.search(body, at, before)
    if blank:
        return blank.end()
    while at < before and _BELONGS.match(body, at):
        at += 1
    return at


def _word_end(body: str, after: int, at: int) -> int:
    """The last word's end up to `at`, `after` at the earliest; `at`, or the sign's end, where none ends."""
    stretch = body[after:at]
    cut = stretch.rstrip() if body[at : at + 1].isspace() else _LAST_WORD.sub("", stretch)
    if cut.strip() or stretch[:1].isspace():
        return after + len(cut.rstrip())
    while at < len(body) and _BELONGS.match(body, at):
        at += 1
    return at


def _merged(hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping and touching hits as one, so that marks never nest."""
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked_title(document: Document, spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """The hits in the title, merged, in reading order."""
    return tuple(_merged(sorted({(span.start, span.end) for span in spans if span.field == "title"})))


def marked_runs(text: str, marks: Sequence[Place], url: str = "") -> list[Run]:
    """`text` as runs, the marked stretches in the look of a hit; all of them link to `url` where there is one."""
    runs, at = [], 0
    for start, end in marks:
        if start > at:
            runs.append(Run(text=text[at:start], url=url))
        runs.append(Run(text=text[start:end], styles=("hit",), url=url))
        at = end
    if at < len(text):
        runs.append(Run(text=text[at:], url=url))
    return runs


def quote(excerpt: Excerpt, by: str = "") -> Block:
    """The excerpt as a part of a message, with its hits marked; `by` follows it."""
    before = "… " if excerpt.cut_before else ""
    after = " …" if excerpt.cut_after else ""
    return say.quote(before, *marked_runs(excerpt.text, excerpt.highlights), after + by)
