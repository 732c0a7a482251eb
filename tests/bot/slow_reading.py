"""How texts and addresses were read before that was made quick: what the quick ways have to agree with."""

import re
import unicodedata
from html import unescape
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from bot.reading.feeds.parse import _WHOLE
from rules.hosts import registrable
from rules.words import _take_apart, _word_pattern

_NOT_WANTED = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b\u2060\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
_OTHER_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)")
_TAG_STOP = re.compile(r"[>\"']")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_BREAK = re.compile(r" *\n *")
_RUN = re.compile(r" {2,}")
_BREAKS = re.compile(r"\n{3,}")
_ESCAPED_TAG = re.compile(r"</?(?:p|br|div|a|b|i|em|strong|span|ul|ol|li|img|h[1-6]|blockquote)\b[^<>]{0,500}>", re.I)
_PARAGRAPHS = re.compile(
    r"address|article|aside|blockquote|body|center|details|dl|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr"
    r"|html|main|nav|ol|p|pre|section|summary|table|title|ul"
)
_LINES = frozenset(("br", "dd", "dt", "option", "tr", "caption"))
_SILENT = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "head")
)
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
_DEFAULT_PORTS = {"http": 80, "https": 443}


def clean_text(text: str) -> str:
    """Text in NFC without surrogates, control, bidi and invisible characters; plain spaces, lines ended by \\n."""
    text = _LINE_ENDS.sub("\n", text)
    text = _OTHER_SPACES.sub(" ", _NOT_WANTED.sub("", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def html_to_text(html: str) -> str:
    """Visible text of an HTML fragment: one blank line between paragraphs, "• " before list items, no markup."""
    if "<" not in html:
        text = _collapse(unescape(html)) if "&" in html else _collapse(html)
        # "&lt;p&gt;" where "<p>" was meant: somebody escaped twice
        return _strip(text) if _ESCAPED_TAG.search(text) else text.strip()
    return _strip(html)


def _strip(html: str) -> str:
    out: list[str] = []
    position, quotes_left = 0, {'"': True, "'": True}
    while (start := html.find("<", position)) >= 0:
        if start > position:
            out.append(_text(html[position:start]))
        tag = _TAG.match(html, start)
        if tag is None:
            mark, position = _not_a_tag(html, start)
            out.append(mark)
            continue
        name = tag[1].lower()
        position = _tag_end(html, tag.end(), quotes_left)
        closing = html.startswith("</", start)
        if name in _SILENT and not closing and html[position - 2 : position] != "/>":
            position = _element_end(html, position, name)
        out.append(_break(name, closing))
    out.append(_text(html[position:]))
    return _BREAKS.sub("\n\n", _AROUND_BREAK.sub("\n", _RUN.sub(" ", "".join(out)))).strip()


def _text(segment: str) -> str:
    return _SPACES.sub(" ", unescape(segment) if "&" in segment else segment)


def _collapse(text: str) -> str:
    return _SPACES.sub(" ", text)


def _break(name: str, closing: bool) -> str:
    if _PARAGRAPHS.fullmatch(name):
        return "\n\n"
    if name == "li":
        return "" if closing else "\n• "
    if name in _LINES:
        return "\n"
    return " " if name in ("td", "th") else ""


def _not_a_tag(html: str, start: int) -> tuple[str, int]:
    """(text, next position) for a "<" that opens no element: comment, declaration, CDATA mark, or just a "<"."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return "", end + 3 if end >= 0 else len(html)
    if html.startswith("<![CDATA[", start):
        return "", start + 9
    if html[start + 1 : start + 2] in ("!", "?"):
        end = html.find(">", start)
        return "", end + 1 if end >= 0 else len(html)
    return "<", start + 1


def _tag_end(html: str, position: int, quotes_left: dict[str, bool]) -> int:
    """Just behind the ">" that ends a tag; quoted attribute values may hold ">".

    `quotes_left` remembers that no further such quote exists, so that unclosed ones are looked for only once.
    """
    while (stop := _TAG_STOP.search(html, position)) is not None:
        mark = stop[0]
        if mark == ">":
            return stop.end()
        position = stop.end()
        if html[stop.start() - 1] == "=" and quotes_left[mark]:
            end = html.find(mark, position)
            if end < 0:
                quotes_left[mark] = False
            else:
                position = end + 1
    return len(html)


def _element_end(html: str, position: int, name: str) -> int:
    """Just before the closing tag of an element whose content is not text; one without such a tag holds only code."""
    following = re.compile(f"</?{name}(?![a-z0-9-])", re.I).search(html, position)
    if following and following[0].startswith("</"):
        return following.start()
    if name not in ("script", "style"):
        return position
    return html.find("<", position) if "<" in html[position:] else len(html)


def canonical_url(url: str) -> str:
    """The address without tracking, fragment, login, default port; host in lower case; empty unless http(s).

    Pages for telephones (AMP, m.) get the address of the page that they stand for.
    """
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
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.match(part) and part not in _AMP_QUERY)
    path = _AMP_PATH.sub(r"\1", parts.path)
    cached = _AMP_CACHE.match(f"{place}{path}")
    if cached:
        place, path = cached[1], cached[2]
    if registrable(place) != place:  # m.co.uk is a site of its own
        place = _MOBILE.sub("", place, count=1)
    route = parts.fragment if parts.fragment[:1] in ("/", "!") and parts.fragment[1:] else ""
    return urlunsplit(SplitResult(parts.scheme, place, path or "/", query, route))


def absolute(base: str, link: str) -> str:
    link = re.sub(r"[\t\r\n]+ *", "", link.strip()).replace(" ", "%20")
    if not link:
        return ""
    try:
        joined = link if _WHOLE.match(link) else urljoin(base, link)
        parts = urlsplit(joined)
        return joined if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def words(text: str) -> list[str]:
    return [piece for word in _word_pattern(text).findall(text) for piece in _take_apart(word)]
