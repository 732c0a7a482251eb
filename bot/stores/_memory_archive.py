"""The archive without an index: every document is looked at. The slow, obvious meaning of sifting."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache

from bot.core.archive import sieve
from bot.core.archive.sieve import Glance, Sieve
from bot.model import StoredDocument
from bot.stores._memory_kept import Kept
from rules.document import Document


class MemoryArchive:
    """What `ports.Archive` says of looking through the archive."""

    _s: Kept

    def days_seen(self) -> list[datetime]:
        days = {stored.seen_at.astimezone(UTC).date() for stored in self._s.documents.values()}
        return [datetime.combine(day, time(), UTC) for day in sorted(days)]

    def index_archive(self, *, limit: int) -> int:
        return 0

    def sift(self, sieve: Sieve, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> list[Glance]:
        return [
            Glance(stored.seq, stored.document.id, stored.story_id, _at(stored), True)
            for stored in self._of(channel_ids, since)
            if _passes(sieve, stored)
        ]

    def count_channel_documents(self, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> int:
        return len(self._of(channel_ids, since))

    def archived(self, seqs: Sequence[int]) -> list[StoredDocument]:
        wanted = set(seqs)
        return sorted(
            (stored for stored in self._s.documents.values() if stored.seq in wanted), key=lambda stored: -stored.seq
        )

    def vocabulary(self) -> "MemoryVocabulary":
        return MemoryVocabulary(self._s)

    def _of(self, channel_ids: Sequence[str] | None, since: datetime | None) -> list[StoredDocument]:
        feeds = {feed for channel, feed in self._s.channel_feeds if channel in (channel_ids or ())}
        given = set().union(*(self._s.given.get(feed, set()) for feed in feeds))
        given_there = (stored for name, stored in self._s.documents.items() if channel_ids is None or name in given)
        return sorted(
            (stored for stored in given_there if since is None or _at(stored) >= since), key=lambda stored: -stored.seq
        )


def _at(stored: StoredDocument) -> datetime:
    return min(stored.seen_at, stored.document.published_at or stored.seen_at)


def _passes(wanted: Sieve, stored: StoredDocument) -> bool:
    return sieve.passes(wanted, stored.document)


class MemoryVocabulary:
    """See `bot.core.archive.sieve.ArchiveVocabulary`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @property
    def size(self) -> int:
        return len(self._kept.documents)

    def count(self, word: str) -> int:
        wanted = sieve.token(word)
        return sum(
            wanted in {token for token, _ in _pairs(stored.document)} for stored in self._kept.documents.values()
        )

    def words(self) -> Iterator[str]:
        return iter(sorted({token for token, _ in self._all()}))

    def spellings(self, *, start: str = "", inside: str = "") -> Iterator[tuple[str, str]]:
        def is_asked_for(pair: tuple[str, str]) -> bool:
            token, spelling = pair
            return token.startswith(start) and (inside in token or len(spelling) > sieve.LONGEST)

        return iter(sorted(filter(is_asked_for, self._all())))

    def _all(self) -> set[tuple[str, str]]:
        return {pair for stored in self._kept.documents.values() for pair in _pairs(stored.document)}


@lru_cache(maxsize=1000)
def _pairs(document: Document) -> set[tuple[str, str]]:
    head, tail = sieve.rows(document)
    return {(sieve.token_of(word), sieve.spelling(word)) for word in (*head, *tail)}
