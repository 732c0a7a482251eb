"""Feeds over HTTP: RSS, RDF, Atom, JSON Feed."""

from bot.ports import Kit, Source
from bot.sources._feeds import FeedReader


def connect(kit: Kit) -> Source:
    """The adapter."""
    return FeedReader(kit, "feed")
