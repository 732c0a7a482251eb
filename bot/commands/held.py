"""`held`: alerts that wait, and what becomes of them."""

from bot import say
from bot.commands._common import PAGE, need_right
from bot.core.alerts.alerting import ledger_line
from bot.errors import UserError
from bot.model import Delivery, Message, Reason, Run, State
from bot.ports import Desk
from bot.writing.notices import HELD_BUTTONS

USAGE = "held [digest | each | drop]"
SUMMARY = "alerts that wait for the end of a snooze, quiet hours or a digest; have them now, or not at all"
EXAMPLES = ("held", "held digest", "held each", "held drop")


def run(desk: Desk, argument: str) -> Message:
    """List them, or let them come or go. Raises UserError."""
    here, word = desk.command.destination, argument.strip().casefold()
    waiting = desk.store.held(here)
    if not waiting:
        raise UserError("Nothing is held here.", cure="What became of every match: missed")
    if word in ("digest", "each", "drop"):
        if not here.user_id:
            need_right(desk, "decide about what is held")
        return _decided(desk, waiting, word)
    if word:
        raise UserError(f"“{argument.strip()[:40]}” is nothing that can become of them.", cure=f"Type: {USAGE}")
    lines = []
    for delivery in waiting[-PAGE:]:
        alert = desk.store.alert(delivery.alert_key)
        if alert is not None:
            lead = alert.reports[0]
            lines.append(say.item(Run(text=lead.title or "Untitled", url=lead.url), f" ({delivery.error})"))
    left = say.count(len(waiting), "alert waits", "alerts wait")
    until = waiting[-1].not_before
    when = (" until ", say.moment(until)) if until else (" for you to decide",)
    return say.message(say.text(say.bold(left), *when, "."), *lines, buttons=HELD_BUTTONS)


def _decided(desk: Desk, waiting: list[Delivery], word: str) -> Message:
    count = say.count(len(waiting), "alert")
    if word == "digest":
        desk.store.hold_until(desk.command.destination, desk.now)
        return say.message(say.text(say.bold(count), " in one message, now."))
    ids = [delivery.id for delivery in waiting]
    if word == "each":
        desk.store.release(ids, state=State.PENDING)
        _note(desk, waiting, Reason.NEW_STORY)
        return say.message(say.text(say.bold(count), " come now, one after the other."))
    desk.store.release(ids, state=State.DEAD, error="dropped while it was held")
    _note(desk, waiting, Reason.DROPPED)
    return say.message(say.text(say.bold(f"Dropped: {count}"), ". They are listed in: ", say.mono("missed")))


def _note(desk: Desk, waiting: list[Delivery], reason: Reason) -> None:
    for delivery in waiting:
        alert = desk.store.alert(delivery.alert_key)
        if alert is not None:
            desk.store.record(
                ledger_line(alert, reason, desk.now, desk.command.user.name if reason is Reason.DROPPED else "")
            )
