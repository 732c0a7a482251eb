"""Documents in, alerts out: group, match, decide, queue - everything of one batch in one transaction.

What it costs grows with what matched, not with who listens: the rules that are true of a document lead to their
channels, those to their chats (`audience`). A batch is matched in one call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import structlog

from bot.addresses import canonical_url
from bot.core.alerts import alerting, corrections
from bot.core.stories.facts import with_story
from bot.core.stories.grouper import Batch as Remembered
from bot.core.stories.grouper import Grouper
from bot.core.visits.items import NAMELESS, Names
from bot.model import (
    Alert,
    Arrival,
    CorrectionCheck,
    Delivery,
    Destination,
    Feed,
    Item,
    LedgerLine,
    StoredDocument,
    WatchRule,
    content_id,
)
from bot.pipeline.audience import Audience, AudienceStore
from bot.pipeline.items import Items, arrived_late
from bot.pipeline.match import Matcher, MatchStore
from bot.pipeline.render import Renderer
from bot.ports import AlertStore, CorrectionStore, Outbox, StoryStore, Transactions
from bot.writing.alert import failure_message
from rules import Document
from rules.document import StoryFacts
from rules.operators.numbers import names_age

log = structlog.get_logger(__name__)

STORY_WINDOW = timedelta(days=3)
OLD_AFTER = timedelta(days=3)
RESTORED_AT_ONCE = 100  # documents of an archive that knows no fingerprints: about 50 ms
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
    queued: int = 0
    ungrouped: int = 0


_Arriving = tuple[Document, _Batch]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A document with its story: `earlier` are the story's reports before it, `document` knows how many they are.

    `versions`: ids of the documents that its feed gave before as the same item. `old`: it is no news of that feed;
    `late`: because it was published long before it arrived, which rules about the age may want all the same.
    """

    document: Document
    story_id: str
    earlier: tuple[Document, ...]
    opens_story: bool
    versions: frozenset[str]
    old: bool
    late: bool
    batch: _Batch


class IngestStore(MatchStore, AudienceStore, StoryStore, Transactions, AlertStore, Outbox, CorrectionStore, Protocol):
    """What taking in documents reads and writes."""


class Ingest:
    """Blocking; lives in the writer thread. What it remembers of stories is stored with the documents."""

    def __init__(
        self, store: IngestStore, matcher: Matcher, renderer: Renderer, old_after: timedelta | None = OLD_AFTER
    ) -> None:
        """What was published more than `old_after` before it arrived is no news; None: whatever its age it is."""
        self._store = store
        self._old_after = old_after
        self._matcher = matcher
        self._renderer = renderer
        self._grouper = Grouper(window=STORY_WINDOW, text_of=self._text_of)
        self._all_remembered = False

    def documents(self, intakes: Sequence[Intake], now: datetime) -> list[Ingested]:
        """Archive what their feeds did not give before, and queue a message for every alert it raises or changes.

        One transaction; what came of each intake. Raises what went wrong with any of them, and nothing is kept of all.
        """
        self._learn(now)
        # What the batch adds to the memory of stories goes when its transaction is undone, and nothing else.
        with self._grouper.batch() as remembered, self._store.atomic():
            batches = [self._batch(intake, now) for intake in intakes]
            fresh = [self._fresh(intake) for intake in intakes]
            arriving = [(document, batch) for batch, new in zip(batches, fresh, strict=True) for document in new]
            if arriving:
                self._take_in(arriving, remembered)
        return [_outcome(batch, new) for batch, new in zip(batches, fresh, strict=True)]

    def _batch(self, intake: Intake, now: datetime) -> _Batch:
        return _Batch(now, intake.feed, Audience(self._store, intake.feed, now), intake.articles, intake.names)

    def _fresh(self, intake: Intake) -> list[Document]:
        """What the feed did not give before."""
        known = self._store.known_documents(intake.feed.id, [document.id for document in intake.documents])
        return [*{document.id: document for document in intake.documents if document.id not in known}.values()]

    def _take_in(self, arriving: Sequence[_Arriving], remembered: Remembered) -> None:
        self._matcher.sync()
        placed = self._place(arriving, remembered)
        matched = self._matcher.match_batch([known.document for known in placed])
        rules = self._matcher.rules({rule_id for ids in matched for rule_id in ids})
        for document, ids in zip(placed, matched, strict=True):
            self._alert(document, [rules[rule_id] for rule_id in ids if rule_id in rules])
        last = placed[-1].batch
        for rule, reason in self._matcher.failed():
            last.queued += self._tell_failure(rule, reason, last)

    def matching(self, documents: Sequence[Document]) -> set[str]:
        """Ids of those that any rule may be true of, whatever their stories turn out to be; nothing is kept."""
        self._matcher.sync()
        return self._matcher.matching(replace(document, story=_ANY_STORY) for document in documents)

    # ------------------------------------------------------------------------------------------------------- stories

    def _learn(self, now: datetime) -> None:
        """Take over what is stored of stories: all of it at a start, later what another process added."""
        since = now - STORY_WINDOW
        self._grouper.learn(self._store.fingerprints(after_seq=self._grouper.seq, since=since))
        if self._all_remembered:
            return
        with self._grouper.batch() as remembered, self._store.atomic():
            waiting = self._store.without_fingerprint(since=since, limit=RESTORED_AT_ONCE)
            for stored in waiting:  # archived by a version that kept none
                self._grouper.restore(stored.document, stored.story_id, stored.seen_at)
            self._store.save_fingerprints(remembered.fingerprints, dropped=remembered.dropped)
        self._all_remembered = len(waiting) < RESTORED_AT_ONCE

    def _text_of(self, document_id: str) -> Document | None:
        stored = self._store.document(document_id)
        return stored.document if stored else None

    def _place(self, arriving: Sequence[_Arriving], remembered: Remembered) -> list[_Placed]:
        """Each document with its story, in the order of arrival, archived."""
        names = {(batch.feed.id, each.id): batch.names.get(each.id, NAMELESS) for each, batch in arriving}
        items = Items(self._store, names, arriving[0][1].now)
        archived = self._store.documents_by_id([document.id for document, _ in arriving])
        versions = {(batch.feed.id, each.id): items.version_of(each, batch.feed.id) for each, batch in arriving}
        # What another feed gave before keeps its story; this feed's audience may not have seen it.
        homes = {document_id: (stored.story_id, stored.relation) for document_id, stored in archived.items()}
        new = [(document, batch) for document, batch in arriving if document.id not in archived]
        late = {key for key, item in versions.items() if item is None}
        late &= arrived_late(
            ((batch.feed, document) for document, batch in arriving), arriving[0][1].now, self._old_after
        )
        for document, batch in arriving:
            if _is_learnt(batch.feed) or (batch.feed.id, document.id) in late:
                items.mark_old(document.id, batch.feed.id)
        self._find_homes(new, homes, versions, items)
        joined = self._store.stories({story_id for story_id, relation in homes.values() if relation != "new"})
        stories: dict[str, list[Arrival | StoredDocument]] = {story_id: [*story] for story_id, story in joined.items()}
        placed, arrivals, here = [], [], set(archived)
        for document, batch in arriving:
            story_id, relation = homes[document.id]
            story = stories.setdefault(story_id, [])
            arrival = Arrival(
                document=document,
                feed_id=batch.feed.id,
                story_id=story_id,
                seen_at=batch.now,
                relation="" if relation == "new" else relation,
            )
            placed.append(
                _Placed(
                    document=with_story(document, batch.now, story, relation=arrival.relation),
                    story_id=story_id,
                    earlier=tuple(report.document for report in story if report.document.id != document.id),
                    opens_story=relation == "new" and document.id not in here,
                    versions=_given_by(batch.feed, story) if versions[batch.feed.id, document.id] else frozenset(),
                    old=items.is_old(document.id, batch.feed.id),
                    late=(batch.feed.id, document.id) in late,
                    batch=batch,
                )
            )
            arrivals.append(arrival)
            if document.id not in here:
                story.append(arrival)
                here.add(document.id)
        self._store.add_documents(arrivals)
        self._store.save_fingerprints(remembered.fingerprints, dropped=remembered.dropped)
        items.save({document_id: story_id for document_id, (story_id, _) in homes.items()})
        return placed

    def _find_homes(
        self,
        arriving: Sequence[_Arriving],
        homes: dict[str, tuple[str, str]],
        versions: Mapping[tuple[str, str], Item | None],
        items: Items,
    ) -> None:
        """Add to `homes`: document -> (story, relation to it: "new" opens it).

        A version goes where its item is, whatever it says. One that trips grouping up is a story of its own.
        """
        first = [*{document.id: (document, batch) for document, batch in reversed(arriving)}.values()][::-1]
        new = [(document, batch) for document, batch in first if versions[batch.feed.id, document.id] is None]
        placements = (
            self._grouper.place_all([each for each, _ in new], new[0][1].now, items.are_distinct) if new else []
        )
        for (document, batch), placement in zip(new, placements, strict=True):
            if placement.failed:
                log.error("a document could not be compared", document=document.id, error=placement.failed)
                batch.ungrouped += 1
            homes[document.id] = placement.story_id, placement.relation
            if placement.like and items.is_old(placement.like, batch.feed.id):
                items.mark_old(document.id, batch.feed.id)
        for document, batch in first:
            item = versions[batch.feed.id, document.id]
            if item is not None:
                story_id = item.story_id or homes[item.document_id][0]
                self._grouper.restore(document, story_id, batch.now)
                homes[document.id] = story_id, "version"

    # -------------------------------------------------------------------------------------------------------- alerts

    def _alert(self, placed: _Placed, rules: Sequence[WatchRule]) -> None:
        """Decide for every chat that the document concerns."""
        batch = placed.batch
        if not rules and placed.opens_story:
            return
        alerts = {} if placed.opens_story else {a.destination.key: a for a in self._store.story_alerts(placed.story_id)}
        for destination, own_rules in batch.audience.concerned(rules, alerts.values()):
            news = alerting.News(
                document=placed.document,
                story_id=placed.story_id,
                earlier=tuple(alerting.report_of(report) for report in placed.earlier),
                rules=own_rules,
                versions=placed.versions,
            )
            self._decide(news, destination, alerts.get(destination.key), placed)

    def _decide(self, news: alerting.News, destination: Destination, alert: Alert | None, placed: _Placed) -> None:
        batch = placed.batch
        asking = tuple(rule for rule in news.rules if names_age(rule.text)) if placed.late else ()
        if asking:
            news = replace(news, rules=asking)
        decision = alerting.decide(
            news,
            destination,
            alert=alert,
            alert_rules=self._renderer.rules_of(alert) if alert else (),
            mutes=batch.audience.mutes(destination),
            follows=batch.audience.follows(destination) if news.rules else [],
            first_poll=_is_learnt(batch.feed),
            old=placed.old and not asking,
            now=batch.now,
        )
        if decision is None:
            return
        self._store.record(
            LedgerLine(
                document_id=news.document.id,
                story_id=news.story_id,
                destination=destination,
                rule_ids=decision.rule_ids,
                reason=decision.reason,
                at=batch.now,
                detail=decision.detail,
            )
        )
        if decision.alert is None or decision.act == "nothing":
            return
        self._store.save_alert(decision.alert)
        self._queue(decision.alert, decision.act, news.document.id, batch.now)
        batch.queued += 1
        if decision.act == "send":
            self._watch_for_corrections(news.document, batch)

    def _queue(self, alert: Alert, act: Literal["send", "edit"], because: str, now: datetime) -> None:
        self._store.put(
            Delivery(
                id=content_id(act, alert.key, because),
                destination=alert.destination,
                kind=act,
                alert_key=alert.key,
                message_id=alert.message_id,
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
        wanted = batch.articles and document.url.startswith(_WEB) and document.url != here
        if wanted and self._store.correction_check(document.id) is None:
            self._store.save_correction_check(corrections.begin(document.id, document.url, batch.now))


def _is_learnt(feed: Feed) -> bool:
    """Whether what it gives was there before it was added."""
    return feed.polled_at is None and not feed.alert_first_poll


def _given_by(feed: Feed, story: Sequence[Arrival | StoredDocument]) -> frozenset[str]:
    """What of a story this feed told."""
    return frozenset(report.document.id for report in story if report.feed_id == feed.id)


def _outcome(batch: _Batch, new: Sequence[Document]) -> Ingested:
    ages = tuple(batch.now - document.published_at for document in new if document.published_at is not None)
    return Ingested(new=len(new), queued=batch.queued, ages=ages, ungrouped=batch.ungrouped)
