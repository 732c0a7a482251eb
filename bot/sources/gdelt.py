"""GDELT: the world's online news, by a query: `gdelt:"port strike" sourcelang:english`.

Its language of queries: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ (phrases, OR in brackets, domain:,
sourcecountry:, sourcelang:, theme: ...). Watchword's rules are then matched on what it lists, so keep the query wide.

It cannot read: articles' texts (GDELT lists headlines; the page is read for more), more than 250 articles of a visit (a
note says so), what is older than a day. GDELT takes one question each five seconds from us, for all feeds together.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Discovery, Entry, Feed, Poll, content_id
from bot.ports import Clock, Export, Http, Kit, Reach, Source, Worker
from bot.reading.pages import gdelt
from bot.sources import _visits as visits

SPACING = timedelta(seconds=5)
MOST_WAIT = timedelta(seconds=15)  # in line behind other queries; who comes later is put off
MAX_SEEN = 1_000
_EXAMPLE = 'Write it like: gdelt:"port strike" sourcelang:english'


class GdeltSource:
    """`bot.ports.Source` for GDELT's list of articles."""

    kind = "gdelt"
    links_articles = True
    export = Export.PAGE

    def __init__(
        self, http: Http, worker: Worker, clock: Clock, least_interval: timedelta, spacing: timedelta = SPACING
    ) -> None:
        self._http = http
        self._worker = worker
        self._clock = clock
        self.least_interval = least_interval
        self._spacing = spacing
        self._free_at = 0.0  # event loop's time

    def accepts(self, url: str) -> Reach:
        """See the port."""
        return Reach.NAMED if url.strip().lower().startswith(gdelt.SCHEME) or gdelt.query_of(url) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port."""
        query = gdelt.query_of(url)
        if not query:
            raise UserError("There is no query for GDELT.", cure=_EXAMPLE)
        try:
            entries = await self._ask(query)
        except (TransientError, PermanentError) as error:
            raise UserError(str(error), cure="Try again in a minute.") from None
        newest = entries[0] if entries else None
        return [
            Discovery(
                kind=self.kind,
                url=gdelt.SCHEME + query,
                title=f"GDELT: {query}"[:200],
                newest_title=newest.title if newest else "",
                newest_at=newest.published_at if newest else None,
                entries=len(entries),
            )
        ]

    async def poll(self, feed: Feed) -> Poll:
        """See the port."""
        query = gdelt.query_of(feed.url)
        if not query:
            raise PermanentError(f"“{feed.url[:80]}” is no query for GDELT. {_EXAMPLE}")
        try:
            entries = await self._ask(query)
        except UserError as error:
            raise visits.refused(error) from None
        seen = visits.strings(visits.read_cursor(feed).get("seen"))
        known, marks = set(seen), {content_id(entry.id)[:10]: entry for entry in entries}
        new = [entry for mark, entry in marks.items() if mark not in known]
        kept = [*(mark for mark in seen if mark not in marks), *reversed(marks)][-MAX_SEEN:]
        overflow = len(new) >= gdelt.MAX_RECORDS and bool(seen)
        return Poll(
            entries=tuple(reversed(new)),
            cursor=visits.write_cursor({"url": feed.url, "seen": kept}),
            title=f"GDELT: {query}"[:200],
            unchanged=not new,
            note=f"More than {gdelt.MAX_RECORDS} new articles at once; narrow the query." if overflow else "",
        )

    async def _ask(self, query: str) -> tuple[Entry, ...]:
        """Articles, newest first."""
        if len(query) > gdelt.MAX_QUERY:
            raise UserError(
                f"The query has {len(query)} characters; GDELT takes about {gdelt.MAX_QUERY}.", cure="Make it shorter."
            )
        await self._turn()
        answer = await self._http.get(gdelt.address(query))
        entries = await self._worker.run(gdelt.parse_articles, answer.body, self._clock())
        assert isinstance(entries, tuple)
        return entries

    async def _turn(self) -> None:
        """One question each SPACING: whoever comes takes the next free moment, or is put off."""
        now = asyncio.get_running_loop().time()
        wait = max(self._free_at - now, 0.0)
        if wait > MOST_WAIT.total_seconds():
            raise TransientError(
                f"GDELT takes one question each {self._spacing.total_seconds():g} seconds; others wait already.",
                retry_after=timedelta(seconds=wait),
            )
        self._free_at = now + wait + self._spacing.total_seconds()
        await asyncio.sleep(wait)


def connect(kit: Kit) -> Source:
    """The adapter. GDELT's own data are renewed each 15 minutes."""
    assert kit.http is not None
    assert kit.worker is not None
    least = max(timedelta(seconds=kit.settings.poll_min_seconds), timedelta(minutes=15))
    return GdeltSource(kit.http, kit.worker, kit.clock, least)
