"""What a rule can ask of a document's story: how many independent sources told it, and whether it was first.

A source is an outlet, or the owner of several where that is known (`owners`). Copies of one text are one source,
whoever prints them: an agency's report in five papers is the report of the agency. An outlet is what its readers know
it by: the registered part of its site's host, or its name. Several pages of one outlet are one source.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.stories.owners import owner_of
from bot.model import Arrival, StoredDocument
from rules.document import Document, StoryFacts
from rules.hosts import host_of, is_host, registrable

COPY = "copy"  # the relation of a document that has the words of an earlier report


def outlet_of(document: Document) -> str:
    """Who published it. An outlet's name comes first: the address may be an aggregator's."""
    site = host_of(document.site)
    if is_host(site):
        return registrable(site)
    return (document.site or document.source or registrable(host_of(document.url)) or document.id).casefold()


def source_of(document: Document) -> str:
    """Whom it counts for: the owner of the outlet, whose site may stand in the address only, or else the outlet."""
    outlet = outlet_of(document)
    return owner_of(outlet) or owner_of(registrable(host_of(document.url))) or outlet


def with_story(
    document: Document, at: datetime, story: Sequence[Arrival | StoredDocument], *, relation: str = ""
) -> Document:
    """The document, read `at`, with what is known of its story; `story` holds what is archived of it, oldest first.

    `relation` is the document's own to its story; one that is archived already counts as what it came in as.
    A report counts from when it was published, or where it does not say that, from when it was read.
    """
    reports = [(stored.document, stored.seen_at, stored.relation) for stored in story]
    if all(earlier.id != document.id for earlier, _, _ in reports):
        reports.append((document, at, relation))
    first: dict[str, datetime] = {}
    for number, (report, seen_at, related) in enumerate(reports):
        if related != COPY or number == 0:  # the oldest counts: what it is a copy of has left the archive
            first.setdefault(source_of(report), min(report.published_at or seen_at, seen_at))
    opened = not story or story[0].document.id == document.id
    return replace(document, story=StoryFacts(reports=tuple(first.items()), is_first=opened))


def recalled(stored: StoredDocument, story: Sequence[StoredDocument]) -> Document:
    """An archived document as it was matched when it came. `story` holds all documents of its story, oldest first."""
    earlier = [each for each in story if each.seq < stored.seq]
    return with_story(stored.document, stored.seen_at, earlier, relation=stored.relation)
