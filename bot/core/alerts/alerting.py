"""Whether a match becomes a message, an edit of one, or only a line in the ledger - and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.alerts import mutes as muting
from bot.core.stories.fingerprint import bare_title
from bot.model import Alert, Destination, Follow, LedgerLine, Mute, Reason, Report, User, WatchRule, content_id
from rules import Document

MOST_REPORTS = 100  # of one alert: later outlets are in the ledger only
OLDER_VERSIONS = 3  # of one item that stay behind the newest because only they have some rule's hits


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do at one destination. `alert` is what it becomes, None when nothing is to be shown."""

    act: Literal["send", "edit", "nothing"]
    reason: Reason
    alert: Alert | None = None
    rule_ids: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A document on arrival: its story, the story's earlier reports, and the rules that are true of it here.

    `versions`: ids of the documents that its source gave before as the same item.
    `copied`: it has the words of an earlier report. `near` is the story that its own is probably the same as, "" when
    there is none.
    """

    document: Document
    story_id: str
    near: str = ""
    earlier: tuple[Report, ...]
    rules: tuple[WatchRule, ...]
    versions: frozenset[str] = frozenset()
    copied: bool = False

    @property
    def stories(self) -> tuple[str, ...]:
        """Its own, and the one that it is near."""
        return (self.story_id, self.near) if self.near else (self.story_id,)


def report_of(document: Document, *, copied: bool = False) -> Report:
    """The document, as far as a message names it."""
    return Report(
        document_id=document.id,
        site=document.site,
        title=document.title,
        url=document.url,
        published_at=document.published_at,
        copied=copied,
    )


def ledger_line(alert: Alert, reason: Reason, at: datetime, detail: str = "") -> LedgerLine:
    """What became of the alert's match."""
    return LedgerLine(
        document_id=alert.reports[0].document_id,
        story_id=alert.story_id,
        destination=alert.destination,
        rule_ids=alert.rule_ids,
        reason=reason,
        at=at,
        detail=detail,
    )


def alert_key(destination: Destination, story_id: str) -> str:
    """One story is one alert at one destination."""
    return content_id("alert", destination.key, story_id)


def decide(
    news: News,
    destination: Destination,
    *,
    alert: Alert | None,
    alert_rules: Sequence[WatchRule],
    mutes: Sequence[Mute],
    follows: Sequence[Follow],
    first_poll: bool,
    old: bool = False,
    now: datetime,
    above: Alert | None = None,
    related: Alert | None = None,
) -> Decision | None:
    """The decision for `destination`, whose alert for this story is `alert`; None when it is none of its business.

    `alert_rules` are those that made `alert`: a report that joins its story without a hit is muted with them.
    `mutes` are those in force; `first_poll` says that the document came with a feed that is only being learnt, `old`
    that it is a version of what that feed had then, or was published long before it came.
    `above` is the alert here of the story that this one is near, `related` of one that it has much to do with.
    """
    if alert is None and not news.rules:
        return None
    rule_ids = tuple(rule.id for rule in news.rules)
    if first_poll:
        return Decision(act="nothing", reason=Reason.FIRST_POLL, rule_ids=rule_ids) if rule_ids else None
    here = muting.of_destination(mutes, destination)
    if old and alert is None:
        return Decision(act="nothing", reason=Reason.OLD, rule_ids=rule_ids)
    unmuted, silenced_by = _unmuted(news, news.rules or alert_rules, here)
    if silenced_by is not None and not unmuted:
        return Decision(act="nothing", reason=Reason.MUTED, rule_ids=rule_ids, detail=silenced_by.id)
    mentions = _mentioned(news, unmuted, follows, mutes)
    if alert is None:
        raised = _raise(news, destination, unmuted, mentions, now)
        return _beside(raised, above, related)
    return _update(news, alert, unmuted if news.rules else (), mentions)


def _beside(raised: Decision, above: Alert | None, related: Alert | None) -> Decision:
    """A new alert in the thread of the one `above`, or with a word of the one that is `related`."""
    assert raised.alert is not None, "raised"
    if above is not None:
        alert = replace(raised.alert, under=above.story_id)
        return replace(raised, alert=alert, reason=Reason.PROBABLE)
    return replace(raised, alert=replace(raised.alert, related=related.story_id)) if related is not None else raised


def _unmuted(
    news: News, rules: Sequence[WatchRule], mutes: Sequence[Mute]
) -> tuple[tuple[WatchRule, ...], Mute | None]:
    """Those of `rules` that no mute silences, and the first mute that silenced one."""
    unmuted, first = [], None
    for rule in rules:
        mute = muting.silencing(mutes, rule, news.document, news.stories)
        if mute is None:
            unmuted.append(rule)
        first = first or mute
    return tuple(unmuted), first


def followers(
    news: News, rules: Sequence[WatchRule], follows: Sequence[Follow], mutes: Sequence[Mute]
) -> tuple[User, ...]:
    """Those who follow the story itself and have not muted it for themselves; `rules` are its alert's."""
    return _mentioned(news, rules, [follow for follow in follows if follow.story], mutes)


def _mentioned(
    news: News, rules: Sequence[WatchRule], follows: Sequence[Follow], mutes: Sequence[Mute]
) -> tuple[User, ...]:
    """Those who follow the story, or a topic of these rules that hit, and have not muted it for themselves.

    Where no rule hits, `rules` are those of the alert that the report joins: the story goes on without a hit.
    """
    people: dict[str, User] = {}
    for follow in follows:
        own = muting.of_user(mutes, follow.user)
        for rule in rules:
            by_topic = bool(news.rules) and rule.topic.casefold() == follow.topic.casefold()
            wanted = follow.story in news.stories if follow.story else by_topic
            if wanted and muting.silencing(own, rule, news.document, news.stories) is None:
                people[follow.user.key] = follow.user
    return tuple(people.values())


def _raise(
    news: News, destination: Destination, rules: Sequence[WatchRule], mentions: tuple[User, ...], now: datetime
) -> Decision:
    reports: tuple[Report, ...] = (report_of(news.document),)
    for earlier in news.earlier:  # what matched is quoted: an older version, or one of the outlet's, takes no place
        if all(known.site.casefold() != earlier.site.casefold() for known in reports):
            reports = (*reports, earlier)
    rule_ids = tuple(rule.id for rule in rules)
    alert = Alert(
        key=alert_key(destination, news.story_id),
        destination=destination,
        story_id=news.story_id,
        rule_ids=rule_ids,
        reports=reports,
        mentions=mentions,
        raised_at=now,
    )
    return Decision(act="send", reason=Reason.NEW_STORY, alert=alert, rule_ids=rule_ids)


def _update(news: News, alert: Alert, rules: Sequence[WatchRule], mentions: tuple[User, ...]) -> Decision:
    """A later report of a story that is shown already: edit the message where it says something new."""
    new_rules = tuple(rule.id for rule in rules if rule.id not in alert.rule_ids)
    rule_ids = tuple(rule.id for rule in rules)
    reports, reason = _joined(alert.reports, news, complete=set(alert.rule_ids) <= set(rule_ids))
    if reason is Reason.UPDATED and not rules:  # what is quoted is what matched: this version would show no hit
        return Decision(act="nothing", reason=reason)
    if new_rules and reason is Reason.DUPLICATE:  # the report that has the new rule's hits must be there to be quoted
        there = {report.document_id for report in reports}
        reports += () if news.document.id in there else (report_of(news.document),)
        reason = Reason.NEW_RULE
    if reason is Reason.DUPLICATE:
        return Decision(act="nothing", reason=reason, rule_ids=rule_ids)
    known = {person.key for person in alert.mentions}
    changed = replace(
        alert,
        rule_ids=alert.rule_ids + new_rules,
        reports=reports,
        mentions=alert.mentions + tuple(person for person in mentions if person.key not in known),
    )
    return Decision(act="edit", reason=reason, alert=changed, rule_ids=rule_ids)


def _joined(reports: tuple[Report, ...], news: News, *, complete: bool) -> tuple[tuple[Report, ...], Reason]:
    """`reports` with one more: a site is named once, a newer version of its report takes the older one's place.

    Unless it is `complete`, having the hits of all the alert's rules, the older one stays behind it to be quoted too.
    """
    report = report_of(news.document, copied=news.copied)
    if any(known.document_id == report.document_id for known in reports):
        return reports, Reason.DUPLICATE
    versions = [known for known in reports if known.document_id in news.versions or _same_item(known, report)]
    if versions:
        at = reports.index(versions[0])
        kept = [] if complete else versions[:OLDER_VERSIONS]
        others = [known for known in reports[at:] if known not in versions]
        return (*reports[:at], report, *kept, *others), Reason.UPDATED
    if len(reports) >= MOST_REPORTS or any(known.site.casefold() == report.site.casefold() for known in reports):
        return reports, Reason.DUPLICATE
    return (*reports, report), Reason.NEW_SOURCE


def _same_item(known: Report, report: Report) -> bool:
    """Whether one outlet has them at one address, or under one headline but for marks of its updates."""
    if known.site.casefold() != report.site.casefold():
        return False
    return _at_one_address(known.url, report.url) or (
        known.title != report.title
        and bare_title(known.title, known.site).casefold() == bare_title(report.title, report.site).casefold()
    )


def _at_one_address(known: str, url: str) -> bool:
    """Two parts of a page are two addresses; the page itself may stand for any of its parts."""
    return known == url or known.partition("#")[0] == url or known == url.partition("#")[0]


def folded(alert: Alert, into: Alert) -> tuple[Alert, Alert]:
    """Both, when their stories are one: what `alert` tells is told by `into`."""
    reports = into.reports
    for report in alert.reports:
        if report.document_id not in {known.document_id for known in reports}:
            reports = (*reports, report)
    known = {person.key for person in into.mentions}
    whole = replace(
        into,
        reports=reports,
        rule_ids=into.rule_ids + tuple(rule_id for rule_id in alert.rule_ids if rule_id not in into.rule_ids),
        mentions=into.mentions + tuple(person for person in alert.mentions if person.key not in known),
    )
    return replace(alert, under="", folded=into.story_id), whole


def apart(alert: Alert) -> Alert:
    """The alert when its story stands for itself: it is to be posted as one of its own."""
    return replace(alert, under="", folded="", message_id="")


def unfolded(alert: Alert, out_of: Alert) -> tuple[Alert, Alert]:
    """Both, when their stories are two after all: `alert` stands for itself, and what it told is not `out_of`'s."""
    own = {report.document_id for report in alert.reports}
    rest = tuple(report for report in out_of.reports if report.document_id not in own)
    return apart(alert), replace(out_of, reports=rest or out_of.reports)
