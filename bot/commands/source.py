"""`source`: give this chat something to read, or take it away."""

from bot import say
from bot.commands._adding import MOST_SOURCES as MOST_SOURCES
from bot.commands._adding import add_address, add_several, ask_where
from bot.commands._common import need_right, own_id
from bot.commands._exporting import export
from bot.commands._visits import check, every
from bot.core.visits.health import resumed
from bot.errors import UserError
from bot.model import Feed, Message
from bot.ports import Desk

USAGE = "source add <address> | source <remove | check | resume> <number> | source every <number> 5m | source export"
SUMMARY = "watch a website, feed, profile or list of them; stop; read it now; how often; take the list along"
EXAMPLES = (
    "source add https://news.un.org/feed/subscribe/en/news/all/rss.xml",
    "source add example.org",
    "source add example.org news.example https://blog.example/feed",
    "source add @harbour@mastodon.example",
    "source remove 2",
    "source check 2",
    "source every 2 5m",
    "source export",
)


def address(argument: str) -> str:
    """The address that discovery shall look behind, empty when none is asked for."""
    action, rest = _split(argument)
    return rest if action == "add" else ""


def run(desk: Desk, argument: str) -> Message:
    """Add what discovery found, remove or try again by number, or write the list. Raises UserError."""
    action, rest = _split(argument)
    if action == "add" and rest:
        return _add(desk)
    if action == "remove" and rest:
        return _remove(desk, rest)
    if action == "resume" and rest:
        return _resume(desk, rest)
    if action == "check" and rest:
        return check(desk, _named(desk, rest), rest)
    if action == "every" and rest:
        number, _, length = rest.partition(" ")
        if not length:
            raise UserError("How often?", cure=f"For example: source every {number} 5m")
        return every(desk, _named(desk, number), length.strip())
    if action == "export":
        return export(desk)
    if action == "add":
        raise UserError("What shall I read?", cure=f"For example: {EXAMPLES[0]}", ask="source add")
    raise UserError("Add an address, or remove a source by its number.", cure=f"For example: {EXAMPLES[0]}")


def _split(argument: str) -> tuple[str, str]:
    action, *rest = argument.strip().split(None, 1) or [""]
    return action.casefold(), rest[0].strip() if rest else ""


def _add(desk: Desk) -> Message:
    need_right(desk, "add sources")
    inquiry = desk.inquiry
    if inquiry.meanings:
        return ask_where(desk, inquiry)
    if inquiry.total == 1 and len(inquiry.lookups) == 1:
        return add_address(desk, inquiry.lookups[0], inquiry.pick, inquiry.first)
    if not inquiry.total:
        raise UserError("There is no address in that.", cure=f"For example: {EXAMPLES[0]}")
    return add_several(desk, inquiry)


def _named(desk: Desk, words: str) -> Feed:
    """The chat's own source of that number, address or title. Raises UserError."""
    feeds = desk.store.feeds(own_id(desk))
    if words.isdecimal() and 1 <= int(words) <= len(feeds):
        return feeds[int(words) - 1]
    for feed in feeds:
        if words in (feed.address, feed.title):
            return feed
    raise UserError(f"This chat has no source “{words}”.", cure="See the numbers with: sources")


def _resume(desk: Desk, words: str) -> Message:
    need_right(desk, "change its sources")
    feed = _named(desk, words)
    name = feed.name
    if feed.next_poll_at is not None:
        raise UserError(f"{name} is not paused.", cure="See how it is with: sources")
    desk.store.save_feed(resumed(feed, desk.now))
    return say.message(say.text(say.bold(f"Trying again: {name}")), say.meta("How it goes: ", say.mono("sources")))


def _remove(desk: Desk, words: str) -> Message:
    need_right(desk, "remove sources")
    own, feed = own_id(desk), _named(desk, words)
    desk.store.remove_feed(feed.id, own)
    head = say.text(say.bold(f"Removed: {feed.name}"))
    if not feed.address:
        ask = "To have it back, ask the operator under which name that folder may be watched: "
        return say.message(head, say.meta(ask, say.mono("source add folder:<name>")))
    undo = f"source add {feed.address}"
    return say.message(head, say.meta("To have it back: ", say.mono(undo)))
