"""`another`: a report in an alert's thread tells a story of its own."""

from bot import say
from bot.commands._common import need_right
from bot.commands._stories import alert_meant, note, other_alert, queue
from bot.core.alerts import alerting
from bot.errors import UserError
from bot.model import Delivery, Message, Reason, content_id
from bot.ports import Desk
from bot.writing.alert import apart_message

USAGE = "another"
SUMMARY = "a message in an alert's thread tells another story: it gets an alert of its own (answer it)"
EXAMPLES = ("another",)


def run(desk: Desk, argument: str) -> Message:
    """Post it as an alert; whatever joins it later goes there. Raises UserError."""
    alert = alert_meant(desk, argument, "another")
    need_right(desk, "say which reports are one story")
    title = alert.reports[0].title or "Untitled"
    if not alert.under and not alert.folded:
        raise UserError(f"“{title}” has an alert of its own already.", cure="To silence it: mute this story")
    into = other_alert(desk, alert, alert.folded)
    own, rest = alerting.unfolded(alert, into) if into is not None else (alerting.apart(alert), None)
    if alert.message_id:
        desk.store.put(
            Delivery(
                id=content_id("apart", alert.key, desk.command.id),
                destination=alert.destination,
                kind="edit",
                message=apart_message(alert),
                message_id=alert.message_id,
                created_at=desk.now,
            )
        )
    desk.store.save_alert(own)
    queue(desk, own, "send")
    if rest is not None:
        desk.store.save_alert(rest)
        queue(desk, rest, "edit")
    note(desk, alert, Reason.APART)
    return say.message(
        say.text(say.bold("Another story: "), title),
        say.meta("It gets an alert of its own, and what follows it goes there."),
    )
