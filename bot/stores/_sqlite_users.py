"""`ports.ChannelStore` and `MuteStore` in SQLite: channels, subscriptions, mutes, follows."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.model import Channel, Destination, Follow, Mute, MuteKind, Subscription, User, content_id
from bot.stores import _wire
from bot.stores._sqlite_base import PERSON, PLACE, SqliteBase, destination_of, many, user_of

_CHANNEL = (
    f"select c.*, {PLACE}, {PERSON} from channels c"
    " join destinations d on d.key = c.home join users u on u.key = c.owner"
)
CHAT = "platform = ? and workspace = ? and chat_id = ? and (? = '' or thread_id = ?)"  # with all of its threads
# A destination's own key stands in these tables; a chat that gets another id is renamed in all of them.
_NAMING = (
    ("channels", "home"),
    ("subscriptions", "destination"),
    ("mutes", "destination"),
    ("follows", "destination"),
    ("alerts", "destination"),
    ("deliveries", "destination"),
    ("ledger", "destination"),
    ("marks", "destination"),
    ("commands", "destination"),
    ("preferences", "destination"),
    ("audit", "destination"),
)


_MUTE = (
    f"select m.*, {PLACE}, {PERSON} from mutes m left join destinations d on d.key = m.destination"
    " left join users u on u.key = m.user"
)
_IN_FORCE = "(m.until is null or m.until > :now)"


class SqliteUsers(SqliteBase):
    """Channels, subscriptions, mutes, follows."""

    # ----------------------------------------------------------------------------------------------------- channels

    def save_channel(self, channel: Channel) -> None:
        with self.atomic():
            key = channel.name.casefold() or None
            other = (
                self.row("select id from channels where name_key = ? and id <> ?", (key, channel.id)) if key else None
            )
            if other is not None:
                raise UserError(f"Another channel is called “{channel.name}” already.", cure="Take another name.")
            self.insert(
                "channels",
                {
                    "id": channel.id,
                    "name": channel.name,
                    "name_key": key,
                    "owner": self.person(channel.owner),
                    "home": self.place(channel.home),
                    "public": channel.public,
                },
                "on conflict (id) do update set name = excluded.name, name_key = excluded.name_key,"
                " owner = excluded.owner, home = excluded.home, public = excluded.public",
            )

    def channel(self, channel_id: str) -> Channel | None:
        row = self.row(f"{_CHANNEL} where c.id = ?", (channel_id,))
        return _channel(row) if row else None

    def channel_named(self, name: str) -> Channel | None:
        row = self.row(f"{_CHANNEL} where c.name_key = ?", (name.casefold(),)) if name else None
        return _channel(row) if row else None

    def public_channels(self) -> list[Channel]:
        return [_channel(row) for row in self.rows(f"{_CHANNEL} where c.public order by c.name_key, c.id")]

    def channels(self) -> list[Channel]:
        return [_channel(row) for row in self.rows(f"{_CHANNEL} order by c.id")]

    # ------------------------------------------------------------------------------------------------ subscriptions

    def subscribe(self, subscription: Subscription) -> bool:
        with self.atomic():
            values = {"destination": self.place(subscription.destination), "channel_id": subscription.channel_id}
            return self.insert("subscriptions", values, "on conflict do nothing")

    def unsubscribe(self, subscription: Subscription) -> bool:
        values = (subscription.destination.key, subscription.channel_id)
        with self.atomic():
            return self.run("delete from subscriptions where destination = ? and channel_id = ?", values) > 0

    def subscriptions(self, destination: Destination) -> list[Channel]:
        rows = self.rows(
            f"{_CHANNEL} join subscriptions s on s.channel_id = c.id where s.destination = ? order by s.seq",
            (destination.key,),
        )
        return [_channel(row) for row in rows]

    def subscribers(self, channel_ids: Iterable[str]) -> list[Destination]:
        rows = self.rows(
            f"select {PLACE} from destinations d where d.key in ("
            " select destination from subscriptions where channel_id in (select value from json_each(?))"
            ") order by d.key",
            (many(channel_ids),),
        )
        return [destination_of(row) for row in rows]

    def listening(self, destinations: Iterable[Destination], channel_ids: Iterable[str]) -> list[Destination]:
        rows = self.rows(
            f"select {PLACE} from destinations d where"
            " d.key in (select value from json_each(:places)) and exists ("
            " select 1 from subscriptions s where s.destination = d.key"
            " and s.channel_id in (select value from json_each(:channels))) order by d.key",
            {"places": many(place.key for place in destinations), "channels": many(channel_ids)},
        )
        return [destination_of(row) for row in rows]

    # ------------------------------------------------------------------------------------------------------- silence

    def readers(self, destinations: Iterable[Destination], feed_id: str) -> list[Destination]:
        rows = self.rows(
            f"select {PLACE} from destinations d where"
            " d.key in (select value from json_each(:places)) and exists ("
            " select 1 from subscriptions s join channel_feeds c on c.channel_id = s.channel_id"
            " where s.destination = d.key and c.feed_id = :feed) order by d.key",
            {"places": many(place.key for place in destinations), "feed": feed_id},
        )
        return [destination_of(row) for row in rows]

    def save_mute(self, mute: Mute) -> None:
        with self.atomic():
            self.insert(
                "mutes",
                {
                    "id": mute.id,
                    "kind": mute.kind.value,
                    "what": mute.what,
                    "user": self.person(mute.user) if mute.user else None,
                    "destination": self.place(mute.destination) if mute.destination else None,
                    "until": _wire.micros_or_none(mute.until),
                    "created_at": _wire.micros(mute.created_at),
                },
                "on conflict (id) do update set kind = excluded.kind, what = excluded.what, user = excluded.user,"
                " destination = excluded.destination, until = excluded.until, created_at = excluded.created_at",
            )

    def mute(self, mute_id: str) -> Mute | None:
        row = self.row(f"{_MUTE} where m.id = ?", (mute_id,))
        return _mute(row) if row else None

    def remove_mute(self, mute_id: str) -> bool:
        with self.atomic():
            return self.run("delete from mutes where id = ?", (mute_id,)) > 0

    def mutes(self, now: datetime) -> list[Mute]:
        rows = self.rows(f"{_MUTE} where {_IN_FORCE} order by m.created_at, m.id", {"now": _wire.micros(now)})
        return [_mute(row) for row in rows]

    def mutes_of(self, destination: Destination, users: Iterable[User], now: datetime) -> list[Mute]:
        values = {"now": _wire.micros(now), "place": destination.key, "users": many(user.key for user in users)}
        made = "m.id in (select id from mutes where destination = :place union all"
        made += " select id from mutes where user in (select value from json_each(:users)))"
        rows = self.rows(f"{_MUTE} where {made} and {_IN_FORCE} order by m.created_at, m.id", values)
        return [_mute(row) for row in rows]

    def follow(self, follow: Follow) -> bool:
        with self.atomic():
            values = {
                "user": self.person(follow.user),
                "destination": self.place(follow.destination),
                "topic": follow.topic,
                "story": follow.story,
            }
            return self.insert("follows", values, "on conflict do nothing")

    def unfollow(self, follow: Follow) -> bool:
        values = (follow.user.key, follow.destination.key, follow.topic, follow.story)
        with self.atomic():
            where = "user = ? and destination = ? and topic = ? and story = ?"
            return self.run(f"delete from follows where {where}", values) > 0

    def follows(self, destination: Destination) -> list[Follow]:
        rows = self.rows(
            f"select f.topic, f.story, {PLACE}, {PERSON} from follows f join destinations d on d.key = f.destination"
            " join users u on u.key = f.user where f.destination = ? order by f.seq",
            (destination.key,),
        )
        return [
            Follow(user=user_of(row), destination=destination_of(row), topic=row["topic"], story=row["story"])
            for row in rows
        ]

    # ------------------------------------------------------------------------------------------------------- places

    def pause_destination(self, destination: Destination, why: str, *, removed_at: datetime | None = None) -> None:
        with self.atomic():
            self.place(destination)
            self.run(f"update destinations set paused = ? where {CHAT}", (why, *chat_of(destination)))
            if removed_at is not None:
                at = _wire.micros(removed_at)
                self.run("update destinations set removed_at = ? where key = ?", (at, destination.key))

    def paused(self, destination: Destination) -> str:
        row = self.row("select paused from destinations where key = ?", (destination.key,))
        return str(row["paused"] or "") if row else ""

    def resume_destination(self, destination: Destination) -> bool:
        with self.atomic():
            chat = replace(destination, thread_id="")
            self.run("update destinations set removed_at = null where key = ?", (chat.key,))
            where = f"where {CHAT} and paused is not null"
            return self.run(f"update destinations set paused = null {where}", chat_of(destination)) > 0

    def note_title(self, destination: Destination, title: str) -> None:
        with self.atomic():
            key = self.place(replace(destination, thread_id=""))
            self.run("update destinations set title = ? where key = ? and title <> ?", (title, key, title))

    def title_of(self, destination: Destination) -> str:
        key = replace(destination, thread_id="").key
        row = self.row("select title from destinations where key = ?", (key,))
        return str(row["title"]) if row else ""

    def move_destination(self, old: Destination, new: Destination) -> None:
        with self.atomic():
            key = self.place(new)
            if key == old.key:
                return
            self._move_alerts(old, new)
            for table, column in _NAMING:  # what the new id has already (a subscription, say) is not doubled
                self.run(f"update or ignore {table} set {column} = ? where {column} = ?", (key, old.key))
                self.run(f"delete from {table} where {column} = ?", (old.key,))
            self.run(
                "update destinations set lane_opens = max(lane_opens, coalesce("
                "(select lane_opens from destinations where key = ?), 0)) where key = ?",
                (old.key, key),
            )
            self._move_count(old, new)
            if self.title_of(old) and not self.title_of(new):
                self.note_title(new, self.title_of(old))
            self.run("delete from destinations where key = ?", (old.key,))

    def _move_count(self, old: Destination, new: Destination) -> None:
        """The audit log goes on with the number after the highest."""
        self.insert(
            "counters",
            {"name": f"audit {new.key}", "value": self._counted(old)},
            "on conflict (name) do update set value = max(value, excluded.value)",
        )

    def _counted(self, destination: Destination) -> int:
        row = self.row("select value from counters where name = ?", (f"audit {destination.key}",))
        return int(row[0]) if row else 0

    def _move_alerts(self, old: Destination, new: Destination) -> None:
        """Their keys are derived from the place; without new ones the same stories would be raised there again."""
        for row in self.rows("select key, story_id from alerts where destination = ?", (old.key,)):
            key = content_id("alert", new.key, row["story_id"])
            self.run("update or ignore alerts set key = ? where key = ?", (key, row["key"]))
            self.run("delete from alerts where key = ?", (row["key"],))
            self.run("update deliveries set alert_key = ? where alert_key = ?", (key, row["key"]))


def chat_of(destination: Destination) -> tuple[str, str, str, str, str]:
    thread = destination.thread_id
    return destination.platform, destination.workspace, destination.chat_id, thread, thread


def _channel(row: sqlite3.Row) -> Channel:
    return Channel(
        id=row["id"], name=row["name"], owner=user_of(row), home=destination_of(row), public=bool(row["public"])
    )


def _mute(row: sqlite3.Row) -> Mute:
    return Mute(
        id=row["id"],
        kind=MuteKind(row["kind"]),
        what=row["what"],
        user=user_of(row) if row["user"] else None,
        destination=destination_of(row) if row["destination"] else None,
        until=_wire.instant_or_none(row["until"]),
        created_at=_wire.instant(row["created_at"]),
    )
