"""Adding sources: one with all that is to be said about it, several with a line each; a choice is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import say
from bot.commands._common import ensure_channel, subscribed_channels
from bot.commands._quotas import need_room
from bot.core.visits.health import resumed
from bot.errors import UserError
from bot.model import Block, Button, Channel, Discovery, Feed, Message, Run, content_id
from bot.ports import Desk, Inquiry, Lookup
from bot.reading import pasted
from bot.say import Piece

MOST_SOURCES = 500  # in one chat
MOST_CHOICES = 8
_ROOM = 3000  # characters of a report: what every platform shows whole
_LEAST_LINE, _LONGEST_LINE = 50, 400
_ALL_NEW = "What is there already is archived, not alerted; what comes from now on is matched."


@dataclass(slots=True)
class _Shelf:
    """This chat's sources while some are added."""

    desk: Desk
    channel: Channel
    known: dict[str, Feed] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk) -> "_Shelf":
        """The chat's shelf."""
        channel = ensure_channel(desk)
        return cls(desk, channel, {pasted.identity(feed.url): feed for feed in desk.store.feeds(channel.id)})

    def has(self, url: str) -> bool:
        """Whether the address is read already, by whatever kind."""
        return pasted.identity(url) in self.known

    def add(self, discovery: Discovery, name: str = "") -> Feed:
        """Add it. Raises UserError where it is there already, or there are too many."""
        title = discovery.title or name
        if self.has(discovery.url):
            raise UserError(f"This chat reads {title or discovery.url} already.", cure="See: sources")
        if len(self.known) >= MOST_SOURCES:
            raise UserError(f"A chat can have {MOST_SOURCES} sources.", cure="Remove one first: source remove <number>")
        need_room(self.desk, "sources")
        feed = Feed(
            id=content_id("feed", discovery.kind, discovery.url),
            kind=discovery.kind,
            url=discovery.url,
            title=title,
            next_poll_at=self.desk.now,
        )
        kept = self.desk.store.add_feed(feed, self.channel.id)
        if kept.next_poll_at is None:  # another chat's, paused: whoever adds it now wants it to be tried
            self.desk.store.save_feed(resumed(kept, self.desk.now))
        self.known[pasted.identity(feed.url)] = feed
        return feed


# ----------------------------------------------------------------------------------------------------------------- one


def add_address(desk: Desk, lookup: Lookup, pick: str = "", first: int = 1) -> Message:
    """Add what is at an address, or ask which of several. Raises UserError."""
    if lookup.failure is not None:
        raise lookup.failure
    if not lookup.discoveries:
        raise UserError(f"I found nothing to read at {lookup.address}.", cure="Paste a feed's or a page's address.")
    wanted = pasted.identity(lookup.address)
    chosen = [
        discovery
        for discovery in lookup.discoveries
        if (discovery.mark == pick if pick else pasted.identity(discovery.url) == wanted)
    ]
    if not chosen and (pick or len(lookup.discoveries) > 1 or lookup.discoveries[0].beside):
        return _choice(desk, lookup, first, gone=bool(pick))
    return _saved(desk, (chosen or list(lookup.discoveries))[0], lookup.name)


def _choice(desk: Desk, lookup: Lookup, first: int, *, gone: bool) -> Message:
    """What there is to choose from, so many at a time from number `first` on."""
    shelf, lines, buttons = _Shelf.of(desk), [], list[Button]()
    finds = lookup.discoveries
    first = first if first <= len(finds) else 1
    for discovery in finds[first - 1 : first - 1 + MOST_CHOICES]:
        there = " - already read here" if shelf.has(discovery.url) else ""
        near = " - of the whole site, or near it" if discovery.beside else ""
        name = say.bold(discovery.title or discovery.url)
        lines.append(say.item(name, *_newest(discovery), near, there, " ", _to_type(discovery.url)))
        if there:
            continue
        by_mark = f"source add pick:{discovery.mark} {lookup.address}"
        buttons += say.button(f"Add {discovery.title or discovery.url}", f"source add {discovery.url}", by_mark)
    following = first + MOST_CHOICES
    if following <= len(finds):
        again = f"source add from {following} {lookup.address}"
        lines.append(say.meta(f"{len(finds) - following + 1} more: ", say.mono(again)))
        buttons += say.button("More ›", again)
    return say.message(say.text(say.bold(_question(finds, gone=gone))), *lines, buttons=buttons)


def _question(finds: Sequence[Discovery], *, gone: bool) -> str:
    if gone:
        return "What you chose is not there any more. Which one now?"
    if len(finds) == 1:
        return "That is no feed itself. This one is near it: is it meant?"
    if (
        all(find.beside == finds[0].beside for find in finds)
        and len({find.url.partition("#")[0] for find in finds}) > 1
    ):
        return "There are several feeds. Which one?"
    return "There are several ways to watch it. Which one?"


def _to_type(url: str) -> Run:
    return say.mono(f"source add {url}")


def _newest(discovery: Discovery) -> list[Piece]:
    """The newest item, where there is one."""
    if not discovery.newest_title:
        return []
    when: list[Piece] = [" (", say.moment(discovery.newest_at), ")"] if discovery.newest_at else []
    return [f" - newest: {discovery.newest_title[:200]}", *when]


def _saved(desk: Desk, discovery: Discovery, name: str) -> Message:
    shelf = _Shelf.of(desk)
    feed = shelf.add(discovery, name)
    lines = [say.text(say.bold(f"Added: {feed.name}")), say.meta(feed.url)]
    if discovery.newest_title:
        when = (" (", say.moment(discovery.newest_at), ")") if discovery.newest_at else ()
        lines.append(say.text("Newest: ", discovery.newest_title, *when))
    if discovery.note:
        lines.append(say.text(discovery.note))
    if discovery.setup:
        lines += _setup(discovery)
    else:
        lines.append(say.text(_ALL_NEW))
    lines += _next_step(desk)
    return say.message(*lines)


def _setup(discovery: Discovery) -> list[Block]:
    intro = say.text("Send documents to it like this. The secret is shown only now; keep it.")
    if not discovery.secret:
        return [intro, say.code(discovery.setup)]
    return [intro, say.code_with_secret(discovery.setup, discovery.secret, discovery.kind, discovery.url)]


def _next_step(desk: Desk) -> list[Block]:
    if any(desk.store.rules(channel.id) for channel in subscribed_channels(desk)):
        return []
    return [say.text("Now say what to watch for: ", say.mono("watch <rule>"))]


# -------------------------------------------------------------------------------------------------------------- a name


def ask_where(desk: Desk, inquiry: Inquiry) -> Message:
    """A name without a place: what it can mean, with what was found there."""
    shelf, lines, buttons = _Shelf.of(desk), [], list[Button]()
    for lookup in sorted(inquiry.lookups, key=lambda lookup: not lookup.discoveries):
        discovery = lookup.discoveries[0] if lookup.discoveries else None
        if discovery is None:
            outcome: list[Piece] = [f" - {_short(str(lookup.failure or 'nothing found there'), 120)}"]
        else:
            there = " - already read here" if shelf.has(discovery.url) else ""
            outcome = [f": {discovery.title}" if discovery.title else "", *_newest(discovery), there]
        lines.append(say.item(say.bold(lookup.name), *outcome, " ", _to_type(lookup.address)))
        buttons += say.button(lookup.name, f"source add {lookup.address}")
    head = say.text(say.bold(f"{inquiry.name} can be in several places. Which one?"))
    lines += [
        say.meta(f"Elsewhere than at {meaning.place}: ", say.mono(f"source add {meaning.elsewhere}"))
        for meaning in inquiry.meanings
        if meaning.elsewhere
    ]
    return say.message(head, *lines, buttons=buttons)


# ------------------------------------------------------------------------------------------------------------- several


@dataclass(slots=True)
class _Report:
    """Lines by what became of each address: (name, what is to be said)."""

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    open: list[Lookup] = field(default_factory=list)
    setups: list[Block] = field(default_factory=list)


def add_several(desk: Desk, inquiry: Inquiry) -> Message:
    """Add each of a list that can be added, and say line by line what became of it."""
    report, shelf = _Report(), _Shelf.of(desk)
    for lookup in inquiry.lookups:
        _put(shelf, lookup, report)
    last = inquiry.first + len(inquiry.lookups) - 1
    head = f"Added {say.count(len(report.added), 'source')}" + (f" of {inquiry.total:,}" if inquiry.total > 1 else "")
    if inquiry.total > len(inquiry.lookups):
        part = f"looked at {inquiry.first:,} to {last:,}"
        if not inquiry.lookups:
            part = f"there is no number {inquiry.first:,}"
        head += f"; {part}"
    blocks = [say.title(head), *_lines(report), *report.setups]
    blocks += [say.text(inquiry.note)] if inquiry.note else []
    blocks += [say.meta(_ALL_NEW)] if report.added else []
    buttons = [
        button for lookup in report.open[:4] for button in say.button(f"Choose: {lookup.address}", _again(lookup))
    ]
    if inquiry.lookups and last < inquiry.total:
        more, rest = _rest(desk, inquiry, last + 1)
        blocks.append(rest)
        buttons = [*more, *buttons]
    return say.message(*blocks, *_next_step(desk), buttons=buttons)


def _put(shelf: _Shelf, lookup: Lookup, report: _Report) -> None:
    wanted = pasted.identity(lookup.address)
    here = [discovery for discovery in lookup.discoveries if pasted.identity(discovery.url) == wanted] or list(
        lookup.discoveries
    )
    name = lookup.name or (here[0].title if len(here) == 1 else "") or lookup.address
    if not here:
        failure = lookup.failure or UserError("nothing to read was found there.")
        why = str(failure).removeprefix(f"{lookup.address}: ")
        report.failed.append((lookup.name or lookup.address, f"{why} {failure.cure}".strip()))
    elif len(here) > 1 or here[0].beside:
        report.open.append(lookup)
    elif shelf.has(here[0].url):
        report.known.append(name)
    else:
        try:
            feed = shelf.add(here[0], lookup.name)
        except UserError as error:
            report.failed.append((name, f"{error} {error.cure}"))
            return
        report.added.append(feed.name)
        report.setups += [say.text(say.bold(feed.title)), *_setup(here[0])] if here[0].setup else []


def _again(lookup: Lookup) -> str:
    return f"source add {lookup.address}"


def _lines(report: _Report) -> list[Block]:
    """A line each; failures get what room the others leave."""
    short = [say.item("Added: ", say.bold(_short(name, _LEAST_LINE))) for name in report.added]
    short += [say.item("There already: ", _short(name, _LEAST_LINE)) for name in report.known]
    short += [
        say.item(f"{len(lookup.discoveries)} feeds there, choose: ", say.mono(_again(lookup))) for lookup in report.open
    ]
    taken = sum(len(run.text) for block in short for run in block.runs)
    width = min(max((_ROOM - taken) // max(len(report.failed), 1), _LEAST_LINE + 25), _LONGEST_LINE)
    named = min(width * 2 // 5, _LEAST_LINE)
    room = width - named - len("Failed:  - ")
    failed = [
        say.item("Failed: ", say.bold(_short(name, named)), f" - {_short(why, room)}") for name, why in report.failed
    ]
    if any(len(why) > room for _, why in report.failed):
        failed.append(say.meta("To hear more about one: ", say.mono("source add <it alone>")))
    return failed + short


def _rest(desk: Desk, inquiry: Inquiry, following: int) -> tuple[list[Button], Block]:
    """How the rest of a long list comes in: the same message once more, from another number on."""
    left = say.count(inquiry.total - following + 1, "more address", "more addresses")
    typed = desk.command.text.split(None, 2)[-1].strip()
    again = f"source add from {following} {_unnumbered(typed)}"
    words = say.text(
        f"{left} in it: one message brings at most {len(inquiry.lookups)}. For the next, send it again after: ",
        say.mono(f"source add from {following}"),
    )
    return say.button("Next ›", again), words


def _unnumbered(typed: str) -> str:
    words = typed.split(None, 2)
    return words[2] if len(words) == 3 and words[0].lower() == "from" and words[1].isdecimal() else typed


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
