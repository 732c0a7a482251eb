"""`same`: a report in an alert's thread tells that alert's story."""

from bot import say
from bot.commands._common import need_right
from bot.commands._stories import alert_meant, note, other_alert, queue
from bot.core.alerts import alerting
from bot.errors import UserError
from bot.model import Button, Message, Reason
from bot.ports import Desk

USAGE = "same"
SUMMARY = "a message in an alert's thread tells the same story (answer it)"
EXAMPLES = ("same",)


def run(desk: Desk, argument: str) -> Message:
    """Tell it with the alert above, and whatever joins it later. Raises UserError."""
    alert = alert_meant(desk, argument, "same")
    need_right(desk, "say which reports are one story")
    title = alert.reports[0].title or "Untitled"
    above = other_alert(desk, alert, alert.under)
    if alert.folded:
        raise UserError(f"“{title}” is told with the alert above already.", cure="To take it out: another")
    if above is None:
        raise UserError(f"“{title}” does not stand in another alert's thread.", cure="There is nothing to join it to.")
    for changed in alerting.folded(alert, above):
        desk.store.save_alert(changed)
        queue(desk, changed, "edit")
    note(desk, alert, Reason.FOLDED)
    return say.message(
        say.text(say.bold("The same story: "), title),
        say.meta("It is told with “", above.reports[0].title or "Untitled", "” now, and so is what follows it here."),
        buttons=(Button(label="Undo", command=f"another alert:{alert.key}"),),
    )
