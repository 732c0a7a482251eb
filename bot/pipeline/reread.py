"""Read articles that alerted again, for two days, and edit their alerts when they were corrected or taken back."""

import asyncio
from datetime import timedelta

import structlog

from bot.core.alerts import corrections
from bot.core.alerts.corrections import Text
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Reread
from bot.pipeline.ingest import Ingest
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import Clock, Http, Store, Worker
from bot.reading.text.extract import Page, main_text

log = structlog.get_logger(__name__)

AT_ONCE = 4
LEASE = timedelta(minutes=2)
EXTRACT_SECONDS = 3.0


class Rereading:
    """Claims due articles and hands what became of them to `ingest`."""

    def __init__(self, store: Store, http: Http, worker: Worker, ingest: Ingest, write: Write, clock: Clock) -> None:
        self._store = store
        self._http = http
        self._worker = worker
        self._ingest = ingest
        self._write = write
        self._clock = clock
        self.slots = Slots(AT_ONCE, self._claim, self._visit)
        self.delivered = asyncio.Event()  # set whenever an edit was queued

    async def _claim(self, free: int) -> list[Reread]:
        return await self._write(self._store.claim_rereads, self._clock(), limit=free, lease=LEASE)

    async def _visit(self, reread: Reread) -> None:
        try:
            after = await self._read(reread)
        except Exception:  # one page's surprise must not end the others' reading
            log.exception("an article could not be read again", url=reread.url)
            after = corrections.after_trouble(reread, self._clock())
        if await self._write(self._ingest.reread, after, self._clock()):
            self.delivered.set()

    async def _read(self, reread: Reread) -> Reread:
        try:
            answer = await self._http.get(reread.url, robots=True)
            kind = answer.headers.get("content-type", "")
            page: Page = await self._worker.run(
                main_text, answer.body, reread.url, True, kind, seconds=EXTRACT_SECONDS
            )
        except PermanentError as error:
            after = corrections.after_miss if error.missing else corrections.after_trouble
            return after(reread, self._clock())
        except (TransientError, UserError):
            return corrections.after_trouble(reread, self._clock())
        return corrections.after_reading(reread, Text(page.title, page.text), self._clock())
