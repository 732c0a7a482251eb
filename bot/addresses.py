"""One address for one article, however it was linked. Only shortened, never guessed (docs/decisions/0009)."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.cleantext import clean_text
from rules.hosts import registrable

_MAX_URL = 4_096
_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|twclid|mc_cid|mc_eid|_hsenc|_hsmi"
    r"|at_medium|at_campaign)(?:=|$)",
    re.I,
)
_AMP_QUERY = frozenset(("amp", "amp=1", "amp=true", "outputType=amp", "output=amp"))
_AMP_PATH = re.compile(r"/amp/?$|\.amp(\.html?)$")
_AMP_CACHE = re.compile(r"(?:www\.google\.[a-z.]{2,6}/amp|[\w-]+\.cdn\.ampproject\.org/[acv])/s/([\w.-]+)(/.*|$)")
_MOBILE = re.compile(r"(?:^|(?<=^..\.))(?:m|mobile|amp)\.")  # en.m.wikipedia.org, m.news.example
# Fragments that name no part of the page: where a reader came from, the top, words to be marked by a browser.
_DECORATION = re.compile(r"(?:utm_\w*|xtor|xref|ref|at_\w+|echobox)(?:=|$)|(?:rss|top)$|:~:", re.I)
_MAX_FRAGMENT = 500
# Most addresses: ASCII, no login, port or fragment. They need not be taken apart by the rules of RFC 3986.
_ORDINARY = re.compile(r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)++)(/[!-\"$->@-~]*+)(?:\?([!-\"$-~]*+))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """The address without tracking, fragment, login, default port; host in lower case; empty unless http(s).

    A fragment that is a path ("#/news/1", "#!news/1") stays: a site of a single page has all its articles behind it.

    Pages for telephones (AMP, m.) get the address of the page that they stand for.
    """
    ordinary = _ORDINARY.fullmatch(url) if len(url) <= _MAX_URL else None
    if ordinary:
        scheme, place, path, query = ordinary.groups("")
        return _shortened(scheme, place, path, query)
    url = "".join(clean_text(url).split())
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not host or len(url) > _MAX_URL:
        return ""
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        place += f":{port}"
    route = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) and len(parts.fragment) > 1 else ""
    return _shortened(parts.scheme, place, parts.path, parts.query) + route


def place_in_page(url: str) -> str:
    """The fragment with its #, where it names a part of the page ("#comment-7") and does not only count readers."""
    fragment = "".join(clean_text(url.partition("#")[2]).split())
    return f"#{fragment}" if 0 < len(fragment) <= _MAX_FRAGMENT and not _DECORATION.match(fragment) else ""


def opened_url(url: str) -> str:
    """`canonical_url` with the part of the page that the address names: what people open."""
    page = canonical_url(url)
    return page if not page or "#" in page else page + place_in_page(url)


def same_site(url: str, host: str) -> bool:
    """Whether an address is of the site that a host belongs to ("feeds.courier.example" of "courier.example")."""
    try:
        other = urlsplit(url).hostname or ""
    except ValueError:
        return False
    host = host.casefold()
    return bool(other) and (other == host or (registrable(other) or other) == (registrable(host) or host))


def _shortened(scheme: str, place: str, path: str, query: str) -> str:
    if query:
        query = "&".join(part for part in query.split("&") if not _TRACKING.match(part) and part not in _AMP_QUERY)
    if "amp" in path or "ampproject" in place:
        path = _AMP_PATH.sub(r"\1", path)
        cached = _AMP_CACHE.match(f"{place}{path}")
        if cached:
            place, path = cached[1], cached[2]
    return urlunsplit(SplitResult(scheme, _desk(place), path or "/", query, ""))


@lru_cache(maxsize=4096)
def _desk(place: str) -> str:
    """The host of the pages that those for telephones stand for."""
    if registrable(place) == place:  # m.co.uk is a site of its own
        return place
    return _MOBILE.sub("", place, count=1)
