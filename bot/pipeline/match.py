"""Which stored rules are true of a document."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import structlog

from bot.core.archive.sieve import ArchiveVocabulary
from bot.model import WatchRule
from bot.ports import Archive, RuleStore
from rules import Document, Rule, RuleError, RuleSet, Span, parse
from rules.forms import Feature
from rules.lists import Lists
from rules.ruleset import commonness

log = structlog.get_logger(__name__)

MOST_UNCOMMITTED = 500  # rules that came or went before all are put in order again, or
SHARE_UNCOMMITTED = 0.1  # of all, whichever is more: ordering a million takes seconds
LEAST_ARCHIVE = 200  # documents; a smaller archive says little about how common a word is


class MatchStore(RuleStore, Archive, Protocol):
    """Rules, and an archive that tells how common a word is."""


class Matcher:
    """All enabled rules of all channels in one engine, kept in step with the store."""

    def __init__(self, store: MatchStore) -> None:
        self._store = store
        self._version = -1
        self._rules: dict[str, WatchRule] = {}
        self._parsed: dict[str, Rule] = {}
        self._lists: dict[str, dict[str, str]] = {}  # by channel
        self._failed: dict[str, str] = {}
        self._engine = RuleSet(on_failure=self._note_failure, frequency=_Frequency(store))

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
        added: dict[str, Rule] = {}
        for rule in stored.values():
            known = self._rules.get(rule.id)
            relisted = "@" in rule.text and lists.get(rule.channel_id, {}) != self._lists.get(rule.channel_id, {})
            if known is None or relisted or (known.text, known.lang) != (rule.text, rule.lang):
                self._drop(rule.id)
                self._rules[rule.id] = rule
                parsed = self._read(rule, read.setdefault(rule.channel_id, Lists(lists.get(rule.channel_id, {}))))
                if parsed is not None:
                    added[rule.id] = parsed
            else:
                self._rules[rule.id] = rule  # its topic may have changed
        self._add(added)
        self._lists, self._version = lists, version

    def _read_lists(self) -> dict[str, dict[str, str]]:
        """Name -> text, by channel."""
        lists: dict[str, dict[str, str]] = {}
        for word_list in self._store.lists():
            lists.setdefault(word_list.channel_id, {})[word_list.name] = word_list.text
        return lists

    def _read(self, rule: WatchRule, lists: Lists) -> Rule | None:
        """None where another version's language, or a bug, stands in the way: the other rules go on."""
        try:
            return parse(rule.text, lang=rule.lang, lists=lists)
        except RuleError as error:
            log.error("a stored rule cannot be read", rule=rule.id, text=rule.text, error=str(error))
            self._failed[rule.id] = f"This version cannot read it: {error.message}"
        except Exception as error:
            self._note_failure(rule.id, error)
        return None

    def _add(self, added: dict[str, Rule]) -> None:
        """Few rules one by one, which is at once; many in one go, which makes matching quick."""
        self._parsed |= added
        if len(added) + self._engine.uncommitted > max(MOST_UNCOMMITTED, SHARE_UNCOMMITTED * len(self._engine)):
            self._engine.add_many(added.items())
            return
        for rule_id, parsed in added.items():
            self._engine.add(rule_id, parsed)

    def _drop(self, rule_id: str) -> None:
        if self._parsed.pop(rule_id, None) is not None:
            self._engine.remove(rule_id)
        self._rules.pop(rule_id, None)

    @property
    def ready(self) -> bool:
        """Whether `sync` is quick: until then it reads all rules, and whoever can wait should."""
        return True

    def match_batch(self, documents: Sequence[Document]) -> list[list[str]]:
        """For each document the ids of the rules that are true of it, sorted. One call for many is quickest."""
        found: list[list[str]] = [[] for _ in documents]
        for place, rule_id, _ in self._engine.match_batch(documents):
            found[place].append(rule_id)
        return [sorted(ids) for ids in found]

    def matching(self, documents: Iterable[Document]) -> set[str]:
        """Ids of the documents that any rule is true of."""
        asked = [*documents]
        return {document.id for document, ids in zip(asked, self.match_batch(asked), strict=True) if ids}

    def rules(self, ids: Iterable[str]) -> dict[str, WatchRule]:
        """By id, in that order: those of them that are there still, and enabled."""
        return {rule_id: rule for rule_id in ids if (rule := self._rules.get(rule_id)) is not None}

    def rule(self, rule_id: str) -> WatchRule | None:
        """An enabled rule, if it is there still."""
        return self._rules.get(rule_id)

    def hits(self, rule_id: str, document: Document) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """Where one rule hits one document, and which of the hits it prefers; None where it does not, or is gone."""
        parsed = self._parsed.get(rule_id)
        try:
            return parsed.hits(document) if parsed else None
        except Exception as error:  # the alert goes out without its marks rather than not at all
            self._note_failure(rule_id, error)
            return (), ()

    # --------------------------------------------------------------------------------------------------------- failures

    def _note_failure(self, rule_id: str, error: Exception) -> None:
        log.error("a rule failed", rule=rule_id, error=f"{type(error).__name__}: {error}", exc_info=error)
        self._failed[rule_id] = f"It broke while it was tried ({type(error).__name__})."

    def failed(self) -> list[tuple[WatchRule, str]]:
        """The rules that failed since the last call, each with what happened, in words; the others went on."""
        failed, self._failed = self._failed, {}
        return [(self._rules[rule_id], reason) for rule_id, reason in failed.items() if rule_id in self._rules]


class _Frequency:
    """What share of documents has a word: the archive's, where it is large enough to know."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def __call__(self, feature: Feature) -> float:
        if feature.form or self._size < LEAST_ARCHIVE:
            return commonness(feature)
        return (self._words.count(feature.key) + 0.5) / (self._size + 1)

    @cached_property
    def _size(self) -> int:
        return self._archive.count_documents()

    @cached_property
    def _words(self) -> ArchiveVocabulary:
        return self._archive.vocabulary()
