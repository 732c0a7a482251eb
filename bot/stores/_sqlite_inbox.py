"""`ports.Inbox` and the ledger in SQLite: what came in from chats, and what became of every match."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.model import Command, Destination, LedgerLine, Reason, User, content_id
from bot.stores import _wire
from bot.stores._sqlite_base import PERSON, PLACE, SqliteBase, destination_of, user_of

_COMMAND = (
    f"select c.*, {PLACE}, {PERSON} from commands c join destinations d on d.key = c.destination"
    " join users u on u.key = c.user"
)


class SqliteInbox(SqliteBase):
    """The ledger; commands."""

    def record(self, line: LedgerLine) -> None:
        parts = (line.document_id, line.story_id, *line.rule_ids, line.reason.value, line.at.isoformat(), line.detail)
        with self.atomic():
            self.insert(
                "ledger",
                {
                    "id": content_id(*parts),
                    "document_id": line.document_id,
                    "story_id": line.story_id,
                    "destination": self.place(line.destination),
                    "rule_ids": json.dumps(line.rule_ids),
                    "reason": line.reason.value,
                    "at": _wire.micros(line.at),
                    "detail": line.detail,
                },
                "on conflict do nothing",
            )

    def ledger(self, destination: Destination, *, since: datetime) -> list[LedgerLine]:
        rows = self.rows(
            f"select l.*, {PLACE} from ledger l join destinations d on d.key = l.destination"
            " where l.destination = ? and l.at >= ? order by l.at, l.seq",
            (destination.key, _wire.micros(since)),
        )
        return [
            LedgerLine(
                document_id=row["document_id"],
                story_id=row["story_id"],
                destination=destination_of(row),
                rule_ids=tuple(json.loads(row["rule_ids"])),
                reason=Reason(row["reason"]),
                at=_wire.instant(row["at"]),
                detail=row["detail"],
            )
            for row in rows
        ]

    # -------------------------------------------------------------------------------------------------------- inbox

    def mark_irrelevant(self, destination: Destination, story_id: str, *, by: User, at: datetime) -> bool:
        with self.atomic():
            values = {
                "destination": self.place(destination),
                "story_id": story_id,
                "user": self.person(by),
                "marked_at": _wire.micros(at),
            }
            return self.insert("marks", values, "on conflict do nothing")

    def unmark_irrelevant(self, destination: Destination, story_id: str) -> bool:
        with self.atomic():
            return self.run("delete from marks where destination = ? and story_id = ?", (destination.key, story_id)) > 0

    def irrelevant(self, destination: Destination) -> set[str]:
        return {row[0] for row in self.rows("select story_id from marks where destination = ?", (destination.key,))}

    def receive(self, command: Command) -> bool:
        with self.atomic():
            return self.insert(
                "commands",
                {
                    "id": command.id,
                    "user": self.person(command.user),
                    "destination": self.place(command.destination),
                    "text": command.text,
                    "message_id": command.message_id,
                    "reply_to": command.reply_to,
                    "reply_handle": command.reply_handle,
                    "admin": command.admin,
                    "event": command.event,
                    "received_at": _wire.micros(command.received_at),
                },
                "on conflict do nothing",
            )

    def waiting(self, *, limit: int, besides: Collection[str] = ()) -> list[Command]:
        others = f"done = 0 and id not in ({', '.join('?' * len(besides))})"
        first = f"c.seq in (select min(seq) from commands where {others} group by user, destination)"
        return [
            _command(row) for row in self.rows(f"{_COMMAND} where {first} order by c.seq limit ?", (*besides, limit))
        ]

    def is_waiting(self, command_id: str) -> bool:
        return self.row("select 1 from commands where id = ? and done = 0", (command_id,)) is not None

    def done(self, command_id: str) -> None:
        with self.atomic():
            self.run("update commands set done = 1 where id = ?", (command_id,))

    def commands(self, destination: Destination, *, limit: int) -> list[Command]:
        where = "where c.destination = ? order by c.seq desc limit ?"
        rows = self.rows(f"{_COMMAND} {where}", (destination.key, limit))
        return [_command(row) for row in reversed(rows)]


def _command(row: sqlite3.Row) -> Command:
    return Command(
        id=row["id"],
        user=user_of(row),
        destination=destination_of(row),
        text=row["text"],
        message_id=row["message_id"],
        reply_to=row["reply_to"],
        reply_handle=row["reply_handle"],
        admin=bool(row["admin"]),
        event=bool(row["event"]),
        received_at=_wire.instant(row["received_at"]),
    )
