"""How much speaks for a report telling a story: a logistic score over what its pairs with the story's reports say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.learnt import BIAS, WEIGHTS
from bot.core.stories.evidence.pairs import AT, Floats, Ints, Pairs, Records

_MEANS = ("all", "names", "numbers", "words", "head", "mass", "cosine", "lone_other", "absent_other")
_MOST = ("all", "head", "wording")
_LEAST = ("other_names", "other_numbers", "other_head", "lone", "lone_both", "absent")
VALUES = (
    *(f"mean {name}" for name in _MEANS),
    *(f"most {name}" for name in _MOST),
    *(f"least {name}" for name in _LEAST),
    *("persons", "other_persons", "reports", "short", "form names", "form numbers"),
    *("day", "other day", "counted", "recounted"),
    *("most mass", "words"),  # for decisions, not weighed
)
WEIGHED = len(VALUES) - 2
PLACE = {name: place for place, name in enumerate(VALUES)}
_HALF = 0.5  # of the wording: more of it is no stronger sign of a form
_MEAN_ROWS, _MOST_ROWS, _LEAST_ROWS = ([AT[name] for name in names] for names in (_MEANS, _MOST, _LEAST))
_PERSON_ROWS = [AT[name] for name in ("persons", "other_persons", "both_persons")]


class Model:
    """The weights by which values become a score."""

    def __init__(self, bias: float, weights: Mapping[str, float]) -> None:
        self._bias = bias
        self._weights: Floats = np.array([weights.get(name, 0.0) for name in VALUES])

    def scores(self, values: Floats) -> Floats:
        """Log-odds of one event for each row of values."""
        scores: Floats = self._bias + values @ self._weights
        return scores


LEARNT = Model(BIAS, WEIGHTS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one story's reports say of a new one: `values` as VALUES names them, `score` the log-odds of one event."""

    values: Floats
    score: float
    reports: slice  # the story's, among the others
    form: int  # the one of them that is worded most alike
    bare: bool  # both sides are headlines without a text

    def __getitem__(self, name: str) -> float:
        return float(self.values[PLACE[name]])


def evidence_of(new: Report, others: Records, pairs: Pairs, counts: Sequence[int], model: Model) -> list[Evidence]:
    """The evidence of each story; the first has the first `counts[0]` of the others, and so on."""
    sizes: Ints = np.array(counts)
    stops: Ints = np.cumsum(sizes)
    starts: Ints = stops - sizes
    forms = _forms(pairs, starts.tolist(), stops.tolist())
    values = _values(new, others, pairs, starts, sizes, forms)
    scores = model.scores(values).tolist()
    bare = new["bare"] & np.logical_and.reduceat(others["bare"], starts)
    return [
        Evidence(values[story], scores[story], slice(start, stop), form, bool(bare[story]))
        for story, (start, stop, form) in enumerate(zip(starts.tolist(), stops.tolist(), forms, strict=True))
    ]


def _values(new: Report, others: Records, pairs: Pairs, starts: Ints, counts: Ints, forms: list[int]) -> Floats:
    table = pairs.table
    persons, other_persons, both_persons = np.add.reduceat(table[_PERSON_ROWS], starts, axis=1)
    form = np.minimum(pairs["wording"][forms], _HALF)
    words = np.minimum(new["words"], np.maximum.reduceat(others["words"], starts))
    mine, theirs = new["days"], np.bitwise_or.reduceat(others["days"], starts)
    days = (mine != 0) & (theirs != 0)
    rows = [
        *np.add.reduceat(table[_MEAN_ROWS], starts, axis=1) / counts,
        *np.maximum.reduceat(table[_MOST_ROWS], starts, axis=1),
        *np.minimum.reduceat(table[_LEAST_ROWS], starts, axis=1),
        *(persons / np.maximum(both_persons, 1), other_persons / np.maximum(both_persons, 1)),
        *(np.log(counts), 1.0 / (1.0 + words / 20.0)),
        *(form * pairs["other_names"][forms], form * pairs["other_numbers"][forms]),
        *(days & (mine & theirs != 0), days & (mine & theirs == 0)),
        *_counts(new, others, starts),
        *(np.maximum.reduceat(pairs["mass"], starts), words),
    ]
    return np.array(rows, np.float64).T


def _forms(pairs: Pairs, starts: list[int], stops: list[int]) -> list[int]:
    rank = pairs["wording"] + pairs["names"] * 1e-6
    return [start + int(rank[start:stop].argmax()) for start, stop in zip(starts, stops, strict=True)]


def _counts(new: Report, others: Records, starts: Ints) -> tuple[Floats, Floats]:
    """Of the things that both count ("23 pirates"), how many agree, and how many differ where none agrees."""
    mine, number = new["counted"], new["count"]
    agreed, known = np.zeros(len(starts)), np.zeros(len(starts))
    for thing, many in zip(mine[mine != 0].tolist(), number.tolist(), strict=False):
        same = others["counted"] == thing
        if same.any():
            known += np.logical_or.reduceat(same.any(axis=1), starts)
            agreed += np.logical_or.reduceat((same & (others["count"] == many)).any(axis=1), starts)
    differing = np.where(agreed > 0, 0.0, np.minimum(known, 2))
    return np.minimum(agreed, 2), differing
