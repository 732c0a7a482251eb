"""Subreddits and users of Reddit, by their feeds.

Not read: private or quarantined subreddits, comments below posts, and votes.
"""

import re
from collections.abc import Sequence

from bot.ports import Kit, Meaning, Source
from bot.reading.profiles import reddit_feed
from bot.sources._published import PublishedSource

_USER = re.compile(r"[\w-]{3,20}", re.A)


def _meanings(name: str) -> Sequence[Meaning]:
    """A user: of a subreddit nobody says "@"."""
    return [Meaning(place="Reddit user", address=f"u/{name}")] if _USER.fullmatch(name) else ()


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Private and quarantined parts of Reddit cannot be read."
    return PublishedSource(kit, "reddit", reddit_feed, limits, meanings=_meanings)
