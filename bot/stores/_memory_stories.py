"""`ports.StoryStore` in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import EvidenceRow, FingerprintRow, FingerprintRows, Item, MuteKind, StoredDocument, StoryLink
from bot.stores._memory_kept import Kept, follow_key


class MemoryStories:
    """What story grouping remembers, what feeds call their items, and what stories have to do with each other."""

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
        self._s.evidence = {name: row for name, row in self._s.evidence.items() if row.seen_at >= before}
        return len(old)

    def items(self, feed_id: str, names: Iterable[str]) -> dict[str, Item]:
        return {name: self._s.items[feed_id, name] for name in names if (feed_id, name) in self._s.items}

    def items_of(self, feed_id: str, document_ids: Iterable[str]) -> list[Item]:
        wanted = set(document_ids)
        there = (item for item in self._s.items.values() if item.feed_id == feed_id and item.document_id in wanted)
        return sorted(there, key=lambda item: item.name)

    def save_items(self, items: Sequence[Item]) -> None:
        self._s.items |= {(item.feed_id, item.name): item for item in items}

    def save_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        self._s.evidence |= {row.document_id: row for row in rows if row.document_id in self._s.documents}

    def evidence(self, *, since: datetime) -> list[EvidenceRow]:
        rows = [row for row in self._s.evidence.values() if row.seen_at >= since]
        return sorted(rows, key=lambda row: self._s.documents[row.document_id].seq)

    def save_link(self, link: StoryLink) -> None:
        self._s.links[link.story_id] = link

    def merge_stories(self, story_id: str, into_id: str, *, why: str, at: datetime) -> None:
        kept = self._s
        documents = {name for name, stored in kept.documents.items() if stored.story_id == story_id}
        kept.ledger = [
            replace(line, story_id=into_id) if line.document_id in documents else line for line in kept.ledger
        ]
        for name in documents:
            kept.documents[name] = replace(kept.documents[name], story_id=into_id)
            if name in kept.fingerprints:
                kept.fingerprints[name] = replace(kept.fingerprints[name], story_id=into_id)
            if name in kept.evidence:
                kept.evidence[name] = replace(kept.evidence[name], story_id=into_id)
        kept.items = {
            key: replace(item, story_id=into_id) if item.story_id == story_id else item
            for key, item in kept.items.items()
        }
        for place, story in [*kept.marks]:
            if story == story_id:
                kept.marks.setdefault((place, into_id), kept.marks.pop((place, story)))
        kept.mutes = {
            name: replace(mute, what=into_id) if mute.kind is MuteKind.STORY and mute.what == story_id else mute
            for name, mute in kept.mutes.items()
        }
        moved = [replace(one, story=into_id) if one.story == story_id else one for one in kept.follows.values()]
        kept.follows = {follow_key(follow): follow for follow in moved}
        kept.links = {
            name: replace(link, other_id=into_id) if link.other_id == story_id else link
            for name, link in kept.links.items()
        }
        for key, alert in [*kept.alerts.items()]:
            under, related, folded = (
                into_id if other == story_id else other for other in (alert.under, alert.related, alert.folded)
            )
            kept.alerts[key] = replace(alert, under=under, related=related, folded=folded)
        self.save_link(StoryLink(story_id=story_id, kind="merged", other_id=into_id, why=why, at=at))

    def links(self, story_ids: Iterable[str]) -> dict[str, StoryLink]:
        return {story_id: self._s.links[story_id] for story_id in story_ids if story_id in self._s.links}
