"""`ports.RuleStore` in SQLite: watch rules, word lists, and which of them changed when."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.model import WatchRule, WordList
from bot.ports.stores.rules import REMEMBERED_CHANGES
from bot.stores import _wire
from bot.stores._sqlite_base import PERSON, SqliteBase, many, user_of

_RULE = f"select r.*, {PERSON} from rules r join users u on u.key = r.owner"


class SqliteRules(SqliteBase):
    """Rules and what `@name` stands for in them; a change of a list counts as a change of the rules."""

    def add_rule(self, rule: WatchRule) -> WatchRule:
        with self.atomic():
            there = self.rule(rule.id)
            if there is not None:
                return there
            number = self.count(f"rule {rule.channel_id}")
            self.insert("rules", {"id": rule.id, **self._rule_values(rule), "number": number})
            self._changed(rule_id=rule.id)
            kept = self.rule(rule.id)
            assert kept is not None, "just inserted"
            return kept

    def save_rule(self, rule: WatchRule) -> None:
        with self.atomic():
            values = self._rule_values(rule)
            assignments = ", ".join(f"{name} = ?" for name in values)
            if self.run(f"update rules set {assignments} where id = ?", [*values.values(), rule.id]):
                self._changed(rule_id=rule.id)

    def restore_rule(self, rule: WatchRule) -> None:
        with self.atomic():
            values = self._rule_values(rule)
            assignments = ", ".join(f"{name} = excluded.{name}" for name in values)
            self.insert("rules", {"id": rule.id, **values}, f"on conflict (id) do update set {assignments}")
            self._changed(rule_id=rule.id)

    def remove_rule(self, rule_id: str) -> bool:
        with self.atomic():
            removed = self.run("delete from rules where id = ?", (rule_id,)) > 0
            if removed:
                self._changed(rule_id=rule_id)
            return removed

    def rule(self, rule_id: str) -> WatchRule | None:
        row = self.row(f"{_RULE} where r.id = ?", (rule_id,))
        return _rule(row) if row else None

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        where, values = ("where r.channel_id = ?", (channel_id,)) if channel_id is not None else ("", ())
        return [_rule(row) for row in self.rows(f"{_RULE} {where} order by r.channel_id, r.number", values)]

    def rules_by_id(self, rule_ids: Iterable[str]) -> list[WatchRule]:
        rows = self.rows(f"{_RULE} where r.id in (select value from json_each(?)) order by r.id", (many(rule_ids),))
        return [_rule(row) for row in rows]

    def rules_after(self, rule_id: str, *, limit: int) -> list[WatchRule]:
        return [_rule(row) for row in self.rows(f"{_RULE} where r.id > ? order by r.id limit ?", (rule_id, limit))]

    def resume_rules(self, now: datetime, *, limit: int) -> int:
        over = "select id from rules where paused_until <= ? order by paused_until, id limit ?"
        with self.atomic():
            ids = [row["id"] for row in self.rows(over, (_wire.micros(now), limit))]
            for rule_id in ids:
                self.run("update rules set enabled = 1, paused_until = null where id = ?", (rule_id,))
                self._changed(rule_id=rule_id)
        return len(ids)

    def _rule_values(self, rule: WatchRule) -> dict[str, object]:
        return {
            "number": rule.number,
            "channel_id": rule.channel_id,
            "owner": self.person(rule.owner),
            "topic": rule.topic,
            "text": rule.text,
            "lang": rule.lang,
            "enabled": rule.enabled,
            "urgent": rule.urgent,
            "paused_until": _wire.micros_or_none(rule.paused_until),
            "created_at": _wire.micros(rule.created_at),
        }

    # -------------------------------------------------------------------------------------------------------- lists

    def save_list(self, word_list: WordList) -> None:
        values = {
            "channel_id": word_list.channel_id,
            "name_key": word_list.name.casefold(),
            "name": word_list.name,
            "text": word_list.text,
        }
        with self.atomic():
            conflict = "on conflict (channel_id, name_key) do update set name = excluded.name, text = excluded.text"
            self.insert("lists", values, conflict)
            self._changed(channel_id=word_list.channel_id)

    def remove_list(self, channel_id: str, name: str) -> bool:
        with self.atomic():
            where = "delete from lists where channel_id = ? and name_key = ?"
            removed = self.run(where, (channel_id, name.casefold())) > 0
            if removed:
                self._changed(channel_id=channel_id)
            return removed

    def lists(self, channel_id: str | None = None) -> list[WordList]:
        where, values = ("where channel_id = ?", (channel_id,)) if channel_id is not None else ("", ())
        rows = self.rows(f"select channel_id, name, text from lists {where} order by channel_id, name_key", values)
        return [WordList(channel_id=row["channel_id"], name=row["name"], text=row["text"]) for row in rows]

    # ------------------------------------------------------------------------------------------------------ changes

    def rules_version(self) -> int:
        row = self.row("select value from counters where name = 'rules'")
        return int(row[0]) if row else 0

    def rules_stamp(self, version: int) -> str:
        row = self.row("select stamp from rule_changes where version = ?", (version,))
        return str(row["stamp"]) if row else ""

    def rule_changes(self, after_version: int) -> list[str] | None:
        if not 0 <= self.rules_version() - after_version < REMEMBERED_CHANGES:
            return None
        rows = self.rows(
            "select rule_id as id from rule_changes where version > :after and rule_id is not null union"
            " select id from rules where instr(text, '@') and channel_id in ("
            " select channel_id from rule_changes where version > :after) order by id",
            {"after": after_version},
        )
        return [row["id"] for row in rows]

    def _changed(self, *, rule_id: str | None = None, channel_id: str | None = None) -> None:
        """A new version, and what it changed; changes of very long ago are forgotten. Inside `atomic`."""
        version = self.count("rules")
        values = (version, rule_id, channel_id)
        self.run("insert into rule_changes values (?, ?, ?, lower(hex(randomblob(8))))", values)
        self.run("delete from rule_changes where version <= ?", (version - REMEMBERED_CHANGES,))


def _rule(row: sqlite3.Row) -> WatchRule:
    return WatchRule(
        id=row["id"],
        number=row["number"],
        channel_id=row["channel_id"],
        owner=user_of(row),
        topic=row["topic"],
        text=row["text"],
        lang=row["lang"],
        enabled=bool(row["enabled"]),
        urgent=bool(row["urgent"]),
        paused_until=_wire.instant_or_none(row["paused_until"]),
        created_at=_wire.instant(row["created_at"]),
    )
