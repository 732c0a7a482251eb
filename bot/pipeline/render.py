"""An alert, as it is now, in words: its reports, the hits of its rules in them, what was corrected since."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.addresses import same_site
from bot.core.alerts.alerting import alert_key
from bot.core.alerts.channels import chooser
from bot.core.stories.facts import recalled
from bot.model import Alert, Channel, Message, Report, StoredDocument, WatchRule
from bot.pipeline.match import Matcher
from bot.ports import AlertStore, Archive, ChannelStore, ChoiceStore, CorrectionStore, FeedStore
from bot.writing.alert import Quoted, alert_message, bare_message, folded_message, thread_message
from rules import Span

log = structlog.get_logger(__name__)

MOST_QUOTED = 30  # reports of an alert that are searched for hits to show


class RenderStore(AlertStore, Archive, ChannelStore, ChoiceStore, CorrectionStore, FeedStore, Protocol):
    """What an alert's message is made of."""


class Renderer:
    """Blocking; lives in the writer thread."""

    def __init__(self, store: RenderStore, matcher: Matcher) -> None:
        self._store = store
        self._matcher = matcher

    def message(self, alert: Alert, now: datetime) -> Message:
        """What the alert says at this moment. What cannot be shown in full is shown bare rather than not at all."""
        try:
            if self._matcher.ready:  # else the rules are asked one by one: no message waits for all of them
                self._matcher.sync()
            return self._message(alert, now)
        except Exception:
            log.exception("an alert could not be rendered", alert=alert.key)
            return bare_message(alert)

    def rules_of(self, alert: Alert) -> list[WatchRule]:
        """Those of the alert's rules that are there still."""
        return [rule for rule_id in alert.rule_ids if (rule := self._matcher.rule(rule_id)) is not None]

    def _message(self, alert: Alert, now: datetime) -> Message:
        into = self._other(alert, alert.folded)
        if into is not None:
            return folded_message(alert, into)
        rules = self.rules_of(alert)
        chosen = self._store.preferences(chooser(alert.destination))
        subscribed = self._store.subscriptions(alert.destination)
        outlets: dict[str, str] = {}
        titled = chosen.source_as == "title"
        quoted, story = [], self._store.story_documents(alert.story_id)
        for report in alert.reports[:MOST_QUOTED]:
            stored = self._store.document(report.document_id)
            if stored is not None:
                document = recalled(stored, story)
                outlets[document.id] = self._outlet(stored, subscribed if titled else ())
                hits = {rule.id: spans for rule in rules if (spans := self._matcher.hits(rule.id, document))}
                preferred: list[Span] = [span for _, first in hits.values() for span in first]
                check = self._store.correction_check(report.document_id)
                quoted.append(
                    Quoted(
                        document=replace(stored.document, site=outlets[document.id]),
                        hits={rule_id: spans for rule_id, (spans, _) in hits.items()},
                        preferred=preferred,
                        corrections=check.corrections if check else (),
                    )
                )
        if not quoted:  # the archive has let go of all of them
            return bare_message(alert)
        alert = replace(alert, reports=tuple(_named(report, outlets) for report in alert.reports))
        above = self._other(alert, alert.under)
        if above is not None and above.message_id:
            return thread_message(alert, quoted, above, now=now, chosen=chosen)
        own = alert.destination.key
        names = {channel.id: channel.name for channel in subscribed if channel.home.key != own and channel.name}
        related = self._other(alert, alert.related)
        return alert_message(alert, quoted, rules, names=names, now=now, related=related, chosen=chosen)

    def _outlet(self, stored: StoredDocument, subscribed: Sequence[Channel]) -> str:
        """The title of the source where it is that outlet's own; the host where the source has none, brings together
        several outlets, or is read by other chats only.
        """
        site = stored.document.site
        feed = self._store.feed(stored.feed_id)
        if feed is None or not feed.title or not same_site(feed.url, site):
            return site
        return feed.title if any(self._store.holds(channel.id, feed.id) for channel in subscribed) else site

    def _other(self, alert: Alert, story_id: str) -> Alert | None:
        """The alert of another story in the same chat."""
        return self._store.alert(alert_key(alert.destination, story_id)) if story_id else None


def _named(report: Report, outlets: Mapping[str, str]) -> Report:
    return replace(report, site=outlets.get(report.document_id, report.site))
