"""How long evidence takes a document and what it remembers, beside 1,000 open stories and more.

`python -m tests.bench.evidence [remembered ...]`; 1,000 and 10,000 unless told, 100,000 are wanted. All are made-up
articles of 400 words (`_news.py`), each a story of its own, as most news is. Seconds are processor time.
"""

import sys
import time
from collections.abc import Sequence

from bot.core.stories.evidence import Evidence
from rules import Document
from tests.bench._news import articles

NEW, PART = 1_000, 5_000
AIM, AIM_BYTES = 1_000, 2_000  # documents a second; bytes a report: a record, and an entry for each rare feature of it
LEAST, MOST_BYTES = 100, 2_600  # what is judged until then: cost must not grow with what is remembered
SIZES = (1_000, 10_000)


def filled(evidence: Evidence, count: int) -> None:
    """Remember that many articles, none of which is judged."""
    for seed, start in enumerate(range(0, count, PART), start=100):
        for document in articles(min(PART, count - start), seed):
            evidence.remember(evidence.read(document), None)


def placed(evidence: Evidence, documents: Sequence[Document]) -> tuple[float, float, float]:
    """Microseconds a document for reading, judging and remembering."""
    spent = [0.0, 0.0, 0.0]
    for document in documents:
        begun = time.process_time()
        report = evidence.read(document)
        read = time.process_time()
        judgement = evidence.judge(report)
        judged = time.process_time()
        evidence.remember(report, judgement.story)
        for part, seconds in enumerate((read - begun, judged - read, time.process_time() - judged)):
            spent[part] += seconds * 1_000_000 / len(documents)
    return spent[0], spent[1], spent[2]


def main() -> int:
    """1 when the memory of a report is larger than it should be; a shared machine misses the speed too easily."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    evidence, new, missed = Evidence(), articles(NEW, 7), False
    for seed, size in enumerate(sizes):
        filled(evidence, size - len(evidence))
        parts = placed(evidence, new if not seed else articles(NEW, 7 + seed))
        each = evidence.size_bytes / max(1, len(evidence))
        speed = f"{1e6 / sum(parts):,.0f} documents/s (aim {AIM:,})"
        detail = f"reading {parts[0]:.0f}, judging {parts[1]:.0f}, remembering {parts[2]:.0f} µs"
        print(f"{size:,} open stories: {speed}; {detail}; {each:,.0f} bytes a report (aim {AIM_BYTES:,})")
        missed |= sum(parts) * LEAST > 1e6 or (size >= 10_000 and each > MOST_BYTES)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
