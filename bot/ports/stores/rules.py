"""Watch rules and word lists."""

from typing import Protocol

from bot.model import WatchRule, WordList


class RuleStore(Protocol):
    """Watch rules and word lists."""

    def add_rule(self, rule: WatchRule) -> WatchRule:
        """Store it with the channel's next free number (never reused); the rule as stored."""
        ...

    def save_rule(self, rule: WatchRule) -> None:
        """Replace by id."""
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

    def rules_version(self) -> int:
        """Grows with each change to any rule or word list, in any process."""
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
