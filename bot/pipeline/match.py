"""Which stored rules are true of a document."""

import structlog

from bot.model import WatchRule
from bot.ports import UserStore
from rules import Document, Rule, RuleError, RuleSet, Span, parse
from rules.lists import Lists

log = structlog.get_logger(__name__)


class Matcher:
    """All enabled rules of all channels in one engine, kept in step with the store."""

    def __init__(self, store: UserStore) -> None:
        self._store = store
        self._version = -1
        self._rules: dict[str, WatchRule] = {}
        self._parsed: dict[str, Rule] = {}
        self._lists: dict[str, dict[str, str]] = {}  # by channel
        self._engine = RuleSet()

    def sync(self) -> None:
        """Take over what changed since the last call; nothing is read when nothing did."""
        version = self._store.rules_version()
        if version == self._version:
            return
        stored = {rule.id: rule for rule in self._store.rules() if rule.enabled}
        for rule_id in self._rules.keys() - stored.keys():
            self._drop(rule_id)
        lists = self._read_lists()
        read: dict[str, Lists] = {}  # one for all rules of a channel, so that a list is read once
        for rule in stored.values():
            known = self._rules.get(rule.id)
            relisted = "@" in rule.text and lists.get(rule.channel_id, {}) != self._lists.get(rule.channel_id, {})
            if known is None or relisted or (known.text, known.lang) != (rule.text, rule.lang):
                self._drop(rule.id)
                self._add(rule, read.setdefault(rule.channel_id, Lists(lists.get(rule.channel_id, {}))))
            elif rule.id in self._parsed:
                self._rules[rule.id] = rule  # its topic may have changed
        self._lists, self._version = lists, version

    def _read_lists(self) -> dict[str, dict[str, str]]:
        """Name -> text, by channel."""
        found: dict[str, dict[str, str]] = {}
        for one in self._store.lists():
            found.setdefault(one.channel_id, {})[one.name] = one.text
        return found

    def _add(self, rule: WatchRule, lists: Lists) -> None:
        try:
            parsed = parse(rule.text, lang=rule.lang, lists=lists)
        except RuleError as error:  # saved by another version's language: told, and the others go on
            log.error("a stored rule cannot be read", rule=rule.id, text=rule.text, error=str(error))
            return
        self._engine.add(rule.id, parsed)
        self._rules[rule.id] = rule
        self._parsed[rule.id] = parsed

    def _drop(self, rule_id: str) -> None:
        if self._parsed.pop(rule_id, None) is not None:
            self._engine.remove(rule_id)
        self._rules.pop(rule_id, None)

    def match(self, document: Document) -> list[WatchRule]:
        """The rules that are true of the document."""
        return [self._rules[match.rule_id] for match in self._engine.match(document)]

    def rule(self, rule_id: str) -> WatchRule | None:
        """An enabled rule, if it is there still."""
        return self._rules.get(rule_id)

    def hits(self, rule_id: str, document: Document) -> tuple[Span, ...] | None:
        """Where one rule hits one document; None where it does not, or is gone."""
        parsed = self._parsed.get(rule_id)
        return parsed.spans(document) if parsed else None
