"""`stats`: how many alerts came here, when, from where, and by which topics."""

import re
from collections import Counter
from datetime import datetime, timedelta

from bot import say
from bot.commands._common import subscribed_channels, zone_of
from bot.core.alerts.tally import tally
from bot.core.alerts.volume import alerted, most, volume
from bot.core.archive.backtest import sparkline
from bot.errors import UserError
from bot.model import Block, LedgerLine, Message
from bot.ports import Desk
from bot.reading.times import read_since

USAGE = "stats [topic] [30d]"
SUMMARY = "how many alerts came here: per day, the busiest day, outlets and topics"
EXAMPLES = ("stats", "stats 7d", "stats troops 90d")
USUAL, LONGEST = "30d", timedelta(days=90)
_LENGTH = re.compile(r"(?:^|\s)((?:\d{1,4}\s*[^\W\d_]+)|yesterday|today|since\s.+)$", re.IGNORECASE)


def run(desk: Desk, argument: str) -> Message:
    """A bar for each day, and the numbers. Raises UserError."""
    topics = {rule.id: rule.topic for channel in subscribed_channels(desk) for rule in desk.store.rules(channel.id)}
    topic, since, length = _read(desk, argument, set(topics.values()))
    wanted = {rule_id for rule_id, name in topics.items() if not topic or name == topic}
    ledger = desk.store.ledger(desk.command.destination, since=since)
    lines = [line for line in alerted(tally(ledger)) if not topic or wanted & {*line.rule_ids}]
    counted = volume(lines, since, desk.now, zone_of(desk))
    about = f" on “{topic}”" if topic else ""
    if not lines:
        return say.message(say.text(say.bold(f"No alert{about} in {length}.")), say.meta("Why: ", say.mono("missed")))
    bars, unit = counted.bars
    day, highest = counted.busiest
    blocks = [
        say.text(say.bold(f"{say.count(counted.total, 'alert')}{about} in {length}")),
        say.code(sparkline(bars)),
        say.meta(f"Each bar is a {unit}, {counted.first:%d %b} to today."),
        say.item(say.bold("Per day: "), _number(counted.per_day)),
        say.item(say.bold("Busiest day: "), f"{day:%a %d %b} ({highest:,})"),
        *_top(desk, lines, {} if topic else topics),
    ]
    return say.message(*blocks)


prepare = run  # it writes nothing: all of it is done outside the writer thread


def _read(desk: Desk, argument: str, topics: set[str]) -> tuple[str, datetime, str]:
    """(the topic as its rule spells it, since when, in which words). Raises UserError."""
    words, length = argument.strip(), USUAL
    known = {name.casefold(): name for name in topics}
    match = _LENGTH.search(words) if _bare(words) not in known else None
    if match is not None:
        words, length = words[: match.start()].strip(), match[1]
    since = read_since(length, desk.now, zone_of(desk))
    if desk.now - since > LONGEST:
        raise UserError(f"“{length}” is too long ago.", cure="Alerts are counted 90 days back at most: stats 90d")
    if words and _bare(words) not in known:
        named = f"Topics: {say.listed(sorted(topics), most=8)}." if topics else "Make a rule first: watch <rule>"
        raise UserError(f"No rule here has the topic “{words[:60]}”.", cure=named)
    return known.get(_bare(words), ""), since, length


def _bare(words: str) -> str:
    return words.strip('"“”„ ').casefold()


def _top(desk: Desk, lines: list[LedgerLine], topics: dict[str, str]) -> list[Block]:
    """The outlets and topics with most alerts."""
    documents = desk.store.documents_by_id({line.document_id for line in lines})
    sites = Counter(document.document.site for document in documents.values() if document.document.site)
    named = Counter(name for line in lines for name in {topics[each] for each in line.rule_ids if each in topics})
    tops = (("Outlets", sites), ("Topics", named))
    return [say.item(say.bold(f"{label}: "), _listed(counts)) for label, counts in tops if counts]


def _listed(counts: Counter[str]) -> str:
    shown = ", ".join(f"{name} {number:,}" for name, number in most(counts))
    return f"{shown} and {len(counts) - 5} more" if len(counts) > 5 else shown


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"
