"""Hosts and addresses as rules compare them."""

import re
from functools import lru_cache
from urllib.parse import unquote

from rules.codes import COUNTRIES
from rules.words import fold, plain_words

_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")
_REST = re.compile(r"[/?#\\]")
_PORT = re.compile(r":\d*$")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_LONGEST = 253  # characters of a host; longer ones are none, and converting them takes long
# Domains that people ask for as a whole, beside those of countries.
_GENERIC = frozenset({"com", "org", "net", "int", "edu", "gov", "mil", "info", "news", "eu", "uk"})


def host_of(address: str) -> str:
    """The host of an address, or of a host as typed: lower case, ASCII (xn--), without port, login and outer dots.

    Empty when there is none, or it is too long to be one.
    """
    path = address.find("/", 8) if address.startswith(("https://", "http://")) else -1
    return _host_of(address if path < 0 else address[:path])


@lru_cache(maxsize=4096)
def _host_of(address: str) -> str:
    host = _place(address)[0] if address else ""
    return _ascii(host) if len(host) <= _LONGEST else ""


def is_host(text: str) -> bool:
    """Whether it can be a host: labels with dots between."""
    return len(text) <= _LONGEST and _HOST.fullmatch(text) is not None


def is_suffix(text: str) -> bool:
    """Whether it is a domain above all sites, such as org or ua."""
    return text in _GENERIC or (len(text) == 2 and text.upper() in COUNTRIES) or text.startswith("xn--")


def suffixes(host: str) -> list[str]:
    """The host and every domain that it is in."""
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


def readable(host: str) -> str:
    """The host in the letters of its language."""
    return _decoded(host) if "xn--" in host else host


def registrable(host: str) -> str:
    """The part of a host that somebody registered: bbc.co.uk of news.bbc.co.uk. Two labels, three where the second of
    a country is a short one."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])


def path_of(address: str) -> str:
    """What follows the host, without outer slashes."""
    return _place(address)[1].strip("/")


@lru_cache(maxsize=64)
def address_words(address: str) -> tuple[str, ...]:
    """The folded words of an address, without scheme, login, www and port."""
    host, rest = _place(address)
    return tuple(map(fold, plain_words(unquote(f"{readable(host).removeprefix('www.')} {rest}"))))


def _place(address: str) -> tuple[str, str]:
    """(host as written in lower case, what follows it)."""
    text = address.strip()
    scheme = _SCHEME.match(text)
    text = text[scheme.end() :] if scheme else text
    cut = _REST.search(text)
    place, rest = (text[: cut.start()], text[cut.start() :]) if cut else (text, "")
    place = _PORT.sub("", place.rpartition("@")[2])
    return _DOTS.sub(".", place).strip(".").lower(), rest


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:  # no name that could be registered; it still equals itself
        return host


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if len(host) <= _LONGEST else host
    except UnicodeError:
        return host
