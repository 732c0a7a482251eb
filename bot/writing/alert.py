"""How an alert reads: headline, source, time, the source's own words with the hits marked, and why it fired."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot import say
from bot.model import (
    Alert,
    Block,
    Button,
    Correction,
    Message,
    NewFact,
    Preferences,
    Report,
    Run,
    User,
    WatchRule,
)
from bot.writing.excerpts import MOST, excerpts, marked_runs, marked_title, quote
from bot.zones import zone_named
from rules import Document, Span

NOTHING_CHOSEN = Preferences()
MOST_RULES = 5  # of an alert that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A report's archived text, the hits of the alert's rules in it by rule id, those that a rule prefers,
    and what changed in the article since.
    """

    document: Document
    hits: Mapping[str, Sequence[Span]]
    preferred: Sequence[Span] = ()
    corrections: Sequence[Correction] = ()

    @property
    def spans(self) -> list[Span]:
        """All hits, in reading order."""
        return sorted({span for spans in self.hits.values() for span in spans}, key=_reading_order)


def alert_message(
    alert: Alert,
    quoted: Sequence[Quoted],
    rules: Sequence[WatchRule],
    *,
    names: Mapping[str, str],
    now: datetime,
    related: Alert | None = None,
    chosen: Preferences = NOTHING_CHOSEN,
) -> Message:
    """The message for `alert`. `quoted[0]` is the archived text of `alert.reports[0]`; `rules` are the alert's;
    `names` holds the names of channels that are not the destination's own; `related` is an older alert to name;
    `chosen` says how the chat wants it.
    """
    lead, first, zone = alert.reports[0], quoted[0], zone_named(chosen.zone)
    blocks = [say.title(*_headline(lead, first)), say.meta(*_circumstances(lead, rules, names, now, zone))]
    blocks += [_correction(correction, source, now, zone) for source in quoted for correction in source.corrections]
    blocks += _quotes(quoted, lead) if chosen.excerpts and not chosen.compact else []
    if others := _other_outlets(alert.reports):
        blocks += [] if chosen.compact else _newest(lead, others)
        blocks.append(_also(others))
    if related is not None:
        blocks.append(say.meta("See also: ", _report_named(related.reports[0])))
    blocks += [] if chosen.compact else [_why(quoted, rules)]
    blocks += _mentions(alert.mentions)
    return Message(
        blocks=tuple(blocks),
        buttons=_buttons(alert, lead),
        preview=chosen.preview,
        gist=f"{lead.title or 'Untitled'} ({lead.site})" if lead.site else lead.title or "Untitled",
    )


def thread_message(
    alert: Alert, quoted: Sequence[Quoted], above: Alert, *, now: datetime, chosen: Preferences = NOTHING_CHOSEN
) -> Message:
    """The message for an alert that stands in the thread of the one `above`: quiet, with its best excerpt."""
    lead, first = alert.reports[0], quoted[0]
    blocks = [say.title(*_headline(lead, first)), say.meta(*_circumstances(lead, (), {}, now, zone_named(chosen.zone)))]
    blocks += _quotes(quoted[:1], lead)[:1] if chosen.excerpts and not chosen.compact else []
    if len(alert.reports) > 1:
        blocks.append(_also(alert.reports[1:]))
    blocks.append(say.meta("Probably the same story as ", _report_named(above.reports[0]), ". Is it?"))
    blocks += _mentions(alert.mentions)
    return Message(
        blocks=tuple(blocks),
        buttons=(
            *_open(lead),
            Button(label="Same story", command=f"same alert:{alert.key}"),
            Button(label="Another story", command=f"another alert:{alert.key}"),
        ),
        gist=f"Probably the same story: {lead.title or 'Untitled'}",
        silent=True,
    )


def facts_message(alert: Alert, report: Report, facts: Sequence[NewFact], mentions: Sequence[User] = ()) -> Message:
    """A quiet reply in the alert's thread that names what a later report says and none before it said."""
    pieces: list[str | Run] = []
    for number, fact in enumerate(facts):
        shown = f"“{fact.text.rstrip(',;')}”" if fact.kind == "quotation" else fact.text
        pieces += ["; " if number else "", say.bold(shown), f" (was {fact.was})" if fact.was else ""]
    source = Run(text=report.site or report.title or "a later report", url=report.url)
    first, story = facts[0], alert.reports[0].title or "Untitled"
    return Message(
        blocks=(say.text("New: ", *pieces), say.meta("Says ", source, f", on “{story}”"), *_mentions(mentions)),
        buttons=_open(report),
        gist=f"New: {first.text}" + (f" (was {first.was})" if first.was else "") + f" - {story}",
        silent=True,
    )


def _mentions(people: Sequence[User]) -> list[Block]:
    """A line that names them, if there are any."""
    runs = [Run(text=f"@{person.name or person.user_id}", mention=person) for person in people]
    return [say.text(*(piece for run in runs for piece in (run, " ")))] if runs else []


def folded_message(alert: Alert, into: Alert) -> Message:
    """What is left of an alert whose story another alert tells: where it went, and the way back."""
    lead = alert.reports[0]
    return Message(
        blocks=(
            say.text(Run(text=lead.title or "Untitled", url=lead.url)),
            say.meta("Told with ", _report_named(into.reports[0]), ", as they are one story."),
        ),
        buttons=(Button(label="Another story", command=f"another alert:{alert.key}"),),
        gist=f"The same story: {lead.title or 'Untitled'}",
        silent=True,
    )


def apart_message(alert: Alert) -> Message:
    """What is left in a thread of an alert that is one of its own now."""
    lead = alert.reports[0]
    return say.message(
        say.text(Run(text=lead.title or "Untitled", url=lead.url)),
        say.meta("Another story: it has an alert of its own now."),
    )


def _report_named(report: Report) -> Run:
    by = f" ({report.site})" if report.site else ""
    return Run(text=f"“{report.title or 'Untitled'}”{by}", url=report.url)


def bare_message(alert: Alert) -> Message:
    """The alert without its text: for what cannot be read any more, or trips us up."""
    lead = alert.reports[0]
    headline = lead.title or "Untitled"
    return Message(
        blocks=(
            say.title(Run(text=headline, url=lead.url)),
            say.meta(lead.site, " · " if lead.site else "", "the text could not be shown; the source has it"),
        ),
        buttons=_buttons(alert, lead),
        gist=f"{headline} ({lead.site})" if lead.site else headline,
    )


def failure_message(rule: WatchRule, reason: str) -> Message:
    """For the owner of a rule that could not be read or tried; `reason` is a sentence."""
    return say.message(
        say.text(say.bold(f"Rule {rule.number} “{rule.topic}” failed."), f" {reason}"),
        say.code(rule.text),
        say.text(
            "A document may have been missed. Your other rules are not touched. This rule goes on being tried, and "
            "written in another way it may work: ",
            say.mono(f"edit {rule.number} <rule>"),
        ),
        say.meta("Whoever runs this bot finds the details in its log. You are told once."),
        gist=f"Rule {rule.number} failed",
    )


def _headline(lead: Report, quoted: Quoted) -> list[Run]:
    text = lead.title or (quoted.document.body[:80].strip() + "…" if quoted.document.body else "Untitled")
    marks = marked_title(quoted.document, quoted.spans) if lead.title == quoted.document.title else ()
    return marked_runs(text, marks, lead.url)


def _circumstances(
    lead: Report, rules: Sequence[WatchRule], names: Mapping[str, str], now: datetime, zone: tzinfo
) -> list[str | Run]:
    pieces: list[str | Run] = [say.bold(lead.site)] if lead.site else []
    if lead.published_at is not None:
        pieces += [" · " if pieces else "", say.clock(lead.published_at, now, zone)]
    named = " and ".join(rule_name(rule, names) for rule in rules[:MOST_RULES])
    if len(rules) > MOST_RULES:
        named += f" +{len(rules) - MOST_RULES}"
    if named:
        pieces.append(f" · {named}" if pieces else named)
    return pieces


def rule_name(rule: WatchRule, names: Mapping[str, str]) -> str:
    """`rule 3 “troops”`, with the channel's name when it is not the chat's own."""
    channel = f" of {names[rule.channel_id]}" if names.get(rule.channel_id) else ""
    return f"rule {rule.number} “{rule.topic}”{channel}"


def _quotes(quoted: Sequence[Quoted], lead: Report) -> list[Block]:
    """Up to three excerpts: from the report on top, and from a later one where only that has a rule's hits."""
    blocks: list[Block] = []
    shown: set[str] = set()
    for number, source in enumerate(quoted):
        fresh = {rule_id: spans for rule_id, spans in source.hits.items() if rule_id not in shown}
        shown |= set(fresh)
        room = MOST - len(blocks)
        if room <= 0 or (number and not fresh):
            continue
        spans = [span for spans in fresh.values() for span in spans]
        rules = [*fresh.values()]
        quotes = excerpts(source.document, spans, preferred=source.preferred, rules=rules, most=room)
        by = f" ({source.document.site})" if number and source.document.site else ""
        blocks += [quote(excerpt, by) for excerpt in quotes]
    return blocks


def _correction(edit: Correction, quoted: Quoted, now: datetime, zone: tzinfo) -> Block:
    """What the source changed without saying so to its readers, or with a word of its own."""
    by, seen = f" by {quoted.document.site}" if quoted.document.site else "", say.clock(edit.seen_at, now, zone)
    if edit.kind == "removed":
        return say.text(say.bold(f"Removed{by}"), " (seen ", seen, "). Below is what it said.")
    head = {"correction": "Corrected", "retraction": "Taken back", "change": "Changed"}[edit.kind]
    change = [f"“{edit.before}” is now “{edit.after}”"] if edit.before else [f"“{edit.after}”"]
    return say.text(say.bold(f"{head}{by}"), " (seen ", seen, "): ", *change)


def _other_outlets(reports: Sequence[Report]) -> list[Report]:
    """Each outlet but the first report's, once: several versions of its report may be quoted."""
    outlets = {report.site.casefold() or report.document_id: report for report in reversed(reports)}
    return [report for report in reports[1:] if outlets[report.site.casefold() or report.document_id] is report]


def _newest(lead: Report, others: Sequence[Report]) -> list[Block]:
    """The headline of the report that came last, where it says something of its own."""
    own = [report for report in others if not report.copied and report.title]
    if not own or own[-1].title.casefold() == lead.title.casefold():
        return []
    return [say.meta("Newest: ", _report_named(own[-1]))]


def _also(reports: Sequence[Report]) -> Block:
    """Who told it besides; those who print an earlier report's words are marked as copies."""
    pieces: list[str | Run] = ["Also reported by "]
    for number, report in enumerate(reports[:6]):
        copied = " (copy)" if report.copied else ""
        pieces += [", " if number else "", Run(text=report.site or "another source", url=report.url), copied]
    if len(reports) > 6:
        pieces.append(f" +{len(reports) - 6}")
    return say.meta(*pieces)


def _why(quoted: Sequence[Quoted], rules: Sequence[WatchRule]) -> Block:
    """Which rule, and which of its words, how often."""
    pieces: list[str | Run] = ["Why: "]
    for number, rule in enumerate(rules[:MOST_RULES]):
        hits = _hit_words(quoted, rule.id)
        pieces += ["; " if number else "", say.mono(rule.text), f" hit {hits}" if hits else ""]
    if len(rules) > MOST_RULES:
        pieces.append(f"; +{len(rules) - MOST_RULES} rules")
    return say.meta(*pieces)


def _hit_words(quoted: Sequence[Quoted], rule_id: str) -> str:
    source = next((each for each in quoted if rule_id in each.hits), None)
    if source is None:
        return ""
    words: Counter[str] = Counter()
    looks: dict[str, str] = {}
    for span in sorted(source.hits[rule_id], key=_reading_order):
        text = getattr(source.document, span.field)[span.start : span.end]
        looks.setdefault(text.casefold(), text)
        words[text.casefold()] += 1
    shown = [f"“{looks[word]}”" + (f" ×{times}" if times > 1 else "") for word, times in words.items()]
    return say.listed(shown, most=5)


def _reading_order(span: Span) -> tuple[bool, int, int]:
    return span.field != "title", span.start, span.end


def _open(lead: Report) -> tuple[Button, ...]:
    return (Button(label="Open", url=lead.url),) if lead.url.startswith(("http://", "https://")) else ()


def _buttons(alert: Alert, lead: Report) -> tuple[Button, ...]:
    return (
        *_open(lead),
        Button(label="Mute", command=f"mute alert:{alert.key}"),
        Button(label="Why", command=f"why alert:{alert.key}"),
        Button(label="Irrelevant", command=f"irrelevant alert:{alert.key}"),
    )
