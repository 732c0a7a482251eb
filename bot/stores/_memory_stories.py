"""`ports.StoryStore` in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import FingerprintRow, FingerprintRows, Item, StoredDocument
from bot.stores._memory_kept import Kept


class MemoryStories:
    """What story grouping remembers; what feeds call their items."""

    _s: Kept

    def save_fingerprints(self, rows: Sequence[FingerprintRow], *, dropped: Iterable[str] = ()) -> None:
        kept = self._s.fingerprints
        kept |= {row.document_id: row for row in rows if row.document_id in self._s.documents}
        kept |= {name: replace(kept[name], features=b"") for name in dropped if name in kept}

    def fingerprints(self, *, after_seq: int = 0, since: datetime) -> FingerprintRows:
        kept = [(self._s.documents[name].seq, row) for name, row in self._s.fingerprints.items()]
        rows = sorted(
            (seq, row.document_id, row.story_id, row.features)
            for seq, row in kept
            if seq > after_seq and row.seen_at >= since and row.features
        )
        return FingerprintRows(
            document_ids=[row[1] for row in rows],
            story_ids=[row[2] for row in rows],
            features=b"".join(row[3] for row in rows),
            last_seq=rows[-1][0] if rows else after_seq,
        )

    def without_fingerprint(self, *, since: datetime, limit: int) -> list[StoredDocument]:
        stored = sorted(self._s.documents.values(), key=lambda each: each.seq)
        missing = [each for each in stored if each.seen_at >= since and each.document.id not in self._s.fingerprints]
        return missing[:limit]

    def drop_fingerprints(self, before: datetime) -> int:
        old = [name for name, row in self._s.fingerprints.items() if row.seen_at < before]
        for name in old:
            del self._s.fingerprints[name]
        return len(old)

    def items(self, feed_id: str, names: Iterable[str]) -> dict[str, Item]:
        return {name: self._s.items[feed_id, name] for name in names if (feed_id, name) in self._s.items}

    def items_of(self, feed_id: str, document_ids: Iterable[str]) -> list[Item]:
        wanted = set(document_ids)
        there = (item for item in self._s.items.values() if item.feed_id == feed_id and item.document_id in wanted)
        return sorted(there, key=lambda item: item.name)

    def save_items(self, items: Sequence[Item]) -> None:
        self._s.items |= {(item.feed_id, item.name): item for item in items}
