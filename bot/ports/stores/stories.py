"""What story grouping remembers of documents, and what sources call their items."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import FingerprintRow, FingerprintRows, Item, StoredDocument


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

    def drop_fingerprints(self, before: datetime) -> int:
        """Forget those of documents seen before then; how many."""
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
