"""This chat's sources as an OPML list, which `source add` and other readers take."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot import say
from bot.commands._common import own_id
from bot.errors import UserError
from bot.model import Feed, Message
from bot.ports import Desk, Store
from bot.reading.feeds.opml import Outline, write_opml

FEEDS = ("feed", "websub", "mastodon", "bluesky", "reddit", "hackernews", "youtube")  # what any reader can poll
_NOT_TAKEN_ALONG = ("directory", "imap", "webhook")  # the machine's own, or made with a secret
_MOST = 3000  # characters of a code block that every platform shows whole


def export(desk: Desk) -> Message:
    """The list in a code block. Raises UserError when there is nothing, or too much for a message."""
    feeds = desk.store.feeds(own_id(desk))
    if not feeds:
        raise UserError("This chat has no sources yet.", cure="Add one: source add <address>")
    kept, left = taken_along(feeds)
    if not kept:
        raise UserError(f"None of this chat's sources can be taken along: {left}", cure="See them with: sources")
    text = write_opml(kept, "Watchword")
    if len(text) > _MOST:
        raise UserError(
            f"The list of {say.count(len(kept), 'source')} has {len(text):,} characters, too many for a message.",
            cure="The operator can write it to a file: watchword sources --opml FILE",
        )
    notes = [say.meta(left)] if left else []
    head = say.text(say.bold(f"{say.count(len(kept), 'source')} as OPML"), "; source add takes it back:")
    return say.message(head, say.code(text), *notes)


def taken_along(feeds: Iterable[Feed], folder: str = "") -> tuple[list[Outline], str]:
    """The outlines of those that others can read, and what is left out, in words."""
    feeds = list(feeds)
    kept = [
        Outline(url=feed.url, title=feed.title, folders=(folder,) if folder else (), is_feed=feed.kind in FEEDS)
        for feed in feeds
        if feed.kind not in _NOT_TAKEN_ALONG
    ]
    kinds = sorted(feed.kind for feed in feeds if feed.kind in _NOT_TAKEN_ALONG)
    left = ", ".join(f"{len(list(same))} {kind}" for kind, same in groupby(kinds))
    return kept, f"Not in it, because nobody else could read it: {left}." if left else ""


def all_along(store: Store) -> tuple[Sequence[Outline], str]:
    """The same of every chat, each in a folder of its own once there are several."""
    outlines, left = list[Outline](), list[str]()
    homes = store.channels()
    for channel in homes:
        folder = (channel.name or channel.home.key) if len(homes) > 1 else ""
        kept, words = taken_along(store.feeds(channel.id), folder)
        outlines += kept
        left += [f"{folder}: {words}" if folder else words] if words else []
    return outlines, " ".join(left)
