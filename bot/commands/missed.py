"""`missed`: what became of every match, and what was withheld, with the reason."""

import re
from datetime import datetime, timedelta

from bot import say
from bot.commands._common import PAGE, page_of, zone_of
from bot.core.alerts.tally import FATES, Fate, Tally, tally
from bot.errors import UserError
from bot.model import Block, Button, LedgerLine, Message, Reason, Run
from bot.ports import Desk
from bot.reading.times import read_since

USAGE = "missed [24h | yesterday | since monday] [page]"
SUMMARY = "what became of every match here: sent, in an edit, in a thread, muted, held, old, failed"
EXAMPLES = ("missed", "missed 3d", "missed yesterday", "missed since monday 9", "missed 1w page 2")
USUAL, LONGEST = "24h", timedelta(days=90)
_PAGE = re.compile(r"(?:^|\s+)(?:page\s+)?(\d{1,4})$", re.IGNORECASE)
_WORDS: dict[Fate, str] = {
    "sent": "sent",
    "folded": "in edits of alerts",
    "threaded": "in threads",
    "again": "the same again",
    "muted": "muted",
    "held": "held",
    "limited": "over the limit of what is held",
    "old": "old",
    "failed": "failed",
}
_AS_THEY_ARE = (Reason.HELD, Reason.QUIET, Reason.LIMITED, Reason.DROPPED)


def run(desk: Desk, argument: str) -> Message:
    """The sum, and what nobody saw, the newest first. Raises UserError."""
    since, length, page_words = _read(desk, argument.strip())
    if desk.now - since > LONGEST:
        raise UserError(f"“{length}” is too long ago.", cure="The ledger goes back 90 days at most: missed 90d")
    counted = tally(desk.store.ledger(desk.command.destination, since=since))
    withheld = counted.withheld()
    page, pages = page_of(withheld, page_words)
    shown = withheld[(page - 1) * PAGE : page * PAGE]
    blocks = [say.title("Since ", say.moment(since)), say.text(_sum(counted)), *(_line(desk, line) for line in shown)]
    if not withheld:
        blocks.append(say.meta("Nothing was withheld."))
    return say.message(*blocks, buttons=_pages(length, page, pages))


def _read(desk: Desk, argument: str) -> tuple[datetime, str, str]:
    """Since when, in which words, and the page. A number at the end belongs to the time if it can: "monday 9"."""
    page = _PAGE.search(argument)
    before = argument[: page.start()] if page else argument
    if page is None or not before:
        length = before or USUAL
        return read_since(length, desk.now, zone_of(desk)), length, page[1] if page else ""
    try:
        return read_since(argument, desk.now, zone_of(desk)), argument, ""
    except UserError:
        return read_since(before, desk.now, zone_of(desk)), before, page[1]


def _sum(counted: Tally) -> str:
    counts = counted.counts
    if not counts:
        return "No match."
    parts = [f"{counts[fate]:,} {words}" for fate, words in _WORDS.items() if fate in counts]
    return f"{say.count(sum(counts.values()), 'match', 'matches')} = " + " + ".join(parts) + "."


def _line(desk: Desk, line: LedgerLine) -> Block:
    stored = desk.store.document(line.document_id)
    title = stored.document.title or "Untitled" if stored else "a text that is not kept any more"
    site = f" ({stored.document.site})" if stored and stored.document.site else ""
    link = Run(text=title, url=stored.document.url if stored else "")
    return say.item(link, f"{site}: {_why(desk, line)}, ", say.moment(line.at))


def _why(desk: Desk, line: LedgerLine) -> str:
    if line.reason is Reason.FAILED:
        return f"failed ({line.detail})" if line.detail else "failed"
    rules = [rule.topic for rule_id in line.rule_ids if (rule := desk.store.rule(rule_id)) is not None]
    if line.reason in _AS_THEY_ARE:
        return f"{line.reason.value} ({line.detail})" if line.detail else line.reason.value
    topics = f" (“{'”, “'.join(rules[:3])}”)" if rules else ""
    return f"{_WORDS[FATES[line.reason]]}{topics}"


def _pages(length: str, page: int, pages: int) -> tuple[Button, ...]:
    back = (Button(label="‹ Back", command=f"missed {length} page {page - 1}"),) if page > 1 else ()
    more = (Button(label="More ›", command=f"missed {length} page {page + 1}"),) if page < pages else ()
    return back + more
