"""What `same` and `another` share: the alert that is meant, and the one in whose thread it stands or stood."""

from typing import Literal

from bot.commands._common import pointed_alert
from bot.core.alerts.alerting import alert_key, ledger_line
from bot.errors import UserError
from bot.model import Alert, Delivery, Reason, content_id
from bot.ports import Desk


def alert_meant(desk: Desk, argument: str, verb: str) -> Alert:
    """The alert that was answered, or whose button was pressed. Raises UserError."""
    alert, _ = pointed_alert(desk, argument)
    if alert is None:
        raise UserError("Which story is meant?", cure=f"Answer a message in an alert's thread with: {verb}")
    return alert


def other_alert(desk: Desk, alert: Alert, story_id: str) -> Alert | None:
    """The alert of another story in the same chat."""
    return desk.store.alert(alert_key(alert.destination, story_id)) if story_id else None


def note(desk: Desk, alert: Alert, reason: Reason) -> None:
    """Write down who said it, for `why`."""
    user = desk.command.user
    desk.store.record(ledger_line(alert, reason, desk.now, user.name or user.user_id))


def queue(desk: Desk, alert: Alert, kind: Literal["send", "edit"]) -> None:
    """Have the alert posted, or its message changed; once for each command, however often it is carried out."""
    desk.store.put(
        Delivery(
            id=content_id(kind, alert.key, desk.command.id),
            destination=alert.destination,
            kind=kind,
            alert_key=alert.key,
            message_id=alert.message_id,
            created_at=desk.now,
        )
    )
