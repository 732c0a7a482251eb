"""Rule texts as nobody should write them: each is read, or refused with its place, within 50 ms.

`python -m tests.bench.fuzz [count] [seed]`. What has to hold of each text is `check` of tests/rules/test_fuzz.py; the
time is that of `parse` alone. One that was slow is timed again, since a machine pauses now and then.
"""

import sys
import time

from rules import RuleError, parse
from tests.rules.fuzzed import fuzzed
from tests.rules.test_fuzz import check

COUNT = 20_000  # for the run of every day; 100,000 take about five minutes
LIMIT_MS = 50.0


def main() -> int:
    """1 when a text took too long; what breaks a promise raises."""
    count, seed = (int(given) for given in (*sys.argv[1:3], *(str(COUNT), "1")[len(sys.argv) - 1 :]))
    slow, read, slowest = [], 0, 0.0
    for text in fuzzed(seed, count):
        spent, is_rule = _timed(text)
        if spent > LIMIT_MS:
            spent = min(spent, _timed(text)[0], _timed(text)[0])
        if spent > LIMIT_MS:
            slow.append((spent, text))
        slowest = max(slowest, spent)
        read += is_rule
        check(text)
    print(f"{count:,} texts: {read:,} read, {count - read:,} refused with their place; slowest {slowest:.1f} ms")
    for spent, text in sorted(slow, reverse=True)[:5]:
        print(f"  {spent:.0f} ms: {text[:200]!r}")
    return 1 if slow else 0


def _timed(text: str) -> tuple[float, bool]:
    """(milliseconds of processor time, whether it is a rule)."""
    start, is_rule = time.process_time(), True
    try:
        parse(text)
    except RuleError:
        is_rule = False
    return (time.process_time() - start) * 1000, is_rule


if __name__ == "__main__":
    sys.exit(main())
