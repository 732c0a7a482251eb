"""The page behind a link that only leads on to it: Google Alerts, news aggregators, exit pages.

Only where the target stands in the link itself, so nothing is fetched and nothing guessed.
"""

import re
from urllib.parse import parse_qsl, urlsplit

_HTTP = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]", re.I)
_MAY_WRAP = re.compile(r"[?&][\w-]{1,20}=https?(?::|%3a)", re.I)
_NAMES = (
    "url",
    "u",
    "q",
    "uddg",
    "to",
    "z",
    "target",
    "dest",
    "destination",
    "redirect",
    "redirect_url",
    "goto",
    "link",
    "r",
)
# Pages whose work it is to lead on, by the last part of their path.
_LEADS_ON = re.compile(
    r"/(?:url|redirect|redir|rd|r|l|away|out|outgoing|go|goto|link|click|clk|track|leave|exit|apiclick|newsredirect"
    r"|externallink|redirector|outbound|jump|forward)(?:\.(?:php|aspx?|html?|cgi|jsp))?/?",
    re.I,
)
_YAHOO = re.compile(r"/RU=(https?[^/]+)/", re.I)
_MOST = 3  # wrappers around wrappers


def target_of(link: str) -> str:
    """Where `link` leads on to, as far as it says so itself; else the link as it is."""
    for _ in range(_MOST):
        inside = _inside(link)
        if not inside:
            break
        link = inside
    return link


def _inside(link: str) -> str:
    if "RU=" in link and (yahoo := _YAHOO.search(link)):
        return _checked(dict(parse_qsl(f"u={yahoo[1]}")).get("u", ""))
    if not _MAY_WRAP.search(link):
        return ""
    try:
        parts = urlsplit(link)
        fields = dict(parse_qsl(parts.query))
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not _LEADS_ON.fullmatch(path[path.rfind("/") :] if "/" in path else ""):
        return ""
    return next((target for name in _NAMES if (target := _checked(fields.get(name, "")))), "")


def _checked(target: str) -> str:
    return target if _HTTP.match(target) else ""
