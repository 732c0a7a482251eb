"""Which of the source's own words to quote."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.model import Excerpt
from rules import Document, Span

MOST = 3
LONGEST = 280  # code points: about three lines on a phone

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]*]*\s+|(?<=[。！？])|\s*\n\s*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence: its place in the body, the hits that lie in it, and those of them that the rule prefers."""

    start: int
    end: int
    hits: tuple[tuple[int, int], ...]
    preferred: tuple[tuple[int, int], ...] = ()


def excerpts(
    document: Document, spans: Sequence[Span], *, preferred: Sequence[Span] = (), most: int = MOST
) -> tuple[Excerpt, ...]:
    """One to `most` sentences of the body that show the most different hits, in reading order.

    Sentences with `preferred` hits, which are among the `spans`, go before all others. Without a hit in the body, its
    first sentence, unmarked, gives the context. Nothing for an empty body.
    """
    body = document.body
    hits = sorted({(span.start, span.end) for span in spans if span.field == "body"})
    wanted = {(span.start, span.end) for span in preferred if span.field == "body"}
    pieces = _pieces(body, hits, wanted)
    if not pieces:
        return ()
    chosen = _choose(body, [piece for piece in pieces if piece.hits], most) or [pieces[0]]
    return tuple(_excerpt(body, piece) for piece in sorted(chosen, key=lambda piece: piece.start))


def _pieces(body: str, hits: Sequence[tuple[int, int]], wanted: Set[tuple[int, int]]) -> list[_Piece]:
    """The body's sentences; one that a hit runs across is joined with the next."""
    pieces: list[_Piece] = []
    start, index = 0, 0
    ends = [(match.start(), match.end()) for match in _SENTENCE_END.finditer(body)] + [(len(body), len(body))]
    for end, following in ends:
        first = index
        while index < len(hits) and hits[index][0] < end:
            index += 1
        if index > first and max(hit_end for _, hit_end in hits[first:index]) > end:
            index = first  # a hit crosses this boundary: go on to the next one
            continue
        if end > start and not body[start:end].isspace():
            inside = tuple(hits[first:index])
            pieces.append(_Piece(start, end, inside, tuple(hit for hit in inside if hit in wanted)))
        start = following
    return pieces


def _choose(body: str, pieces: Sequence[_Piece], most: int) -> list[_Piece]:
    """Greedy: the sentence with the most hits that no chosen one shows yet, first by the preferred ones.

    On a tie the earlier one.
    """
    chosen: list[_Piece] = []
    shown: set[str] = set()
    rest = list(pieces)
    while rest and len(chosen) < most:
        best = max(rest, key=lambda piece: (*_new(body, piece, shown), -piece.start))
        if chosen and not any(_new(body, best, shown)):
            break
        chosen.append(best)
        shown |= _words(body, best.hits)
        rest.remove(best)
    return chosen


def _new(body: str, piece: _Piece, shown: Set[str]) -> tuple[int, int]:
    """How many preferred hits, and how many hits at all, the sentence would add."""
    return len(_words(body, piece.preferred) - shown), len(_words(body, piece.hits) - shown)


def _words(body: str, hits: Sequence[tuple[int, int]]) -> set[str]:
    return {body[start:end].casefold() for start, end in hits}


def _excerpt(body: str, piece: _Piece) -> Excerpt:
    start, end = _window(body, piece)
    return Excerpt(
        text=body[start:end],
        field="body",
        start=start,
        highlights=tuple((a - start, b - start) for a, b in _merged(piece.hits) if a >= start and b <= end),
        cut_before=start > piece.start,
        cut_after=end < piece.end,
    )


def _window(body: str, piece: _Piece) -> tuple[int, int]:
    """The whole sentence, or a stretch of it around its first hit, a preferred one if there is any.

    It is cut between words where there are any.
    """
    start, end = piece.start, piece.end
    while end > start and body[end - 1].isspace():
        end -= 1
    if end - start <= LONGEST:
        return start, end
    hit_start, hit_end = next(iter((*piece.preferred, *piece.hits)), (start, start))
    left = max(start, min(hit_start - LONGEST // 3, end - LONGEST))
    right = max(min(end, left + LONGEST), min(hit_end, left + 2 * LONGEST))
    if left > start and (space := body.find(" ", left, hit_start)) >= 0:
        left = space + 1
    if right < end and (space := body.rfind(" ", hit_end, right)) > 0:
        right = space
    return left, right


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
