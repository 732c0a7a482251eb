"""Sitemaps: the addresses that a site lists for search engines; news sitemaps, indexes of sitemaps, packed ones.

Paste a sitemap's address, or that of the site's robots.txt, which names them.

It cannot read: files beyond 50,000 addresses (their beginning is read); of one file more than 5,000 addresses (of one
of many: 500), the newest where they are dated; indexes more than two deep. Of an index it visits six files at a time:
those that changed, or each in its turn where it gives no dates (40 at most). An address that is listed again with a
newer date is not news. Only news sitemaps give headlines: for others the words in the address stand in.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.errors import PermanentError, TransientError, UserError, WatchwordError, is_busy
from bot.model import Discovery, Entry, Feed, Poll, Response
from bot.ports import Clock, Export, Http, Kit, Reach, Source, Worker
from bot.reading.feeds.feedlinks import addresses
from bot.reading.pages import sitemapwatch
from bot.reading.pages.robotstxt import sitemaps_of
from bot.reading.pages.sitemaps import Sitemap, parse_sitemap
from bot.reading.pages.sitemapwatch import File
from bot.sources import _looking as looking
from bot.sources import _visits as visits

MAX_NAMED = 5  # sitemaps of a robots.txt that are looked at
DEPTH = 2  # of indexes
_ROBOTS = "/robots.txt"
_SELF = "."  # the feed's own address among the files
_VALIDATORS = ("url", "etag", "modified", "body")
_EXAMPLE = "Write it like https://news.example/sitemap.xml, or paste https://news.example/robots.txt."


class SitemapSource:
    """`bot.ports.Source` for sitemaps. Parsing happens in the worker."""

    kind = "sitemap"
    links_articles = True
    export = Export.PAGE

    def __init__(self, http: Http, worker: Worker, clock: Clock, least_interval: timedelta) -> None:
        self._http = http
        self._worker = worker
        self._clock = clock
        self.least_interval = least_interval

    def accepts(self, url: str) -> Reach:
        """See the port: "sitemap" in the path, a packed XML file, or a robots.txt."""
        path = _path(next(iter(addresses(url)), ""))
        return Reach.LISTS if "sitemap" in path or path.endswith(".xml.gz") or path == _ROBOTS else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port."""
        tried = addresses(url)
        if not tried:
            raise UserError(f"“{url[:80]}” is not a web address.", cure=_EXAMPLE)
        answer = await looking.first_answer(self._http, tried)
        try:
            if _path(answer.url) != _ROBOTS:
                return [await self._discovery(answer.moved_to or answer.url, answer)]
            return await self._named(answer)
        except PermanentError as error:
            raise UserError(str(error), cure=_EXAMPLE) from None

    async def poll(self, feed: Feed) -> Poll:
        """See the port."""
        kept = visits.read_cursor(feed)
        visit = _Visit(self, kept, feed)
        try:
            await visit.top()
            await visit.files()
        except UserError as error:
            raise visits.refused(error) from None
        return visit.poll()

    async def get(self, url: str, kept: dict[str, Any]) -> tuple[Response, Sitemap | None]:
        """A file of a sitemap; None in place of what it holds when it did not change."""
        answer = await self._http.get(url, headers=visits.conditions(kept))
        if answer.status == 304 or visits.validators(answer)["body"] == kept.get("body"):
            return answer, None
        return answer, await self._parse(answer)

    async def _parse(self, answer: Response) -> Sitemap:
        job = (answer.body, answer.headers.get("content-type", ""), answer.url, self._clock())
        sitemap = await self._worker.run(parse_sitemap, *job)
        assert isinstance(sitemap, Sitemap)
        return sitemap

    async def _named(self, answer: Response) -> list[Discovery]:
        """The sitemaps that a robots.txt names."""
        discoveries, said = [], []
        named = await self._worker.run(sitemaps_of, answer.body)
        for address in named[:MAX_NAMED]:
            try:
                discoveries.append(await self._discovery(address, await looking.get(self._http, address)))
            except WatchwordError as error:
                if is_busy(error):
                    raise
                said.append(str(error))
        if not discoveries:
            why = " ".join(said) or "It names no sitemap."
            raise UserError(f"No sitemap found by {answer.url}. {why}", cure="Look for a feed of the site instead.")
        return discoveries

    async def _discovery(self, url: str, answer: Response) -> Discovery:
        """The newest item may be in a file that the index names: one of them is looked into."""
        sitemap = await self._parse(answer)
        for _ in range(DEPTH):
            if sitemap.entries or not sitemap.children or not looking.spare():
                break
            newest = sitemapwatch.latest(sitemap.children)[0]
            sitemap = await self._parse(await looking.get(self._http, newest.url))
        dated = [entry for entry in sitemap.entries if entry.published_at]
        newest_entry = dated[0] if dated else next(reversed(sitemap.entries), None)
        return Discovery(
            kind=self.kind,
            url=url,
            title=f"Sitemap of {urlsplit(url).hostname} ({urlsplit(url).path})",
            newest_title=newest_entry.title if newest_entry else "",
            newest_at=newest_entry.published_at if newest_entry else None,
            entries=len(sitemap.entries),
        )


class _Visit:
    """One poll: the file itself, then the due ones of those that it names."""

    def __init__(self, source: SitemapSource, kept: dict[str, Any], feed: Feed) -> None:
        self._source = source
        self._kept = kept
        self._feed = feed
        # A cursor that was lost after the first visit must not bring what is old as news.
        self._first = not kept
        self._number = kept["number"] + 1 if isinstance(kept.get("number"), int) else 1
        self._files = sitemapwatch.files_of(kept.get("files"))
        self._state: dict[str, Any] = {}
        self._entries: list[Entry] = []
        self._notes: list[str] = []
        self._changed = False
        self._moved_to = ""
        self._wait: timedelta | None = None

    async def top(self) -> None:
        """The address itself: an index, or all there is."""
        feed = self._feed
        answer, sitemap = await self._source.get(feed.url, self._kept)
        self._wait = visits.pause(answer)
        if answer.status == 304:
            self._state = {name: value for name, value in self._kept.items() if name in _VALIDATORS}
            return
        self._moved_to = answer.moved_to
        self._state = {"url": answer.moved_to or feed.url, **visits.validators(answer)}
        if sitemap is None:
            return
        self._changed = True
        if sitemap.children:
            self._files = sitemapwatch.merged(self._files, sitemap.children, "", first=self._first)
            self._note(sitemap)
            return
        file = next((file for file in self._files if file.url == _SELF), File(url=_SELF))
        self._files = [file]
        self._take(file, sitemap, len(sitemap.entries))

    async def files(self) -> None:
        """Those of an index. Raises the first one's error when none of them can be had now."""
        waiting = sitemapwatch.due(self._named(), first=self._first)
        errors, good, visited = list[WatchwordError](), 0, 0
        while waiting and visited < sitemapwatch.MAX_VISITS:
            file = waiting.pop(0)
            visited += 1
            try:
                below = await self._file(file)
                waiting = [*below, *(sitemap for sitemap in waiting if sitemap not in below)]
                good += 1
            except WatchwordError as error:
                file.visited = self._number
                errors.append(error)
        if errors and not good and any(isinstance(error, TransientError) for error in errors):
            raise errors[0]
        if errors:
            self._notes.append(f"{len(errors)} of the {visited} files read now could not be: {errors[0]}")
        if len(self._named()) > sitemapwatch.MAX_VISITS:
            self._notes.append(f"It names {len(self._named())} files; {sitemapwatch.MAX_VISITS} are read at a time.")

    async def _file(self, file: File) -> list[File]:
        """Read one; the due ones that it names in its turn, if it is an index itself."""
        kept = {"etag": file.etag, "modified": file.modified, "body": file.body}
        answer, sitemap = await self._source.get(file.url, kept)
        first = not file.visited and not file.late
        file.read, file.visited = file.listed, self._number
        if sitemap is None:
            return []
        self._changed = True
        fresh = visits.validators(answer)
        file.etag, file.modified, file.body = (fresh.get(name, "") for name in ("etag", "modified", "body"))
        if not sitemap.children:
            self._take(file, sitemap, sitemapwatch.MAX_OF_FILE)
            return []
        if file.index:
            self._notes.append(f"{file.url} is an index within an index within an index; that deep is not read.")
            return []
        self._files = sitemapwatch.merged(self._files, sitemap.children, file.url, first=first)
        return sitemapwatch.due([listed for listed in self._files if listed.index == file.url], first=first)

    def _take(self, file: File, sitemap: Sitemap, most: int) -> None:
        dated = all(entry.published_at for entry in sitemap.entries)
        entries = sitemap.entries[:most] if dated else sitemap.entries[-most:]
        new = sitemapwatch.news(file, entries, self._feed.polled_at)
        self._entries += reversed(new) if dated else new
        sitemapwatch.remember(file, entries, self._number)
        self._note(sitemap)

    def _note(self, sitemap: Sitemap) -> None:
        if sitemap.note and sitemap.note not in self._notes:
            self._notes.append(sitemap.note)

    def _named(self) -> list[File]:
        return [file for file in self._files if file.url != _SELF]

    def poll(self) -> Poll:
        """What it gave: each address once, oldest first where all are dated."""
        entries = list({entry.id: entry for entry in self._entries}.values())
        dates = [entry.published_at for entry in entries if entry.published_at]
        if len(dates) == len(entries):
            entries.sort(key=lambda entry: entry.published_at or dates[0])
        state = {**self._state, "number": self._number, "files": sitemapwatch.kept(self._files)}
        return Poll(
            entries=tuple(entries),
            cursor=visits.write_cursor(state),
            title=f"Sitemap of {urlsplit(self._feed.url).hostname}",
            unchanged=not self._changed,
            note=" ".join(self._notes),
            moved_to=self._moved_to,
            wait=self._wait,
        )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def connect(kit: Kit) -> Source:
    """The adapter."""
    assert kit.http is not None
    assert kit.worker is not None
    return SitemapSource(kit.http, kit.worker, kit.clock, timedelta(seconds=kit.settings.poll_min_seconds))
