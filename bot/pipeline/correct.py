"""Read articles that alerted again, for two days, and edit their alerts when they were corrected or taken back."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.core.alerts import corrections
from bot.core.alerts.corrections import Text
from bot.errors import PermanentError, TransientError, UserError
from bot.model import CorrectionCheck
from bot.pipeline.ingest import Ingest
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import Clock, CorrectionStore, Http, Worker, asker
from bot.reading.text.extract import Article, main_text

log = structlog.get_logger(__name__)

AT_ONCE = 4
LEASE = timedelta(minutes=2)
EXTRACT_SECONDS = 3.0


class Correct:
    """Claims due articles and hands what became of them to `ingest`."""

    def __init__(
        self,
        store: CorrectionStore,
        http: Http,
        worker: Worker,
        ingest: Ingest,
        write: Write,
        clock: Clock,
        queued: Callable[[], None],
    ) -> None:
        self._store = store
        self._http = http
        self._worker = worker
        self._ingest = ingest
        self._write = write
        self._clock = clock
        self._queued = queued  # called whenever an edit was queued
        self.slots = Slots(AT_ONCE, self._claim, self._visit)

    async def _claim(self, free: int) -> list[CorrectionCheck]:
        return await self._write(self._store.claim_correction_checks, self._clock(), limit=free, lease=LEASE)

    async def _visit(self, check: CorrectionCheck) -> None:
        asker.set(check.url)
        try:
            after = await self._read(check)
        except Exception:  # one page's surprise must not end the others' reading
            log.exception("an article could not be read again", url=check.url)
            after = corrections.after_trouble(check, self._clock())
        if await self._write(self._ingest.checked, after, self._clock()):
            self._queued()

    async def _read(self, check: CorrectionCheck) -> CorrectionCheck:
        try:
            answer = await self._http.get(check.url, robots=True)
            kind = answer.headers.get("content-type", "")
            article: Article = await self._worker.run(
                main_text, answer.body, check.url, True, kind, seconds=EXTRACT_SECONDS
            )
        except PermanentError as error:
            after = corrections.after_miss if error.missing else corrections.after_trouble
            return after(check, self._clock())
        except (TransientError, UserError):
            return corrections.after_trouble(check, self._clock())
        return corrections.after_reading(check, Text(article.title, article.text), self._clock())
