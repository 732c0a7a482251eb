"""Which stored rules are true of a document."""

import structlog

from bot.model import WatchRule
from bot.ports import UserStore
from rules import Document, Rule, RuleError, RuleSet, Span, parse

log = structlog.get_logger(__name__)


class Matcher:
    """All enabled rules of all channels in one engine, kept in step with the store."""

    def __init__(self, store: UserStore) -> None:
        self._store = store
        self._version = -1
        self._rules: dict[str, WatchRule] = {}
        self._parsed: dict[str, Rule] = {}
        self._engine = RuleSet()

    def sync(self) -> None:
        """Take over what changed since the last call; nothing is read when nothing did."""
        version = self._store.rules_version()
        if version == self._version:
            return
        stored = {rule.id: rule for rule in self._store.rules() if rule.enabled}
        for rule_id in self._rules.keys() - stored.keys():
            self._drop(rule_id)
        for rule in stored.values():
            known = self._rules.get(rule.id)
            if known is None or (known.text, known.lang) != (rule.text, rule.lang):
                self._drop(rule.id)
                self._add(rule)
            elif rule.id in self._parsed:
                self._rules[rule.id] = rule  # its topic may have changed
        self._version = version

    def _add(self, rule: WatchRule) -> None:
        try:
            parsed = parse(rule.text, lang=rule.lang)
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
