"""The article behind a feed's few words, in two candidates: a quick one to match, a thorough one for what matched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.addresses import canonical_url
from bot.errors import is_busy
from bot.model import Feed
from bot.pipeline.ingest import Ingest
from bot.pipeline.writer import Write
from bot.ports import Archive, Http, Worker
from bot.reading.text.extract import Glimpse, glimpse, main_text, with_article
from bot.reading.text.language import LEAST, MOST_READ, languages_of
from rules import Document

log = structlog.get_logger(__name__)

ENOUGH = 1_000  # characters of text in the feed itself: then the page is not asked for
MOST_PAGES = 20  # of a batch
GIVEN_UP = 5  # failures in a row after which only one page of a batch is tried
_WEB = ("http://", "https://")
_TEXT = ("text/html", "application/xhtml+xml", "application/pdf", "")  # the last: nobody says


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A batch with its articles; how many pages failed since the last one that did not."""

    documents: list[Document]
    pages_failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    html: bytes
    url: str
    kind: str  # its Content-Type
    glimpse: Glimpse


class Articles:
    """Fetches pages through the one `Http` and parses them in the worker."""

    def __init__(self, store: Archive, http: Http, worker: Worker, ingest: Ingest, write: Write) -> None:
        self._store = store
        self._http = http
        self._worker = worker
        self._ingest = ingest
        self._write = write

    async def read(self, feed: Feed, documents: Sequence[Document], *, pages_failed: int, patience: float) -> Read:
        """The same documents, with the articles' own text where the feed gave little and it came within `patience`
        seconds.

        A first visit's stock is not fetched; nor is what the feed gave before.
        """
        known = await self._write(self._store.known_documents, feed.id, [document.id for document in documents])
        here = canonical_url(feed.url)  # a watched page is its own text
        parts: dict[str, set[str]] = {}  # of a page with several, its text is that of none of them
        for document in documents:
            parts.setdefault(canonical_url(document.url), set()).add(document.url)
        short = [
            document
            for document in documents
            if document.id not in known
            and len(document.body) < ENOUGH
            and document.url.startswith(_WEB)
            and canonical_url(document.url) != here
            and len(parts[canonical_url(document.url)]) < 2
        ]
        wanted = short[-MOST_PAGES:] if feed.polled_at is not None and feed.url.startswith(_WEB) else []
        if pages_failed >= GIVEN_UP:
            wanted = wanted[-1:]
        fetched, failed = await self._fetch(wanted, patience)
        pages_failed = 0 if fetched else pages_failed + failed
        after = {document.id: document for document in documents}
        after |= await self._articles([document for document in wanted if document.id in fetched], fetched)
        return Read(documents=[*after.values()], pages_failed=pages_failed)

    async def _fetch(self, wanted: Sequence[Document], patience: float) -> tuple[dict[str, _Fetched], int]:
        """What came in time, by document; how many could not be had, through no fault of this machine."""
        tasks = {document.id: asyncio.create_task(self._page(document.url)) for document in wanted}
        try:
            if tasks:
                await asyncio.wait(tasks.values(), timeout=max(patience, 0))
        finally:
            for task in tasks.values():
                task.cancel()  # nothing, where it is done
        fetched, failed = {}, 0
        for document_id, task in tasks.items():
            if task.done() and task.exception() is not None:
                continue
            page = task.result() if task.done() else None
            if page is None:
                failed += 1
            else:
                fetched[document_id] = page
        return fetched, failed

    async def _page(self, url: str) -> _Fetched | None:
        """None when there is no reading it; the feed's own words serve then, too, when this machine is too busy: that
        raises TransientError.
        """
        try:
            answer = await self._http.get(url, robots=True)
            kind = answer.headers.get("content-type", "")
            if kind.partition(";")[0].strip().lower() not in _TEXT:
                return None
            seen: Glimpse = await self._worker.run(glimpse, answer.body, answer.url, kind)
        except Exception as error:  # a library's surprise at one page must not stop its feed
            log.info("an article could not be read", url=url, error=str(error))
            if is_busy(error):
                raise
            return None
        return _Fetched(html=answer.body, url=answer.url, kind=kind, glimpse=seen)

    async def _articles(self, wanted: Sequence[Document], fetched: dict[str, _Fetched]) -> dict[str, Document]:
        """What matches anywhere on its page is looked at thoroughly; a hit that is not in the article is gone then."""
        candidates = [
            replace(document, body=f"{document.body}\n\n{fetched[document.id].glimpse.whole}") for document in wanted
        ]
        # As it would be archived, too: a menu's words make "bridge NOT sport" false of all of the page.
        candidates += [with_article(document, fetched[document.id].glimpse.article) for document in wanted]
        matching = await self._write(self._ingest.matching, candidates) if candidates else set[str]()
        read = {}
        for document in wanted:
            seen = fetched[document.id]
            page = seen.glimpse.article
            if document.id in matching:
                try:
                    page = await self._worker.run(main_text, seen.html, seen.url, True, seen.kind)
                except Exception as error:  # too slow, too large, a library's surprise: the quick look has to do
                    log.info("an article could not be read thoroughly", url=seen.url, error=str(error))
            read[document.id] = with_article(document, page)
        return read

    async def in_languages(self, feed: Feed, documents: list[Document]) -> list[Document]:
        """With the language of those of which nobody said it and the archive does not know it."""
        unsaid = [
            document
            for document in documents
            if not document.lang and len(document.title) + len(document.body) >= LEAST
        ]
        if unsaid:
            known = await self._write(self._store.known_documents, feed.id, [document.id for document in unsaid])
            unsaid = [document for document in unsaid if document.id not in known]
        if not unsaid:
            return documents
        texts = [f"{document.title}\n{document.body[:MOST_READ]}" for document in unsaid]
        try:
            said: list[str] = await self._worker.run(languages_of, texts)
        except Exception as error:  # they are worth less than the news
            log.warning("languages could not be told", error=str(error))
            return documents
        codes = dict(zip([document.id for document in unsaid], said, strict=True))
        return [
            replace(document, lang=codes[document.id]) if codes.get(document.id) else document for document in documents
        ]
