"""Open stories that share rare features with a report: an inverted index in sorted arrays, a few bytes an entry."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

POSTING = 256  # newest entries under one feature
READ = 3_000  # entries read for one report, rarest features first
RECENT = 20_000  # entries that wait in dictionaries until they are sorted into an array
MOST = 40  # stories that are named
LEAST_SHARE = 0.08  # of the weight of a report's rare features: no story of less in common was ever the right one
NEAR_BEST = 0.4  # of the best story's weight, the same
_STORY = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_OWNER, _OWNERS = np.uint64(5), np.uint64(31)  # a place among a report's rare features

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
        entries = (feature << 32 | story for feature, stories in self._recent.items() for story in stories)
        new = np.fromiter(entries, np.uint64, self._waiting)
        self._recent, self._waiting = {}, 0
        self._merge(new, open_stories)

    def add_all(self, features: NDArray[np.uint32], stories: Entries, open_stories: Iterable[int]) -> None:
        """Many reports at once: a row of features each, 0 for none, and the story of each."""
        entries = features.astype(np.uint64) << _STORY | stories[:, None]
        self._merge(entries[features != 0], open_stories)

    def _merge(self, new: Entries, open_stories: Iterable[int]) -> None:
        new, kept = _in_order(new), np.fromiter(open_stories, np.uint64)
        least = kept.min(initial=_LOW)
        is_open = np.zeros(int(kept.max(initial=least) - least) + 1, bool)
        is_open[kept - least] = True
        while self._sorted and len(self._sorted[-1]) < 2 * len(new):
            older = self._sorted.pop()
            story = older & _LOW
            # A story below the least wraps round to a number far above all.
            older = older[is_open[np.minimum(story - least, np.uint64(len(is_open) - 1))] & (story >= least)]
            new = _in_order(np.concatenate([older, new]))
        self._sorted.append(new)

    def stories(self, keys: NDArray[np.uint32], weights: NDArray[np.float32]) -> list[int]:
        """Stories that share most of these features, best first, the newer first among equals."""
        features = keys.astype(np.uint64)
        bounds = np.concatenate([features, features + np.uint64(1)]) << _STORY
        runs = [_run(array, np.searchsorted(array, bounds)) for array in self._sorted]
        recent = [self._recent.get(feature, ())[-POSTING:] for feature in keys.tolist()]
        owners = np.repeat(np.arange(len(recent), dtype=np.uint64), [len(each) for each in recent])
        runs.append(np.array([story for each in recent for story in each], np.uint64) << _OWNER | owners)
        return _best(np.sort(np.concatenate(runs)), weights)


def _in_order(entries: Entries) -> Entries:
    """Sorted, each once."""
    entries = np.sort(entries)
    return entries[np.concatenate([[True], entries[1:] != entries[:-1]])] if len(entries) else entries


def _run(array: Entries, cut: NDArray[np.int64]) -> Entries:
    """The newest stories of each feature, with its place in the lowest bits; `cut` has where each begins and ends."""
    count = len(cut) // 2
    stop = cut[count:]
    start = np.maximum(cut[:count], stop - POSTING)
    sizes = stop - start
    before = np.cumsum(sizes) - sizes
    at = np.arange(int(sizes.sum())) + np.repeat(start - before, sizes)
    run: Entries = (array[at] & _LOW) << _OWNER | np.repeat(np.arange(count, dtype=np.uint64), sizes)
    return run


def _best(pairs: Entries, weights: NDArray[np.float32]) -> list[int]:
    """The stories with the greatest weight of features."""
    if not len(pairs):
        return []
    pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])]  # a story counts once under each feature
    owner = (pairs & _OWNERS).astype(np.int64)
    if len(pairs) > READ:
        rare = np.searchsorted(np.cumsum(np.bincount(owner)), READ)
        pairs, owner = pairs[owner <= rare], owner[owner <= rare]
    story = pairs >> _OWNER
    first = np.nonzero(np.concatenate([[True], story[1:] != story[:-1]]))[0]
    total = np.add.reduceat(weights[owner], first)
    order = np.argsort(total, kind="stable")[::-1][:MOST]
    order = order[total[order] >= max(LEAST_SHARE * float(weights.sum()), NEAR_BEST * float(total[order[0]]))]
    best: list[int] = story[first[order]].tolist()
    return best
