"""How well documents are grouped into stories, on labelled news that is given as files.

`python -m tests.bench._judge_stories [--orders 20] FILE.jsonl ...`, by hand; no labelled news is part of the project.
A line is {"id", "cluster", "title", "text"}, and "date" where it is known; "topic" where look-alike stories have one in
common. Undated documents come in random orders, dated ones by date with ties in random order. Of each file:

hidden     stories whose first report was the *same* as another story's
threads    stories whose first report stood in another story's thread
repeat     repeatable reports (all but the first of each story) that were posted again at the top level
probable   reports that stand in threads
F1         pairwise, a probable report counted to its thread's story
wrong      reports hidden in a story that has no report of their own story yet, of all reports

`--baseline` judges the simple way (`_simple_stories.py`) in the same orders; `--worst 20` prints the joins and misses
that most orders have, with headlines and why.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.stories.events.outcomes import Grouped, group_by_evidence
from bot.core.stories.evidence import Evidence
from bot.reading.text.times import parse_time
from rules import Document
from tests.bench._simple_stories import group_at_once, group_in_turn

FIGURES = ("hidden", "threads", "repeat", "probable", "F1", "precision", "recall", "wrong")
NEIGHBOURS = 4  # stories that are taken for one topic where the file names none: neighbours share a theme


Group = Callable[[Sequence[Document]], Sequence[Grouped]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document, its story, and the topic that must not be in training and test."""

    document: Document
    story: str
    topic: str


def read_labelled(path: Path, *, before: str = "") -> list[Labelled]:
    """The documents of a file; the story is what its label has `before` that mark."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    stories = {story: place for place, story in enumerate(dict.fromkeys(row["cluster"] for row in rows))}
    return [
        Labelled(
            Document(
                id=row["id"],
                title=row.get("title") or "",
                body=row["text"],
                url=row.get("url") or "",
                published_at=_date(row.get("date") or ""),
            ),
            row["cluster"].partition(before)[0] if before else row["cluster"],
            f"{path.name} {row.get('topic') or stories[row['cluster']] // NEIGHBOURS}",
        )
        for row in rows
    ]


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(f"{text.strip().partition('.')[0]} +0000", "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return parse_time(text) if text else None


def in_order(rows: Sequence[Labelled], seed: int) -> list[Labelled]:
    """Shuffled, and by date where all have one."""
    order = list(rows)
    random.Random(seed).shuffle(order)
    if all(row.document.published_at for row in order):
        order.sort(key=lambda row: str(row.document.published_at))
    return order


def judged(rows: Sequence[Labelled], grouped: Sequence[Grouped]) -> dict[str, float]:
    """FIGURES, in percent."""
    count: Counter[str] = Counter()
    seen: set[str] = set()
    clusters: dict[str, set[str]] = {}
    posted: set[str] = set()
    for row, one in zip(rows, grouped, strict=True):
        first, within = row.story not in seen, clusters.setdefault(one.cluster, set())
        count["hidden"] += first and one.outcome == "same"
        count["threads"] += first and one.outcome == "probable"
        count["repeat"] += one.outcome == "new" and row.story in posted
        count["probable"] += one.outcome == "probable"
        count["wrong"] += one.outcome == "same" and row.story not in within
        posted |= {row.story} if one.outcome == "new" else set()
        seen.add(row.story)
        within.add(row.story)
    parts = {"hidden": len(seen), "threads": len(seen), "repeat": max(1, len(rows) - len(seen))}
    figures = {name: 100 * count[name] / parts.get(name, len(rows)) for name in (*parts, "probable", "wrong")}
    return figures | _pairwise(rows, grouped)


def _pairwise(rows: Sequence[Labelled], grouped: Sequence[Grouped]) -> dict[str, float]:
    def pairs(labels: Iterable[object]) -> int:
        return sum(size * (size - 1) // 2 for size in Counter(labels).values())

    both = pairs((row.story, one.cluster) for row, one in zip(rows, grouped, strict=True))
    precision = both / max(1, pairs(one.cluster for one in grouped))
    recall = both / max(1, pairs(row.story for row in rows))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"F1": 100 * f1, "precision": 100 * precision, "recall": 100 * recall}


def by_evidence(documents: Sequence[Document]) -> list[Grouped]:
    """As the bot groups them."""
    return list(group_by_evidence(documents, evidence=Evidence()))


def mean_figures(rows: Sequence[Labelled], orders: int, group: Group = by_evidence) -> dict[str, float]:
    """FIGURES over that many orders."""
    total: Counter[str] = Counter()
    for seed in range(orders):
        order = in_order(rows, seed)
        total.update(judged(order, group([row.document for row in order])))
    return {name: total[name] / orders for name in FIGURES}


def worst(rows: Sequence[Labelled], orders: int, most: int) -> list[str]:
    """The `most` wrong joins and as many misses that happen in the most orders, a line each."""
    joins, misses, why = Counter[tuple[str, str]](), Counter[tuple[str, str]](), dict[tuple[str, str], str]()
    for seed in range(orders):
        order = in_order(rows, seed)
        within, first = dict[str, Labelled](), dict[str, Labelled]()
        for row, one in zip(order, by_evidence([row.document for row in order]), strict=True):
            head, own = within.setdefault(one.cluster, row), first.setdefault(row.story, row)
            wrong = one.outcome != "new" and head.story != row.story
            if wrong or (one.outcome == "new" and own is not row):
                pair = (row.document.title, (head if wrong else own).document.title)
                (joins if wrong else misses)[pair] += 1
                why[pair] = f"{one.outcome}: {one.why}"
    return [
        f"{kind} in {times} of {orders}: {pair[0][:90]!r} / {pair[1][:90]!r}: {why[pair]}"
        for kind, counted in (("join", joins), ("miss", misses))
        for pair, times in counted.most_common(most)
    ]


def shown(figures: dict[str, float]) -> str:
    return "  ".join(f"{name} {figures[name]:.2f}" for name in FIGURES)


def main() -> None:
    """Print the figures of each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--before", default="", help="a story is what its label has before this mark")
    parser.add_argument("--baseline", action="store_true", help="the simple way, too")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print the N worst joins and misses")
    options = parser.parse_args()
    for path in options.files:
        rows, begun = read_labelled(path, before=options.before), time.process_time()
        figures = mean_figures(rows, options.orders)
        speed = options.orders * len(rows) / (time.process_time() - begun)
        print(f"{path.name}: {shown(figures)}  ({speed:.0f} documents/s with the rules for copies)", flush=True)
        for name, group in (("at once", group_at_once), ("in turn", group_in_turn)) if options.baseline else ():
            print(f"{path.name}, simply {name}: {shown(mean_figures(rows, options.orders, group))}", flush=True)
        for line in worst(rows, options.orders, options.worst) if options.worst else ():
            print(line)


if __name__ == "__main__":
    main()
