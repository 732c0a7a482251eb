"""The operator's proxies: which one a request goes through, and the guard before any of them is asked.

A proxy connects for us, so the guard at our sockets does not see where to. What is asked of a proxy is therefore looked
up and judged here first. `https` is then asked for by the address that was judged, so that the name cannot lead
elsewhere a moment later. Plain `http` is asked for by name, because a proxy makes the Host header of what it is asked
for; whoever lets strangers' names be looked up by a proxy has it refuse private networks, too.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from yarl import URL

from bot.config import Settings, listed
from bot.core.visits.netguard import Network, refusal
from bot.errors import TransientError, UserError

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver


@dataclass(frozen=True, slots=True)
class Route:
    """How a request goes out: the address to ask for, and what aiohttp needs besides; no `options` without a proxy."""

    url: URL
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def proxy_for(settings: Settings, url: str) -> str | None:
    """The proxy that an address is asked through, with its login; None: it is asked without one."""
    parts = urlsplit(url)
    named = settings.https_proxy if parts.scheme in ("https", "wss") else settings.http_proxy
    if named is None or _is_excepted(parts.hostname or "", listed(settings.no_proxy)):
        return None
    return named.get_secret_value()


def _is_excepted(host: str, exceptions: Sequence[str]) -> bool:
    host = host.casefold().rstrip(".")
    return any(
        each == "*" or host == each or host.endswith(f".{each}") or _is_in(host, each)
        for each in (exception.casefold().removeprefix("*.").strip(".") or "*" for exception in exceptions)
    )


def _is_in(host: str, network: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False


async def route(settings: Settings, url: URL, resolver: "AbstractResolver | None", allow: Sequence[Network]) -> Route:
    """Raises UserError for a host that is not public, TransientError where its name cannot be looked up."""
    proxy = proxy_for(settings, str(url))
    if proxy is None:
        return Route(url)
    address = await _judged(url, resolver, allow)
    options: dict[str, Any] = {"proxy": URL(proxy)}
    if url.scheme != "https" or address == url.host:
        return Route(url, options=options)
    host = url.raw_host or ""
    named = host if url.explicit_port is None else f"{host}:{url.explicit_port}"
    return Route(
        url.with_host(address), headers={"Host": named}, options={**options, "server_hostname": host.rstrip(".")}
    )


async def _judged(url: URL, resolver: "AbstractResolver | None", allow: Sequence[Network]) -> str:
    """An address of the host, after all of them were judged: which of them the proxy would take nobody knows."""
    from aiohttp.resolver import ThreadedResolver

    asked = resolver or ThreadedResolver()
    try:
        answers = await asked.resolve(url.raw_host or "", url.port or 0, family=socket.AF_UNSPEC)
    except (OSError, UnicodeError):
        answers = []
    if not answers:
        raise TransientError(no_such_host(url))
    for answer in answers:
        if why := refusal(answer["host"], allow):
            raise not_public(url, why)
    addresses = [answer["host"].partition("%")[0] for answer in answers]
    return next((address for address in addresses if ":" not in address), addresses[0])


def no_such_host(url: URL) -> str:
    """Of a name that leads nowhere."""
    return f"There is no host called {url.host}, or its name cannot be looked up now. Check the address."


def not_public(url: URL, why: str) -> UserError:
    """The guard's no."""
    return UserError(
        f"{url.host} is not on the public internet ({why}).",
        cure="If that is meant, the operator can allow its network with WATCHWORD_ALLOW_NETWORKS.",
    )


def trouble(url: URL, error: Exception) -> str:
    """What a proxy did not do, without its address and login; empty when it was not the proxy."""
    import aiohttp

    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return f"{url.host} was not asked: the proxy of this installation cannot be reached. Its operator can help."
    if not isinstance(error, aiohttp.ClientHttpProxyError):
        return ""
    if error.status == 407:
        return f"{url.host} was not asked: the proxy of this installation wants a login. Its operator can help."
    return f"{url.host} was not reached: the proxy of this installation answers {error.status}."
