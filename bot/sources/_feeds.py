"""Finding and reading feeds over HTTP: what all kinds of sources share that come down to a feed."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from bot.core.visits.items import told_apart
from bot.errors import PermanentError, TransientError, UserError, is_busy
from bot.model import LISTED, Discovery, Entry, Feed, Poll, Response, content_id
from bot.ports import Export, Kit, Reach
from bot.reading.feeds.feedlinks import FeedLink, PageLinks, addresses, guesses, is_front, is_of, page_links, root_of
from bot.reading.feeds.opml import Opml, is_opml, read_opml
from bot.reading.feeds.parse import ParsedFeed, parse_feed
from bot.sources import _looking as looking

THOROUGH_SECONDS, QUICK_SECONDS = 2.4, 0.9  # together below the 3.5 s that one input may cost
MAX_LINKED = 3  # of the feeds that a page names, so many are looked into; the others are only named
_CURE = "Look for “RSS” or “Feed” on the site and paste that address."
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*(\d{1,9})", re.I)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """What the last visit left behind: validators, a hash of the body, hashes of the entries in it."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    body: str = ""
    seen: list[str] = field(default_factory=list)


class FeedReader:
    """`bot.ports.Source` for feeds, under the name of whichever `kind` it reads them for. The worker parses."""

    links_articles = True
    export = Export.FEED

    def __init__(self, kit: Kit, kind: str) -> None:
        assert kit.http is not None
        assert kit.worker is not None
        self.kind = kind
        self.least_interval = timedelta(seconds=kit.settings.poll_min_seconds)
        self._http = kit.http
        self._worker = kit.worker
        self._clock = kit.clock

    def accepts(self, url: str) -> Reach:
        """See the port. A bare domain counts: "news.example/politics"."""
        return Reach.FEEDS if addresses(url) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port."""
        tried = addresses(url)
        if not tried:
            raise UserError(f"“{url[:80]}” is not a web address.", cure="Write it like https://news.example/feed.")
        answer = await looking.first_answer(self._http, tried)
        if is_opml(answer.body):
            return await self._listed(answer)
        try:
            return [self._discovery(answer.moved_to or answer.url, await self._parse(answer))]
        except UserError as error:
            why = f"No feed found. {error}"
        except PermanentError as error:
            why = f"{'I cannot tell whether this is a feed.' if error.unread else 'No feed found.'} {error}"
        try:
            return await self._discover_on_page(answer, tried[0], why)
        except PermanentError as error:
            raise UserError(f"{why} {error}", cure=_CURE) from None

    async def poll(self, feed: Feed) -> Poll:
        """See the port."""
        cursor = _read_cursor(feed)
        try:
            answer = await self._http.get(feed.url, headers=_conditions(cursor))
            if answer.status == 304:
                return Poll(cursor=feed.cursor, unchanged=True, moved_to=answer.moved_to, wait=_max_age(answer))
            body = content_id(answer.body.decode("latin-1"))
            fresh = replace(_validators(answer), url=answer.moved_to or feed.url, body=body, seen=cursor.seen)
            if body == cursor.body:
                wait = _max_age(answer)
                return Poll(cursor=_write(fresh), unchanged=True, moved_to=answer.moved_to, wait=wait)
            parsed = await self._parse(answer)
            parsed = replace(parsed, entries=_with_names_of_their_own(parsed.entries))
        except UserError as error:  # an address that was fine when it was added
            raise PermanentError(" ".join(filter(None, (str(error), error.cure)))) from None
        marks = [_mark(entry) for entry in parsed.entries]
        known = set(cursor.seen)
        apart = told_apart(parsed.entries)  # of all: a new entry may differ from a known one in its place only
        new = [entry for entry, mark in zip(apart, marks, strict=True) if mark not in known]
        waits = [wait for wait in (parsed.wait, _max_age(answer)) if wait]
        return Poll(
            entries=_oldest_first(new),
            cursor=_write(replace(fresh, seen=marks)),
            title=parsed.title,
            note=parsed.note,
            moved_to=answer.moved_to,
            wait=max(waits, default=None),
        )

    async def _parse(self, answer: Response) -> ParsedFeed:
        """In the worker. A feed that is broken and too large to mend in time is read as far as is quickly done."""
        job = (answer.body, answer.headers.get("content-type", ""), answer.url, self._clock())
        try:
            parsed = await self._worker.run(parse_feed, *job, seconds=THOROUGH_SECONDS)
        except PermanentError:
            parsed = await self._worker.run(parse_feed, *job, False, seconds=QUICK_SECONDS)
        assert isinstance(parsed, ParsedFeed)
        return parsed

    async def _listed(self, answer: Response) -> Sequence[Discovery]:
        """What an OPML list names, of the kind LISTED: each is only told of, and has yet to be looked at."""
        opml = await self._worker.run(read_opml, answer.body, answer.headers.get("content-type", ""))
        assert isinstance(opml, Opml)
        return [
            Discovery(kind=LISTED, url=outline.url, title=outline.title, note=opml.note) for outline in opml.outlines
        ]

    async def _discover_on_page(self, answer: Response, pasted: str, why: str) -> Sequence[Discovery]:
        """All feeds that the page names, else one at a usual place. Raises UserError telling what was tried."""
        links = await self._links(answer)
        if not links.is_page:
            raise UserError(why.removeprefix("No feed found. "), cure=_CURE)
        if discoveries := await self._of_links(links.feeds, pasted):
            return discoveries
        tried = guesses(answer.url)[: looking.spare()]
        for guess in tried:
            if discovery := await self._try(guess):
                return [replace(discovery, beside=not is_of(FeedLink(url=guess), pasted))]
        named = f"The {len(links.feeds)} that it names cannot be read" if links.feeds else "It names none"
        root = root_of(answer.url)
        places = f", and there is none at {', '.join(guess.removeprefix(root) for guess in tried)} of {root}"
        raise UserError(f"{why} {named}{places if tried else ''}.", cure=_CURE)

    async def _of_links(self, links: Sequence[FeedLink], pasted: str) -> list[Discovery]:
        """What the page names: a few looked into, those of the page itself first, the rest by their names."""
        own = sorted(links, key=lambda link: (not link.named, not is_of(link, pasted)))
        alone = not is_front(pasted)
        discoveries, looked = list[Discovery](), 0
        for link in own:
            beside = alone and not is_of(link, pasted)
            if looked < MAX_LINKED and looking.spare():
                looked += 1
                if discovery := await self._try(link.url):
                    discoveries.append(replace(discovery, beside=beside))
            elif link.named or not discoveries:
                discoveries.append(
                    Discovery(kind=self.kind, url=link.url, title=link.title, beside=beside, untried=True)
                )
        return discoveries

    async def _links(self, answer: Response) -> PageLinks:
        job = (answer.body, answer.headers.get("content-type", ""), answer.url)
        links = await self._worker.run(page_links, *job)
        assert isinstance(links, PageLinks)
        return links

    async def _try(self, url: str) -> Discovery | None:
        """The feed at `url`, if there is one."""
        try:
            answer = await looking.get(self._http, url)
            return self._discovery(answer.moved_to or url, await self._parse(answer))
        except (UserError, TransientError, PermanentError) as error:
            if is_busy(error):
                raise
            return None

    def _discovery(self, url: str, parsed: ParsedFeed) -> Discovery:
        dated = [entry for entry in parsed.entries if entry.published_at]
        newest = max(dated, key=lambda entry: entry.published_at or 0, default=None) or next(iter(parsed.entries), None)
        return Discovery(
            kind=self.kind,
            url=url,
            title=parsed.title,
            newest_title=newest.title if newest else "",
            newest_at=newest.published_at if newest else None,
            entries=len(parsed.entries),
        )


def _conditions(cursor: _Cursor) -> dict[str, str]:
    headers = {"if-none-match": cursor.etag, "if-modified-since": cursor.modified}
    return {name: value for name, value in headers.items() if value}


def _validators(answer: Response) -> _Cursor:
    """What to send back next time: only what is plain ASCII, because servers send all sorts."""
    etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    return _Cursor(
        etag=etag if _VALIDATOR.fullmatch(etag) else "", modified=modified if _VALIDATOR.fullmatch(modified) else ""
    )


def _read_cursor(feed: Feed) -> _Cursor:
    """The cursor if it is ours and from the same address; else a fresh one."""
    try:
        kept = json.loads(feed.cursor)
        seen = [mark for mark in kept["seen"] if isinstance(mark, str)]
        words = {name: kept[name] for name in ("url", "etag", "modified", "body") if isinstance(kept[name], str)}
        cursor = _Cursor(**words, seen=seen)
    except (ValueError, TypeError, KeyError):
        return _Cursor()
    return cursor if cursor.url == feed.url else _Cursor(seen=cursor.seen)


def _write(cursor: _Cursor) -> str:
    return json.dumps(asdict(cursor), separators=(",", ":"))


def _with_names_of_their_own(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Without the ids that several entries have, which name none of them."""
    counts = Counter(entry.id for entry in entries)
    return tuple(replace(entry, id="") if counts[entry.id] > 1 else entry for entry in entries)


def _mark(entry: Entry) -> str:
    """Ten hexadecimal digits: an entry that was changed is a new one; its id is not asked, since feeds reuse ids."""
    return content_id(entry.url, entry.title, entry.content)[:10]


def _oldest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """By date where all have one; else as listed, from the end: feeds put the newest on top."""
    backwards = list(reversed(entries))
    dates = [entry.published_at for entry in backwards if entry.published_at]
    if len(dates) == len(backwards):
        backwards.sort(key=lambda entry: entry.published_at or dates[0])
    return tuple(backwards)


def _max_age(answer: Response) -> timedelta | None:
    match = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return timedelta(seconds=int(match[1])) if match and int(match[1]) else None
