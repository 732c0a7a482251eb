"""How much speaks for a report telling a story: a logistic score over what its pairs with the story's reports say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.learnt import BIAS, WEIGHTS
from bot.core.stories.evidence.pairs import Pairs, Records

VALUES = (
    *("all", "mean", "names", "numbers", "words", "head", "mass", "other_names", "other_numbers", "wording", "size"),
    *("lone", "lone_story", "lone_both", "counted", "recounted", "day", "other_day", "persons", "other_persons"),
    *("person_missing", "story_person_missing", "short", "form_names", "form_numbers", "other_head", "cosine"),
    *("mean_head",),
)
_HALF = 0.5  # of the wording: more of it is no stronger sign of a form


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a story's reports say of a new one: `values` as VALUES names them, and which is worded most alike."""

    values: dict[str, float]
    form: int
    bare: bool

    @property
    def score(self) -> float:
        """Log-odds that the report tells the story."""
        return BIAS + sum(WEIGHTS.get(name, 0.0) * value for name, value in self.values.items())


def evidence_of(new: Report, others: Records, pairs: Pairs, mine: slice) -> Evidence:
    """The evidence of the story whose reports are `others[mine]`."""
    reports = others[mine]
    count = len(reports)
    wording, other_names, other_numbers = pairs.wording[mine], pairs.other_names[mine], pairs.other_numbers[mine]
    form = int(np.lexsort((pairs.names[mine], wording))[-1])
    persons = pairs.persons[mine]
    persons = persons[persons >= 0]
    words = min(int(new["words"]), int(reports["words"].max()))
    alike, mean = pairs.all[mine], float(pairs.all[mine].sum()) / count
    values = {
        "all": float(alike.max()),
        "mean": mean,
        "names": float(pairs.names[mine].sum()) / count,
        "numbers": float(pairs.numbers[mine].sum()) / count,
        "words": float(pairs.words[mine].sum()) / count,
        "head": float(pairs.head[mine].max()),
        "mass": float(pairs.mass[mine].sum()) / count,
        "other_names": float(other_names.min()),
        "other_numbers": float(other_numbers.min()),
        "wording": float(wording.max()),
        "size": float(np.log(count)),
        "lone": float(pairs.lone[mine].min()),
        "lone_story": float(pairs.lone_other[mine].sum()) / count,
        "lone_both": float(np.minimum(pairs.lone[mine], pairs.lone_other[mine]).min()),
        "persons": float(persons.mean()) if len(persons) else 0.0,
        "other_persons": float((1 - persons).mean()) if len(persons) else 0.0,
        "person_missing": float(pairs.absent[mine].min()),
        "story_person_missing": float(pairs.absent_other[mine].sum()) / count,
        "short": 1.0 / (1.0 + words / 20.0),
        "form_names": min(float(wording[form]), _HALF) * float(other_names[form]),
        "form_numbers": min(float(wording[form]), _HALF) * float(other_numbers[form]),
        "other_head": float(pairs.other_head[mine].min()),
        "cosine": float(pairs.cosine[mine].sum()) / count,
        "mean_head": float(pairs.head[mine].sum()) / count,
        **_days(new, reports),
        **_counts(new, reports),
    }
    return Evidence(values, form, bool(new["bare"] or reports["bare"].all()))


def _days(new: Report, reports: Records) -> dict[str, float]:
    mine, theirs = int(new["days"]), int(np.bitwise_or.reduce(reports["days"]))
    both = bool(mine and theirs)
    return {"day": float(both and bool(mine & theirs)), "other_day": float(both and not mine & theirs)}


def _counts(new: Report, reports: Records) -> dict[str, float]:
    """Of the things that both count ("23 pirates"), how many agree, and how many differ where none agrees."""
    mine, number = new["counted"], new["count"]
    mine, number = mine[mine != 0], number[mine != 0]
    theirs, others = reports["counted"].ravel(), reports["count"].ravel()
    known = mine[:, None] == theirs
    agreed = _distinct(mine[(known & (number[:, None] == others)).any(axis=1)])
    differing = _distinct(mine[known.any(axis=1)]) - agreed
    return {"counted": float(min(agreed, 2)), "recounted": 0.0 if agreed else float(min(differing, 2))}


def _distinct(numbers: NDArray[np.uint32]) -> int:
    return len(set(numbers.tolist()))
