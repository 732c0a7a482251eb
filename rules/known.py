"""What a document says of itself, scope by scope (`site:`, `author:` ...)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rules.codes import LANGUAGES, language_named
from rules.document import Document
from rules.hosts import address_words, host_of, is_host, readable, suffixes
from rules.stems import language
from rules.words import fold, plain_words

LONGEST_KEY = 3  # words; longer rows of words are asked for by their beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A scope of facts: what a document says of it, for people (`said`) and as `keys`, or as `rows` of folded words."""

    noun: str
    said: Callable[[Document], Iterable[str]]
    keys: Callable[[Document], Iterable[str]]
    rows: Callable[[Document], Iterable[tuple[str, ...]]] | None = None


def form_name(scope: str) -> str:
    """The form (rules/forms.py) in which documents have a scope's facts."""
    return f"fact {scope}"


def runs(rows: Iterable[tuple[str, ...]]) -> set[str]:
    """Every run of at most LONGEST_KEY words, as a key."""
    return {
        " ".join(row[at : at + size])
        for row in rows
        for size in range(1, LONGEST_KEY + 1)
        for at in range(len(row) - size + 1)
    }


def row_of(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(map(fold, plain_words(text)))


def _hosts(document: Document) -> list[str]:
    """A feed of many outlets names the outlet's site beside the address."""
    named = [document.site] if is_host(document.site) else []
    return list(dict.fromkeys(host for host in map(host_of, (*named, document.url)) if host))


def _site_keys(document: Document) -> set[str]:
    return {key for host in _hosts(document) for key in _suffixes(host)}


_suffixes = lru_cache(maxsize=4096)(suffixes)


def _lang_keys(document: Document) -> frozenset[str]:
    return _codes(document.lang)


@lru_cache(maxsize=1024)
def _codes(lang: str) -> frozenset[str]:
    code = language(lang)
    code = code if code in LANGUAGES else language_named(code)
    return frozenset({code, "no"} if code in ("nb", "nn") else {code} - {""})


def _country_keys(document: Document) -> set[str]:
    return {document.country.upper()} - {""}


def _url_rows(document: Document) -> list[tuple[str, ...]]:
    return [address_words(document.url)]


def _author_rows(document: Document) -> list[tuple[str, ...]]:
    return [row_of(document.author)]


def _source_rows(document: Document) -> list[tuple[str, ...]]:
    return [row_of(document.source)]


def _tag_rows(document: Document) -> list[tuple[str, ...]]:
    return [row_of(tag) for tag in document.tags]


SORTS = {
    "site": Sort(noun="site", said=lambda document: map(readable, _hosts(document)), keys=_site_keys),
    "lang": Sort(noun="language", said=lambda document: [document.lang], keys=_lang_keys),
    "country": Sort(noun="country", said=lambda document: [document.country], keys=_country_keys),
    "url": Sort(
        noun="address",
        said=lambda document: [document.url],
        keys=lambda document: runs(_url_rows(document)),
        rows=_url_rows,
    ),
    "author": Sort(
        noun="author",
        said=lambda document: [document.author],
        keys=lambda document: runs(_author_rows(document)),
        rows=_author_rows,
    ),
    "source": Sort(
        noun="source",
        said=lambda document: [document.source],
        keys=lambda document: runs(_source_rows(document)),
        rows=_source_rows,
    ),
    "tag": Sort(
        noun="tag",
        said=lambda document: document.tags,
        keys=lambda document: runs(_tag_rows(document)),
        rows=_tag_rows,
    ),
}
