"""Two reports in different languages: no word of theirs is the same, so only names, by sound, and numbers speak.

What only one side names says little here (Köln is Cologne, and German writes every noun with a capital), so it is
counted on the side where less is missing. The weights are set by hand, on the careful side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.frequency import NAME
from bot.core.stories.evidence.weighing import EIGHTHS, KIND, LONE, UP_FRONT

RARE, RARE_NUMBER = 4.5, 3.0  # idf from which a name and a number are rare, in both reports
MOST_NAMES, MOST_NUMBERS = 6, 3  # more of them say no more
SURE_NAMES, SURE_COVER, SURE_HOURS, SURE_WORDS = 3, 0.4, 36.0, 40  # what "same" takes, with a number that is rarer ...
RARER_NUMBER = 4.5  # ... than the ages and percentages below 100
LEAST_NAMES = 2

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Across:
    """What a report in another language says of the new one."""

    names: int  # rare ones that both have
    numbers: int  # the same
    rarer: int  # of the numbers
    words: int  # of the shorter text
    cover: float  # share, 0.0-1.0, of one side's names that the other has; of the side that has more of them
    head: bool  # a name stands in both headlines or first words
    shared: Places  # where the shared names and numbers are in the new report

    @property
    def score(self) -> float:
        """Log-odds of one event, on the scale of the model for one language."""
        if self.names < LEAST_NAMES or not self.head:
            return -9.0
        numbers = min(self.numbers, MOST_NUMBERS)
        return -5.0 + 0.7 * min(self.names, MOST_NAMES) + 3.0 * self.cover + 1.0 * numbers

    @property
    def is_sure(self) -> bool:
        """Whether so much is shared that nothing but dates is wanting."""
        enough = self.names >= SURE_NAMES and self.cover >= SURE_COVER and self.words >= SURE_WORDS
        return enough and (self.rarer > 0 or self.numbers > 1)


@dataclass(slots=True)
class _Side:
    """Names and numbers of a report, each sound once."""

    place: Places
    sound: NDArray[np.uint16]
    weight: Places
    words: int

    @classmethod
    def of(cls, record: NDArray[np.void] | np.void) -> "_Side":
        weight = record["weight"]
        place = np.nonzero((KIND[weight] != 2) & (record["feature"] != 0))[0]
        sound, first = np.unique(record["sound"][place], return_index=True)
        return cls(place[first], sound, weight[place[first]], int(record["words"]))


def across(new: Report, others: NDArray[np.void]) -> list[Across]:
    """The new report beside each of these."""
    mine = _Side.of(new.record[0])
    return [_beside(mine, _Side.of(other)) for other in others]


def _beside(mine: _Side, theirs: _Side) -> Across:
    _, here, there = np.intersect1d(mine.sound, theirs.sound, assume_unique=True, return_indices=True)
    same = KIND[mine.weight[here]] == KIND[theirs.weight[there]]
    here, there = here[same], there[same]
    weight, weight_there = mine.weight[here], theirs.weight[there]
    idf = np.minimum(weight % EIGHTHS, weight_there % EIGHTHS) / 8
    is_name = KIND[weight] == NAME
    return Across(
        names=int(np.count_nonzero(is_name & (idf >= RARE))),
        numbers=int(np.count_nonzero(~is_name & (idf >= RARE_NUMBER))),
        rarer=int(np.count_nonzero(~is_name & (idf >= RARER_NUMBER))),
        words=min(mine.words, theirs.words),
        cover=max(_share(mine, here), _share(theirs, there)),
        head=bool((is_name & UP_FRONT[weight] & UP_FRONT[weight_there]).any()),
        shared=mine.place[here],
    )


def _share(side: _Side, shared: Places) -> float:
    lone = LONE[side.weight] * (KIND[side.weight] == NAME)
    return float(lone[shared].sum() / (lone.sum() + 1.0))
