"""What a rule would do, before it is saved or as it is: its reading, its forecast, the doctor's findings."""

from collections.abc import Sequence
from typing import NamedTuple

from bot import say
from bot.commands._backtest import forecast
from bot.commands._common import lists_of, own_rules, parse_stored, reading, subscribed_channels
from bot.core.archive import backtest
from bot.core.archive.backtest import Forecast
from bot.model import Block
from bot.ports import Desk
from bot.writing.findings import blocks as finding_blocks
from rules import Rule, RuleError
from rules.doctor import Finding, examine

BUSY = 5  # alerts a day from which narrower rules are offered
_SERIOUS = frozenset({"always true", "stop words"})  # unless it is a mere hint; of "noisy" see FLOOD


class Preview(NamedTuple):
    """A rule with what the archive and the doctor say of it.

    `sources`: how many feeds the chat reads; `unread`: how many of them were never read yet.
    """

    rule: Rule
    forecast: Forecast
    findings: Sequence[Finding]
    sources: int
    unread: int = 0

    @property
    def serious(self) -> bool:
        """Whether somebody who saves it is in for a surprise."""
        return self.forecast.floods or any(
            finding.severity == "wrong" or (finding.kind in _SERIOUS and finding.severity != "hint")
            for finding in self.findings
        )

    @property
    def busy(self) -> bool:
        """Whether narrower rules are worth a look."""
        return self.forecast.per_day > BUSY


def preview(desk: Desk, rule: Rule, *, but: str = "") -> Preview:
    """Ask archive and doctor about the rule; `but` is the id of the stored rule that it is."""
    channels = [channel.id for channel in subscribed_channels(desk)]
    expected = forecast(desk.store, rule, channels, now=desk.now)
    findings = examine(
        rule,
        others=[*_others(desk, but)],
        vocabulary=desk.store.vocabulary(),
        forecast=expected,
        lists=lists_of(desk),
    )
    feeds = {feed.id: feed for channel in channels for feed in desk.store.feeds(channel)}
    unread = sum(feed.polled_at is None and not feed.failures for feed in feeds.values())
    return Preview(rule, expected, findings, len(feeds), unread)


def _others(desk: Desk, but: str) -> list[tuple[str, Rule]]:
    """The chat's other rules that can be read, by number and topic."""
    others = []
    for other in own_rules(desk):
        try:
            others += [(f"{other.number} “{other.topic}”", parse_stored(desk, other))] if other.id != but else []
        except RuleError:  # told by `doctor` and `rules`; no reason to withhold what is known of this one
            continue
    return others


def blocks(shown: Preview, *, hints: bool = True) -> list[Block]:
    """The reading, the forecast and the findings; without `hints` only those that matter now."""
    findings = [
        finding for finding in shown.findings if finding.kind != "dead" and (hints or finding.severity != "hint")
    ]
    return [*reading(shown.rule), *_forecast(shown), *finding_blocks(findings)]


def _forecast(shown: Preview) -> list[Block]:
    if not shown.sources:
        return [say.text("This chat has nothing to read yet. Add a source: ", say.mono("source add <address>"))]
    return [*backtest.blocks(shown.forecast), *_unread(shown)]


def _unread(shown: Preview) -> list[Block]:
    """What the forecast does not know yet, right after `source add`."""
    if not shown.unread:
        return []
    sources = say.count(shown.unread, "source is", "sources are")
    again = (" Ask again with: ", say.mono(f"test {shown.rule.text}")) if len(shown.rule.text) <= 200 else ()
    return [say.meta(f"{sources} being read for the first time: what stands there is not counted yet.", *again)]


def other_reading(rule: Rule) -> str:
    """The other way to read the rule, as a rule; empty when there is none."""
    return next((note.other for note in rule.notes if note.other), "")
