"""`search`: the archive of what this chat reads, newest first."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from bot import say
from bot.commands._backtest import as_matched, hits
from bot.commands._common import parse_here, reading, subscribed_channels, zone_of
from bot.core.alerts import topics
from bot.core.archive.sieve import Glance
from bot.errors import UserError
from bot.model import Block, Button, Message, Run
from bot.ports import Desk
from bot.reading.times import read_since
from bot.writing.excerpts import excerpts, marked_runs, marked_title, quote
from rules import Document, Rule, Span

USAGE = "search <rule> [in 7d] [page]"
SUMMARY = "what this chat has read that a rule is true of, newest first"
EXAMPLES = ('search "troop deployment" AND Ukraine', "search ~flood in 7d", "search title:bridge in 2w page 2")
ON_A_PAGE = 5
PATIENCE_SECONDS = 1.0  # for what the index cannot decide: the whole answer comes within two seconds
LONGEST = timedelta(days=3660)
_PAGE = re.compile(r"\s+page\s+(\d{1,5})\s*$", re.IGNORECASE)
_IN = re.compile(r"\s+in\s+(?:the\s+)?(?:last\s+)?(\d{1,5}\s*[^\W\d_]+|yesterday|today)\s*$", re.IGNORECASE)


class _Asked(NamedTuple):
    """What was typed. `length` is "" and `since` None for the whole archive."""

    text: str
    length: str
    since: datetime | None
    page: int

    def typed(self, page: int) -> str:
        """The command that shows another page."""
        return f"search {self.text}" + (f" in {self.length}" if self.length else "") + f" page {page}"


def run(desk: Desk, argument: str) -> Message:
    """A page of the hits, each with its headline, outlet, time and best excerpt. Raises RuleError, UserError."""
    asked = _read(desk, argument)
    rule = parse_here(desk, asked.text)
    channels = [channel.id for channel in subscribed_channels(desk)]
    if not any(desk.store.feeds(channel) for channel in channels):
        raise UserError("This chat has nothing to read yet.", cure="Add a source: source add <address>")
    glances, cut = hits(desk.store, rule, channels, since=asked.since, patience=PATIENCE_SECONDS)
    glances.sort(key=lambda hit: (hit.at, hit.seq), reverse=True)
    watch = say.button("Watch", f"watch {asked.text}")
    if not glances:
        return say.message(*_nothing(desk, asked, channels), *_remarks(rule, cut), buttons=watch)
    pages = -(-len(glances) // ON_A_PAGE)
    page = min(asked.page, pages)
    shown = glances[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    blocks = [_head(asked, len(glances), page, pages), *_remarks(rule, cut)]
    for at, document in _documents(desk, rule, shown):
        blocks += _entry(at, document, rule.spans(document) or ())
    turning = _turning(asked, page, pages)
    if page < pages and not any(button.label.startswith("More") for button in turning):
        blocks.append(say.meta("More: ", say.mono(asked.typed(page + 1))))  # too long for a button
    return say.message(*blocks, buttons=[*turning, *watch])


prepare = run  # it writes nothing: all of it is done outside the writer thread


def _read(desk: Desk, argument: str) -> _Asked:
    """The rule's text, and what stands behind it. What is no length belongs to the rule."""
    rest, page = " " + argument, 1
    if match := _PAGE.search(rest):
        rest, page = rest[: match.start()], max(int(match[1]), 1)
    length, since = "", None
    if match := _IN.search(rest):
        try:
            since, length = read_since(match[1], desk.now, zone_of(desk)), match[1]
            rest = rest[: match.start()]
        except UserError:
            since = None
    if since is not None and desk.now - since > LONGEST:
        raise UserError(f"“{length}” is too long ago.", cure="Without a length the whole archive is searched.")
    text, _ = topics.split_topic(rest)
    if not text:
        raise UserError("What shall I search for?", cure=f"For example: {EXAMPLES[0]}", ask="search")
    return _Asked(text, length, since, page)


def _documents(desk: Desk, rule: Rule, glances: list[Glance]) -> list[tuple[datetime, Document]]:
    """Each with its time and its text as the rule sees it, in the order of the glances."""
    stored = desk.store.archived([hit.seq for hit in glances])
    texts = {each.seq: text for each, text in zip(stored, as_matched(desk.store, [rule], stored), strict=True)}
    return [(hit.at, texts[hit.seq]) for hit in glances if hit.seq in texts]


def _head(asked: _Asked, count: int, page: int, pages: int) -> Block:
    where = f" (page {page} of {pages})" if pages > 1 else ""
    since = (", since ", say.moment(asked.since)) if asked.since is not None else ()
    return say.text(say.bold(say.count(count, "hit") + where), " for ", say.mono(asked.text), *since)


def _nothing(desk: Desk, asked: _Asked, channels: list[str]) -> list[Block]:
    searched = say.count(desk.store.count_channel_documents(channels, since=asked.since), "document")
    since = (" since ", say.moment(asked.since)) if asked.since is not None else ()
    return [
        say.text(say.bold("Nothing matches "), say.mono(asked.text), "."),
        say.meta(f"Searched: {searched} that this chat's sources brought", *since, "."),
    ]


def _remarks(rule: Rule, cut: int) -> list[Block]:
    """How AND and OR were read where that can be doubted, and that the search was cut short."""
    blocks = reading(rule)[1:]
    if cut:
        say_so = f"Cut short: the index cannot decide on this rule, and only the newest {cut:,} documents were tried."
        blocks.append(say.meta(say_so))
    return blocks


def _entry(at: datetime, document: Document, spans: tuple[Span, ...]) -> list[Block]:
    """Headline as a link, outlet, time, and the excerpt with most hits."""
    title = marked_runs(document.title, marked_title(document, spans), document.url)
    site = f" - {document.site}, " if document.site else " - "
    line = say.item(*(title or [Run(text="Untitled", url=document.url)]), site, say.moment(at))
    return [line, *(quote(excerpt) for excerpt in excerpts(document, spans, most=1))]


def _turning(asked: _Asked, page: int, pages: int) -> list[Button]:
    back = say.button("‹ Back", asked.typed(page - 1)) if page > 1 else []
    more = say.button("More ›", asked.typed(page + 1)) if page < pages else []
    return back + more
