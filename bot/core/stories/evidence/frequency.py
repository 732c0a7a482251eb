"""How usual each feature is: counted in the stream itself, with old news counting less and less."""

import math

import numpy as np
from numpy.typing import NDArray

NAME, NUMBER, WORD = 0, 1, 2  # kinds of features
PRIORS = np.array([0.003, 0.0, 0.02], np.float32)  # numbers have priors of their own, by value
PRIOR_COUNTS = 300.0  # documents that the priors count for
HALVED = 50_000  # documents after which all counts are halved
BUCKETS = 1 << 20  # features that fall into one bucket are counted together: 4 MB whatever the stream


class Frequency:
    """Counts of features, and the share of documents that have each."""

    def __init__(self) -> None:
        self._counts = np.zeros(BUCKETS, np.float32)
        self._seen = 0.0

    def shares(self, features: NDArray[np.uint32], priors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Share of documents, 0.0-1.0, that have each of these features."""
        counts = self._counts[features & (BUCKETS - 1)]
        shares: NDArray[np.float32] = (counts + np.float32(PRIOR_COUNTS) * priors) / np.float32(
            self._seen + PRIOR_COUNTS
        )
        return shares

    def learn(self, features: NDArray[np.uint32]) -> None:
        """Count a document's features, each once."""
        self._counts[features & (BUCKETS - 1)] += 1
        self._count_documents(1)

    def learn_all(self, features: NDArray[np.uint32]) -> None:
        """Count the features of many documents, a row each; 0 is none."""
        while len(features):
            room = max(1, math.ceil(HALVED - self._seen))
            part, features = features[:room], features[room:]
            buckets = part[part != 0] & (BUCKETS - 1)
            self._counts += np.bincount(buckets, minlength=BUCKETS).astype(np.float32)
            self._count_documents(len(part))

    def _count_documents(self, number: int) -> None:
        self._seen += number
        if self._seen >= HALVED:
            self._counts *= 0.5
            self._seen /= 2
