"""Mastodon profiles, by the feed that each server publishes of them.

Not read: replies, boosts, posts for followers only, and servers that are closed to visitors.
"""

import re
from collections.abc import Sequence

from bot.ports import Kit, Meaning, Reach, Source
from bot.reading.profiles import mastodon_feed
from bot.sources._published import PublishedSource

_NAME = re.compile(r"\w{1,60}", re.A)
_LARGEST = "mastodon.social"


def _meanings(name: str) -> Sequence[Meaning]:
    """A profile at the largest of its many servers."""
    if not _NAME.fullmatch(name):
        return ()
    place, elsewhere = f"Mastodon ({_LARGEST})", f"@{name}@<server>"
    return [Meaning(place=place, address=f"@{name}@{_LARGEST}", elsewhere=elsewhere)]


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Only a Mastodon profile's public posts can be read."
    return PublishedSource(kit, "mastodon", mastodon_feed, limits, reach=Reach.FORM, meanings=_meanings)
