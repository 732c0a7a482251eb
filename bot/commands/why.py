"""`why`: which part of which rule hit where."""

from bot.commands._common import pointed_alert
from bot.core import say
from bot.errors import UserError
from bot.model import Block, Message, WatchRule
from bot.ports import Desk
from rules import explain, parse

USAGE = "why"
SUMMARY = "why an alert came (answer it, or the newest one is meant)"
EXAMPLES = ("why",)


def run(desk: Desk, argument: str) -> Message:
    """Every part of every rule with its truth and words. Raises UserError when there is no alert."""
    alert, _ = pointed_alert(desk, argument)
    alert = alert or desk.store.last_alert(desk.command.destination)
    if alert is None:
        raise UserError("There was no alert here yet.", cure="See what is watched: rules")
    blocks = [say.text(say.bold("Why: "), alert.reports[0].title or "Untitled")]
    rules = [rule for rule_id in alert.rule_ids if (rule := desk.store.rule(rule_id)) is not None]
    for rule in rules:
        blocks += _rule(desk, rule, [report.document_id for report in alert.reports])
    if not rules:
        blocks.append(say.text("Its rules have been removed since."))
    blocks.append(say.meta("Found: ", say.moment(alert.raised_at)))
    if rules:
        stop = (say.mono(f"mute {rules[0].topic} for 2h"), " or ", say.mono(f"unwatch {rules[0].number}"))
        blocks.append(say.meta("To stop it: ", *stop))
    return say.message(*blocks)


def _rule(desk: Desk, rule: WatchRule, document_ids: list[str]) -> list[Block]:
    """The explanation on the first report that the rule is true of."""
    parsed = parse(rule.text, lang=rule.lang)
    for document_id in document_ids:
        stored = desk.store.document(document_id)
        if stored is not None and parsed.spans(stored.document) is not None:
            by = f" in the report of {stored.document.site}" if stored.document.site else ""
            lines = explain(parsed, stored.document).lines()
            return [say.text(f"Rule {rule.number} “{rule.topic}”{by}:"), say.code("\n".join(lines))]
    return [say.text(f"Rule {rule.number} “{rule.topic}” was changed since and would not match now.")]
