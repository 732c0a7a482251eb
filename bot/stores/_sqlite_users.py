"""`ports.UserStore` in SQLite, but for moves: channels, subscriptions, rules, mutes, follows."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core import wire
from bot.errors import UserError
from bot.model import Channel, Destination, Follow, Mute, MuteKind, Subscription, User, WatchRule
from bot.stores._sqlite_base import PERSON, PLACE, SqliteBase, destination_of, many, user_of

_CHANNELS = f"select c.*, {PERSON}, {PLACE} from channels c join users u on u.key = c.owner join destinations d on d.key = c.home"
_RULES = f"select r.*, {PERSON} from rules r join users u on u.key = r.owner"
_MUTES = (
    f"select m.*, {PERSON}, {PLACE} from mutes m"
    " left join users u on u.key = m.user left join destinations d on d.key = m.destination"
)


class SqliteUsers(SqliteBase):
    """Channels, subscriptions, rules, mutes, follows."""

    def save_channel(self, channel: Channel) -> None:
        channel = wire.scrub(channel)
        name_key = channel.name.casefold() or None
        with self.atomic():
            if self.row("select 1 from channels where name_key = ? and id <> ?", (name_key, channel.id)):
                raise UserError(f"Another channel is called “{channel.name}”.", cure="Choose another name.")
            self.tables["channels"].upsert(
                {
                    "id": channel.id,
                    "name": channel.name,
                    "name_key": name_key,
                    "owner": self.person(channel.owner),
                    "home": self.place(channel.home),
                    "public": channel.public,
                },
                pk="id",
            )

    def channel(self, channel_id: str) -> Channel | None:
        row = self.row(f"{_CHANNELS} where c.id = ?", (channel_id,))
        return _channel(row) if row else None

    def channel_named(self, name: str) -> Channel | None:
        row = self.row(f"{_CHANNELS} where c.name_key = ?", (name.casefold(),))
        return _channel(row) if row else None

    def public_channels(self) -> list[Channel]:
        return [_channel(row) for row in self.rows(f"{_CHANNELS} where c.public order by c.name_key, c.id")]

    # ----------------------------------------------------------------------------------------------- subscriptions

    def subscribe(self, subscription: Subscription) -> bool:
        with self.atomic():
            values = {"destination": self.place(subscription.destination), "channel_id": subscription.channel_id}
            return self.insert("subscriptions", values, "on conflict do nothing")

    def unsubscribe(self, subscription: Subscription) -> bool:
        with self.atomic():
            return (
                self.run(
                    "delete from subscriptions where destination = ? and channel_id = ?",
                    (subscription.destination.key, subscription.channel_id),
                )
                > 0
            )

    def subscriptions(self, destination: Destination) -> list[Channel]:
        """A channel at home there counts from the beginning, subscribed to or not."""
        rows = self.rows(
            f"{_CHANNELS} left join subscriptions s on s.channel_id = c.id and s.destination = :key"
            " where c.id in (select channel_id from subscriptions where destination = :key"
            " union select id from channels where home = :key) order by coalesce(s.seq, 0), c.id",
            {"key": destination.key},
        )
        return [_channel(row) for row in rows]

    def subscribers(self, channel_ids: Iterable[str]) -> list[Destination]:
        """By key."""
        rows = self.rows(
            f"select {PLACE} from destinations d where d.paused is null and d.key in ("
            " select destination from subscriptions where channel_id in (select value from json_each(:ids))"
            " union select home from channels where id in (select value from json_each(:ids))"
            ") order by d.key",
            {"ids": many(channel_ids)},
        )
        return [destination_of(row) for row in rows]

    # ------------------------------------------------------------------------------------------------------- rules

    def add_rule(self, rule: WatchRule) -> WatchRule:
        """The same id again gives the rule that is there, unchanged."""
        rule = wire.scrub(rule)
        with self.atomic():
            there = self.rule(rule.id)
            if there is not None:
                return there
            numbered = replace(rule, number=self._count(f"rule {rule.channel_id}"))
            self._count("rules")
            self.tables["rules"].insert({"id": rule.id, **self._rule_values(numbered)})
            stored = self.rule(rule.id)
            assert stored is not None, "just inserted"
            return stored

    def save_rule(self, rule: WatchRule) -> None:
        rule = wire.scrub(rule)
        with self.atomic():
            if self.rule(rule.id) is not None:
                self.tables["rules"].update(rule.id, self._rule_values(rule))
                self._count("rules")

    def remove_rule(self, rule_id: str) -> bool:
        with self.atomic():
            removed = self.run("delete from rules where id = ?", (rule_id,)) > 0
            if removed:
                self._count("rules")
            return removed

    def rule(self, rule_id: str) -> WatchRule | None:
        row = self.row(f"{_RULES} where r.id = ?", (rule_id,))
        return _rule(row) if row else None

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        if channel_id is None:
            return [_rule(row) for row in self.rows(f"{_RULES} order by r.channel_id, r.number")]
        return [_rule(row) for row in self.rows(f"{_RULES} where r.channel_id = ? order by r.number", (channel_id,))]

    def rules_version(self) -> int:
        row = self.row("select value from counters where name = 'rules'")
        return int(row["value"]) if row else 0

    def _count(self, name: str) -> int:
        """One more than last time, from 1 on."""
        self.run(
            "insert into counters (name, value) values (?, 1) on conflict (name) do update set value = value + 1", (name,)
        )
        return int(self.rows("select value from counters where name = ?", (name,))[0]["value"])

    def _rule_values(self, rule: WatchRule) -> dict[str, Any]:
        return {
            "number": rule.number,
            "channel_id": rule.channel_id,
            "owner": self.person(rule.owner),
            "topic": rule.topic,
            "text": rule.text,
            "lang": rule.lang,
            "enabled": rule.enabled,
            "created_at": wire.micros(rule.created_at),
        }

    # ------------------------------------------------------------------------------------------- mutes and follows

    def save_mute(self, mute: Mute) -> None:
        mute = wire.scrub(mute)
        with self.atomic():
            self.tables["mutes"].upsert(
                {
                    "id": mute.id,
                    "kind": mute.kind.value,
                    "what": mute.what,
                    "user": self.person(mute.user) if mute.user else None,
                    "destination": self.place(mute.destination) if mute.destination else None,
                    "until": wire.micros_or_none(mute.until),
                    "created_at": wire.micros(mute.created_at),
                },
                pk="id",
            )

    def remove_mute(self, mute_id: str) -> bool:
        with self.atomic():
            return self.run("delete from mutes where id = ?", (mute_id,)) > 0

    def mutes(self, now: datetime) -> list[Mute]:
        rows = self.rows(f"{_MUTES} where m.until is null or m.until > ? order by m.created_at, m.id", (wire.micros(now),))
        return [_mute(row) for row in rows]

    def follow(self, follow: Follow) -> bool:
        with self.atomic():
            values = {
                "user": self.person(follow.user),
                "destination": self.place(follow.destination),
                "topic": follow.topic,
            }
            return self.insert("follows", values, "on conflict do nothing")

    def unfollow(self, follow: Follow) -> bool:
        with self.atomic():
            return (
                self.run(
                    "delete from follows where destination = ? and topic = ? and user = ?",
                    (follow.destination.key, follow.topic, follow.user.key),
                )
                > 0
            )

    def follows(self, destination: Destination) -> list[Follow]:
        """In the order of following."""
        rows = self.rows(
            f"select f.topic, {PERSON}, {PLACE} from follows f join users u on u.key = f.user"
            " join destinations d on d.key = f.destination where f.destination = ? order by f.seq",
            (destination.key,),
        )
        return [Follow(user=user_of(row), destination=destination_of(row), topic=row["topic"]) for row in rows]


def _channel(row: sqlite3.Row) -> Channel:
    return Channel(
        id=row["id"], name=row["name"], owner=user_of(row), home=destination_of(row), public=bool(row["public"])
    )


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
        created_at=wire.instant(row["created_at"]),
    )


def _mute(row: sqlite3.Row) -> Mute:
    user: User | None = user_of(row) if row["user"] is not None else None
    return Mute(
        id=row["id"],
        kind=MuteKind(row["kind"]),
        what=row["what"],
        user=user,
        destination=destination_of(row) if row["destination"] is not None else None,
        until=wire.instant_or_none(row["until"]),
        created_at=wire.instant(row["created_at"]),
    )
