"""`ports.RuleStore` in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from bot.model import WatchRule, WordList
from bot.ports.stores.rules import REMEMBERED_CHANGES
from bot.stores._memory_kept import Kept, RuleChange


class MemoryRules:
    """Watch rules, word lists, and which of them changed when."""

    _s: Kept

    def add_rule(self, rule: WatchRule) -> WatchRule:
        if rule.id in self._s.rules:
            return self._s.rules[rule.id]
        number = self._s.numbers.get(rule.channel_id, 0) + 1
        self._s.numbers[rule.channel_id] = number
        self._s.rules[rule.id] = replace(rule, number=number)
        self._changed(rule_id=rule.id)
        return self._s.rules[rule.id]

    def save_rule(self, rule: WatchRule) -> None:
        if rule.id in self._s.rules:
            self._s.rules[rule.id] = rule
            self._changed(rule_id=rule.id)

    def restore_rule(self, rule: WatchRule) -> None:
        self._s.rules[rule.id] = rule
        self._changed(rule_id=rule.id)

    def remove_rule(self, rule_id: str) -> bool:
        removed = self._s.rules.pop(rule_id, None) is not None
        if removed:
            self._changed(rule_id=rule_id)
        return removed

    def rule(self, rule_id: str) -> WatchRule | None:
        return self._s.rules.get(rule_id)

    def rules(self, channel_id: str | None = None) -> list[WatchRule]:
        return sorted(
            (rule for rule in self._s.rules.values() if channel_id in (None, rule.channel_id)),
            key=lambda rule: (rule.channel_id, rule.number),
        )

    def rules_by_id(self, rule_ids: Iterable[str]) -> list[WatchRule]:
        return [self._s.rules[rule_id] for rule_id in sorted(set(rule_ids)) if rule_id in self._s.rules]

    def rules_after(self, rule_id: str, *, limit: int) -> list[WatchRule]:
        rules = self._s.rules
        return [rules[each] for each in sorted(each for each in list(rules) if each > rule_id)[:limit]]

    def resume_rules(self, now: datetime, *, limit: int) -> int:
        paused = [(rule.paused_until, rule) for rule in self._s.rules.values() if rule.paused_until is not None]
        over = sorted((until, rule.id) for until, rule in paused if until <= now)[:limit]
        for _, rule_id in over:
            self._s.rules[rule_id] = replace(self._s.rules[rule_id], enabled=True, paused_until=None)
            self._changed(rule_id=rule_id)
        return len(over)

    def save_list(self, word_list: WordList) -> None:
        self._s.lists[word_list.channel_id, word_list.name.casefold()] = word_list
        self._changed(channel_id=word_list.channel_id)

    def remove_list(self, channel_id: str, name: str) -> bool:
        removed = self._s.lists.pop((channel_id, name.casefold()), None) is not None
        if removed:
            self._changed(channel_id=channel_id)
        return removed

    def lists(self, channel_id: str | None = None) -> list[WordList]:
        return [word_list for (channel, _), word_list in sorted(self._s.lists.items()) if channel_id in (None, channel)]

    def rules_version(self) -> int:
        return self._s.version

    def rules_stamp(self, version: int) -> str:
        if version == 0:
            return self._s.first_stamp
        change = self._s.rule_changes.get(version)
        return change.stamp if change else ""

    def rule_changes(self, after_version: int) -> list[str] | None:
        if not 0 <= self._s.version - after_version < REMEMBERED_CHANGES:
            return None
        changes = [self._s.rule_changes[version] for version in range(after_version + 1, self._s.version + 1)]
        channels = {change.channel_id for change in changes}
        listed = {rule.id for rule in self._s.rules.values() if "@" in rule.text and rule.channel_id in channels}
        return sorted(listed | {change.rule_id for change in changes if change.rule_id is not None})

    def _changed(self, *, rule_id: str | None = None, channel_id: str | None = None) -> None:
        self._s.version += 1
        self._s.rule_changes[self._s.version] = RuleChange(rule_id, channel_id, token_hex(8))
        self._s.rule_changes.pop(self._s.version - REMEMBERED_CHANGES, None)
