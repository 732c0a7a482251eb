"""Web pages without a feed: new links on them, or changed text, of the whole page or of a part chosen by CSS.

`https://x.example/news links main .list`, `https://x.example/status text #state`; kept and pasted again as
`https://x.example/news#links=main%20.list`. A PDF file is watched as a text.

It cannot read: what a page shows only by JavaScript, behind a login or a consent wall, in pictures or in frames; pages
that robots.txt keeps from us; more than 500 links or 100,000 characters. Without a selector, a link counts when it
looks like a headline, and text that was there before does not count as new when it is soon back (rotating boxes);
with one, everything in the part counts, each time that it comes. Clocks, dates alone, "5 minutes ago" and counters
never count, nor does a notice of maintenance, an error or a login wall in place of the text
(`bot/reading/pages/pagedown.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Discovery, Entry, Feed, Poll, Response, content_id
from bot.ports import Clock, Export, Http, Kit, Reach, Source, Worker
from bot.reading.pages import pagedown, pagewatch
from bot.reading.pages.linkidentity import link_keys
from bot.reading.pages.pagelinks import PageEntries, page_entries
from bot.reading.pages.pagetext import (
    Change,
    PageText,
    change,
    entry_of,
    marks,
    page_text,
    remembered,
    shortened,
    whole_of,
)
from bot.reading.pages.pagewatch import Watch
from bot.reading.pdf import is_pdf
from bot.reading.walls.pagewalls import needs_scripts
from bot.sources import _looking as looking
from bot.sources import _visits as visits

READER = 2  # counted up when the same page gives other lines than before
MAX_SAID = 500  # changes of a text: one of them that comes again is another item
MAX_SEEN = 3_000  # links that were there once: a "most read" box brings old ones back
ENOUGH_LINKS = 3  # that a page must have to be offered as a list of links
_EXAMPLE = "Write it like: https://news.example/politics links main .list"


class PageSource:
    """`bot.ports.Source` for web pages. Parsing happens in the worker."""

    kind = "page"
    links_articles = True
    export = Export.PAGE

    def __init__(self, http: Http, worker: Worker, clock: Clock, least_interval: timedelta) -> None:
        self._http = http
        self._worker = worker
        self._clock = clock
        self.least_interval = least_interval

    def accepts(self, url: str) -> Reach:
        """See the port. Who says which part is meant wants the page, not the feed behind it."""
        if not pagewatch.read(url):
            return Reach.NONE
        return Reach.NAMED if pagewatch.is_chosen(url) else Reach.PAGES

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port. Two finds (links, text) where the address leaves it open."""
        tried = pagewatch.read(url)
        if not tried:
            raise UserError(f"“{url[:80]}” is not a web address.", cure=_EXAMPLE)
        watch, answer = await self._first_answer(tried)
        discoveries = []
        try:
            if watch.mode != "text":
                discoveries += await self._link_discoveries(watch, answer)
            if not discoveries:
                await self._refuse_scripts(watch, answer)
            if watch.mode != "links":
                discoveries += await self._text_discoveries(watch, answer)
        except PermanentError as error:
            raise UserError(str(error), cure=error.cure or "Watch another page of the site, or its feed.") from None
        if not discoveries:
            raise _nothing(watch)
        return discoveries

    async def poll(self, feed: Feed) -> Poll:
        """See the port."""
        watch = next(iter(pagewatch.read(feed.url)), None)
        if watch is None or not watch.mode:
            raise PermanentError(f"“{feed.url[:80]}” does not say what of the page is watched. {_EXAMPLE}")
        kept = visits.read_cursor(feed)
        try:
            answer = await self._http.get(watch.url, headers=visits.conditions(kept), robots=True)
            if answer.status == 304:
                return Poll(cursor=feed.cursor, unchanged=True, wait=visits.pause(answer))
            moved = pagewatch.written(replace(watch, url=answer.moved_to)) if answer.moved_to else ""
            fresh = {"url": moved or feed.url, **visits.validators(answer)}
            if fresh["body"] == kept.get("body"):
                poll = Poll(cursor=visits.write_cursor({**kept, **fresh}), unchanged=True)
            elif watch.mode == "links":
                poll = await self._new_links(watch, answer, kept, fresh, feed.polled_at is None)
            else:
                poll = await self._new_text(watch, answer, kept, fresh, feed.polled_at is None)
        except UserError as error:
            raise visits.refused(error) from None
        return replace(poll, moved_to=moved, wait=visits.pause(answer))

    async def _new_links(
        self, watch: Watch, answer: Response, kept: dict[str, Any], fresh: dict[str, Any], first: bool
    ) -> Poll:
        page = await self._links(watch, answer)
        if not page.entries:
            raise _nothing(watch)
        seen = visits.strings(kept.get("seen"))
        known = set(seen)
        keys = {entry.id: _link_marks(entry) for entry in page.entries}
        here = {mark: None for marks in keys.values() for mark in marks}
        if known and known.isdisjoint(here) and pagedown.is_titled_so(page.title, visits.text(kept.get("name"))):
            raise TransientError(f"{watch.url} shows a notice in place of its links: “{page.title}”")
        fresh["name"] = page.title
        new = [entry for entry in page.entries if known.isdisjoint(keys[entry.id])]
        fresh["seen"] = [*(mark for mark in seen if mark not in here), *reversed(here)][-MAX_SEEN:]
        if not seen and not first:  # what it knew is lost: old links must not come as news
            new = []
        return Poll(entries=tuple(reversed(new)), cursor=visits.write_cursor(fresh), title=page.title)

    async def _new_text(
        self, watch: Watch, answer: Response, kept: dict[str, Any], fresh: dict[str, Any], first: bool
    ) -> Poll:
        page = await self._text(watch, answer)
        if not page.lines:
            raise _nothing(watch)
        # What an older Watchword read of a page is no measure of what this one reads: it is learnt anew, in silence.
        old = visits.unpacked(kept.get("text")) if kept.get("reader") == READER else None
        if old is not None and pagedown.is_notice(page, old, visits.text(kept.get("name"))):
            raise TransientError(f"{watch.url} shows a notice in place of its text: “{shortened(page.lines[0])}”")
        fresh |= {"name": page.title, "text": visits.packed(page.lines), "reader": READER}
        fresh |= {name: kept[name] for name in ("said", "occasion") if name in kept}
        if not watch.select:
            fresh["seen"] = remembered(visits.strings(kept.get("seen")), page.lines)
        entries = tuple[Entry, ...]()
        if old is not None:
            difference = self._difference(watch, page, old, kept, fresh)
            if difference.added or difference.removed:
                entries = (self._as_said(entry_of(page, difference, watch.url), kept, fresh),)
        elif first:
            entries = (whole_of(page, watch.url),)
        note = "Only the first part of its text is watched: it is very long. Select a part." if page.cut else ""
        return Poll(entries=entries, cursor=visits.write_cursor(fresh), title=page.title, note=note)

    def _as_said(self, entry: Entry, kept: dict[str, Any], fresh: dict[str, Any]) -> Entry:
        """The entry, with an occasion when it was an entry before; it is remembered in the cursor (`fresh`).

        The occasion is made of the last visit's cursor: a visit that is repeated gives the same.
        """
        said = visits.strings(kept.get("said"))
        mark = entry.id[:8]
        fresh["said"] = [*(other for other in said if other != mark), mark][-MAX_SAID:]
        if mark not in said:
            return entry
        occasion = content_id(visits.text(kept.get("occasion")), visits.text(kept.get("body")), entry.id)
        fresh["occasion"] = occasion
        return replace(entry, id=content_id(entry.id, occasion), occasion=occasion)

    def _difference(
        self, watch: Watch, page: PageText, old: list[str], kept: dict[str, Any], fresh: dict[str, Any]
    ) -> Change:
        """What of the page's text is news. What is remembered for it goes into the cursor (`fresh`)."""
        before = self._text_before(page, old, kept, fresh)
        if watch.select:
            return change(before, page.lines)
        now, there, here = self._clock(), marks(before, whole=True), marks(page.lines, whole=True)
        seen, moves = visits.strings(kept.get("seen")), visits.numbers(kept.get("moves"))
        fresh |= {"moves": pagedown.moved(moves, there, here, now)}
        difference = change(before, page.lines, seen, pagedown.returned(moves, there, here, now), whole=True)
        if difference.added:
            return difference
        # Of a whole page, what merely vanishes is a box that rotates, unless it had stood there for a while.
        stood = {mark for mark in there if pagedown.stood_long(moves, mark, now)}
        gone = zip(difference.removed, marks(difference.removed, whole=True), strict=True)
        return replace(difference, removed=tuple(line for line, mark in gone if mark in stood))

    def _text_before(self, page: PageText, old: list[str], kept: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
        """What the page's text is compared with: `old`, or the text before it where that returned after a while.

        A text that gives way to a few words is kept in the cursor (`fresh`) until it returns or is given up.
        """
        now, since = self._clock(), visits.moment(kept.get("since"))
        before = visits.unpacked(kept.get("before")) if since and now - since <= pagedown.PATIENCE else None
        if before is not None and pagedown.is_back(before, old, page.lines):
            return before
        if before is not None and since is not None and pagedown.gives_way(before, page.lines):
            fresh |= {"before": kept["before"], "since": since.isoformat()}
        elif pagedown.gives_way(old, page.lines):
            fresh |= {"before": kept["text"], "since": now.isoformat()}
        return old

    async def _links(self, watch: Watch, answer: Response) -> PageEntries:
        job = (answer.body, answer.headers.get("content-type", ""), answer.url, watch.select, self._clock())
        page = await self._worker.run(page_entries, *job)
        assert isinstance(page, PageEntries)
        return page

    async def _text(self, watch: Watch, answer: Response) -> PageText:
        job = (answer.body, answer.headers.get("content-type", ""), answer.url, watch.select)
        page = await self._worker.run(page_text, *job)
        assert isinstance(page, PageText)
        return page

    async def _first_answer(self, tried: Sequence[Watch]) -> tuple[Watch, Response]:
        """From the first address that answers, and where it moved to. Raises UserError with what each said."""
        answer = await looking.first_answer(self._http, [watch.url for watch in tried], robots=True)
        came = next((watch for watch in tried if watch.url == answer.url), tried[0])
        return replace(came, url=answer.moved_to or came.url), answer

    async def _refuse_scripts(self, watch: Watch, answer: Response) -> None:
        """Raises UserError for a page that is empty, or a notice, until its scripts run: we run none."""
        job = (answer.body, answer.headers.get("content-type", ""), answer.url)
        if await self._worker.run(needs_scripts, *job):
            raise UserError(
                f"{watch.url} shows nothing without JavaScript, which Watchword does not run; a sitemap or another "
                "page of theirs may have the same.",
                cure="Look for “RSS” or “Feed” on the site and paste that address.",
            )

    async def _link_discoveries(self, watch: Watch, answer: Response) -> list[Discovery]:
        if is_pdf(answer.body) and not watch.mode:
            return []
        page = await self._links(watch, answer)
        if len(page.entries) < (1 if watch.mode else ENOUGH_LINKS):
            return []
        newest = page.entries[0]
        return [
            Discovery(
                kind=self.kind,
                url=pagewatch.written(replace(watch, mode="links")),
                title=f"{page.title or watch.url} (new links)",
                newest_title=newest.title,
                newest_at=newest.published_at,
                entries=len(page.entries),
            )
        ]

    async def _text_discoveries(self, watch: Watch, answer: Response) -> list[Discovery]:
        page = await self._text(watch, answer)
        if not page.lines:
            return []
        return [
            Discovery(
                kind=self.kind,
                url=pagewatch.written(replace(watch, mode="text")),
                title=f"{page.title or watch.url} (changed text)",
                newest_title=shortened(page.lines[0]),
                entries=1,
            )
        ]


def _link_marks(entry: Entry) -> list[str]:
    """By what a link is known again; the last is what it was known by before its keys were."""
    return [content_id(key)[:10] for key in (*link_keys(entry.url, entry.title), entry.id)]


def _nothing(watch: Watch) -> UserError:
    what = {"links": "links to articles", "text": "text", "": "links to articles and no text"}[watch.mode]
    if watch.select:
        return UserError(
            f"The part “{watch.select}” of {watch.url} is not there, or has no {what}.",
            cure="The page may have been rebuilt, or shows it by JavaScript only. Select another part, like: main",
        )
    return UserError(
        f"{watch.url} has no {what}.",
        cure="It may show them by JavaScript only. Look for a feed of the site, or select a part: links main .list",
    )


def connect(kit: Kit) -> Source:
    """The adapter."""
    assert kit.http is not None
    assert kit.worker is not None
    return PageSource(kit.http, kit.worker, kit.clock, timedelta(seconds=kit.settings.poll_min_seconds))
