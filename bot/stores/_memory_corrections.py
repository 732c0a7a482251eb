"""`ports.CorrectionStore` in memory."""

from datetime import datetime, timedelta

from bot.model import CorrectionCheck
from bot.stores._memory_kept import Kept


class MemoryCorrections:
    """Articles that are read again."""

    _s: Kept

    def save_correction_check(self, check: CorrectionCheck) -> None:
        self._s.correction_checks[check.document_id] = check
        self._s.correction_leases.pop(check.document_id, None)

    def correction_check(self, document_id: str) -> CorrectionCheck | None:
        return self._s.correction_checks.get(document_id)

    def claim_correction_checks(self, now: datetime, *, limit: int, lease: timedelta) -> list[CorrectionCheck]:
        leases = self._s.correction_leases
        due = [
            (check.next_at, check.document_id)
            for check in self._s.correction_checks.values()
            if check.next_at is not None and check.next_at <= now and leases.get(check.document_id, now) <= now
        ]
        taken = [self._s.correction_checks[document_id] for _, document_id in sorted(due)[:limit]]
        leases |= {check.document_id: now + lease for check in taken}
        return taken
