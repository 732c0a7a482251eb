"""What each part of the evidence is worth: the figures without it, on labelled news that is given as files.

`python -m tests.bench._ablate_stories [--orders 3] [--without NAME ...] FILE.jsonl ...`, by hand; files as
`_judge_stories.py` has them. Without a kind of value the weights are learnt anew from the same files, near none, so
that what is left does what it can; "everything" and what lacks a step have weights that are learnt so, too. All figures
are flattering: what counts is how they differ.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.core.stories.events.outcomes import Grouped, group_by_evidence
from bot.core.stories.evidence import Evidence
from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.model import VALUES, Model
from bot.core.stories.evidence.model import Evidence as Weighed
from bot.core.stories.evidence.pairs import Pairs
from rules import Document
from tests.bench._judge_stories import mean_figures, read_labelled
from tests.bench._learn_stories import Example, examples, fitted

VALUES_OF = {
    "names": ("mean names", "least other_names", "form names", "mean lone_other", "least lone", "least lone_both"),
    "numbers": ("mean numbers", "least other_numbers", "form numbers", "counted", "recounted"),
    "words": ("mean words",),
    "head": ("mean head", "most head", "least other_head"),
    "wording": ("most wording", "form names", "form numbers"),
    "persons": ("persons", "other_persons", "mean absent_other", "least absent"),
    "days": ("day", "other day"),
}
STEPS = ("vetoes", "merging", "threads")
SHOWN = ("F1", "hidden", "threads", "repeat")


class _Less(Evidence):
    """Evidence without one of STEPS."""

    def __init__(self, model: Model, without: str) -> None:
        super().__init__(model=model)
        self._without = without

    def _one_event(self, story: int, other: int, new: Report) -> bool:
        return self._without != "merging" and super()._one_event(story, other, new)

    def _scores(self, new: Report, allowed: dict[int, Weighed]) -> dict[int, float]:
        if self._without == "threads":
            return {number: each.score for number, each in allowed.items()}
        return super()._scores(new, allowed)

    def _compared(self, new: Report) -> tuple[list[tuple[int, Weighed, str]], Pairs]:
        considered, pairs = super()._compared(new)
        if self._without == "vetoes":
            considered = [(number, each, "") for number, each, _ in considered]
        return considered, pairs


def learnt_without(found: Sequence[Example], without: str) -> Model:
    """Weights that are learnt from these examples as if some values were not there."""
    gone = [VALUES.index(name) for name in VALUES_OF.get(without, ())]
    kept = []
    for topic, weight, same, values in found:
        values = values.copy()
        values[gone] = 0.0
        kept.append((topic, weight, same, values))
    bias, weights = fitted(kept, blank=True)
    return Model(bias, {name: weight for name, weight in weights.items() if VALUES.index(name) not in gone})


def main() -> None:
    """Print a row for each part and file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--without", action="append", choices=(*VALUES_OF, *STEPS), help="default: each in turn")
    options = parser.parse_args()
    files = {path.name: read_labelled(path) for path in options.files}
    found = [one for rows in files.values() for one in examples(rows, 0)]
    for without in ("", *(options.without or (*VALUES_OF, *STEPS))):
        model = learnt_without(found, without)

        def group(documents: Sequence[Document], model: Model = model, without: str = without) -> list[Grouped]:
            return list(group_by_evidence(documents, evidence=_Less(model, without)))

        for name, rows in files.items():
            figures = mean_figures(rows, options.orders, group)
            said = "  ".join(f"{figure} {figures[figure]:.2f}" for figure in SHOWN)
            print(f"{f'without {without}' if without else 'everything'}, {name}: {said}", flush=True)


if __name__ == "__main__":
    main()
