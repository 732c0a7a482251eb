"""A document as story grouping sees it: what it tells, without what outlets wrap around it.

What is remembered of it is numbers alone: digests of its text, address, headline, site, and a sketch of its shingles.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from rensa import RMinHash

from bot.addresses import opened_url
from bot.core.stories.title_marks import without_marks
from bot.core.stories.words import bag, norms
from rules.document import Document

SHORT = 25  # words: below it, texts of different events are as alike as copies are
LONG = 4_000  # words compared; what comes after them does not make another story
COMPARED = LONG * 20  # characters
TITLE = 500  # characters
SHINGLE = 3  # words
SKETCH, BANDS, SEED = 96, 32, 20_250  # bands of 3: texts with half of their shingles in common meet in 98.6 %
NO_DATE = -(2**63)  # for `published`: no date has as many microseconds before 1970

_AGENCY = re.compile(r"\([^\W\d_a-z][\w.&-]*(?:\s[^\W\d_a-z][\w.&-]*){0,3}\)\s?(?=[-–—])")
_CREDIT = re.compile(
    r"(?:[-–—] ?)?\(?(?:reporting by|writing by|editing by|source:|with material from|first published|first appeared|"
    r"this (?:article|story|report) (?:was )?first|copyright|©|\(c\)|updated|last updated|quelle:|mit material|stand:|"
    r"aktualisiert|джерело:|за матеріалами|оновлено|источник:|по материалам|обновлено)",
    re.IGNORECASE,
)
_FLASH = re.compile(
    r"(?:(?:breaking|updated?|exclusive|live|watch|eilmeldung|eil|exklusiv|терміново|оновлено|ексклюзив|срочно|молния|"
    r"обновлено|эксклюзив)(?: news)?(?: \d+)?\s*[:|–—-]+\s*)+",
    re.IGNORECASE,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is remembered of a document. Names are digests of 64 bits, zero where the document has no such thing."""

    id: str
    key: str  # hexadecimal, equal for equal texts, empty when there is no text at all
    published: int  # microseconds since 1970, or NO_DATE
    address: int
    site: int
    headline: int
    lang: int  # of the primary subtag
    length: int  # words of the body that are compared, at most LONG
    bag: bytes  # of those words
    sketch: Sequence[int]  # SKETCH numbers below 2**32, none for short texts


def fingerprint_of(document: Document) -> Fingerprint:
    """What story grouping remembers of `document`."""
    title = bare_title(document.title, document.site)
    body, body_norms = _bare_body(document.body, title)
    title_norms = norms(title)
    short = len(body_norms) < SHORT
    compared = (body_norms if len(body) <= COMPARED else norms(body[:COMPARED]))[:LONG]
    return Fingerprint(
        id=document.id,
        key=_digest([*title_norms, *body_norms] if short else body_norms),
        published=NO_DATE if document.published_at is None else micros(document.published_at),
        address=name("address", _address(document.url)),
        site=name("site", document.site.casefold()),
        headline=name("headline", " ".join(title_norms)),
        lang=name("lang", document.lang.casefold().replace("_", "-").split("-")[0]),
        length=len(compared),
        bag=bag(compared),
        sketch=() if short else _sketch(body_norms[:LONG]),
    )


def name(kind: str, text: str) -> int:
    """A digest of 64 bits, another for each `kind` of name; zero when there is no text."""
    if not text:
        return 0
    digest = hashlib.blake2b(f"{kind} {text}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def key_number(key: str) -> int:
    """A fingerprint's key as a name."""
    return (int(key[:16], 16) or 1) if key else 0


def micros(at: datetime) -> int:
    """Whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def headline(title: str) -> str:
    """`title` as compared for equality."""
    return " ".join(norms(title))


def bare_title(title: str, site: str) -> str:
    """The title without "Breaking:" before it, marks of its updates and the outlet's name at its ends."""
    plain = " ".join(title[:TITLE].split())
    flash = _FLASH.match(plain)
    bare = without_marks(plain[flash.end() :] if flash else plain)
    if not site or (site.isascii() and bare.isascii() and site.lower() not in bare.lower()):
        return bare
    return without_marks(_outlet(site).sub("", bare) or bare)


def bare_body(body: str, title: str) -> str:
    """What is compared of the body: without agency line, credits and the `title` once more."""
    return _bare_body(body, title)[0][:COMPARED]


def _bare_body(body: str, title: str) -> tuple[str, list[str]]:
    """The whole of it, with its norms."""
    lines = [line for line in body.strip().splitlines() if line.strip()]
    while len(lines) > 1 and len(lines[-1]) < 120 and _CREDIT.match(lines[-1].strip()):
        lines.pop()
    if len(lines) > 1 and title and headline(lines[0][: 2 * len(title)]) == headline(title):
        lines.pop(0)
    if lines:
        lines[0] = _AGENCY.sub("", lines[0][:160]) + lines[0][160:]
    bare = "\n".join(lines)
    return bare, norms(bare)


def _address(url: str) -> str:
    """What names one article, or its part of a page; empty for a site's front page, which serves every story."""
    parts = urlsplit(opened_url(url))
    path, part = parts.path.rstrip("/"), f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}{part}" if path or parts.query or part else ""


@lru_cache(maxsize=1 << 10)
def _outlet(site: str) -> re.Pattern[str]:
    called = re.escape(site)
    return re.compile(rf"^{called} ?[:|–—-] ?| [|–—-] ?{called}$", re.IGNORECASE)


def _digest(all_norms: Sequence[str]) -> str:
    whole = " ".join(all_norms).encode("utf-8", "replace")
    return hashlib.blake2b(whole, digest_size=12).hexdigest() if whole else ""


def _sketch(all_norms: Sequence[str]) -> Sequence[int]:
    sketch = RMinHash(num_perm=SKETCH, seed=SEED)
    shingles = list(map(" ".join, zip(*(all_norms[i:] for i in range(SHINGLE)), strict=False)))
    try:
        sketch.update(shingles)
    except UnicodeEncodeError:  # a lone surrogate cannot cross into rensa
        sketch = RMinHash(num_perm=SKETCH, seed=SEED)
        sketch.update([shingle.encode("utf-8", "replace") for shingle in shingles])
    digest: list[int] = sketch.digest()
    return digest
