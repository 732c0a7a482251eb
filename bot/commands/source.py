"""`source`: give this chat something to read, or take it away."""

from collections.abc import Sequence

from bot.commands._common import heard_channels, own_channel, own_id
from bot.core import say
from bot.errors import UserError
from bot.model import Button, Feed, Found, Message, content_id
from bot.ports import Desk

USAGE = "source add <address> | source remove <number>"
SUMMARY = "watch a website or feed; or stop watching it"
EXAMPLES = (
    "source add https://news.un.org/feed/subscribe/en/news/all/rss.xml",
    "source add example.org",
    "source remove 2",
)
MOST_SOURCES = 500  # in one chat


def address(argument: str) -> str:
    """The address that discovery shall look behind, empty when none is asked for."""
    action, _, rest = argument.strip().partition(" ")
    return rest.strip().strip("<>") if action.casefold() == "add" else ""


def run(desk: Desk, argument: str) -> Message:
    """Add what discovery found, or remove by number. Raises UserError."""
    action, _, rest = argument.strip().partition(" ")
    if action.casefold() == "add" and rest.strip():
        return _add(desk, rest.strip())
    if action.casefold() == "remove" and rest.strip():
        return _remove(desk, rest.strip())
    raise UserError("Add an address, or remove a source by its number.", cure=f"For example: {EXAMPLES[0]}")


def _add(desk: Desk, pasted: str) -> Message:
    if desk.failure is not None:
        raise desk.failure
    if not desk.found:
        raise UserError(f"I found nothing to read at {pasted}.", cure="Paste the address of a feed or of a news page.")
    exact = next((one for one in desk.found if one.url.rstrip("/") == pasted.rstrip("/")), None)
    if exact is None and len(desk.found) > 1:
        return _choice(desk.found)
    return _save(desk, exact or desk.found[0])


def _choice(found: Sequence[Found]) -> Message:
    lines, buttons = [], []
    for one in found[:8]:
        newest = f" - newest: {one.newest_title}" if one.newest_title else ""
        lines.append(say.item(say.bold(one.title or one.url), newest, " ", say.mono(f"source add {one.url}")))
        command = f"source add {one.url}"
        if len(command.encode()) <= 60:
            buttons.append(Button(label=f"Add {one.title or one.url}"[:40], command=command))
    return say.message(say.text(say.bold("There are several feeds. Which one?")), *lines, buttons=buttons)


def _save(desk: Desk, found: Found) -> Message:
    channel = own_channel(desk)
    have = desk.store.feeds(channel.id)
    feed = Feed(
        id=content_id("feed", found.kind, found.url),
        kind=found.kind,
        url=found.url,
        title=found.title,
        next_poll_at=desk.now,
    )
    if any(one.id == feed.id for one in have):
        raise UserError(f"This chat reads {found.title or found.url} already.", cure="See: sources")
    if len(have) >= MOST_SOURCES:
        raise UserError(f"A chat can have {MOST_SOURCES} sources.", cure="Remove one first: source remove <number>")
    desk.store.add_feed(feed, channel.id)
    lines = [say.text(say.bold(f"Added: {found.title or found.url}")), say.meta(found.url)]
    if found.newest_title:
        when = (" (", say.moment(found.newest_at), ")") if found.newest_at else ()
        lines.append(say.text("Newest: ", found.newest_title, *when))
    lines.append(say.text("What is there already is archived, not alerted; what comes from now on is matched."))
    if not any(desk.store.rules(one.id) for one in heard_channels(desk)):
        lines.append(say.text("Now say what to watch for: ", say.mono("watch <rule>")))
    return say.message(*lines, buttons=(Button(label="Undo", command=f"source remove {len(have) + 1}"),))


def _remove(desk: Desk, words: str) -> Message:
    own = own_id(desk)
    feeds = desk.store.feeds(own)
    if words.isdecimal() and 1 <= int(words) <= len(feeds):
        feed = feeds[int(words) - 1]
    else:
        match = [one for one in feeds if words in (one.url, one.title)]
        if not match:
            raise UserError(f"This chat has no source “{words}”.", cure="See the numbers with: sources")
        feed = match[0]
    desk.store.remove_feed(feed.id, own)
    undo = f"source add {feed.url}"
    return say.message(
        say.text(say.bold(f"Removed: {feed.title or feed.url}")),
        say.meta("To have it back: ", say.mono(undo)),
        buttons=(Button(label="Undo", command=undo),) if len(undo.encode()) <= 60 else (),
    )
