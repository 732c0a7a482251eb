"""A document as story grouping sees it: what it tells, without what outlets wrap around it."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from rensa import RMinHash

from bot.addresses import canonical_url
from bot.core.stories.likeness import Likeness, likeness
from bot.core.stories.words import NAME, NUMBER, ORDINARY, Word, words
from rules.document import Document

SHORT = 25  # words: below it, texts of different events are as alike as copies are
LONG = 4_000  # words compared; what comes after them does not make another story
TITLE = 500  # characters
CONTAINED = 4  # words: a headline that long, whole within another, is the same with "Nordwire:" before it
SHINGLE = 3  # words
SKETCH, BANDS, SEED = 96, 32, 20_250  # bands of 3: texts with half of their shingles in common meet in 98.6 %
SPECIFIC = 8  # equal names, numbers and dates: a body that has them is about one event whatever its headline

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is remembered of a document. `key` is equal for equal texts, empty when there is no text at all."""

    id: str
    published_at: datetime | None
    url: str  # canonical, empty when it is no article's address
    site: str
    lang: str  # primary subtag
    title: str
    body: str  # without credits
    key: str
    sketch: RMinHash | None  # None for short texts


def fingerprint_of(document: Document) -> Fingerprint:
    """What story grouping remembers of `document`."""
    title = _bare_title(document.title, document.site)
    body, body_words = _bare_body(document.body, title)
    short = len(body_words) < SHORT
    norms = [word.norm for word in (words(title) + body_words if short else body_words)]
    return Fingerprint(
        id=document.id,
        published_at=document.published_at,
        url=_address(document.url),
        site=document.site.casefold(),
        lang=document.lang.casefold().replace("_", "-").split("-")[0],
        title=title,
        body=body,
        key=_digest(norms),
        sketch=None if short else _sketch(norms[:LONG]),
    )


def headline(title: str) -> str:
    """`title` as compared for equality."""
    return " ".join(word.norm for word in words(title))


def _address(url: str) -> str:
    """What names one article; empty for a site's front page, which serves every story."""
    parts = urlsplit(canonical_url(url))
    path = parts.path.rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}" if path or parts.query else ""


def compare(old: Fingerprint, new: Fingerprint) -> Likeness:
    """How alike the bodies are."""
    return likeness(_compared(old.body), _compared(new.body))


@lru_cache(maxsize=256)
def _compared(body: str) -> tuple[Word, ...]:
    return tuple(words(body)[:LONG])


def headlines_agree(old: Fingerprint, new: Fingerprint, like: Likeness) -> bool:
    """Whether the headlines can stand over one story, given that the bodies are `like`.

    Bodies may be the same only because they are advice, a paywall or a template; then the headlines tell the stories.
    """
    named = {word.norm for body in (old.body, new.body) for word in _compared(body) if word.kind == NAME}
    above_old, above_new = (_headline_words(fingerprint.title, named) for fingerprint in (old, new))
    if not above_old or not above_new or [w.norm for w in above_old] == [w.norm for w in above_new]:
        return True
    heads = likeness(above_old, above_new)
    if heads.of_shorter >= 0.5 and heads.conflicts:
        return False
    if heads.shared == min(heads.old, heads.new) >= CONTAINED:
        return True
    body = {word.norm[:5] for text in (old.body, new.body) for word in _compared(text)}
    if like.kept >= SPECIFIC and _share(above_old, body) >= 0.5 and _share(above_new, body) >= 0.5:
        return True
    common = {word.norm for word in above_old} & {word.norm for word in above_new}
    return all(_share([w for w in head if w.norm not in common], body) >= 0.5 for head in (above_old, above_new))


def _headline_words(title: str, named: Collection[str]) -> list[Word]:
    """Where Every Word Has A Capital, only the body knows which of them are names."""
    all_words = words(title)
    long = [word for word in all_words if word.kind != NUMBER and len(word.raw) > 3]
    if sum(not word.raw.islower() for word in long) * 4 < len(long) * 3:
        return all_words
    return [w._replace(kind=ORDINARY) if w.kind == NAME and w.norm not in named else w for w in all_words]


def _share(head: Sequence[Word], body: Collection[str]) -> float:
    """The share of a headline's longer words and names that the body has; `body` holds the beginnings of its words."""
    content = [word for word in head if len(word.norm) > 3 or word.kind]
    return sum(word.norm[:5] in body for word in content) / len(content) if content else 1.0


def _bare_title(title: str, site: str) -> str:
    plain = " ".join(title[:TITLE].split())
    flash = _FLASH.match(plain)
    bare = plain[flash.end() :] if flash else plain
    if not site:
        return bare
    name = re.escape(site)
    return re.sub(rf"^{name} ?[:|–—-] ?| [|–—-] ?{name}$", "", bare, flags=re.IGNORECASE) or bare


def _bare_body(body: str, title: str) -> tuple[str, list[Word]]:
    lines = [line for line in body.strip().splitlines() if line.strip()]
    while len(lines) > 1 and len(lines[-1]) < 120 and _CREDIT.match(lines[-1].strip()):
        lines.pop()
    if len(lines) > 1 and title and headline(lines[0][: 2 * len(title)]) == headline(title):
        lines.pop(0)
    if lines:
        lines[0] = _AGENCY.sub("", lines[0][:160]) + lines[0][160:]
    bare = "\n".join(lines)
    bare_words = words(bare)
    return bare[: LONG * 20], bare_words


def _digest(norms: Sequence[str]) -> str:
    return hashlib.blake2b(" ".join(norms).encode("utf-8", "replace"), digest_size=12).hexdigest() if norms else ""


def _sketch(norms: Sequence[str]) -> RMinHash:
    sketch = RMinHash(num_perm=SKETCH, seed=SEED)
    # A lone surrogate cannot cross into rensa, hence the replacement.
    shingles = map(" ".join, zip(*(norms[i:] for i in range(SHINGLE)), strict=False))
    sketch.update([shingle.encode("utf-8", "replace") for shingle in shingles])
    return sketch
