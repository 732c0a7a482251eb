"""Feeds over HTTP: RSS, RDF, Atom, JSON Feed."""

from collections.abc import Sequence

from bot.ports import Kit, Meaning, Source
from bot.reading.feeds.feedlinks import addresses
from bot.sources._feeds import FeedReader


class AnyFeed(FeedReader):
    """The kind for feeds that no other kind knows better."""

    def meanings(self, name: str) -> Sequence[Meaning]:
        """See `bot.ports.KnownByName`: a name with dots in it can be a site's."""
        return [Meaning(place="Website", address=name.lower())] if "." in name and addresses(name) else ()


def connect(kit: Kit) -> Source:
    """The adapter."""
    return AnyFeed(kit, "feed")
