"""What a feature weighs, measured on look-alike events: shared it speaks for one event, alone against it.

ln P(other report has it | same event) / P(... | look-alike event) is nearly linear in the idf; what only one of two
reports has speaks against them, the more the higher it stands and the oftener it is said.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.frequency import NAME, NUMBER

Place = TypeVar("Place", int, NDArray[np.int64])

TITLE, HEAD, REST = 0, 1, 2  # zones: the headline, the first words, what follows
COUNTS = 4  # as often as that, or oftener
EIGHTHS = 128  # idf in eighths
# By kind, zone, count.
_LONE = (
    ((0.65, 1.15, 1.5, 1.9), (0.5, 0.85, 1.1, 1.3), (0.3, 0.5, 0.65, 0.85)),
    ((0.7, 1.3, 1.3, 1.3), (0.4, 0.55, 0.6, 0.6), (0.25, 0.36, 0.4, 0.4)),
    ((0.2, 0.45, 0.55, 0.8), (0.2, 0.33, 0.48, 0.45), (0.14, 0.22, 0.27, 0.3)),
)
_UP_FRONT = 1.3  # what both say in headline or first words counts that much more


def _agreement(kind: int, idf: float) -> float:
    half = min(idf / 2, 4.0)
    if kind == NAME:
        return min(0.9 * half, 0.35 * half + 0.45) if half < 2.5 else 1.325 + 0.9 * (half - 2.5)
    if kind == NUMBER:
        return 1.2 + 0.5 * half if half > 1.2 else min(1.0, half)
    return max(0.1, min(2.0, 0.1 + 0.42 * half))


def place(kind: Place, zone: Place, count: Place, eighths: Place) -> Place:
    """Where AGREE, LONE and FOCAL have the weights of such features."""
    return ((kind * 3 + zone) * COUNTS + count - 1) * EIGHTHS + eighths


AGREE, LONE, FOCAL = (np.zeros(3 * 3 * COUNTS * EIGHTHS, np.float32) for _ in range(3))
KIND = np.repeat(np.arange(3), 3 * COUNTS * EIGHTHS)
UP_FRONT = np.tile(np.repeat(np.arange(3) < REST, COUNTS * EIGHTHS), 3)

for _kind in range(3):
    for _zone in range(3):
        for _count in range(1, COUNTS + 1):
            for _eighths in range(EIGHTHS):
                _at, _idf = place(_kind, _zone, _count, _eighths), _eighths / 8
                _lone = _LONE[_kind][_zone][_count - 1]
                AGREE[_at] = _agreement(_kind, _idf) * (1.0 if _zone == REST else _UP_FRONT)
                LONE[_at] = _lone * min(1.0, _idf / 3)
                FOCAL[_at] = _lone * min(1.0, _idf / 5)
