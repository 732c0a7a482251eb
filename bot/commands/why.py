"""`why`: which part of which rule hit where; and why not."""

import re
from datetime import timedelta

from bot import say
from bot.commands._changes import Change
from bot.commands._common import parse_stored, pointed_alert
from bot.commands._why_not import why_not
from bot.core.stories.facts import recalled
from bot.errors import UserError
from bot.model import Alert, Block, Button, Message, Reason, WatchRule
from bot.ports import Desk
from rules import RuleError, explain

USAGE = "why [not <address | title>]"
SUMMARY = "why an alert came (answer it, or the newest one is meant), or why one did not"
EXAMPLES = ("why", "why not https://example.org/news/1", 'why not "troops leave"')
MOST_REPORTS = 10  # whose place is explained
_BEFORE = timedelta(days=7)  # a report may have been there before the alert that it belongs to now
_TOLD = {
    Reason.NEW_SOURCE: "{}",
    Reason.UPDATED: "{}",
    Reason.PROBABLE: "{}",
    Reason.FOLDED: "the same story, said {}",
    Reason.APART: "another story, said {}",
}
_NOT = re.compile(r"not\b\s*", re.IGNORECASE)


def run(desk: Desk, argument: str) -> Message:
    """Say why, or make the change that `why not` offered. Raises UserError, RuleError."""
    answer = desk.prepared if isinstance(desk.prepared, Change) else prepare(desk, argument)
    return answer.save(desk) if isinstance(answer, Change) else answer


def prepare(desk: Desk, argument: str) -> Message | Change:
    """Every part of every rule with its truth and words; of `not`, what is missing, or the change to be made.

    All of it is thought of outside the writer thread. Raises UserError, RuleError.
    """
    negated = _NOT.match(argument.strip())
    if negated:
        return why_not(desk, argument.strip()[negated.end() :])
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
    blocks += _story(desk, alert)
    blocks.append(say.meta("Found: ", say.moment(alert.raised_at)))
    if rules:
        stop = (say.mono(f"mute {rules[0].topic} for 2h"), " or ", say.mono(f"unwatch {rules[0].number}"))
        blocks.append(say.meta("To stop it: ", *stop))
    buttons = [Button(label="Irrelevant", command=f"irrelevant alert:{alert.key}")]
    if not desk.command.destination.user_id:  # nobody is mentioned in a direct chat
        buttons.append(Button(label="Follow this story", command=f"follow alert:{alert.key} story"))
    return say.message(*blocks, buttons=buttons)


def _story(desk: Desk, alert: Alert) -> list[Block]:
    """Why its reports are one story, or it stands in another's thread, as the ledger has it; and who said otherwise."""
    sites = {report.document_id: report.site or report.title or "a report" for report in alert.reports}
    lines = desk.store.ledger(alert.destination, since=alert.raised_at - _BEFORE)
    mine = [line for line in lines if line.document_id in sites and line.reason in _TOLD and line.detail]
    return [
        say.item(say.bold(sites[line.document_id]), f": {_TOLD[line.reason].format(line.detail)}")
        for line in mine[-MOST_REPORTS:]
    ]


def _rule(desk: Desk, rule: WatchRule, document_ids: list[str]) -> list[Block]:
    """The explanation on the first report that the rule is true of."""
    try:
        parsed = parse_stored(desk, rule)
    except RuleError as error:
        return [say.text(f"Rule {rule.number} “{rule.topic}” cannot be read any more: {error.message}.")]
    for document_id in document_ids:
        stored = desk.store.document(document_id)
        if stored is None:
            continue
        document = recalled(stored, desk.store.story_documents(stored.story_id))
        if parsed.spans(document) is not None:
            by = f" in the report of {document.site}" if document.site else ""
            lines = explain(parsed, document).lines()
            return [say.text(f"Rule {rule.number} “{rule.topic}”{by}:"), say.code("\n".join(lines))]
    return [say.text(f"Rule {rule.number} “{rule.topic}” was changed since and would not match now.")]
