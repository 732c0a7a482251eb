"""This chat's sources as an OPML list, which `source add` and other readers take."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from bot import say
from bot.commands._common import own_id
from bot.errors import UserError
from bot.model import Feed, Message
from bot.ports import Desk, Export, Store
from bot.reading.feeds.opml import Outline, write_opml

_MOST = 3000  # characters of a code block that every platform shows whole


def export(desk: Desk) -> Message:
    """The list in a code block. Raises UserError when there is nothing, or too much for a message."""
    feeds = desk.store.feeds(own_id(desk))
    if not feeds:
        raise UserError("This chat has no sources yet.", cure="Add one: source add <address>")
    kept, left = taken_along(feeds, desk.exports)
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


def taken_along(feeds: Iterable[Feed], exports: Mapping[str, Export], folder: str = "") -> tuple[list[Outline], str]:
    """The outlines of those that others can read, and what is left out, in words that tell no address of it."""
    kept, kinds = list[Outline](), list[str]()
    for feed in feeds:
        how = exports.get(feed.kind, Export.NOT)  # of a kind that is not installed any more nobody knows
        if how is Export.NOT:
            kinds.append(feed.kind)
            continue
        folders = (folder,) if folder else ()
        kept.append(Outline(url=feed.url, title=feed.title, folders=folders, is_feed=how is Export.FEED))
    kinds.sort()
    left = ", ".join(f"{len(list(same))} {kind}" for kind, same in groupby(kinds))
    return kept, f"Not in it, because nobody else could read it: {left}." if left else ""


def all_along(store: Store, exports: Mapping[str, Export]) -> tuple[Sequence[Outline], str]:
    """The same of every chat, each in a folder of its own once there are several."""
    outlines, left = list[Outline](), list[str]()
    homes = store.channels()
    for channel in homes:
        folder = (channel.name or channel.home.key) if len(homes) > 1 else ""
        kept, words = taken_along(store.feeds(channel.id), exports, folder)
        outlines += kept
        left += [f"{folder}: {words}" if folder else words] if words else []
    return outlines, " ".join(left)
