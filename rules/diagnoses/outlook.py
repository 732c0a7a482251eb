"""Against the archive: rules that nothing matches, and rules that match all the time."""

from rules.diagnoses.chart import ENOUGH_DOCUMENTS, Chart, Path, at, quoted
from rules.diagnoses.finding import Finding, ForecastLike
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.run import Run
from rules.words import fold

MOST_A_DAY = 20  # alerts that a person still reads
_ENOUGH_DAYS = 3


def outlook(chart: Chart, forecast: ForecastLike | None) -> list[Finding]:
    """What the forecast says, when the archive is large enough."""
    if forecast is None or forecast.documents < ENOUGH_DOCUMENTS or forecast.days < _ENOUGH_DAYS:
        return []
    if not forecast.stories:
        return [] if forecast.before else [_dead(chart, forecast)]
    if forecast.per_day <= MOST_A_DAY:
        return []
    message = f"This would send about {forecast.per_day:,.0f} alerts a day; add something that must be there as well."
    return [chart.finding("noisy", "warning", message)]


def _dead(chart: Chart, forecast: ForecastLike) -> Finding:
    documents = f"{forecast.documents:,} documents of {forecast.days} days"
    missing = [path for path in _needed(chart.rule.node) if _never_occurs(at(chart.rule.node, path), chart)]
    if not missing:
        return chart.finding("dead", "hint", f"None of the {documents} in the archive matches.")
    shown = ", ".join(quoted(at(chart.rule.node, path)) for path in missing[:3])
    message = f"None of the {documents} in the archive matches: {shown} {'is' if len(missing) == 1 else 'are'} in none."
    return chart.finding("dead", "hint", message, missing[0])


def _needed(node: Node, path: Path = ()) -> list[Path]:
    """The leaves without which the rule cannot be true: those of no OR and no NOT; of an only OR, its sides."""
    if isinstance(node, Not):
        return []
    if isinstance(node, And):
        return [each for i, part in enumerate(node.parts) for each in _needed(part, (*path, i))]
    if isinstance(node, Or) and path == ():
        return [(i,) for i in range(len(node.parts))]
    if not node.children:
        return [path]
    return [] if isinstance(node, Or) else [(*path, i) for i, child in enumerate(node.children) if not child.children]


def _never_occurs(node: Node, chart: Chart) -> bool:
    """Whether the part is a run of which some word is in no document."""
    if not isinstance(node, Run) or node.lang or chart.vocabulary is None:
        return False
    return any(not chart.vocabulary.count(fold(word)) for word in node.words)
