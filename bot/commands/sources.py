"""`sources`: what this chat reads, and how each source is."""

from bot import say
from bot.commands._common import PAGE, made, own_id, page_buttons, page_of, subscribed_channels
from bot.commands._health import health
from bot.errors import UserError
from bot.model import Block, Feed, Message
from bot.ports import Desk

USAGE = "sources [page]"
SUMMARY = "what this chat reads, with each source's health"
EXAMPLES = ("sources",)
ENTRIES = 400  # of the audit log that are looked through for who added a source


def run(desk: Desk, argument: str) -> Message:
    """The list, eight to a page; own ones have numbers. Raises UserError when there is none."""
    own = own_id(desk)
    entries = [(str(number), feed) for number, feed in enumerate(desk.store.feeds(own), start=1)]
    for channel in subscribed_channels(desk):
        if channel.id != own:
            entries += [(channel.name, feed) for feed in desk.store.feeds(channel.id)]
    if not entries:
        raise UserError("This chat has no sources yet.", cure="Add one: source add <address>")
    page, pages = page_of(entries, argument)
    added = {} if desk.command.destination.user_id else _added(desk)
    lines = [
        _line(desk, label, feed, added.get(feed.id, "")) for label, feed in entries[(page - 1) * PAGE : page * PAGE]
    ]
    return say.message(say.title("Sources"), *lines, buttons=page_buttons("sources", page, pages))


def _added(desk: Desk) -> dict[str, str]:
    """By source: who added it here, and when, as far back as the audit log goes."""
    added: dict[str, str] = {}
    for entry in desk.store.audit_entries(desk.command.destination, limit=ENTRIES):
        for before, was in zip(entry.before, entry.after, strict=True):
            if was.kind == "source" and was.there and not before.there:
                added.setdefault(was.key[1], made(entry.user, entry.at))
    return added


def _line(desk: Desk, label: str, feed: Feed, added: str) -> Block:
    address = feed.url if feed.url.startswith(("http://", "https://")) else ""
    where = f"{feed.title} ({address})" if feed.title and address else feed.name
    return say.item(say.bold(label), f" {where} - ", health(desk, feed), f" - {added}" if added else "")
