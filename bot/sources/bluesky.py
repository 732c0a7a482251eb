"""Bluesky profiles, by the feed that bsky.app publishes of them.

Not read: replies, reposts, pictures, and profiles that are shown to members only.
"""

import re
from collections.abc import Sequence

from bot.ports import Kit, Meaning, Source
from bot.reading.feeds.feedlinks import addresses
from bot.reading.profiles import bluesky_feed
from bot.sources._published import PublishedSource

_PART_OF_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I)


def _meanings(name: str) -> Sequence[Meaning]:
    """A handle of Bluesky's own domain; with dots in it, one of its owner's domain."""
    if _PART_OF_HOST.fullmatch(name):
        return [Meaning(place="Bluesky", address=f"@{name.lower()}.bsky.social")]
    if "." in name and addresses(name):
        return [Meaning(place="Bluesky", address=f"https://bsky.app/profile/{name.lower()}")]
    return ()


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Only public Bluesky profiles can be read."
    return PublishedSource(kit, "bluesky", bluesky_feed, limits, meanings=_meanings)
