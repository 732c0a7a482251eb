"""`ports.Outbox` and `ports.Inbox` in memory."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.model import UNWRITTEN, Alert, Command, Delivery, Destination, LedgerLine, Message, State, User
from bot.stores._memory_kept import Kept, Row


class MemoryOutbox:
    """Alerts, deliveries, the ledger; commands."""

    def __init__(self) -> None:
        self._s = Kept()

    def save_alert(self, alert: Alert) -> None:
        self._s.alerts[alert.key] = alert

    def move_alert(self, key: str, alert: Alert) -> None:
        self._s.alerts = {alert.key if known == key else known: each for known, each in self._s.alerts.items()}
        self._s.alerts[alert.key] = alert
        for row in self._s.outbox.values():
            if row.delivery.alert_key == key:
                row.delivery = replace(row.delivery, alert_key=alert.key)

    def alert(self, key: str) -> Alert | None:
        return self._s.alerts.get(key)

    def story_alerts(self, story_id: str) -> list[Alert]:
        return [alert for alert in self._s.alerts.values() if alert.story_id == story_id]

    def alert_of_message(self, destination: Destination, message_id: str) -> Alert | None:
        return next(
            (
                alert
                for alert in self._s.alerts.values()
                if message_id and alert.message_id == message_id and alert.destination.key == destination.key
            ),
            None,
        )

    def last_alert(self, destination: Destination) -> Alert | None:
        mine = [alert for alert in self._s.alerts.values() if alert.destination.key == destination.key]
        return max(reversed(mine), key=lambda alert: alert.raised_at, default=None)  # of two at once, the later one

    def put(self, delivery: Delivery) -> None:
        if delivery.id in self._s.outbox or delivery.id in self._s.merged:
            return
        if delivery.kind == "edit" and delivery.alert_key:
            for row in reversed(self._s.outbox.values()):
                d = row.delivery
                waits = d.state in (State.PENDING, State.HELD) and d.kind != "reply" and not row.uncertain
                if d.alert_key == delivery.alert_key and waits:
                    self._s.merged[delivery.id] = d.id
                    return
        self._s.queued += 1
        self._s.outbox[delivery.id] = Row(self._s.queued, delivery)

    def held(self, destination: Destination) -> list[Delivery]:
        rows = [row.delivery for row in self._s.outbox.values()]
        return [one for one in rows if one.state is State.HELD and one.destination.key == destination.key]

    def count_held(self, destination: Destination) -> int:
        return len(self.held(destination))

    def due_holds(self, now: datetime, *, limit: int) -> list[Destination]:
        due = {
            row.delivery.destination.key: row.delivery.destination
            for row in self._s.outbox.values()
            if row.delivery.state is State.HELD
            and row.delivery.not_before is not None
            and row.delivery.not_before <= now
            and row.delivery.destination.key not in self._s.paused
        }
        return [due[key] for key in sorted(due)][:limit]

    def release(self, delivery_ids: Iterable[str], *, state: State, error: str = "") -> None:
        for name in delivery_ids:
            row = self._s.outbox.get(name)
            if row is not None and row.delivery.state is State.HELD:
                row.delivery = replace(row.delivery, state=state, error=error, not_before=None)

    def hold_until(self, destination: Destination, until: datetime | None) -> None:
        for row in self._s.outbox.values():
            if row.delivery.state is State.HELD and row.delivery.destination.key == destination.key:
                row.delivery = replace(row.delivery, not_before=until)

    def claim(self, now: datetime, *, limit: int, lease: timedelta, platforms: Sequence[str]) -> list[Delivery]:
        heads = self._heads(platforms)
        open_ = [row for row in heads if self._is_open(row, now)]
        open_.sort(key=lambda row: (bool(row.delivery.alert_key), row.seq))
        return [taken for row in open_[:limit] if (taken := self._taken(row, now + lease))]

    def _heads(self, platforms: Sequence[str]) -> list[Row]:
        """The first of each lane: its first answer, else its first alert."""
        lanes: dict[str, Row] = {}

        def order(row: Row) -> tuple[bool, int]:
            return bool(row.delivery.alert_key), row.seq

        for row in self._s.outbox.values():
            delivery = row.delivery
            if delivery.state in (State.SENT, State.DEAD, State.HELD) or delivery.destination.platform not in platforms:
                continue
            lanes[delivery.destination.key] = min(lanes.get(delivery.destination.key, row), row, key=order)
        return list(lanes.values())

    def _is_open(self, row: Row, now: datetime) -> bool:
        delivery = row.delivery
        waits = [self._s.lanes.get(delivery.destination.key), delivery.not_before, self._leased(delivery.destination)]
        return delivery.destination.key not in self._s.paused and all(until is None or until <= now for until in waits)

    def _taken(self, row: Row, until: datetime) -> Delivery | None:
        """The row under a lease; None for an edit of a message that was never sent, which dies with it."""
        delivery = row.delivery
        if delivery.kind == "edit":
            alert = self._s.alerts.get(delivery.alert_key)
            message_id = alert.message_id if alert else delivery.message_id
            if not message_id:
                self.dead(delivery.id, error="the message that it changes was not sent")
                return None
            delivery = replace(delivery, message_id=message_id)
        row.uncertain = row.uncertain or delivery.state is not State.PENDING
        row.leased_until = until
        row.delivery = replace(delivery, state=State.SENDING, attempts=delivery.attempts + 1)
        return replace(row.delivery, state=State.UNKNOWN) if row.uncertain else row.delivery

    def _end(self, delivery_id: str, state: State, **changes: Any) -> Delivery | None:
        """Out of `sending`, with its lease; None when it is over already, by another process that took its lease."""
        row = self._s.outbox.get(delivery_id)
        if row is None or row.delivery.state in ((State.SENT,) if state is State.SENT else (State.SENT, State.DEAD)):
            return None
        row.delivery = replace(row.delivery, state=state, **changes)
        row.leased_until = None
        return row.delivery

    def _close(self, destination: Destination, until: datetime) -> None:
        self._s.lanes[destination.key] = max(until, self._s.lanes.get(destination.key, until))

    def sent(self, delivery_id: str, *, message: Message, message_id: str, at: datetime, lane_opens: datetime) -> None:
        d = self._end(delivery_id, State.SENT, message=message, message_id=message_id)
        if d is None:
            return
        self._close(d.destination, lane_opens)
        if d.kind != "reply" and d.alert_key in self._s.alerts:
            self._s.alerts[d.alert_key] = replace(self._s.alerts[d.alert_key], message_id=message_id)

    def retry(
        self, delivery_id: str, *, not_before: datetime, error: str, close_lane: bool, plain: bool = False
    ) -> None:
        d = self._end(delivery_id, State.PENDING, not_before=not_before, error=error, plain=plain)
        if d is not None and close_lane:
            self._close(d.destination, not_before)

    def unknown(self, delivery_id: str, *, not_before: datetime, error: str) -> None:
        if self._end(delivery_id, State.UNKNOWN, not_before=not_before, error=error) is not None:
            self._s.outbox[delivery_id].uncertain = True

    def dead(self, delivery_id: str, *, error: str) -> bool:
        return self._end(delivery_id, State.DEAD, error=error) is not None

    def deliveries(self, destination: Destination, *, limit: int) -> list[Delivery]:
        here = [row.delivery for row in self._s.outbox.values() if row.delivery.destination.key == destination.key]
        edited = {edit.message_id: edit.message for edit in here if edit.kind == "edit" and edit.state is State.SENT}
        sent = [delivery for delivery in here if delivery.kind != "edit" and delivery.message != UNWRITTEN][-limit:]
        return [replace(delivery, message=edited.get(delivery.message_id, delivery.message)) for delivery in sent]

    def counts(self) -> dict[str, int]:
        out: dict[str, int] = {}
        for r in self._s.outbox.values():
            out[r.delivery.state] = out.get(r.delivery.state, 0) + 1
        return out

    def _leased(self, destination: Destination) -> datetime | None:
        rows = [row for row in self._s.outbox.values() if row.delivery.destination.key == destination.key]
        return max((row.leased_until for row in rows if row.leased_until), default=None)

    def record(self, line: LedgerLine) -> None:
        if line not in self._s.ledger:
            self._s.ledger.append(line)

    def ledger(self, destination: Destination, *, since: datetime) -> list[LedgerLine]:
        mine = [line for line in self._s.ledger if line.destination.key == destination.key and line.at >= since]
        return sorted(mine, key=lambda line: line.at)

    def mark_irrelevant(self, destination: Destination, story_id: str, *, by: User, at: datetime) -> bool:
        key = (destination.key, story_id)
        if key in self._s.marks:
            return False
        self._s.marks[key] = at
        return True

    def unmark_irrelevant(self, destination: Destination, story_id: str) -> bool:
        return self._s.marks.pop((destination.key, story_id), None) is not None

    def irrelevant(self, destination: Destination) -> set[str]:
        return {story for place, story in self._s.marks if place == destination.key}

    def receive(self, command: Command) -> bool:
        if command.id in self._s.inbox:
            return False
        self._s.inbox[command.id] = command
        return True

    def waiting(self, *, limit: int, besides: Collection[str] = ()) -> list[Command]:
        first: dict[tuple[str, str], Command] = {}
        for command in self._s.inbox.values():
            if command.id not in self._s.done and command.id not in besides:
                first.setdefault((command.user.key, command.destination.key), command)
        return list(first.values())[:limit]

    def is_waiting(self, command_id: str) -> bool:
        return command_id in self._s.inbox and command_id not in self._s.done

    def done(self, command_id: str) -> None:
        self._s.done.add(command_id)

    def commands(self, destination: Destination, *, limit: int) -> list[Command]:
        return [c for c in self._s.inbox.values() if c.destination.key == destination.key][-limit:]
