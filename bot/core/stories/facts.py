"""What a rule can ask of a document's story: how many outlets told it by then, and whether it was the first.

An outlet is what its readers know it by: the registered part of its site's host, or its name. Several pages of one
outlet are one source. A wire report that other outlets print counts for each of them: they chose to run it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import Arrival, StoredDocument
from rules.document import Document, StoryFacts
from rules.hosts import host_of, is_host, registrable


def outlet_of(document: Document) -> str:
    """Who published it. An outlet's name comes first: the address may be an aggregator's."""
    site = host_of(document.site)
    if is_host(site):
        return registrable(site)
    return (document.site or document.source or registrable(host_of(document.url)) or document.id).casefold()


def with_story(document: Document, at: datetime, story: Sequence[Arrival | StoredDocument]) -> Document:
    """The document, read `at`, with what is known of its story; `story` holds what is archived of it, oldest first.

    A report counts from when it was published, or where it does not say that, from when it was read.
    """
    first: dict[str, datetime] = {}
    for each, seen_at in (*((stored.document, stored.seen_at) for stored in story), (document, at)):
        first.setdefault(outlet_of(each), min(each.published_at or seen_at, seen_at))
    opened = not story or story[0].document.id == document.id
    return replace(document, story=StoryFacts(reports=tuple(first.items()), is_first=opened))


def recalled(stored: StoredDocument, story: Sequence[StoredDocument]) -> Document:
    """An archived document as it was matched when it came. `story` holds all documents of its story, oldest first."""
    return with_story(stored.document, stored.seen_at, [earlier for earlier in story if earlier.seq < stored.seq])
