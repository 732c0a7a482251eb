"""`ports.PersonStore` in SQLite."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.model import Destination, Preferences, User
from bot.stores import _wire
from bot.stores._sqlite_base import PLACE, destination_of, many
from bot.stores._sqlite_rules import SqliteRules
from bot.stores._sqlite_users import CHAT, chat_of

# What belongs to a place, in an order in which nothing points at what is gone; the words for it, "" for what is not
# counted.
OF_PLACES = (
    ("mutes", "mutes"),
    ("follows", "follows"),
    ("ledger", ""),
    ("marks", ""),
    ("alerts", "alerts"),
    ("deliveries", "messages"),
    ("commands", "commands"),
    ("preferences", ""),
    ("audit", "changes in the log"),
    ("subscriptions", "subscriptions"),
)
_OF_CHANNELS = (("rules", "rules"), ("lists", "lists"), ("channel_feeds", "sources"), ("subscriptions", ""))
OF_PEOPLE = (("mutes", "mutes"), ("follows", "follows"), ("commands", "commands"), ("marks", ""), ("preferences", ""),
              ("audit", "changes in the log"))  # fmt: skip


class SqlitePeople(SqliteRules):
    """Forgetting people, chats and workspaces. Texts that name somebody are found by their mark in the JSON."""

    def forget_person(self, user: User) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        with self._erasing():
            nobody = self.person(User(platform=user.platform, workspace=user.workspace, user_id=""))
            own = "platform = ? and workspace = ? and (user_id = ? or chat_id = ?)"
            asked = (user.platform, user.workspace, user.user_id, user.user_id)
            places = [row["key"] for row in self.rows(f"select key from destinations where {own}", asked)]
            self._forget_places(places, counts)
            for table, words in OF_PEOPLE:
                _add(counts, words, self.run(f"delete from {table} where user = ?", (user.key,)))
            for table in ("rules", "channels"):
                self.run(f"update {table} set owner = ? where owner = ?", (nobody, user.key))
            self.run("update audit set undone_by = ? where undone_by = ?", (nobody, user.key))
            self._forget_mentions(user)
            self.run("delete from users where key = ?", (user.key,))
        return counts

    def forget_workspace(self, platform: str, workspace: str) -> int:
        if not workspace:
            raise ValueError("a platform without workspaces is never forgotten as a whole")
        where = "where platform = ? and workspace = ?"
        with self._erasing():
            rows = self.rows(f"select key from destinations {where}", (platform, workspace))
            self._forget_places([row["key"] for row in rows], {})
            people = f"(select key from users {where})"
            for table, _ in OF_PEOPLE:
                self.run(f"delete from {table} where user in {people}", (platform, workspace))
            self.run(f"delete from users {where}", (platform, workspace))
            self.run(f"delete from sealed {where}", (platform, workspace))
            return len(rows)

    def removed_before(self, before: datetime) -> list[Destination]:
        asked = f"select {PLACE} from destinations d where d.removed_at < ? order by d.removed_at, d.key"
        return [destination_of(row) for row in self.rows(asked, (_wire.micros(before),))]

    def forget_destination(self, destination: Destination) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        with self._erasing():
            rows = self.rows(f"select key from destinations where {CHAT}", chat_of(destination))
            self._forget_places([row["key"] for row in rows], counts)
        return counts

    def keep_sealed(self, platform: str, workspace: str, value: str) -> None:
        row = {"platform": platform, "workspace": workspace, "value": value}
        with self.atomic():
            self.insert("sealed", row, "on conflict (platform, workspace) do update set value = excluded.value")

    def sealed(self, platform: str) -> dict[str, str]:
        return {
            row["workspace"]: row["value"] for row in self.rows("select * from sealed where platform = ?", (platform,))
        }

    def drop_sealed(self, platform: str) -> int:
        with self.atomic():
            return self.run("delete from sealed where platform = ?", (platform,))

    @contextmanager
    def _erasing(self) -> Iterator[None]:
        """A transaction after which what was deleted does not lie in the file's free room: SQLite writes zeros there.

        Not always so, because that makes everything that is deleted be written twice.
        """
        with self.atomic():
            usual = self.rows("pragma secure_delete")[0][0]  # some builds of SQLite always do so
            self.rows("pragma secure_delete = on")
            try:
                yield
            finally:
                self.rows(f"pragma secure_delete = {usual}")

    def _forget_places(self, keys: Sequence[str], counts: dict[str, int]) -> None:
        """Chats with all that belongs to them, and the channels that are theirs."""
        places = many(keys)
        homes = "select id from channels where home in (select value from json_each(?))"
        for row in self.rows(f"select id from rules where channel_id in ({homes})", (places,)):
            self._changed(rule_id=row["id"])
        for table, words in _OF_CHANNELS:
            _add(counts, words, self.run(f"delete from {table} where channel_id in ({homes})", (places,)))
        for table, words in OF_PLACES:
            where = "destination in (select value from json_each(?))"
            _add(counts, words, self.run(f"delete from {table} where {where}", (places,)))
        self.run("delete from channels where home in (select value from json_each(?))", (places,))
        self.run("delete from counters where name in (select 'audit ' || value from json_each(?))", (places,))
        self.run("delete from destinations where key in (select value from json_each(?))", (places,))

    def _forget_mentions(self, user: User) -> None:
        """What names somebody in shared chats: mentions, answers, audit entries, the chat's owner."""
        mark = _wire.dumps(User, User(platform="", user_id=user.user_id)).split(",", 1)[1][:-1]
        for row in self.rows("select key, mentions from alerts where instr(mentions, ?)", (mark,)):
            people = _wire.loads(tuple[User, ...], row["mentions"])
            left = tuple(person for person in people if person.key != user.key)
            self.run("update alerts set mentions = ? where key = ?", (_wire.dumps(tuple[User, ...], left), row["key"]))
        for row in self.rows("select seq, chosen from preferences where instr(chosen, ?)", (mark,)):
            chosen = _wire.loads(Preferences, row["chosen"])
            if chosen.owner is not None and chosen.owner.key == user.key:
                without = _wire.dumps(Preferences, replace(chosen, owner=None))
                self.run("update preferences set chosen = ? where seq = ?", (without, row["seq"]))
        self.run("delete from audit where instr(entry, ?)", (mark,))
        self.run("delete from deliveries where instr(message, ?) and state in ('sent', 'dead')", (mark,))
        if user.name:
            named = _wire.dumps(str, user.name)[1:-1]
            over = "alert_key = '' and state in ('sent', 'dead')"
            self.run(f"delete from deliveries where instr(message, ?) and {over}", (named,))
        self.run("update ledger set detail = '' where detail in (?, ?) and detail <> ''", (user.name, user.user_id))


def _add(counts: dict[str, int], words: str, number: int) -> None:
    if words and number:
        counts[words] = counts.get(words, 0) + number
