"""What is wrong with a rule that can be read: examined by logic, against other rules and against the archive."""

from collections.abc import Mapping, Sequence

from rules.diagnoses.chart import Chart
from rules.diagnoses.common import common
from rules.diagnoses.finding import Finding, ForecastLike, Remembered, Severity, Vocabulary
from rules.diagnoses.outlook import outlook
from rules.diagnoses.reason import reason
from rules.diagnoses.rivals import Rivals, rivals
from rules.diagnoses.spelling import spelling
from rules.diagnoses.wide import wide
from rules.grammar import NO_LISTS
from rules.rule import Rule

__all__ = ["Finding", "ForecastLike", "Remembered", "Rivals", "Severity", "Vocabulary", "examine"]

_CUT = "This rule is too long to be examined further; there may be more to say."
_ORDER = ("wrong", "warning", "hint")


def examine(
    rule: Rule,
    *,
    others: Sequence[tuple[str, Rule]] = (),
    vocabulary: Vocabulary | None = None,
    forecast: ForecastLike | None = None,
    lists: Mapping[str, str] = NO_LISTS,
) -> list[Finding]:
    """Every finding, the worst first, within a bound of steps; where that cut it short, one finding says so.

    `others` are (name as shown, rule) of the same chat, without the rule itself. `lists` are those that the rule was
    parsed with. Who compares many rules with each other prepares `others` once as `Rivals`.
    """
    chart = Chart(rule, lists, vocabulary)
    by_logic = reason(chart)
    findings = [
        *by_logic,
        *(each for each in common(chart) if not any(_overlap(each, other) for other in by_logic)),
        *wide(chart),
        *spelling(chart),
        *outlook(chart, forecast),
        *rivals(chart, others),
    ]
    if chart.cut:
        findings.append(chart.finding("cut short", "hint", _CUT))
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))


def _overlap(finding: Finding, other: Finding) -> bool:
    return finding.start < other.end and other.start < finding.end
