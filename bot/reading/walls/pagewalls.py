"""What stands between an address and its page: a consent wall, a page that only sends on, or that needs scripts."""

import re
from urllib.parse import urljoin, urlsplit

from bot.model import Response
from bot.reading.pages.pagelinks import parse_page
from bot.reading.pdf import is_pdf

_HEAD = 20_000  # bytes: where a page says so
_MOST_DELAY = 10  # seconds: longer is a page that reloads itself
_META = re.compile(rb"<meta\s[^<>]{0,300}>", re.I)
_NOSCRIPT = re.compile(rb"<noscript\b.{0,4000}?</noscript", re.I | re.S)
_REFRESH = re.compile(rb"http-equiv\s*=\s*[\"']?\s*refresh\b", re.I)
_CONTENT = re.compile(
    rb"content\s*=\s*[\"']?\s*(\d{1,3})(?:\.\d*)?\s*[;,]\s*url\s*=\s*[\"']?\s*([^\"'<>\s]{1,2000})", re.I
)
_TITLE = re.compile(rb"<title[^<>]{0,300}>([^<]{0,300})", re.I)
_WALL_HOST = re.compile(r"(?:consent|guce|cmp|cookiewall|privacy-?(?:wall|gate)|myprivacy)\.")
_WALL_PATH = re.compile(r"/(?:[\w-]*consent(?:wall)?|cookie-?wall|privacy-?(?:wall|gate)|zustimmung)(?:[/.]|$)", re.I)
_WALL_TITLE = re.compile(
    r"before you continue.*|(?:cookie|privacy)?[ -]?consent|(?:dpg media )?privacy gate|cookie ?wall"
    r"|we value your privacy|your privacy choices|bevor (?:sie|du) .{0,40}|zustimmung|einwilligung"
    r"|avant de continuer.*|prima di continuare.*|antes de continuar.*|voordat je verdergaat.*",
    re.I,
)
_SCRIPTS = re.compile(r"java ?script", re.I)
_WAITS = re.compile(r"(?:(?:loading|please wait|wird geladen|chargement|cargando)[^.…]{0,20}[.…]*\s*)?", re.I)
_MOUNTS = "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, app-root"  # what the usual frameworks fill
_FEW, _NOTICE = 60, 400  # characters: a name beside it; a notice that asks for JavaScript, with its advice


def sends_on(answer: Response) -> str:
    """Where a page's own `<meta http-equiv=refresh>` leads at once; empty where nowhere else."""
    head = _NOSCRIPT.sub(b"", answer.body[:_HEAD])  # there it is for those who cannot run scripts, and leads astray
    for tag in _META.findall(head):
        target = _CONTENT.search(tag) if _REFRESH.search(tag) else None
        if target is None or int(target[1]) > _MOST_DELAY:
            continue
        try:
            there = urljoin(answer.url, target[2].decode("utf-8", "replace").replace("&amp;", "&"))
            parts = urlsplit(there)
        except ValueError:
            return ""
        return there if parts.scheme in ("http", "https") and there != answer.url else ""
    return ""


def asks_consent(asked: str, answer: Response) -> bool:
    """Whether an answer is a page that wants consent to cookies in place of the one that was asked for."""
    there = urlsplit(answer.url)
    if there.geturl() != asked and (_WALL_HOST.match(there.netloc) or _WALL_PATH.search(there.path)):
        return True
    title = _TITLE.search(answer.body, 0, _HEAD)
    return bool(title and _WALL_TITLE.fullmatch(" ".join(title[1].decode("utf-8", "replace").split())))


def needs_scripts(body: bytes, content_type: str, url: str) -> bool:
    """Whether a page has scripts and no text, or no other than that it loads or needs JavaScript. Runs in the worker.

    Few words alone are no sign: a page that says "open" or "closed" is worth watching.
    """
    from resiliparse.extract.html2text import extract_plain_text

    if is_pdf(body):
        return False
    tree = parse_page(body, content_type, url)
    if tree.document.query_selector("script") is None:
        return False
    shown = " ".join(str(extract_plain_text(tree, main_content=False, alt_texts=False, noscript=False)).split())
    if _WAITS.fullmatch(shown) or (len(shown) <= _NOTICE and _SCRIPTS.search(shown)):
        return True
    mount = tree.document.query_selector(_MOUNTS)
    return mount is not None and len(shown) <= _FEW and _WAITS.fullmatch(mount.text.strip()) is not None
