"""Feeds that announce a hub (WebSub): the hub tells us what is new within seconds, and they are polled once an hour.

Only where WATCHWORD_PUBLIC_URL is set, since the hub must reach us; elsewhere such a feed is a common one. Without a
working subscription it is polled like any feed. Hubs sign what they send; what is not signed is refused.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Discovery, Feed, Poll, Response
from bot.ports import Clock, Export, Http, Kit, Pushed, Pushing, Reach, Source, Worker
from bot.reading.feeds.hublinks import HubLinks, hub_links
from bot.reading.feeds.parse import ParsedFeed, parse_feed
from bot.reading.pushproof import is_from_hub
from bot.sources._feeds import FeedReader
from bot.sources._pushkey import secret_for

LEASE = timedelta(days=10)  # asked for; the hub decides
LONGEST_LEASE = timedelta(days=60)  # taken at its word
PATIENCE = timedelta(hours=1)  # for the hub's question back, before it is asked again
REFUSED_PAUSE = timedelta(days=1)
QUIET_POLLS = timedelta(hours=1)  # between polls while the hub serves us
PARSE_SECONDS = 2.4
_MAX_CHALLENGE = 2_000
_LEAST_LEASE = 60  # seconds
_HUB = "the hub does not serve us: "

_announced: ContextVar[dict[str, HubLinks] | None] = ContextVar("announced", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lease:
    """The subscription; times in seconds since 1970. The hub serves us while `until` is ahead."""

    hub: str = ""
    topic: str = ""
    asked: int = 0  # when the hub was asked last
    renew: int = 0  # when to ask it again
    until: int = 0  # end of the lease that it confirmed; 0 without one
    problem: str = ""  # why it does not serve us


class _Overhears:
    """`bot.ports.Http` that notes, for whoever set `_announced`, which hub each answer names."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        """See the port."""
        answer = await self._http.get(url, headers=headers, robots=robots)
        links, announced = hub_links(answer.url, answer.headers, answer.body), _announced.get()
        if links is not None and announced is not None:
            announced |= dict.fromkeys((url, answer.url, answer.moved_to or url), links)
        return answer

    async def post(self, url: str, form: Mapping[str, str], *, headers: dict[str, str] | None = None) -> Response:
        """See the port."""
        return await self._http.post(url, form, headers=headers)

    async def close(self) -> None:
        """See the port."""
        await self._http.close()


class WebSubSource:
    """`bot.ports.PushedSource` around the reader of feeds, which reads what is polled."""

    kind = "websub"
    links_articles = True
    export = Export.FEED

    def __init__(self, settings: Settings, http: Http, worker: Worker, clock: Clock, feeds: FeedReader) -> None:
        self._settings = settings
        self._http = http
        self._worker = worker
        self._clock = clock
        self._feeds = feeds
        self.least_interval = feeds.least_interval
        self._leases: dict[str, _Lease] = {}  # feed id -> as it is; the cursor has it as the last poll left it

    def accepts(self, url: str) -> Reach:
        """See the port."""
        return Reach.SOME_FEEDS if self._settings.public_url and self._feeds.accepts(url) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port: the feeds there if one announces a hub. One beside it that does not is polled like any."""
        announced: dict[str, HubLinks] = {}
        _announced.set(announced)
        discoveries = await self._feeds.discover(url)
        if not any(discovery.url in announced for discovery in discoveries):
            return []
        return discoveries

    async def poll(self, feed: Feed) -> Poll:
        """See the port. Looks after the subscription, too; a hub that fails is a note, never the feed's failure."""
        inner, _ = _read(feed.cursor)
        announced: dict[str, HubLinks] = {}
        _announced.set(announced)
        poll = await self._feeds.poll(replace(feed, cursor=inner))
        lease = self._at_hub(self._lease(feed), announced.get(feed.url), unchanged=poll.unchanged)
        self._leases[feed.id] = lease
        now = self._now()
        if lease.hub and now >= lease.renew and self._settings.public_url:
            await self._ask(feed, now)
            lease = self._leases[feed.id]
        served = lease.until > now and bool(self._settings.public_url)
        quiet = min(QUIET_POLLS, timedelta(seconds=max(lease.renew - now, 0))) if served else timedelta()
        notes = [part for part in (feed.note if poll.unchanged else poll.note).split("; ") if not part.startswith(_HUB)]
        note = "; ".join(filter(None, [*notes, f"{_HUB}{lease.problem}" if lease.problem else ""]))
        return replace(
            poll,
            cursor=json.dumps({"feed": poll.cursor, "lease": asdict(lease)}, separators=(",", ":")),
            wait=max(poll.wait or quiet, quiet) or None,
            note=note,
            unchanged=poll.unchanged and note == feed.note,
        )

    def _lease(self, feed: Feed) -> _Lease:
        return self._leases.get(feed.id) or _read(feed.cursor)[1]

    def _at_hub(self, lease: _Lease, links: HubLinks | None, *, unchanged: bool) -> _Lease:
        """The lease, begun anew when the feed names another hub or topic; gone when it names none any more."""
        if links is None:
            return lease if unchanged else _Lease()
        if (links.hub, links.topic) == (lease.hub, lease.topic):
            return lease
        return _Lease(hub=links.hub, topic=links.topic)

    async def _ask(self, feed: Feed, now: int) -> None:
        """Subscribe. The lease is noted before the request: most hubs ask back while it is still under way."""
        lease = replace(self._leases[feed.id], asked=now, renew=now + _seconds(PATIENCE))
        self._leases[feed.id] = lease
        form = {
            "hub.callback": f"{self._settings.public_url}/in/{self.kind}/{feed.id}?key={self._key(feed.id)}",
            "hub.mode": "subscribe",
            "hub.topic": lease.topic,
            "hub.lease_seconds": str(_seconds(LEASE)),
            "hub.secret": self._secret(feed.id, lease.topic),
        }
        try:
            await self._http.post(lease.hub, form)
        except WatchwordError as error:
            pause = PATIENCE if isinstance(error, TransientError) else REFUSED_PAUSE
            said = self._leases[feed.id]
            self._leases[feed.id] = replace(said, problem=str(error), renew=now + _seconds(pause))

    async def receive(self, feed: Feed, pushing: Pushing) -> Pushed:
        """See the port."""
        if not hmac.compare_digest(pushing.query.get("key", "").encode(), self._key(feed.id).encode()):
            return Pushed(status=401, text="This is not the address that the hub was given.\n")
        lease = self._lease(feed)
        if pushing.method == "GET":
            return self._asked_back(feed, lease, pushing.query)
        signed = pushing.headers.get("x-hub-signature", "")
        if not lease.topic or not is_from_hub(self._secret(feed.id, lease.topic), signed, pushing.body):
            return Pushed(status=401, text="This is not signed as agreed with the hub.\n")
        job = (pushing.body, pushing.headers.get("content-type", ""), lease.topic, self._clock())
        try:
            parsed = await self._worker.run(parse_feed, *job, seconds=PARSE_SECONDS)
        except (UserError, TransientError, PermanentError):  # there is news, in a form that is not for us, or no time
            return Pushed(status=202, text="The feed will be read.\n", poll_now=True)
        assert isinstance(parsed, ParsedFeed)
        entries = tuple(reversed(parsed.entries))
        return Pushed(status=202, text="Thank you.\n", entries=entries, poll_now=not entries)

    def _asked_back(self, feed: Feed, lease: _Lease, query: Mapping[str, str]) -> Pushed:
        """The hub asks whether the subscription is meant, or says that it refuses (W3C WebSub, 5.2 and 5.3)."""
        mode, challenge, now = query.get("hub.mode", ""), query.get("hub.challenge", ""), self._now()
        unknown = Pushed(status=404, text="This was not asked for.\n")
        if not lease.asked or query.get("hub.topic") != lease.topic:
            return unknown
        if mode == "denied":
            why = "".join(letter for letter in query.get("hub.reason", "") if letter.isprintable())[:200]
            problem = f"it refuses{': ' + why if why else ''}"
            self._leases[feed.id] = replace(lease, until=0, problem=problem, renew=now + _seconds(REFUSED_PAUSE))
            return Pushed(status=200)
        if mode != "subscribe" or not challenge or len(challenge) > _MAX_CHALLENGE:
            return unknown
        said = query.get("hub.lease_seconds", "")
        length = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else _seconds(LEASE)
        length = min(max(length, _LEAST_LEASE), _seconds(LONGEST_LEASE))
        renew = now + length - min(length // 4, _seconds(timedelta(days=1)))
        self._leases[feed.id] = replace(lease, until=now + length, renew=renew, problem="")
        return Pushed(status=200, text=challenge)

    def _secret(self, feed_id: str, topic: str) -> str:
        return secret_for(self._settings.data, self.kind, feed_id, topic)

    def _key(self, feed_id: str) -> str:
        """Part of the address that only the hub is told: it does not sign what it asks, and feed ids can be guessed."""
        return secret_for(self._settings.data, self.kind, "address", feed_id)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _read(cursor: str) -> tuple[str, _Lease]:
    """(the common feed's cursor, the lease) if the cursor is ours; else fresh ones."""
    try:
        kept = json.loads(cursor)
        fresh, said = asdict(_Lease()), kept["lease"]
        lease = _Lease(**{name: said[name] for name in fresh if type(said[name]) is type(fresh[name])})
        return str(kept["feed"]), lease
    except (ValueError, TypeError, KeyError):
        return "", _Lease()


def connect(kit: Kit) -> Source:
    """The adapter, around a reader of feeds that lets us overhear which hub each names."""
    assert kit.http is not None
    assert kit.worker is not None
    overhears = _Overhears(kit.http)
    feeds = FeedReader(replace(kit, http=overhears), WebSubSource.kind)
    return WebSubSource(kit.settings, kit.http, kit.worker, kit.clock, feeds)
