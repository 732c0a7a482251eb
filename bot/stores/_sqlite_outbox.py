"""`ports.Outbox` in SQLite, but for the ledger.

A destination is a lane: one delivery at a time, answers to commands first, then alerts, each in the order of arrival. A
delivery that waits for another try holds its lane, so nothing overtakes it; the pipeline gives up on it in the end.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import UNWRITTEN, Alert, Delivery, Destination, Message, Report, State, User
from bot.stores import _wire
from bot.stores._sqlite_base import PLACE, SqliteBase, destination_of, many

_ALERT = f"select a.*, {PLACE} from alerts a join destinations d on d.key = a.destination"
_DELIVERY = f"select o.*, {PLACE} from deliveries o join destinations d on d.key = o.destination"
WAITING = "('pending', 'sending', 'unknown')"
# Lanes that have something waiting, stepped through in the index: what it costs does not grow with the chats that there
# are.
LANES = f"""
    with recursive lanes (key) as (
        select min(destination) from deliveries indexed by deliveries_waiting where state in {WAITING}
        union all
        select (
            select min(destination) from deliveries indexed by deliveries_waiting
            where state in {WAITING} and destination > lanes.key
        )
        from lanes where lanes.key is not null
    )
"""
# The head of each open lane: its first answer, else its first alert; nothing where one is under way.
_HEADS = f"""
    {LANES}
    select h.seq from lanes join destinations d on d.key = lanes.key join deliveries h on h.seq = (
        select seq from deliveries where destination = d.key and state in {WAITING} order by rank, seq limit 1
    )
    where d.platform in (select value from json_each(:platforms)) and d.paused is null and d.lane_opens <= :now
        and not exists (
            select 1 from deliveries s where s.destination = d.key and s.state = 'sending' and s.leased_until > :now
        )
        and coalesce(h.not_before, 0) <= :now
    order by h.rank, h.seq limit :limit
"""


class SqliteOutbox(SqliteBase):
    """Alerts and deliveries."""

    # ------------------------------------------------------------------------------------------------------- alerts

    def save_alert(self, alert: Alert) -> None:
        values = {
            "key": alert.key,
            "story_id": alert.story_id,
            "rule_ids": json.dumps(alert.rule_ids),
            "reports": _wire.dumps(tuple[Report, ...], alert.reports),
            "mentions": _wire.dumps(tuple[User, ...], alert.mentions),
            "raised_at": _wire.micros(alert.raised_at),
            "message_id": alert.message_id,
            "under": alert.under,
            "related": alert.related,
            "folded": alert.folded,
        }
        with self.atomic():
            self.insert(
                "alerts",
                {"destination": self.place(alert.destination), **values},
                "on conflict (key) do update set rule_ids = excluded.rule_ids, reports = excluded.reports,"
                " mentions = excluded.mentions, raised_at = excluded.raised_at, message_id = excluded.message_id,"
                " under = excluded.under, related = excluded.related, folded = excluded.folded",
            )

    def move_alert(self, key: str, alert: Alert) -> None:
        with self.atomic():
            self.run("update alerts set key = ?, story_id = ? where key = ?", (alert.key, alert.story_id, key))
            self.run("update deliveries set alert_key = ? where alert_key = ?", (alert.key, key))
            self.save_alert(alert)

    def alert(self, key: str) -> Alert | None:
        row = self.row(f"{_ALERT} where a.key = ?", (key,))
        return _alert(row) if row else None

    def story_alerts(self, story_id: str) -> list[Alert]:
        return [_alert(row) for row in self.rows(f"{_ALERT} where a.story_id = ? order by a.seq", (story_id,))]

    def alert_of_message(self, destination: Destination, message_id: str) -> Alert | None:
        row = self.row(
            f"{_ALERT} where a.destination = ? and a.message_id = ? and a.message_id <> ''",
            (destination.key, message_id),
        )
        return _alert(row) if row else None

    def last_alert(self, destination: Destination) -> Alert | None:
        row = self.row(
            f"{_ALERT} where a.destination = ? order by a.raised_at desc, a.seq desc limit 1", (destination.key,)
        )
        return _alert(row) if row else None

    # --------------------------------------------------------------------------------------------------- deliveries

    def put(self, delivery: Delivery) -> None:
        with self.atomic():
            if delivery.kind == "edit" and delivery.alert_key and self._merged(delivery):
                return
            self.insert(
                "deliveries",
                {
                    "id": delivery.id,
                    "destination": self.place(delivery.destination),
                    "message": _written(delivery.message),
                    "kind": delivery.kind,
                    "alert_key": delivery.alert_key,
                    "message_id": delivery.message_id,
                    "reply_to": delivery.reply_to,
                    "reply_handle": delivery.reply_handle,
                    "state": delivery.state.value,
                    "attempts": delivery.attempts,
                    "not_before": _wire.micros_or_none(delivery.not_before),
                    "created_at": _wire.micros(delivery.created_at),
                    "error": delivery.error,
                    "plain": delivery.plain,
                },
                "on conflict do nothing",
            )

    def _merged(self, edit: Delivery) -> bool:
        """Whether what waits for the alert already will say what the edit says; True also when it did before.

        Not a message that may have arrived in its old form: if it did, nothing would change it any more.
        """
        known = "select 1 from deliveries where id = ? union all select 1 from merged_edits where id = ?"
        if self.row(known, (edit.id, edit.id)):
            return True
        waiting = self.row(
            "select seq from deliveries where alert_key = ? and kind <> 'reply' and state in ('pending', 'held')"
            " and uncertain = 0 order by seq desc limit 1",
            (edit.alert_key,),
        )
        if waiting is None:
            return False
        self.insert("merged_edits", {"id": edit.id, "delivery_seq": waiting["seq"]})
        return True

    def held(self, destination: Destination) -> list[Delivery]:
        where = "where o.destination = ? and o.state = 'held' order by o.seq"
        return [_delivery(row) for row in self.rows(f"{_DELIVERY} {where}", (destination.key,))]

    def count_held(self, destination: Destination) -> int:
        sql = "select count(*) from deliveries where destination = ? and state = 'held'"
        return int(self.rows(sql, (destination.key,))[0][0])

    def due_holds(self, now: datetime, *, limit: int) -> list[Destination]:
        rows = self.rows(
            f"select {PLACE} from destinations d where d.paused is null and d.key in ("
            " select distinct destination from deliveries indexed by deliveries_held_due"
            " where state = 'held' and not_before is not null and not_before <= ?) order by d.key limit ?",
            (_wire.micros(now), limit),
        )
        return [destination_of(row) for row in rows]

    def release(self, delivery_ids: Iterable[str], *, state: State, error: str = "") -> None:
        ids = "id in (select value from json_each(?))"
        with self.atomic():
            self.run(
                f"update deliveries set state = ?, error = ?, not_before = null where {ids} and state = 'held'",
                (state.value, error, many(delivery_ids)),
            )

    def hold_until(self, destination: Destination, until: datetime | None) -> None:
        values = (_wire.micros_or_none(until), destination.key)
        with self.atomic():
            self.run("update deliveries set not_before = ? where destination = ? and state = 'held'", values)

    def claim(self, now: datetime, *, limit: int, lease: timedelta, platforms: Sequence[str]) -> list[Delivery]:
        at, until = _wire.micros(now), _wire.micros(now + lease)
        with self.atomic():
            heads = self.rows(_HEADS, {"now": at, "limit": limit, "platforms": many(platforms)})
            claimed = []
            for head in heads:
                row = self.row(f"{_DELIVERY} where o.seq = ?", (head["seq"],))
                assert row is not None, "just selected"
                taken = self._taken(row, until)
                if taken is not None:
                    claimed.append(taken)
            return claimed

    def _taken(self, row: sqlite3.Row, until: int) -> Delivery | None:
        """The row under a lease; None for an edit of a message that was never sent, which dies with it."""
        delivery = _delivery(row)
        if delivery.kind == "edit":
            alert = self.alert(delivery.alert_key)
            message_id = alert.message_id if alert else delivery.message_id
            if not message_id:
                self.dead(delivery.id, error="the message that it changes was not sent")
                return None
            delivery = replace(delivery, message_id=message_id)
        # A `sending` whose lease ran out belonged to a process that died, before or after the request.
        uncertain = bool(row["uncertain"]) or row["state"] != "pending"
        self.run(
            "update deliveries set state = 'sending', attempts = attempts + 1, leased_until = ?, uncertain = ?"
            " where seq = ?",
            (until, uncertain, row["seq"]),
        )
        state = State.UNKNOWN if uncertain else State.SENDING
        return replace(delivery, state=state, attempts=delivery.attempts + 1)

    def sent(self, delivery_id: str, *, message: Message, message_id: str, at: datetime, lane_opens: datetime) -> None:
        with self.atomic():
            if not self._end(delivery_id, "sent", "message_id = ?, message = ?", message_id, _written(message)):
                return
            self.run(
                "update destinations set lane_opens = max(lane_opens, ?)"
                " where key = (select destination from deliveries where id = ?)",
                (_wire.micros(lane_opens), delivery_id),
            )
            self.run(
                "update alerts set message_id = ?"
                " where key = (select alert_key from deliveries where id = ? and alert_key <> '' and kind <> 'reply')",
                (message_id, delivery_id),
            )

    def retry(
        self, delivery_id: str, *, not_before: datetime, error: str, close_lane: bool, plain: bool = False
    ) -> None:
        at = _wire.micros(not_before)
        with self.atomic():
            changes = "not_before = ?, error = ?, plain = ?"
            if self._end(delivery_id, "pending", changes, at, error, plain) and close_lane:
                where = "where key = (select destination from deliveries where id = ?)"
                self.run(f"update destinations set lane_opens = max(lane_opens, ?) {where}", (at, delivery_id))

    def unknown(self, delivery_id: str, *, not_before: datetime, error: str) -> None:
        with self.atomic():
            changes = "not_before = ?, error = ?, uncertain = 1"
            self._end(delivery_id, "unknown", changes, _wire.micros(not_before), error)

    def dead(self, delivery_id: str, *, error: str) -> bool:
        with self.atomic():
            return self._end(delivery_id, "dead", "error = ?", error)

    def _end(self, delivery_id: str, state: str, changes: str, *values: object) -> bool:
        """Out of `sending`, with its lease.

        False when it is over already: a process that outstayed its lease must not queue again what another one sent.
        """
        over = "('sent')" if state == "sent" else "('sent', 'dead')"
        return (
            self.run(
                f"update deliveries set state = ?, leased_until = 0, {changes} where id = ? and state not in {over}",
                (state, *values, delivery_id),
            )
            > 0
        )

    def deliveries(self, destination: Destination, *, limit: int) -> list[Delivery]:
        """The messages; each as its newest sent edit left it."""
        rows = self.rows(
            f"{_DELIVERY} where o.destination = ? and o.kind <> 'edit' and o.message <> '' order by o.seq desc limit ?",
            (destination.key, limit),
        )
        shown = []
        for row in reversed(rows):
            delivery = _delivery(row)
            edit = self.row(
                "select message from deliveries where destination = ? and message_id = ? and message_id <> ''"
                " and kind = 'edit' and state = 'sent' order by seq desc limit 1",
                (destination.key, delivery.message_id),
            )
            shown.append(replace(delivery, message=_wire.loads(Message, edit["message"])) if edit else delivery)
        return shown

    def counts(self) -> dict[str, int]:
        return {
            row[0]: row[1] for row in self.rows("select state, count(*) from deliveries group by state order by state")
        }


def _written(message: Message) -> str:
    return "" if message == UNWRITTEN else _wire.dumps(Message, message)


def _alert(row: sqlite3.Row) -> Alert:
    return Alert(
        key=row["key"],
        destination=destination_of(row),
        story_id=row["story_id"],
        rule_ids=tuple(json.loads(row["rule_ids"])),
        reports=_wire.loads(tuple[Report, ...], row["reports"]),
        mentions=_wire.loads(tuple[User, ...], row["mentions"]),
        raised_at=_wire.instant(row["raised_at"]),
        message_id=row["message_id"],
        under=row["under"],
        related=row["related"],
        folded=row["folded"],
    )


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        destination=destination_of(row),
        message=_wire.loads(Message, row["message"]) if row["message"] else UNWRITTEN,
        kind=row["kind"],
        alert_key=row["alert_key"],
        message_id=row["message_id"],
        reply_to=row["reply_to"],
        reply_handle=row["reply_handle"],
        state=State(row["state"]),
        attempts=row["attempts"],
        not_before=_wire.instant_or_none(row["not_before"]),
        created_at=_wire.instant(row["created_at"]),
        error=row["error"],
        plain=bool(row["plain"]),
    )
