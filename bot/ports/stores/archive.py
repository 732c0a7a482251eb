"""Documents, the stories they tell, and the index of their words."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.archive.sieve import ArchiveVocabulary, Glance, Sieve
from bot.model import Arrival, StoredDocument
from rules.document import Document

STORY_FIRST, STORY_NEWEST = 200, 50  # documents of one story: what a report costs does not grow with its story


class Archive(Protocol):
    """Documents, the stories they tell, and the index of their words."""

    def known_documents(self, feed_id: str, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that this feed gave before (another feed's copy of the same document does not count)."""
        ...

    def add_document(self, document: Document, *, feed_id: str, story_id: str, seen_at: datetime) -> bool:
        """Archive it and note that this feed gave it.

        False when the archive held it already, from whichever feed: then only the feed is noted.
        """
        ...

    def add_documents(self, arrivals: Sequence[Arrival]) -> set[str]:
        """`add_document` of many, in their order and together; the ids of those that the archive did not hold."""
        ...

    def document(self, document_id: str) -> StoredDocument | None:
        """From the archive."""
        ...

    def documents_by_id(self, ids: Iterable[str]) -> dict[str, StoredDocument]:
        """Those of `ids` that are in the archive."""
        ...

    def document_by_url(self, url: str) -> StoredDocument | None:
        """The newest at that address (`canonical_url`), or at a place within that page (`opened_url`)."""
        ...

    def documents(self, *, after_seq: int = 0, since: datetime | None = None) -> list[StoredDocument]:
        """The archive after `after_seq`, seen at or after `since`, in the order of arrival."""
        ...

    def channel_documents(self, channel_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        """The newest `limit` documents from these channels' feeds, newest first."""
        ...

    def story_documents(self, story_id: str) -> list[StoredDocument]:
        """The documents of a story, in the order of arrival: of a very long one the first 200 and the newest 50."""
        ...

    def stories(self, ids: Iterable[str]) -> dict[str, list[StoredDocument]]:
        """`story_documents` of each of these stories that has any."""
        ...

    def count_documents(self) -> int:
        """Size of the archive."""
        ...

    def sift(self, sieve: Sieve, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> list[Glance]:
        """The documents from these channels' feeds that pass the sieve, the latest arrival first, told since then.

        Without channels, of every feed. Those that the index does not know yet come along, marked as not `sifted`.
        """
        ...

    def count_channel_documents(self, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> int:
        """How many archived documents these channels' feeds gave that were told (`Glance.at`) since then."""
        ...

    def archived(self, seqs: Sequence[int]) -> list[StoredDocument]:
        """The documents with these numbers, the latest arrival first."""
        ...

    def vocabulary(self) -> ArchiveVocabulary:
        """The words of the whole archive, as they are when asked for."""
        ...

    def index_archive(self, *, limit: int) -> int:
        """Take at most `limit` documents, the newest, into the index that are not in it; how many still are not.

        New documents are in it at once; those wait that were archived before there was an index.
        """
        ...

    def days_seen(self) -> list[datetime]:
        """The beginnings (UTC) of the days on which a document was seen, the earliest first."""
        ...

    def drop_before(self, before: datetime) -> int:
        """Retention: forget documents seen before then with their ledger lines, and alerts, deliveries and commands
        that are over and as old; how many documents. What a feed gave stays known.
        """
        ...
