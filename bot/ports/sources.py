"""What brings text in: the web, the killable worker, the sources."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, IntEnum
from typing import Any, Protocol, runtime_checkable

from bot.core.visits.pauses import Pauses
from bot.errors import WatchwordError
from bot.model import Discovery, Entry, Feed, Poll, Response


class Http(Protocol):
    """The only way out to the web: guarded, capped, timed."""

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        """Fetch `url`, following at most five redirects, each guarded anew.

        With `robots` (pages, not feeds) each host's robots.txt is asked first: its no is a PermanentError; the
        Crawl-delay is kept, and told in seconds in the answer's header "crawl-delay".
        Answers any status below 400 and 304. Raises UserError (an address that is not for us: scheme, private
        network), TransientError (408, 429 and 5xx with their Retry-After, time-out, link), PermanentError (other 4xx;
        `gone` for 410; too large).
        """
        ...

    async def post(self, url: str, form: Mapping[str, str], *, headers: dict[str, str] | None = None) -> Response:
        """Send a form to `url`, behind the same guards. Redirects are not followed: they are a PermanentError.

        Raises as `get`.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


# For whom work is done: a feed's id, or an address that is asked about. The worker takes them in turn.
asker: ContextVar[str] = ContextVar("asker", default="")


class Worker(Protocol):
    """Runs what outside input could make slow or deadly in another process that can be killed."""

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        """`function(*args)` (module-level, arguments and result pickled) in the worker process.

        `seconds` are of processor time: a busy machine does not shorten them. Raises what the function raised;
        PermanentError (`unread`) when it takes more of them, or dies; TransientError (`unread`) when the machine gives
        it too few within a generous limit, or the process cannot be started.
        """
        ...

    def warm(self) -> None:
        """Jobs are in sight: get ready for every kind of them, in the background. Cheap to call again."""
        ...

    async def close(self) -> None:
        """Stop the process."""
        ...


MOST_REQUESTS = 6  # for one address that somebody pasted


@dataclass(slots=True)
class Inspection:
    """What looking at one pasted address has cost, shared by all kinds that are asked about it: no page twice."""

    left: int = MOST_REQUESTS
    answers: dict[tuple[str, bool], Response] = field(
        default_factory=dict
    )  # by address, and whether robots.txt was asked
    failures: dict[str, WatchwordError] = field(
        default_factory=dict
    )  # by address, or by host where all of it must wait
    asked_robots: set[str] = field(default_factory=set)  # hosts


inspection: ContextVar[Inspection | None] = ContextVar("inspection", default=None)
# The hosts that asked to be left alone, whoever pasted an address of theirs.
pauses: ContextVar[Pauses | None] = ContextVar("pauses", default=None)


class Reach(IntEnum):
    """How far a kind reaches that takes an address: who knows more exactly what it is (the higher) is asked first.

    From SITE on its answer is final: when it finds nothing, no kind of wider reach is asked. NONE is false.
    """

    NONE = 0  # not its business
    PAGES = 1  # reads any page
    LISTS = 2  # reads addresses that look like a list of pages
    FEEDS = 3  # reads any feed
    SOME_FEEDS = 4  # reads feeds that have something of their own, and finds none in others
    FORM = 5  # knows the address by its form, which other sites may have, too
    SITE = 6  # knows the site, or a form that nobody else has
    NAMED = 7  # the address itself says that it is meant for this kind


class Export(Enum):
    """How a kind's sources are taken along in a list (OPML) that others may see."""

    NOT = "not"  # never: the machine's own, or made with a secret; also for a kind that says nothing
    FEED = "feed"  # the address is a feed's, which any reader can poll
    PAGE = "page"  # the address is for people, and for Watchword


class Source(Protocol):
    """Reads one kind of feed."""

    kind: str
    least_interval: timedelta
    links_articles: bool  # whether the pages that its entries link to say more than the entries do
    export: Export

    def accepts(self, url: str) -> Reach:
        """Whether an address (or path) looks like this kind's business, and how exactly.

        A text with spaces in it only where all of it is one address: else it is read as several.
        """
        ...

    async def discover(self, url: str) -> Sequence[Discovery]:
        """What is behind a pasted address, best first. Raises UserError saying what was tried and found."""
        ...

    async def poll(self, feed: Feed) -> Poll:
        """Entries since `feed.cursor`, oldest first. Raises TransientError or PermanentError, in words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a bare name, "@harbour", can mean at one kind of source."""

    place: str  # as people know it: "Telegram channel"
    address: str  # of the kind; it is looked up, and typed by a button
    elsewhere: str = ""  # how to write it for a place of the kind that cannot be guessed: "@harbour@<server>"


@runtime_checkable
class KnownByName(Protocol):
    """A source whose feeds people know by a name alone, too: whoever pastes "@harbour" is asked where that is."""

    kind: str

    def meanings(self, name: str) -> Sequence[Meaning]:
        """What `name` (without its "@") can mean here, the likeliest first; nothing where it cannot be a name here.

        Asks nobody: whether something is there, discovery finds out. Each address is one that `accepts` takes.
        """
        ...


def exports(sources: Mapping[str, Source]) -> dict[str, Export]:
    """How each kind is exported. One that was written before there was `Source.export` is not."""
    return {kind: getattr(source, "export", Export.NOT) for kind, source in sources.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """A request that somebody sent to `/in/<kind>/<feed id>`. Header names are lower-case; nothing of it is proven."""

    method: str  # GET or POST
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a source makes of it: the answer, and the entries, which go the same way in as polled ones.

    `cursor` replaces the feed's once the entries are archived; empty leaves it. `all_new`: nothing of it is old stock
    that a first poll would only archive. `poll_now`: there is news, but the feed must be visited to have it.
    """

    status: int
    text: str = ""
    headers: Mapping[str, str] | None = None
    entries: tuple[Entry, ...] = ()
    cursor: str = ""
    all_new: bool = False
    poll_now: bool = False


@runtime_checkable
class KeepsPace(Protocol):
    """A source that asks nobody (a folder of this machine): its feeds are visited at least so often, always."""

    longest_interval: timedelta


@runtime_checkable
class KeepsSecrets(Protocol):
    """A source whose discoveries have a secret: `Discovery.secret`."""

    def secret(self, address: str) -> str:
        """That of the feed at `address`, each time the same. Raises PermanentError when it cannot be had."""
        ...


@runtime_checkable
class PushedSource(Protocol):
    """A source that others push to besides, or instead of, being polled. It proves the caller itself."""

    kind: str

    async def receive(self, feed: Feed, pushing: Pushing) -> Pushed:
        """Judge one request to `feed`. Never raises for what the caller sent: forged or malformed ones get 401."""
        ...
