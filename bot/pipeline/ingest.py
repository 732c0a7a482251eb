"""Documents in, alerts out: group, match, decide, queue - everything of one batch in one transaction.

What it costs grows with what matched, not with who listens: the rules that are true of a document lead to their
channels, those to their chats (`audience`). A batch is matched in one call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

import structlog

from bot.addresses import canonical_url
from bot.core.alerts import alerting, corrections
from bot.core.alerts.holding import LIMIT, MOST_HELD, Hold
from bot.core.stories.events.joining import Merge
from bot.core.stories.new_facts import new_facts
from bot.core.visits.items import NAMELESS, Names
from bot.model import (
    Alert,
    CorrectionCheck,
    Delivery,
    Destination,
    Feed,
    LedgerLine,
    NewFact,
    State,
    StoryLink,
    User,
    WatchRule,
    content_id,
)
from bot.pipeline.audience import Audience, AudienceStore
from bot.pipeline.match import Matcher, MatchStore
from bot.pipeline.placing import OLD_AFTER, Arriving, Placed, Placing, PlacingStore, is_learnt
from bot.pipeline.render import Renderer
from bot.ports import AlertStore, CorrectionStore, Outbox
from bot.writing.alert import facts_message, failure_message
from rules import Document
from rules.document import StoryFacts
from rules.operators.numbers import names_age

log = structlog.get_logger(__name__)

# For a first look at a text: many outlets have the story at once, and this document opened it.
_ONCE = datetime.min.replace(tzinfo=UTC)
_ANY_STORY = StoryFacts(reports=tuple((str(outlet), _ONCE) for outlet in range(100)), is_first=True)
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Documents of one feed. `articles`: their addresses are those of articles, which are checked for corrections
    when they alert. `names`: what the feed calls them, by document id.
    """

    feed: Feed
    documents: Sequence[Document]
    articles: bool = False
    names: Mapping[str, Names] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What a batch gave: documents new to this feed, messages queued, how long ago the new ones had been published,
    and how many could not be compared with other news, which made each a story of its own.
    """

    new: int = 0
    queued: int = 0
    ages: tuple[timedelta, ...] = ()
    ungrouped: int = 0


@dataclass(slots=True)
class _Batch:
    """What one feed gives in a transaction, as far as it has come."""

    now: datetime
    feed: Feed
    audience: Audience
    articles: bool
    names: Mapping[str, Names]
    facts: dict[str, list[NewFact]] = field(default_factory=dict)  # of documents, as far as they were asked for
    queued: int = 0
    ungrouped: int = 0


class _Here(NamedTuple):
    """The alerts of one chat: of the document's story, of the one that it is near, of one that it has to do with."""

    alert: Alert | None
    above: Alert | None
    related: Alert | None


class IngestStore(MatchStore, AudienceStore, PlacingStore, AlertStore, Outbox, CorrectionStore, Protocol):
    """What taking in documents reads and writes."""


class Ingest:
    """Blocking; lives in the writer thread. What it remembers of stories is stored with the documents."""

    def __init__(
        self, store: IngestStore, matcher: Matcher, renderer: Renderer, old_after: timedelta | None = OLD_AFTER
    ) -> None:
        """What was published more than `old_after` before it arrived is no news; None: whatever its age it is."""
        self._store = store
        self._matcher = matcher
        self._renderer = renderer
        self._placing = Placing(store, old_after)

    def documents(self, intakes: Sequence[Intake], now: datetime) -> list[Ingested]:
        """Archive what their feeds did not give before, and queue a message for every alert it raises or changes.

        One transaction; what came of each intake. Raises what went wrong with any of them, and nothing is kept of all.
        """
        self._placing.learn(now)
        # What the batch adds to the memory of stories goes when its transaction is undone, and nothing else.
        with self._placing.batch(), self._store.atomic():
            batches = [self._batch(intake, now) for intake in intakes]
            fresh = [self._fresh(intake) for intake in intakes]
            arriving = [(document, batch) for batch, new in zip(batches, fresh, strict=True) for document in new]
            if arriving:
                self._take_in(arriving)
        return [_outcome(batch, new) for batch, new in zip(batches, fresh, strict=True)]

    def _batch(self, intake: Intake, now: datetime) -> _Batch:
        return _Batch(now, intake.feed, Audience(self._store, intake.feed, now), intake.articles, intake.names)

    def _fresh(self, intake: Intake) -> list[Document]:
        """What the feed did not give before."""
        known = self._store.known_documents(intake.feed.id, [document.id for document in intake.documents])
        return [*{document.id: document for document in intake.documents if document.id not in known}.values()]

    def _take_in(self, arriving: Sequence[tuple[Document, _Batch]]) -> None:
        self._matcher.sync()
        documents = [document for document, _ in arriving]
        matched = self._matcher.match_batch(documents)
        placed, merges = self._placing.place(
            [
                Arriving(document=each, feed=batch.feed, names=batch.names.get(each.id, NAMELESS), at=batch.now)
                for each, batch in arriving
            ],
            self._may_match(documents, matched),
        )
        for merge in merges:
            self._fold(merge, arriving[0][1])
        if self._matcher.asks_story:
            matched = self._matcher.match_batch([each.document for each in placed])
        rules = self._matcher.rules({rule_id for ids in matched for rule_id in ids})
        for each, ids, (_, batch) in zip(placed, matched, arriving, strict=True):
            batch.ungrouped += each.failed
            self._alert(each, [rules[rule_id] for rule_id in ids if rule_id in rules], batch)
        last = arriving[-1][1]
        for rule, reason in self._matcher.failed():
            last.queued += self._tell_failure(rule, reason, last)

    def matching(self, documents: Sequence[Document]) -> set[str]:
        """Ids of those that any rule may be true of, whatever their stories turn out to be; nothing is kept."""
        self._matcher.sync()
        return self._may_match(documents, self._matcher.match_batch(documents))

    def _may_match(self, documents: Sequence[Document], matched: Sequence[Sequence[str]]) -> set[str]:
        """With a story that many outlets have, or without any: rules that ask for few of them are true there.

        `matched`: which rules are true without; where none asks about stories, that is all there is to know.
        """
        wanted = {document.id for document, ids in zip(documents, matched, strict=True) if ids}
        if not self._matcher.asks_story:
            return wanted
        others = [replace(document, story=_ANY_STORY) for document in documents if document.id not in wanted]
        return wanted | self._matcher.matching(others)

    # -------------------------------------------------------------------------------------------------------- alerts

    def _alert(self, placed: Placed, rules: Sequence[WatchRule], batch: _Batch) -> None:
        """Decide for every chat that the document concerns."""
        if not rules and placed.opens_story:
            return
        alerts = {} if placed.opens_story else self._alerts_of(placed.story_id)
        near, related = (_linked(placed.link, kind) for kind in ("near", "related"))
        above, beside = (self._alerts_of(story_id) if story_id else {} for story_id in (near, related))
        for destination, own_rules in batch.audience.concerned(rules, alerts.values()):
            news = alerting.News(
                document=placed.document,
                story_id=placed.story_id,
                near=near,
                earlier=tuple(alerting.report_of(report) for report in placed.earlier),
                rules=own_rules,
                versions=placed.versions,
                copied=placed.relation == "copy",
            )
            key = destination.key
            self._decide(news, destination, _Here(alerts.get(key), above.get(key), beside.get(key)), placed, batch)

    def _alerts_of(self, story_id: str) -> dict[str, Alert]:
        """The alerts that tell of a story now, by destination."""
        return {alert.destination.key: self._telling(alert) for alert in self._store.story_alerts(story_id)}

    def _telling(self, alert: Alert) -> Alert:
        """The alert that tells an alert's story now."""
        target = self._store.alert(alerting.alert_key(alert.destination, alert.folded)) if alert.folded else None
        return target or alert

    def _fold(self, merge: Merge, batch: _Batch) -> None:
        """The alerts of a story that is another one's now point to that one's; nothing is posted."""
        there = self._alerts_of(merge.into_id)
        for alert in self._store.story_alerts(merge.story_id):
            into = there.get(alert.destination.key)
            if into is None:
                key = alerting.alert_key(alert.destination, merge.into_id)
                self._store.move_alert(alert.key, replace(alert, key=key, story_id=merge.into_id))
            elif not alert.folded:
                for changed in alerting.folded(alert, into):
                    self._store.save_alert(changed)
                    self._queue(changed, "edit", f"merged {merge.story_id}", batch.now)
                    batch.queued += 1

    def _decide(
        self, news: alerting.News, destination: Destination, here: _Here, placed: Placed, batch: _Batch
    ) -> None:
        alert = here.alert
        asking = tuple(rule for rule in news.rules if names_age(rule.text)) if placed.late else ()
        if asking:
            news = replace(news, rules=asking)
        decision = alerting.decide(
            news,
            destination,
            alert=alert,
            alert_rules=self._renderer.rules_of(alert) if alert else (),
            mutes=batch.audience.mutes(destination),
            follows=batch.audience.follows(destination) if news.rules or alert else [],
            first_poll=is_learnt(batch.feed),
            old=placed.old and not asking,
            now=batch.now,
            above=here.above,
            related=here.related,
        )
        if decision is None:
            return
        hold = self._hold(destination, news.rules, batch) if decision.act == "send" else None
        why = decision.detail or ("" if placed.opens_story and not news.near else placed.why)
        self._store.record(
            LedgerLine(
                document_id=news.document.id,
                story_id=news.story_id,
                destination=destination,
                rule_ids=decision.rule_ids,
                reason=hold.reason if hold else decision.reason,
                at=batch.now,
                detail=hold.why if hold else why,
            )
        )
        if decision.alert is None or decision.act == "nothing" or (hold is not None and hold.dropped):
            return
        if decision.act == "edit":
            rules, mutes = self._renderer.rules_of(decision.alert), batch.audience.mutes(destination)
            people = alerting.followers(news, rules, batch.audience.follows(destination), mutes)
            self._tell_facts(placed, decision.alert, people, batch)
        self._store.save_alert(decision.alert)
        self._queue(decision.alert, decision.act, news.document.id, batch.now, hold)
        batch.queued += 1
        if decision.act == "send":
            self._watch_for_corrections(news.document, batch)

    def _hold(self, destination: Destination, rules: Sequence[WatchRule], batch: _Batch) -> Hold | None:
        hold = batch.audience.hold(destination, urgent=any(rule.urgent for rule in rules))
        if hold is not None and not hold.dropped and self._store.count_held(destination) >= MOST_HELD:
            return LIMIT
        return hold

    def _tell_facts(self, placed: Placed, alert: Alert, people: Sequence[User], batch: _Batch) -> None:
        """One reply in the alert's thread for what a report says that none before it said; it mentions `people`.

        An alert that was not sent yet, or stands in a thread itself, says it all when it comes.
        """
        if placed.relation == "copy" or not alert.message_id or alert.under:
            return
        if placed.document.id not in batch.facts:
            batch.facts[placed.document.id] = new_facts(placed.document, placed.earlier)
        facts = batch.facts[placed.document.id]
        if not facts:
            return
        self._store.put(
            Delivery(
                id=content_id("facts", alert.key, placed.document.id),
                destination=alert.destination,
                kind="reply",
                message=facts_message(alert, alerting.report_of(placed.document), facts, people),
                alert_key=alert.key,
                created_at=batch.now,
            )
        )
        batch.queued += 1

    def _queue(
        self, alert: Alert, act: Literal["send", "edit"], because: str, now: datetime, hold: Hold | None = None
    ) -> None:
        self._store.put(
            Delivery(
                id=content_id(act, alert.key, because),
                destination=alert.destination,
                kind=act,
                alert_key=alert.key,
                message_id=alert.message_id,
                state=State.HELD if hold else State.PENDING,
                not_before=hold.until if hold else None,
                error=hold.why if hold else "",
                created_at=now,
            )
        )

    def _tell_failure(self, rule: WatchRule, reason: str, batch: _Batch) -> bool:
        """Tell the rule's chat, once for each wording of the rule: a message of the same id is not queued again."""
        channel = batch.audience.channel(rule.channel_id)
        if channel is None:
            return False
        self._store.put(
            Delivery(
                id=content_id("rule failed", rule.id, rule.text),
                destination=channel.home,
                message=failure_message(rule, reason),
                created_at=batch.now,
            )
        )
        return True

    # --------------------------------------------------------------------------------------------------- corrections

    def checked(self, check: CorrectionCheck, now: datetime) -> int:
        """Keep what another reading of an article gave, and queue an edit of its alerts when it gave news; how many."""
        with self._store.atomic():
            before = self._store.correction_check(check.document_id)
            self._store.save_correction_check(check)
            stored = self._store.document(check.document_id)
            if stored is None or (before is not None and before.corrections == check.corrections):
                return 0
            alerts = [
                alert
                for alert in self._store.story_alerts(stored.story_id)
                if check.document_id in {report.document_id for report in alert.reports}
            ]
            for alert in alerts:
                self._queue(alert, "edit", f"correction {check.document_id} {check.visits}", now)
            return len(alerts)

    def _watch_for_corrections(self, document: Document, batch: _Batch) -> None:
        """Articles that alert are read again; files and mails do not change, pages of posts are full of counters."""
        here = canonical_url(batch.feed.url)  # a watched page tells its changes itself
        wanted = batch.articles and document.url.startswith(_WEB) and canonical_url(document.url) != here
        if wanted and self._store.correction_check(document.id) is None:
            self._store.save_correction_check(corrections.begin(document.id, document.url, batch.now))


def _linked(link: StoryLink | None, kind: str) -> str:
    return link.other_id if link is not None and link.kind == kind else ""


def _outcome(batch: _Batch, new: Sequence[Document]) -> Ingested:
    ages = tuple(batch.now - document.published_at for document in new if document.published_at is not None)
    return Ingested(new=len(new), queued=batch.queued, ages=ages, ungrouped=batch.ungrouped)
