"""The commands for scripts: rules, grouping, feeds and extraction on files. Lines in, JSON lines out."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.commands import source
from bot.commands._backtest import forecast
from bot.commands._checkup import examined
from bot.commands._exporting import all_along
from bot.core.archive.backtest import headline, remarks
from bot.core.stories.events.outcomes import group_by_evidence
from bot.errors import UserError
from bot.model import Entry, Message, WatchRule
from bot.pipeline.discover import inquire
from bot.pipeline.writer import Write
from bot.ports import Desk, Inquiry, Source, Store, Worker, exports
from bot.reading.feeds.opml import write_opml
from bot.reading.imports import importing
from bot.reading.text.times import parse_time
from bot.writing.terminal import format_message
from rules import Document, RuleError, RuleSet, explain, parse
from rules.doctor import Finding
from rules.nearest import nearest_miss

_LINE = 'A line is {"id": ..., "title": ..., "text": ...}.'


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a JSON Lines file. Raises UserError with the line that cannot be used."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _document(line, f"{path.name}:{number}")
    except UnicodeDecodeError as error:
        raise UserError(f"{path.name} is not UTF-8 text (byte {error.start}).", cure="Save it as UTF-8.") from None
    except OSError as error:
        raise UserError(f"I cannot read {path}: {error.strerror}.") from None


def _document(line: str, place: str) -> Document:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise UserError(f"{place} is not JSON: {error}.", cure=_LINE) from None
    if not isinstance(raw, dict) or raw.get("id") in (None, ""):
        raise UserError(f"{place} has no id.", cure=_LINE)
    for name in ("title", "text", "url", "author", "lang", "date"):
        if not isinstance(raw.get(name) or "", str):
            raise UserError(f"{place}: {name} must be text.", cure="Put it in quotes.")
    tags = raw.get("tags") or ()
    if isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags):
        raise UserError(f"{place}: tags must be a list of texts.", cure='For example "tags": ["politics"].')
    return Document(
        id=str(raw["id"]),
        title=raw.get("title") or "",
        body=raw.get("text") or "",
        url=raw.get("url") or "",
        author=raw.get("author") or "",
        lang=raw.get("lang") or "",
        tags=tuple(tags),
        published_at=_date(raw.get("date"), place),
    )


def _date(value: str | None, place: str) -> datetime | None:
    if not value:
        return None
    when = parse_time(value)
    if when is None:
        raise UserError(f"{place}: I cannot read the date “{value}”.", cure="Write it like 2026-11-23T14:02:00Z.")
    return when


def read_rules(path: Path) -> RuleSet:
    """The rules of a file with `id<TAB>rule` a line. Raises UserError naming every line that cannot be used."""
    engine, problems = RuleSet(), []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        rule_id, tab, text = line.partition("\t")
        if not tab or not rule_id:
            problems.append(f"{path.name}:{number}: a line is an id, a tab and a rule")
        elif rule_id in engine:
            problems.append(f"{path.name}:{number}: the id {rule_id} is there twice")
        else:
            try:
                engine.add(rule_id, text)
            except RuleError as error:
                problems.append(f"{path.name}:{number}: {error.message}\n{error.caret()}")
    if problems:
        raise UserError("\n".join(problems))
    return engine


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UserError(f"{path.name} is not UTF-8 text (byte {error.start}).", cure="Save it as UTF-8.") from None
    except OSError as error:
        raise UserError(f"I cannot read {path}: {error.strerror}.") from None


def match_lines(rules: RuleSet, documents: Iterable[Document]) -> Iterator[str]:
    """One JSON object a match, documents in their order, rules by id."""
    for document in documents:
        for match in rules.match(document):
            spans = [[span.field, span.start, span.end] for span in match.spans]
            yield _json({"rule": match.rule_id, "doc": match.document_id, "spans": spans})


def group_lines(documents: Iterable[Document], *, outcomes: bool = False, explained: bool = False) -> Iterator[str]:
    """One JSON object a document, in the order of arrival, in one pass."""
    for grouped in group_by_evidence(documents):
        line = {"id": grouped.id, "cluster": grouped.cluster}
        line |= {"outcome": grouped.outcome} if outcomes else {}
        yield _json(line | ({"why": grouped.why} if explained else {}))


def explain_lines(rule_text: str, path: Path) -> list[str]:
    """Every part of the rule with its truth in the file's text, whose first line is the title; of a miss, the nearest.

    Raises RuleError.
    """
    title, _, body = "\n".join(_lines(path)).partition("\n")
    rule, document = parse(rule_text), Document(id=path.name, title=title.strip(), body=body.strip())
    nearest = nearest_miss(rule, document)
    return [*explain(rule, document).lines(), *([f"It would match as {nearest.text}"] if nearest else [])]


def backtest_lines(store: Store, rule_text: str, now: datetime) -> Iterator[str]:
    """What the rule would have sent to somebody who reads every feed, in the words of `test`. Raises RuleError."""
    expected = forecast(store, parse(rule_text), None, now=now, patience=math.inf)
    yield headline(expected)
    yield from remarks(expected)
    for stored in expected.samples:
        document = stored.document
        site = f" ({document.site})" if document.site else ""
        yield f"  {document.published_at or stored.seen_at:%Y-%m-%d %H:%M}  {document.title or 'Untitled'}{site}"


def examined_rules(store: Store, now: datetime) -> Iterator[tuple[WatchRule, list[Finding]]]:
    """Every stored rule with the doctor's findings, channel by channel."""
    for channel_id, rules in groupby(store.rules(), key=lambda rule: rule.channel_id):
        channel = store.channel(channel_id)
        own = [each.id for each in store.subscriptions(channel.home)] if channel and channel.home else [channel_id]
        yield from examined(store, list(rules), channel_id=channel_id, subscribed=own, now=now)


def finding_lines(rule: WatchRule, findings: Sequence[Finding]) -> Iterator[str]:
    """The rule, and below it each finding with carets under its place, and its cure."""
    yield f"{rule.channel_id}, rule {rule.number} “{rule.topic}”"
    for finding in findings:
        yield f"  {finding.severity}: {finding.kind}: {finding.message}"
        yield from (f"    {line}" for line in finding.caret(rule.text).splitlines())
        if finding.cure:
            yield f"    Try: {finding.cure}"


def import_report(path: Path, tool: str) -> tuple[str, bool]:
    """What becomes of the rules that the file has for that tool, and whether something was lost."""
    imported = importing.read("\n".join(_lines(path)), tool)
    return "\n".join(importing.report(imported, tool)), any(each.verdict == "lost" for each in imported)


async def add_listed(
    sources: Mapping[str, Source], worker: Worker, write: Write, desk: Desk, typed: str
) -> AsyncIterator[str]:
    """Add all that a text lists to the desk's chat, as `source add` does part by part; what became of each part.

    Raises UserError.
    """

    def add(inquiry: Inquiry) -> Message:
        with desk.store.atomic():
            return source.run(replace(desk, inquiry=inquiry), "add all")

    first = 1
    while True:
        inquiry = await inquire(sources, worker, f"from {first} {typed}")
        last = inquiry.first + len(inquiry.lookups) - 1
        answer = await write(add, replace(inquiry, total=min(last, inquiry.total)))
        yield format_message(replace(answer, buttons=()), color=False, width=120)
        if not inquiry.lookups or last >= inquiry.total:
            return
        first = last + 1


def source_lines(store: Store) -> Iterator[str]:
    """Every source, chat by chat: number, kind, address, title, and what is wrong with it."""
    for channel in store.channels():
        for number, feed in enumerate(store.feeds(channel.id), start=1):
            wrong = f"failing: {feed.last_error}" if feed.failures else ""
            shown = (channel.name or channel.home.key, str(number), feed.kind, feed.url, feed.title, wrong)
            yield "\t".join(" ".join(part.split()) for part in shown).rstrip()


def opml_of(store: Store, sources: Mapping[str, Source]) -> tuple[str, str]:
    """(the sources of all chats as OPML, what is not in it, in words)."""
    outlines, left = all_along(store, exports(sources))
    return write_opml(outlines, "Watchword"), left


def entry_line(entry: Entry) -> str:
    """A feed's entry as one JSON object."""
    return _json(
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content": entry.content,
            "author": entry.author,
            "lang": entry.lang,
            "tags": list(entry.tags),
            "date": entry.published_at.isoformat() if entry.published_at else None,
        }
    )


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def healthy(address_file: Path, token: str = "") -> tuple[bool, str]:
    """Ask the running service how it is; the address is in the file that it wrote when it started."""

    async def ask(address: str) -> tuple[bool, str]:
        import aiohttp

        timeout, login = aiohttp.ClientTimeout(total=5), aiohttp.BasicAuth("healthcheck", token) if token else None
        async with (
            aiohttp.ClientSession(timeout=timeout, auth=login) as session,
            session.get(address + "health") as answer,
        ):
            return answer.status == 200, (await answer.text()).strip()

    try:
        address = address_file.read_text(encoding="utf-8").strip()
        return asyncio.run(ask(address))
    except OSError as error:
        return False, f"not running here ({error.strerror or error})"
    except Exception as error:
        return False, f"does not answer ({type(error).__name__})"
