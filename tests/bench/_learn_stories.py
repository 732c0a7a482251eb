"""Learns the weights of the evidence from labelled news that is given as files, and says how well they do elsewhere.

`python -m tests.bench._learn_stories [--write] FILE.jsonl ...`, by hand; files as `_judge_stories.py` has them. The
documents are grouped as their labels say, and of each one the values beside every candidate story are kept: an
example that tells the same event or does not. Logistic regression towards the weights that are there (a Gaussian
prior, so that few examples change little); wrong joins count twice, each file as much as another. Printed is what
held-out topics get: four parts, each grouped with weights learnt from the topics of the other three, and not towards
those that are there: these may have been learnt from the part itself. `--write` puts weights learnt from all files
into `learnt.py`.
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.core.stories.events.outcomes import group_by_evidence
from bot.core.stories.evidence import Evidence, learnt
from bot.core.stories.evidence.model import VALUES, WEIGHED, Model
from tests.bench._judge_stories import FIGURES, Labelled, in_order, judged, read_labelled, shown

PARTS, ORDERS = 4, 2
PRIOR, WRONG = 100.0, 2.0
BLANK_PRIOR = 10.0  # towards no weights at all, for held-out topics
OF_A_FILE = 1_000.0  # what the examples of each file weigh together, whatever their number
AGAINST = (
    *("least other_names", "least other_numbers", "least other_head", "least lone", "least lone_both", "least absent"),
    *("mean lone_other", "mean absent_other", "form names", "form numbers", "other day", "recounted", "most wording"),
    *("other_persons",),
)
LEARNT = Path(learnt.__file__)

Example = tuple[str, float, bool, np.ndarray]  # topic, weight, whether it is one event, values


def examples(rows: Sequence[Labelled], seed: int) -> list[Example]:
    """Each document beside each candidate story that nothing forbids."""
    evidence, numbers, stories = Evidence(), dict[str, int](), dict[int, str]()
    found: list[Example] = []
    for row in in_order(rows, seed):
        report = evidence.read(row.document)
        for number, one, forbidden in evidence.considered(report):
            same = stories[number] == row.story
            if not forbidden:
                found.append((row.topic, 1.0 if same else WRONG, same, one.values[:WEIGHED]))
        known = numbers.get(row.story)
        number = evidence.remember(report, known if row.document.published_at else None, near=known)
        numbers.setdefault(row.story, number)
        stories[number] = row.story
    total = sum(weight for _, weight, _, _ in found)
    return [(topic, weight * OF_A_FILE / total, same, values) for topic, weight, same, values in found]


def fitted(found: Sequence[Example], *, blank: bool = False) -> tuple[float, dict[str, float]]:
    """(bias, weights): the most likely ones near those that are there, or near none if `blank`.

    What can only speak against never speaks for.
    """
    used = list(VALUES[:WEIGHED])
    while True:
        bias, weights = _fitted(found, used, blank)
        wrong = {name for name in AGAINST if weights.get(name, 0.0) > 0}
        if not wrong:
            return bias, weights
        used = [name for name in used if name not in wrong]


def _fitted(found: Sequence[Example], used: Sequence[str], blank: bool) -> tuple[float, dict[str, float]]:
    values = np.array([one[3] for one in found])[:, [VALUES.index(name) for name in used]]
    weight, same = np.array([one[1] for one in found]), np.array([float(one[2]) for one in found])
    old = np.array([0.0 if blank else learnt.WEIGHTS.get(name, 0.0) for name in used])
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    scaled = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    prior = np.append(old * spread, (0.0 if blank else learnt.BIAS) + old @ mean)
    strength = np.append(np.full(len(used), BLANK_PRIOR if blank else PRIOR), 1e-3)
    now = prior.copy()
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(scaled @ now, -30, 30)))
        slope = scaled.T @ (weight * (same - likely)) - strength * (now - prior)
        curve = (scaled * (weight * likely * (1 - likely))[:, None]).T @ scaled + np.diag(strength)
        now += np.linalg.solve(curve, slope)
    weights = now[:-1] / spread
    return float(now[-1] - weights @ mean), dict(zip(used, weights.tolist(), strict=True))


def held_out(files: dict[str, list[Labelled]], found: Sequence[Example]) -> dict[str, dict[str, float]]:
    """The figures of each file, every topic grouped with weights that were learnt without it."""
    topics = sorted({row.topic for rows in files.values() for row in rows})
    random.Random(5).shuffle(topics)
    part = {topic: place % PARTS for place, topic in enumerate(topics)}
    total: dict[str, Counter[str]] = {name: Counter() for name in files}
    for here in range(PARTS):
        model = Model(*fitted([one for one in found if part[one[0]] != here], blank=True))
        for name, rows in files.items():
            for seed in range(ORDERS):
                order = in_order([row for row in rows if part[row.topic] == here], seed)
                if not order:
                    continue
                grouped = list(group_by_evidence((row.document for row in order), evidence=Evidence(model=model)))
                total[name].update({**judged(order, grouped), "runs": 1})
    return {name: {figure: each[figure] / each["runs"] for figure in FIGURES} for name, each in total.items()}


def main() -> None:
    """Print held-out figures; write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--before", default="", help="a story is what its label has before this mark")
    options = parser.parse_args()
    files = {path.name: read_labelled(path, before=options.before) for path in options.files}
    found = [one for rows in files.values() for seed in range(ORDERS) for one in examples(rows, seed)]
    for name, figures in held_out(files, found).items():
        print(f"{name}: {shown(figures)}", flush=True)
    if options.write:
        bias, weights = fitted(found)
        head = LEARNT.read_text(encoding="utf-8").partition("\nBIAS = ")[0]
        lines = "".join(f'    "{name}": {weight:.3f},\n' for name, weight in weights.items())
        LEARNT.write_text(f"{head}\nBIAS = {bias:.3f}\nWEIGHTS = {{\n{lines}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
