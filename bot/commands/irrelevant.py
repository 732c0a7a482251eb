"""`irrelevant`: an alert was not wanted; which small change of its rule would have spared it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import say
from bot.commands._changes import Change, change_button, mark_of
from bot.commands._common import lists_of, own_id, parse_stored, pointed_alert, subscribed_channels
from bot.core.stories.facts import recalled
from bot.errors import UserError
from bot.model import Alert, Block, Button, Message, Reason, WatchRule
from bot.ports import Desk
from rules import Document, RuleError
from rules.edits import Change as Edit
from rules.narrow import narrowed

USAGE = "irrelevant"
SUMMARY = "mark an alert as not wanted (answer it); shows how its rule could spare you such ones"
EXAMPLES = ("irrelevant",)

MOST_ALERTS = 100  # past alerts of a rule that a proposal is tried on
_MOST_REPORTS = 30  # of this story
_MOST_TEXT = 2_000_000  # characters of their documents
_MOST_OTHERS = 100  # archived documents that show which words are common
_PAST = timedelta(days=90)
_TAKE = re.compile(r"take:([0-9a-f]{8})$")
_SHOWN = frozenset({Reason.NEW_STORY, Reason.NEW_SOURCE, Reason.NEW_RULE, Reason.UPDATED})


@dataclass(frozen=True, slots=True)
class _Past:
    """A rule's alerts here: the documents of this one, of others marked as irrelevant, and of those to keep."""

    this: Sequence[Document]
    marked: Sequence[Sequence[Document]]
    kept: Sequence[Document]


@dataclass(frozen=True, slots=True)
class _Proposals:
    """What could become of a rule; `spared` says how many other marked alerts each change would have dropped."""

    rule: WatchRule
    changes: Sequence[Edit]
    spared: int
    past: _Past


@dataclass(frozen=True, slots=True)
class _Unwanted:
    """An alert that is to be marked, and the answer: what is proposed for its rules."""

    alert: Alert
    answer: Message


def run(desk: Desk, argument: str) -> Message:
    """Mark it, propose; `take:` makes one of the proposed changes. Raises UserError, RuleError."""
    ready = desk.prepared if isinstance(desk.prepared, Change | _Unwanted) else prepare(desk, argument)
    if isinstance(ready, Change):
        return ready.save(desk)
    desk.store.mark_irrelevant(ready.alert.destination, ready.alert.story_id, by=desk.command.user, at=desk.now)
    return ready.answer


def prepare(desk: Desk, argument: str) -> Change | _Unwanted:
    """The proposals, or the one that is taken: found outside the writer thread, because past alerts are tried.

    Raises UserError, RuleError.
    """
    alert, rest = pointed_alert(desk, argument)
    if alert is None:
        raise UserError("Which alert is irrelevant?", cure="Answer the alert with: irrelevant")
    taken = _TAKE.match(rest)
    if taken:
        return _take(desk, alert, taken[1])
    rules = [rule for rule_id in alert.rule_ids if (rule := desk.store.rule(rule_id)) is not None]
    return _Unwanted(alert, _answer(desk, alert, rules))


def _take(desk: Desk, alert: Alert, mark: str) -> Change:
    for rule in (rule for rule_id in alert.rule_ids if (rule := desk.store.rule(rule_id)) is not None):
        proposals = _proposals(desk, alert, rule) if rule.channel_id == own_id(desk) else None
        for edit in proposals.changes if proposals else ():
            if mark == mark_of(rule, edit.text):
                return Change.to(desk, rule, edit.text)
    raise UserError("That proposal is out of date.", cure="Answer the alert again with: irrelevant")


def _answer(desk: Desk, alert: Alert, rules: Sequence[WatchRule]) -> Message:
    blocks = [say.text(say.bold("Marked as irrelevant: "), alert.reports[0].title or "Untitled")]
    buttons: list[Button] = []
    for rule in rules:
        if rule.channel_id != own_id(desk):
            blocks.append(_of_others(rule))
            continue
        proposals = _proposals(desk, alert, rule)
        if proposals is None:
            blocks.append(say.text(f"Rule {rule.number} “{rule.topic}” was changed since: it spares you this one now."))
        elif not proposals.changes:
            blocks.append(_none(proposals))
        else:
            blocks += _shown(proposals, len(buttons))
            for edit in proposals.changes:
                label = f"Use {len(buttons) + 1}"
                buttons.append(change_button(label, rule, edit.text, f"irrelevant alert:{alert.key}"))
    if not rules:
        blocks.append(say.text("Its rules have been removed since."))
    buttons.append(Button(label="Undo", command=f"relevant alert:{alert.key}"))
    return say.message(*blocks, buttons=buttons)


def _of_others(rule: WatchRule) -> Block:
    cure = say.mono(f"mute {rule.topic} for 1w")
    return say.text(f"Rule {rule.number} “{rule.topic}” is another chat's: it is changed there. Here: ", cure)


def _none(proposals: _Proposals) -> Block:
    rule, others = proposals.rule, len(proposals.past.kept)
    kept = f"keep its {say.count(others, 'other alert')}" if others else "make sense: it has no other alerts to compare"
    return say.text(
        f"No small change of rule {rule.number} “{rule.topic}” would drop this one and {kept}. To change it yourself: ",
        say.mono(f"edit {rule.number} {rule.text}"[:500]),
    )


def _shown(proposals: _Proposals, before: int) -> list[Block]:
    rule = proposals.rule
    blocks = [say.text(f"Rule {rule.number} “{rule.topic}” could be narrower. Nothing changes until you press:")]
    for number, edit in enumerate(proposals.changes, start=before + 1):
        blocks.append(say.item(say.bold(f"{number} "), say.mono(edit.text), f" - {edit.why}"))
    marked, kept = len(proposals.past.marked), len(proposals.past.kept)
    drops = f"this one and {say.count(proposals.spared, 'other')} that you marked" if proposals.spared else "this one"
    missed = marked - proposals.spared
    rest = f" ({say.count(missed, 'other')} that you marked would still come)" if missed else ""
    keeps = f"keeps all {kept} others" if kept > 1 else "keeps the other one" if kept else "has no others to keep yet"
    blocks.append(say.meta(f"Tried on the rule's past alerts here: each drops {drops}{rest} and {keeps}."))
    return blocks


# ------------------------------------------------------------------------------------------------------ past alerts


def _proposals(desk: Desk, alert: Alert, rule: WatchRule) -> _Proposals | None:
    """What would have dropped this and the other marked alerts, or else this one; None when nothing has to be done."""
    try:
        parsed = parse_stored(desk, rule)
    except RuleError:
        return None
    past = _past(desk, alert, rule)
    if not any(parsed.spans(document) is not None for document in past.this):
        return None
    ids = [channel.id for channel in subscribed_channels(desk)]
    others = [stored.document for stored in desk.store.channel_documents(ids, limit=_MOST_OTHERS)]
    lists = lists_of(desk, rule.channel_id)
    every = [*past.this, *(document for documents in past.marked for document in documents)]
    changes = narrowed(parsed, every, past.kept, others=others, lists=lists)
    if changes or not past.marked:
        return _Proposals(rule, changes, len(past.marked), past)
    return _Proposals(rule, narrowed(parsed, past.this, past.kept, others=others, lists=lists), 0, past)


def _past(desk: Desk, alert: Alert, rule: WatchRule) -> _Past:
    """From the ledger, newest first. An alert is kept when the report that raised it is still matched."""
    stories: dict[str, list[str]] = {}
    mine = [report.document_id for report in alert.reports]
    for line in reversed(desk.store.ledger(alert.destination, since=desk.now - _PAST)):
        if line.story_id == alert.story_id:  # whichever of its reports is left would raise it
            mine.append(line.document_id)
        elif rule.id in line.rule_ids and line.reason in _SHOWN:
            stories.setdefault(line.story_id, []).append(line.document_id)
    unwanted = desk.store.irrelevant(alert.destination)
    room = _MOST_TEXT
    marked: list[list[Document]] = []
    kept: list[Document] = []
    for story_id, ids in list(stories.items())[:MOST_ALERTS]:
        documents = _documents(desk, ids if story_id in unwanted else ids[-1:])
        room -= sum(len(document.body) for document in documents)
        if room < 0:
            break
        if story_id in unwanted:
            marked += [documents] if documents else []
        else:
            kept += documents
    return _Past(_documents(desk, mine)[:_MOST_REPORTS], marked, kept)


def _documents(desk: Desk, ids: Sequence[str]) -> list[Document]:
    """As they were when they came, with what was known of their stories."""
    documents = [stored for each in dict.fromkeys(ids) if (stored := desk.store.document(each)) is not None]
    return [recalled(stored, desk.store.story_documents(stored.story_id)) for stored in documents]
