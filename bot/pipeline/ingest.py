"""Documents in, alerts out: group, match, decide, render, queue - everything of one batch in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.addresses import canonical_url
from bot.core.alerts import alerting, corrections
from bot.core.alerts.channels import own_channel
from bot.core.stories.facts import recalled, with_story
from bot.core.stories.grouper import Grouper
from bot.model import (
    Alert,
    Channel,
    CorrectionCheck,
    Delivery,
    Destination,
    Feed,
    LedgerLine,
    Message,
    Mute,
    WatchRule,
    content_id,
)
from bot.pipeline.match import Matcher, MatchStore
from bot.ports import AlertStore, ChannelStore, CorrectionStore, FeedStore, MuteStore, Outbox, Transactions
from bot.writing.alert import Quoted, alert_message, failure_message
from rules import Document
from rules.document import StoryFacts

STORY_WINDOW = timedelta(days=3)
# For a first look at a text: many outlets have the story at once, and this document opened it.
_ONCE = datetime.min.replace(tzinfo=UTC)
_ANY_STORY = StoryFacts(reports=tuple((str(outlet), _ONCE) for outlet in range(100)), is_first=True)
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What a batch gave: documents new to this feed, messages queued, how long ago the new ones had been published."""

    new: int = 0
    queued: int = 0
    ages: tuple[timedelta, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What one transaction needs again and again, read once."""

    now: datetime
    feed: Feed
    feed_channels: set[str]
    audience: list[Destination]
    subscriptions: dict[str, list[Channel]]
    mutes: list[Mute]
    queued: int = 0
    articles: bool = False


class IngestStore(
    Transactions, FeedStore, MatchStore, ChannelStore, MuteStore, AlertStore, Outbox, CorrectionStore, Protocol
):
    """What taking in documents reads and writes."""


class Ingest:
    """Blocking; lives in the writer thread. What it remembers of stories is rebuilt from the store when in doubt."""

    def __init__(self, store: IngestStore) -> None:
        self._store = store
        self._matcher = Matcher(store)
        self._grouper = Grouper(window=STORY_WINDOW)
        self._seq = 0
        self._placed: set[str] = set()

    def documents(
        self, feed: Feed, documents: Sequence[Document], now: datetime, *, articles: bool = False
    ) -> Ingested:
        """Archive what this feed did not give before, and queue a message for every alert it raises or changes.

        `articles`: their addresses are those of articles, which are read again when they alert.
        """
        try:
            with self._store.atomic():
                return self._documents(feed, documents, now, articles)
        except BaseException:
            # The transaction is undone, so the memory of it must go too.
            self._grouper, self._seq, self._placed = Grouper(window=STORY_WINDOW), 0, set()
            raise

    def _documents(self, feed: Feed, documents: Sequence[Document], now: datetime, articles: bool) -> Ingested:
        known = self._store.known_documents(feed.id, [document.id for document in documents])
        fresh = {document.id: document for document in documents if document.id not in known}
        if not fresh:
            return Ingested()
        self._catch_up(now)
        self._matcher.sync()
        batch = self._batch(feed, now)
        batch.articles = articles
        for document in fresh.values():
            self._document(document, batch)
        for rule, reason in self._matcher.failed():
            batch.queued += self._tell_failure(rule, reason, now)
        ages = tuple(now - document.published_at for document in fresh.values() if document.published_at is not None)
        return Ingested(new=len(fresh), queued=batch.queued, ages=ages)

    def matching(self, documents: Sequence[Document]) -> set[str]:
        """Ids of those that any rule may be true of, whatever their stories turn out to be; nothing is kept."""
        self._matcher.sync()
        return self._matcher.matching(replace(document, story=_ANY_STORY) for document in documents)

    def _catch_up(self, now: datetime) -> None:
        """Learn the stories of documents that were archived before this start, or by another process."""
        for stored in self._store.documents(after_seq=self._seq, since=now - STORY_WINDOW):
            if stored.document.id not in self._placed:
                self._grouper.restore(stored.document, stored.story_id, stored.seen_at)
            self._seq = stored.seq
        self._placed.clear()

    def _batch(self, feed: Feed, now: datetime) -> _Batch:
        feed_channels = self._store.feed_channels(feed.id)
        audience = self._store.subscribers(feed_channels)
        return _Batch(
            now=now,
            feed=feed,
            feed_channels=feed_channels,
            audience=audience,
            subscriptions={place.key: self._store.subscriptions(place) for place in audience},
            mutes=self._store.mutes(now),
        )

    def _document(self, document: Document, batch: _Batch) -> None:
        archived = self._store.document(document.id)
        if archived is not None:  # another feed gave it before; this feed's audience may not have seen it
            story_id, is_new_story = archived.story_id, False
        else:
            placement = self._grouper.place(document, batch.now)
            self._placed.add(document.id)
            story_id, is_new_story = placement.story_id, placement.relation == "new"
        story = self._store.story_documents(story_id)
        earlier = [stored.document for stored in story if stored.document.id != document.id]
        self._store.add_document(document, feed_id=batch.feed.id, story_id=story_id, seen_at=batch.now)
        document = with_story(document, batch.now, story)
        rules = self._matcher.match(document)
        if not rules and is_new_story:
            return
        for destination in batch.audience:
            news = alerting.News(
                document=document,
                story_id=story_id,
                earlier=tuple(alerting.report_of(report) for report in earlier),
                rules=tuple(rule for rule in rules if _concerns(rule, destination, batch)),
            )
            self._decide(news, destination, batch)

    def _decide(self, news: alerting.News, destination: Destination, batch: _Batch) -> None:
        alert = self._store.alert(alerting.alert_key(destination, news.story_id))
        decision = alerting.decide(
            news,
            destination,
            alert=alert,
            alert_rules=self._rules_of(alert) if alert else (),
            mutes=batch.mutes,
            follows=self._store.follows(destination) if news.rules else [],
            first_poll=batch.feed.polled_at is None and not batch.feed.alert_first_poll,
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
        self._store.put(
            Delivery(
                id=content_id(decision.act, decision.alert.key, news.document.id),
                destination=destination,
                kind=decision.act,
                alert_key=decision.alert.key,
                message_id=decision.alert.message_id,
                message=self._render(decision.alert, batch.subscriptions[destination.key], batch.now),
                created_at=batch.now,
            )
        )
        batch.queued += 1
        if decision.act == "send":
            self._watch_for_corrections(news.document, batch)

    def _tell_failure(self, rule: WatchRule, reason: str, now: datetime) -> bool:
        """Tell the rule's chat, once for each wording of the rule: a message of the same id is not queued again."""
        channel = self._store.channel(rule.channel_id)
        if channel is None:
            return False
        self._store.put(
            Delivery(
                id=content_id("rule failed", rule.id, rule.text),
                destination=channel.home,
                message=failure_message(rule, reason),
                created_at=now,
            )
        )
        return True

    def checked(self, check: CorrectionCheck, now: datetime) -> int:
        """Keep what another reading of an article gave, and queue an edit of its alerts when it gave news; how many."""
        with self._store.atomic():
            before = self._store.correction_check(check.document_id)
            self._store.save_correction_check(check)
            stored = self._store.document(check.document_id)
            if stored is None or (before is not None and before.corrections == check.corrections):
                return 0
            self._matcher.sync()
            alerts = [
                alert
                for alert in self._store.story_alerts(stored.story_id)
                if check.document_id in {report.document_id for report in alert.reports}
            ]
            for alert in alerts:
                self._store.put(
                    Delivery(
                        id=content_id("correction", alert.key, check.document_id, str(check.visits)),
                        destination=alert.destination,
                        kind="edit",
                        alert_key=alert.key,
                        message_id=alert.message_id,
                        message=self._render(alert, self._store.subscriptions(alert.destination), now),
                        created_at=now,
                    )
                )
            return len(alerts)

    def _watch_for_corrections(self, document: Document, batch: _Batch) -> None:
        """Articles that alert are read again; files and mails do not change, pages of posts are full of counters."""
        here = canonical_url(batch.feed.url)  # a watched page tells its changes itself
        wanted = batch.articles and document.url.startswith(_WEB) and document.url != here
        if wanted and self._store.correction_check(document.id) is None:
            self._store.save_correction_check(corrections.begin(document.id, document.url, batch.now))

    def _rules_of(self, alert: Alert) -> list[WatchRule]:
        """Those of the alert's rules that are there still."""
        return [rule for rule_id in alert.rule_ids if (rule := self._matcher.rule(rule_id)) is not None]

    def _render(self, alert: Alert, subscribed: Sequence[Channel], now: datetime) -> Message:
        rules = self._rules_of(alert)
        quoted, story = [], self._store.story_documents(alert.story_id)
        for report in alert.reports:
            stored = self._store.document(report.document_id)
            if stored is not None:
                document = recalled(stored, story)
                hits_of = {rule.id: hits for rule in rules if (hits := self._matcher.hits(rule.id, document))}
                spans = {rule_id: all_hits for rule_id, (all_hits, _) in hits_of.items()}
                preferred = [span for _, first in hits_of.values() for span in first]
                check = self._store.correction_check(report.document_id)
                quoted.append(
                    Quoted(
                        document=stored.document,
                        hits=spans,
                        preferred=preferred,
                        corrections=check.corrections if check else (),
                    )
                )
        names = {
            channel.id: channel.name
            for channel in subscribed
            if channel.home.key != alert.destination.key and channel.name
        }
        return alert_message(alert, quoted, rules, names=names, now=now)


def _concerns(rule: WatchRule, destination: Destination, batch: _Batch) -> bool:
    """A chat gets the rules of the subscribed channels that hold this feed, and its own rules on all of their feeds."""
    subscribed = batch.subscriptions[destination.key]
    if rule.channel_id not in {channel.id for channel in subscribed}:
        return False
    own = own_channel(subscribed, destination)
    return rule.channel_id in batch.feed_channels or (own is not None and rule.channel_id == own.id)
