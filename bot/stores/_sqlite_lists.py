"""The word lists of `ports.RuleStore` in SQLite."""

from bot.model import WordList
from bot.stores._sqlite_base import SqliteBase


class SqliteLists(SqliteBase):
    """What `@name` stands for; a change counts as a change of the rules."""

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
            self.count("rules")

    def remove_list(self, channel_id: str, name: str) -> bool:
        with self.atomic():
            where = "delete from lists where channel_id = ? and name_key = ?"
            removed = self.run(where, (channel_id, name.casefold())) > 0
            if removed:
                self.count("rules")
            return removed

    def lists(self, channel_id: str | None = None) -> list[WordList]:
        where, values = ("where channel_id = ?", (channel_id,)) if channel_id is not None else ("", ())
        rows = self.rows(f"select channel_id, name, text from lists {where} order by channel_id, name_key", values)
        return [WordList(channel_id=row["channel_id"], name=row["name"], text=row["text"]) for row in rows]
