"""YouTube channels and playlists, by their feeds: titles and descriptions.

Not read: what is said in a video, comments, private or members-only videos, and more than the 15 newest.
"""

from bot.ports import Kit, Source
from bot.reading.profiles import youtube_feed
from bot.sources._published import PublishedSource


def connect(kit: Kit) -> Source:
    """The adapter."""
    return PublishedSource(kit, "youtube", youtube_feed, "Only public YouTube channels and playlists can be read.")
