"""YouTube channels and playlists, by their feeds: titles and descriptions.

Not read: what is said in a video, comments, private or members-only videos, and more than the 15 newest.
"""

from collections.abc import Sequence

from bot.ports import Kit, Meaning, Source
from bot.reading.profiles import youtube_feed
from bot.sources._published import PublishedSource


def _meanings(name: str) -> Sequence[Meaning]:
    """A channel's handle."""
    address = f"https://www.youtube.com/@{name}"
    return [Meaning(place="YouTube", address=address)] if youtube_feed(address) else ()


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Only public YouTube channels and playlists can be read."
    return PublishedSource(kit, "youtube", youtube_feed, limits, meanings=_meanings)
