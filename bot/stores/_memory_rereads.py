"""`ports.Rereads` in memory."""

from datetime import datetime, timedelta

from bot.model import Reread
from bot.stores._memory_kept import Kept


class MemoryRereads:
    """Articles that are read again."""

    _s: Kept

    def save_reread(self, reread: Reread) -> None:
        self._s.rereads[reread.document_id] = reread
        self._s.reread_leases.pop(reread.document_id, None)

    def reread(self, document_id: str) -> Reread | None:
        return self._s.rereads.get(document_id)

    def claim_rereads(self, now: datetime, *, limit: int, lease: timedelta) -> list[Reread]:
        due = [
            (one.next_at, one.document_id)
            for one in self._s.rereads.values()
            if one.next_at is not None and one.next_at <= now and self._s.reread_leases.get(one.document_id, now) <= now
        ]
        taken = [self._s.rereads[document_id] for _, document_id in sorted(due)[:limit]]
        self._s.reread_leases |= {one.document_id: now + lease for one in taken}
        return taken
