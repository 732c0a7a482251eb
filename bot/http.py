"""The one way out to the web: every address that is connected to is judged, every answer is capped and timed."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NoReturn

from yarl import URL

from bot import proxies
from bot.config import Settings
from bot.core.visits.netguard import refusal
from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Response
from bot.ports import Clock
from bot.reading.pages.robotstxt import AGENT
from bot.robots import Robots
from bot.statuses import raise_for_status, refused_body

if TYPE_CHECKING:  # aiohttp costs 150 ms of start-up: it is imported with the first request
    import aiohttp
    from aiohappyeyeballs import AddrInfoType
    from aiohttp.abc import AbstractResolver

CAP_BYTES = 10 * 1024 * 1024  # after decoding
SMALL_BYTES, LARGE_AT_ONCE = 1024 * 1024, 6
TOTAL_SECONDS = 25.0
MAX_REDIRECTS = 5
PER_HOST = 2
MAX_URL = 4096
SIP_BYTES = 4 * 1024  # taken from a connection at once
MOST_INTERIM = 20  # answers of the kind "103 Early Hints" before the answer itself
CRUMBS, LEAST_CRUMB = 2_000, 64  # after so many chunks they must have so many bytes on average
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_SECRETS = ("authorization", "cookie", "proxy-authorization")
_EXAMPLE = "Write it like https://news.example/feed."


class GuardedHttp:
    """`bot.ports.Http` on aiohttp. `clock` serves only to read dates in Retry-After where the answer has no Date."""

    def __init__(
        self, settings: Settings, clock: Clock | None = None, *, resolver: "AbstractResolver | None" = None
    ) -> None:
        self._settings = settings
        self._allow = settings.allow_networks
        self._contact = settings.contact
        self._clock = clock
        self._resolver = resolver
        self._sessions: dict[bool, aiohttp.ClientSession] = {}  # by whether it asks proxies
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._robots = Robots(self.get)

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        """See the port."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        here, moved, permanent, left = check_url(url), "", True, TOTAL_SECONDS
        for _ in range(MAX_REDIRECTS + 1):
            delay = await self._robots.enter(here) if robots else None
            async with self._turn(here.host or ""):
                began = asyncio.get_running_loop().time()
                status, got, body = await self._visit(here, sent, left)
                left -= asyncio.get_running_loop().time() - began
            if status not in _REDIRECTS or "location" not in got:
                raise_for_status(here, status, got, body, self._clock)
                if robots:
                    got["crawl-delay"] = f"{delay.total_seconds():g}" if delay else ""
                return Response(url=str(here), status=status, headers=got, body=body, moved_to=moved)
            there = _follow(here, got["location"])
            if there.host != here.host:
                sent = {name: value for name, value in sent.items() if name not in _SECRETS}
            permanent = permanent and status in _PERMANENT
            here, moved = there, str(there) if permanent else moved
        raise PermanentError(f"{host_of(url)} sends us on more than {MAX_REDIRECTS} times, without an end.")

    async def post(self, url: str, form: Mapping[str, str], *, headers: dict[str, str] | None = None) -> Response:
        """See the port."""
        here = check_url(url)
        async with self._turn(here.host or ""):
            status, got, body = await self._visit(here, headers or {}, TOTAL_SECONDS, form)
        if status in _REDIRECTS:
            raise PermanentError(f"{here.host} sends us on (answer {status}); what is sent stays with its receiver.")
        raise_for_status(here, status, got, body, self._clock)
        return Response(url=str(here), status=status, headers=got, body=body)

    async def close(self) -> None:
        """See the port."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def _visit(
        self, url: URL, headers: dict[str, str], seconds: float, form: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request without redirects: status, headers, decoded body (empty for redirects and errors)."""
        try:
            async with asyncio.timeout(seconds):
                return await self._fetch(url, headers, form)
        except WatchwordError:
            raise
        except TimeoutError:
            raise TransientError(
                f"{url.host} is too slow: it did not answer in full within {TOTAL_SECONDS:g} seconds. Try it later."
            ) from None
        except Exception as error:
            _raise_in_words(url, error)

    async def _fetch(
        self, url: URL, headers: dict[str, str], form: Mapping[str, str] | None
    ) -> tuple[int, dict[str, str], bytes]:
        route = await proxies.route(self._settings, url, self._resolver, self._allow)
        method, headers = "GET" if form is None else "POST", {**headers, **route.headers}
        async with self._way(is_proxied=bool(route.options)).request(
            method, route.url, headers=headers, data=form, allow_redirects=False, **route.options
        ) as answer:
            got: dict[str, str] = {}
            for name, value in answer.headers.items():
                name = name.lower()
                got[name] = f"{got[name]}, {value}" if name in got else value
            if answer.status >= 300:  # what they say besides is of no use, but for a check for robots
                body = await refused_body(answer, got)
                answer.close()
                return answer.status, got, body
            return answer.status, got, await _read(url, answer, self._large)

    def _way(self, *, is_proxied: bool) -> "aiohttp.ClientSession":
        """Proxies have a session of their own, which connects to nothing else: they may be in a private network."""
        if is_proxied not in self._sessions:
            self._sessions[is_proxied] = self._open(_sipping if is_proxied else self._socket)
        return self._sessions[is_proxied]

    def _open(self, new_socket: "Callable[[AddrInfoType], socket.socket]") -> "aiohttp.ClientSession":
        import aiohttp

        return aiohttp.ClientSession(
            response_class=_answer_class(),
            connector=aiohttp.TCPConnector(
                socket_factory=new_socket, resolver=self._resolver, limit=64, limit_per_host=PER_HOST
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
            headers={
                "User-Agent": _user_agent(self._contact),
                "Accept": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.8",
            },
        )

    def _socket(self, info: "AddrInfoType") -> socket.socket:
        """The guard: it sees every address before a connection, whatever name, redirect or literal led to it."""
        why = refusal(str(info[4][0]), self._allow)
        if why:
            raise _RefusedAddressError(f"{_REFUSED}{why}")
        return _sipping(info)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """At most PER_HOST visits to a host at once; time spent waiting here is not the host's fault."""
        turn, users = self._hosts.get(host) or (asyncio.Semaphore(PER_HOST), 0)
        self._hosts[host] = (turn, users + 1)
        try:
            async with turn:
                yield
        finally:
            turn, users = self._hosts[host]
            if users == 1:
                del self._hosts[host]
            else:
                self._hosts[host] = (turn, users - 1)


class _SippingSocket(socket.socket):
    """One that is read a little at a time: what comes at once is parsed at once, while nobody else is served."""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """See socket: a few kilobytes of one-byte chunks are a thousand calls already."""
        return super().recv(min(bufsize, SIP_BYTES), flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0, /) -> int:
        """See socket: how asyncio reads below TLS."""
        return super().recv_into(buffer, min(nbytes or memoryview(buffer).nbytes, SIP_BYTES), flags)


def _sipping(info: "AddrInfoType") -> socket.socket:
    family, kind, proto, _, _ = info
    return _SippingSocket(family, kind, proto)


class _RefusedAddressError(OSError):
    """The guard's no; aiohttp takes it for a failed connection and tries the host's other addresses."""


_REFUSED = "refused: "


def check_url(url: str) -> URL:
    """The parsed address. Raises UserError in words unless it is plain http(s) with a host and without a login."""
    try:
        if len(url) > MAX_URL:
            raise UserError(f"That address has {len(url):,} characters; at most {MAX_URL:,} are taken.")
        parsed = URL(url.strip())
        host, port = parsed.host, parsed.port
    except ValueError:
        raise UserError(f"“{_short(url)}” is not an address.", cure=_EXAMPLE) from None
    if parsed.scheme not in ("http", "https"):
        raise UserError(
            f"“{_short(url)}” is not a web address: only http:// and https:// are read.",
            cure=_EXAMPLE,
        )
    if parsed.user is not None or parsed.password is not None:
        raise UserError(
            "That address holds a login (name:password@): those are not used, because everybody in the chat sees them.",
            cure="Take the part before the @ out.",
        )
    if not host or port == 0:
        raise UserError(f"“{_short(url)}” names no host.", cure=_EXAMPLE)
    return parsed.with_fragment(None)


def host_of(url: str) -> str:
    """The host of an address, for messages; the address itself, shortened, where it has none."""
    try:
        return URL(url).host or _short(url)
    except ValueError:
        return _short(url)


def _follow(here: URL, location: str) -> URL:
    """Where a redirect leads, checked like a pasted address. Raises PermanentError when that is nowhere for us."""
    try:
        return check_url(str(here.join(URL(location))))
    except (ValueError, UserError) as error:
        why = str(error) if isinstance(error, UserError) else f"“{_short(location)}” is not an address."
        raise PermanentError(f"{here.host} sends us on to where we do not go: {why}") from None


async def _read(url: URL, answer: "aiohttp.ClientResponse", large: asyncio.Semaphore) -> bytes:
    """The decoded body. Raises PermanentError as soon as it is known to exceed CAP_BYTES.

    Only so many at once get beyond SMALL_BYTES: 64 of ten megabytes each would be too much.
    """
    too_large = PermanentError(
        f"The answer of {url.host} is larger than {CAP_BYTES >> 20} MiB; that is not read. "
        "Look for a shorter feed of theirs, or for a page of one topic."
    )
    if (answer.content_length or 0) > CAP_BYTES:
        raise too_large
    body, count = bytearray(), 0

    async def fill(most: int) -> bool:
        """Read on until there is more than `most`; whether there is."""
        nonlocal count
        async for chunk, is_whole in answer.content.iter_chunks():
            body.extend(chunk)
            count += is_whole
            if count > CRUMBS and len(body) < count * LEAST_CRUMB:
                raise PermanentError(f"{url.host} sends its answer in crumbs of a few bytes; that is not read.")
            if len(body) > most:
                return True
        return False

    if not await fill(SMALL_BYTES):
        return bytes(body)
    async with large:
        if await fill(CAP_BYTES):
            raise too_large
    return bytes(body)


def _answer_class() -> "type[aiohttp.ClientResponse]":
    """aiohttp's own, which reads any number of interim answers; ours gives up."""
    import aiohttp
    from aiohttp.connector import Connection

    class Answer(aiohttp.ClientResponse):
        async def start(self, connection: Connection) -> aiohttp.ClientResponse:
            protocol, count = connection.protocol, 0
            assert protocol is not None
            read = protocol.read

            async def counted() -> Any:
                nonlocal count
                count += 1
                if count > MOST_INTERIM:
                    raise PermanentError(f"{self.url.host} announces its answer again and again, and gives none.")
                return await read()

            protocol.read = counted  # type: ignore[method-assign]
            try:
                return await super().start(connection)
            finally:
                del protocol.read

    return Answer


def _raise_in_words(url: URL, error: Exception) -> NoReturn:
    """Tell what went wrong on the way to `url`; `error` is whatever aiohttp, TLS or the guard raised."""
    import aiohttp

    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else None
    if isinstance(cause, _RefusedAddressError) or (cause is not None and _REFUSED in str(cause)):
        raise proxies.not_public(url, str(cause).rpartition(_REFUSED)[2]) from None
    if isinstance(error, aiohttp.InvalidURL):
        raise UserError(f"“{_short(str(url))}” is not an address.") from None
    # aiohttp's own words go no further: they hold the proxy with its login
    raise TransientError(proxies.trouble(url, error) or _trouble(url, error)) from None


def _trouble(url: URL, error: Exception) -> str:
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return proxies.no_such_host(url)
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
        return (
            f"The certificate of {url.host} is not valid, so its answer cannot be trusted. "
            "Check the host's name; if that is right, they have to renew it."
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"No connection to {url.host}: {_system_words(error.os_error)}. Check the address, or try later."
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return f"{url.host} hung up without an answer."
    if isinstance(error, (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError)):
        return f"The answer of {url.host} broke off or is packed in a way that cannot be undone."
    return f"{url.host} answered something that is not HTTP."


def _system_words(error: OSError) -> str:
    """What the system calls the fault; asyncio's own words name calls and addresses of ours."""
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "refused"


def _user_agent(contact: str) -> str:
    try:
        number = version("watchword")
    except PackageNotFoundError:
        number = "0"
    return f"{AGENT}/{number} (news alerting bot; {contact or 'reads feeds politely'})"


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
