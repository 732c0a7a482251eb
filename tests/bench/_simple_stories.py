"""The simple way to group documents, to say what the evidence is worth: similar words and names, average linkage.

Both forms have what no stream has: they weigh words by the whole file. `group_at_once` also sees all documents before
it groups any; `group_in_turn` puts each into the story that is most like it on average, and never takes that back.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.events.outcomes import Grouped
from bot.core.stories.evidence import Outcome
from rules import Document

ALIKE = 0.25  # mean cosine from which two groups are one
APART_DAYS = 3.0  # documents that are further apart by their dates have nothing in common
_WORD = re.compile(r"[^\W_]{2,}")
_INSIDE = re.compile(r"(?<=[^\W\d_,;] )[^\W\d_a-zа-я][^\W_]+")  # a capital after a word: a name

Floats = NDArray[np.float64]


def group_at_once(documents: Sequence[Document]) -> list[Grouped]:
    """Each document in the given order: the first of a group is *new*, all others are the *same*."""
    return _grouped(documents, _linked(_similarities(documents)))


def group_in_turn(documents: Sequence[Document]) -> list[Grouped]:
    """The same, as documents arrive."""
    alike, label = _similarities(documents), np.arange(len(documents))
    for place in range(1, len(documents)):
        size = np.bincount(label[:place])
        mean = np.bincount(label[:place], alike[place, :place]) / np.maximum(size, 1)
        if mean.max() >= ALIKE:
            label[place] = mean.argmax()
    return _grouped(documents, label.tolist())


def _grouped(documents: Sequence[Document], labels: Sequence[int]) -> list[Grouped]:
    seen: set[int] = set()
    grouped = []
    for document, label in zip(documents, labels, strict=True):
        outcome: Outcome = "same" if label in seen else "new"
        grouped.append(Grouped(id=document.id, cluster=str(label), outcome=outcome, why="similar words"))
        seen.add(label)
    return grouped


def _similarities(documents: Sequence[Document]) -> Floats:
    counted = [_features(document) for document in documents]
    number = {name: place for place, name in enumerate(sorted({name for each in counted for name in each}))}
    table = np.zeros((len(documents), len(number)), np.float32)
    for row, each in zip(table, counted, strict=True):
        row[[number[name] for name in each]] = 1 + np.log([*each.values()])
    table *= 1 + np.log(len(documents) / np.count_nonzero(table, axis=0))
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    alike: Floats = (table @ table.T).astype(np.float64)
    dates = [document.published_at for document in documents]
    if all(dates):
        days = np.array([date.timestamp() / 86_400 for date in dates if date])
        alike[np.abs(days[:, None] - days) > APART_DAYS] = 0.0
    return alike


def _features(document: Document) -> Counter[str]:
    """Words in small letters, and names once more."""
    text = f"{document.title}\n{document.body}"
    names = (f"name {name}" for name in _INSIDE.findall(text))
    return Counter([*(word.casefold() for word in _WORD.findall(text)), *names]) or Counter(["nothing"])


def _linked(alike: Floats) -> list[int]:
    """The number of each one's group: the two most alike groups become one until their mean is below ALIKE."""
    alike, size = alike.copy(), np.ones(len(alike))
    np.fill_diagonal(alike, -1.0)
    label = np.arange(len(alike))
    while len(alike) > 1:
        one, other = divmod(int(alike.argmax()), len(alike))
        if alike[one, other] < ALIKE:
            break
        mean = (alike[one] * size[one] + alike[other] * size[other]) / (size[one] + size[other])
        alike[one], alike[:, one] = mean, mean
        alike[one, one] = -1.0
        alike[other], alike[:, other] = -1.0, -1.0
        size[one] += size[other]
        label[label == other] = one
    return [int(each) for each in label]
