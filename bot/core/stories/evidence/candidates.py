"""Open stories that share rare features with a report: an inverted index in sorted arrays, a few bytes an entry."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.features import Report

POSTING = 256  # newest entries under one feature
READ = 3_000  # entries read for one report, rarest features first
RECENT = 20_000  # entries that wait in dictionaries until they are sorted into an array
_STORY = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

Entries = NDArray[np.uint64]


class Index:
    """Which stories have which features. An entry is a feature in the upper and a story in the lower 32 bits."""

    def __init__(self) -> None:
        self._sorted: list[Entries] = []  # each at least twice as long as the next
        self._recent: dict[int, list[int]] = {}
        self._waiting = 0

    @property
    def size_bytes(self) -> int:
        """What the arrays take."""
        return sum(each.nbytes for each in self._sorted)

    def add(self, features: NDArray[np.uint32], story: int) -> None:
        """A report of the story has these features."""
        for feature in features.tolist():
            stories = self._recent.setdefault(feature, [])
            if not stories or stories[-1] != story:
                stories.append(story)
                self._waiting += 1

    @property
    def is_full(self) -> bool:
        """Whether enough is waiting to be sorted."""
        return self._waiting >= RECENT

    def settle(self, open_stories: Iterable[int]) -> None:
        """Sort what is new into the arrays; whatever is touched there keeps only stories that are open."""
        kept = np.fromiter(open_stories, np.uint64)
        entries = (feature << 32 | story for feature, stories in self._recent.items() for story in stories)
        new = np.unique(np.fromiter(entries, np.uint64, self._waiting))
        self._recent, self._waiting = {}, 0
        while self._sorted and len(self._sorted[-1]) < 2 * len(new):
            older = self._sorted.pop()
            new = np.unique(np.concatenate([older[np.isin(older & _LOW, kept)], new]))
        self._sorted.append(new)

    def stories(self, new: Report) -> list[int]:
        """Stories that share most with the report, best first, the newer first among equals."""
        features = new.index.astype(np.uint64)
        runs, weights, left = [], [], READ
        bounds = np.concatenate([features, features + np.uint64(1)]) << _STORY
        cuts = [(each, np.searchsorted(each, bounds).tolist()) for each in self._sorted]
        for place, (feature, weight) in enumerate(zip(new.index.tolist(), new.index_weight.tolist(), strict=True)):
            found: list[int] = list(dict.fromkeys(reversed(self._recent.get(feature, ()))))[:POSTING]
            for array, cut in reversed(cuts):
                start, stop = cut[place], cut[place + len(features)]
                if start < stop and len(found) < POSTING:
                    found += (array[max(start, stop - POSTING) : stop] & _LOW).tolist()
            if found and left > 0:
                found = found[:POSTING]
                left -= len(found)
                runs += found
                weights += [weight] * len(found)
        return _best(runs, weights)


def _best(runs: list[int], weights: list[float]) -> list[int]:
    if not runs:
        return []
    stories, inverse = np.unique(np.array(runs), return_inverse=True)
    total = np.bincount(inverse, weights)
    best: list[int] = stories[np.lexsort((stories, total))[::-1][:40]].tolist()
    return best
