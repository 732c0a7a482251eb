"""Watch rules and word lists."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.model import WatchRule, WordList

REMEMBERED_CHANGES = 100_000  # of rules and lists, the newest


class RuleStore(Protocol):
    """Watch rules and word lists."""

    def add_rule(self, rule: WatchRule) -> WatchRule:
        """Store it with the channel's next free number (never reused); the rule as stored."""
        ...

    def save_rule(self, rule: WatchRule) -> None:
        """Replace by id."""
        ...

    def restore_rule(self, rule: WatchRule) -> None:
        """Put a removed rule back as it was, with its number, or replace by id."""
        ...

    def remove_rule(self, rule_id: str) -> bool:
        """False when there was none."""
        ...

    def rule(self, rule_id: str) -> WatchRule | None:
        """By id."""
        ...

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        """Of one channel or of all, by channel and number."""
        ...

    def rules_by_id(self, rule_ids: Iterable[str]) -> list[WatchRule]:
        """Those of them that are there, by id."""
        ...

    def rules_after(self, rule_id: str, *, limit: int) -> list[WatchRule]:
        """The next ones by id (from "" on), so that all can be read without holding others up. In any thread."""
        ...

    def resume_rules(self, now: datetime, *, limit: int) -> int:
        """Have at most `limit` paused rules alert again whose pause is over; how many."""
        ...

    def rules_version(self) -> int:
        """Grows with each change to any rule or word list, in any process."""
        ...

    def rules_stamp(self, version: int) -> str:
        """What tells that version of these rules from the same number in another store, or in a copy of this one that
        went another way (a backup that was put back); "" when the version is unknown, or too long ago.
        """
        ...

    def rule_changes(self, after_version: int) -> list[str] | None:
        """Ids of the rules that were added, changed or removed since then, by id; those that mention a list count as
        changed when a list of their channel did. None when that is too long ago to say (REMEMBERED_CHANGES).
        """
        ...

    def save_list(self, word_list: WordList) -> None:
        """Insert, or replace the channel's list of that name (case-insensitive)."""
        ...

    def remove_list(self, channel_id: str, name: str) -> bool:
        """False when there was none."""
        ...

    def lists(self, channel_id: str | None = None) -> list[WordList]:
        """Of one channel or of all, by channel and name."""
        ...
