"""What health asks of the store and the disk; what it says of that is decided in core/condition.py."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.core.condition import in_words
from bot.pipeline import Writer
from bot.ports import Store

LEAST_FREE = 100_000_000  # bytes: a day of news fits


async def ask(
    store: Store, write: Writer, now: datetime, platforms: Sequence[str]
) -> tuple[bool, dict[str, int], list[str]]:
    """(whether we do our own work, deliveries by state, remarks), read beside the writer. Raises StoreError.

    Asking for the reader goes through the writer: a writer that is stuck is noticed.
    """
    reader = await write.urgent(store.reader)
    return await asyncio.to_thread(_asked, reader, now, platforms)


def _asked(reader: Store, now: datetime, platforms: Sequence[str]) -> tuple[bool, dict[str, int], list[str]]:
    try:
        sound, remarks = in_words(reader.source_counts(), reader.lanes(now), now, platforms)
        return sound, reader.counts(), remarks
    finally:
        reader.close()


def of_disk(folder: Path) -> tuple[bool, list[str]]:
    """Whether there is room for more news, and what is to be said of it."""
    free = shutil.disk_usage(folder).free
    return free >= LEAST_FREE, [f"the disk is nearly full: {free / 1e6:.0f} MB free"] if free < LEAST_FREE else []


def of_deliveries(counts: Mapping[str, int]) -> str:
    """How many messages there are in each state."""
    return "deliveries: " + (", ".join(f"{number} {state}" for state, number in counts.items()) or "none")
