"""By what a link is known again: tokens, session ids, places in a list and clocks in its address make no new link."""

import re
from urllib.parse import unquote

from bot.addresses import canonical_url

_SESSION = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w{0,20}|sid|session_?id|_ga|cachebuster|nocache|_|cb|rnd|rand|random|ref"
    r"|ref_?src|referrer|pos|position|rank|spm|timestamp|nonce)=|(?:t|ts|time)=\d{9,}(?:\D|$)",
    re.I,
)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
_WORDLESS = re.compile(r"(?=[^/]*\d)(?=[^/]*[a-zA-Z])[A-Za-z0-9_~]{10,}")  # no "-": a slug has words and numbers
_DOCUMENT = re.compile(r"/([^/]{1,200}\.(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|epub))$", re.I)


def link_identity(url: str) -> str:
    """The address that is kept: canonical, and without session ids. Empty unless http(s)."""
    url = canonical_url(_PATH_SESSION.sub("", url))
    path, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _SESSION.match(part))
    return f"{path}?{kept}" if kept else path


def link_keys(url: str, title: str) -> tuple[str, ...]:
    """What a link is known by again: its address without scheme, `www.` and last slash, and its title where that has a
    token in it: in the path, or as a value; a token is in no language, and may be another for each visitor.
    """
    bare = url.partition("://")[2].removeprefix("www.")
    path, _, query = bare.partition("?")
    path = path.rstrip("/")
    steps = ["*" if _WORDLESS.fullmatch(step) else step for step in path.split("/")]
    values = [f"{name}=*" if _WORDLESS.fullmatch(value) else f"{name}={value}" for name, value in _pairs(query)]
    exact, tokenless = f"{path}?{query}", f"{'/'.join(steps)}?{'&'.join(values)}"
    plain = f"{path}?{'&'.join('='.join(pair) for pair in _pairs(query))}"
    return (exact,) if tokenless == plain else (exact, f"{tokenless} {title.casefold()}")


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(part.partition("=")[0], part.partition("=")[2]) for part in query.split("&") if part]


def document_name(url: str) -> str:
    """The name of the file behind a link to a document (PDF, a table, ...); empty for others."""
    match = _DOCUMENT.search(url.partition("?")[0])
    return unquote(match[1]) if match else ""
