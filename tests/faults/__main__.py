"""The fault harness: `python -m tests.faults [--full] [--size N] [NAME ...]`; prints a table.

It ends with 1 when anything did not hold. Without names all are run. `--size` sets how often each named injection
happens, in place of the two usual sizes.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

from tests.faults import commands, kills, machine, outages, points
from tests.faults.house import Result

# name -> (what it runs, given a size, how often when short, how often when full)
INJECTIONS: dict[str, tuple[Callable[[int], Result], int, int]] = {
    "kills": (kills.killed, 20, 1_000),
    "points": (points.crashed, 1, 20),
    "migrations": (points.migrated, 1, 20),
    "backups": (points.backed_up, 1, 20),
    "commands": (commands.killed, 2, 100),
    "ends": (kills.ended, 5, 200),
    "down": (outages.down, 20, 600),
    "flooded": (outages.flooded, 6, 200),
    "backlog": (outages.backlog, 15, 60),
    "full": (machine.full, 1, 20),
    "held": (machine.held, 1, 20),
    "clock": (machine.clock, 1, 5),
}
HEAD = "| injection | size | must hold | measured | verdict |\n|---|---|---|---|---|"


def row(result: Result) -> str:
    """A line of the table."""
    verdict = "; ".join(result.faults[:5]) or "holds"
    return f"| {result.injection} | {result.size} | {result.must_hold} | {result.measured} | {verdict} |"


def run(names: list[str], *, full: bool, size: int | None) -> Iterator[Result]:
    """One after the other."""
    for name in names or INJECTIONS:
        inject, short_size, full_size = INJECTIONS[name]
        yield inject(size or (full_size if full else short_size))


def main() -> int:
    """Print the table as it grows."""
    given = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    given.add_argument("names", nargs="*", metavar="NAME", help=", ".join(INJECTIONS))
    given.add_argument("--full", action="store_true", help="the sizes of .ci/run faults")
    given.add_argument("--size", type=int, help="how often")
    asked = given.parse_args()
    if unknown := set(asked.names) - INJECTIONS.keys():
        given.error(f"unknown: {', '.join(sorted(unknown))} (known: {', '.join(INJECTIONS)})")
    print(HEAD, flush=True)
    held = True
    for result in run(asked.names, full=asked.full, size=asked.size):
        print(row(result), flush=True)
        held = held and not result.faults
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
