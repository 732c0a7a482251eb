"""What story grouping remembers, what sources call their items, and what stories have to do with each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import EvidenceRow, FingerprintRow, FingerprintRows, Item, StoredDocument, StoryLink


class StoryStore(Protocol):
    """A part of the store."""

    def save_fingerprints(self, rows: Sequence[FingerprintRow], *, dropped: Iterable[str] = ()) -> None:
        """With their documents, which are archived before; `dropped` are documents whose features go."""
        ...

    def fingerprints(self, *, after_seq: int = 0, since: datetime) -> FingerprintRows:
        """Of documents after `after_seq` that were seen since then, in the order of arrival; those without features
        are left out.
        """
        ...

    def without_fingerprint(self, *, since: datetime, limit: int) -> list[StoredDocument]:
        """The first `limit` documents seen since then that no fingerprint was saved for, or one of another form.

        A saved one without features counts: nothing is to be made of its document.
        """
        ...

    def save_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        """With their documents, which are archived before."""
        ...

    def evidence(self, *, since: datetime) -> list[EvidenceRow]:
        """Of documents seen since then, in the order of arrival."""
        ...

    def drop_fingerprints(self, before: datetime) -> int:
        """Forget fingerprints and evidence of documents seen before then; of how many documents."""
        ...

    def save_link(self, link: StoryLink) -> None:
        """Insert or replace by story."""
        ...

    def merge_stories(self, story_id: str, into_id: str, *, why: str, at: datetime) -> None:
        """Two stories are one: what is kept of the first is the other's, but for its alerts. It is linked as merged."""
        ...

    def links(self, story_ids: Iterable[str]) -> dict[str, StoryLink]:
        """Those of these stories that have one, by story."""
        ...

    def items(self, feed_id: str, names: Iterable[str]) -> dict[str, Item]:
        """By name: what this feed gave under those of `names` that it used before."""
        ...

    def items_of(self, feed_id: str, document_ids: Iterable[str]) -> list[Item]:
        """What this feed gave last as these documents, under each of their names."""
        ...

    def save_items(self, items: Sequence[Item]) -> None:
        """Each under its feed and name, in place of what was there. Kept beyond retention while a channel holds the
        feed, as what a feed gave is (`Archive.drop_before`).
        """
        ...
