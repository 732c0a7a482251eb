"""The stored rules in an engine, as of one version of the store: read, kept in step, saved and loaded again."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol

import structlog

from bot.core.archive.sieve import ArchiveVocabulary
from bot.model import WatchRule
from bot.pipeline import saved_index
from bot.ports import Archive, RuleStore
from rules import Rule, RuleError, RuleSet, parse
from rules.forms import Feature
from rules.lists import Lists
from rules.ruleset import OnFailure, commonness

log = structlog.get_logger(__name__)

MOST_UNCOMMITTED = 500  # rules that came or went before all are put in order again, or
SHARE_UNCOMMITTED = 0.1  # of all, whichever is more: ordering a million takes seconds
AT_ONCE = 100  # rules read from the store between two pauses: some 30 ms
LEAST_ARCHIVE = 200  # documents; a smaller archive says little about how common a word is


class MatchStore(RuleStore, Archive, Protocol):
    """Rules, and an archive that tells how common a word is."""


class Standing:
    """All enabled rules of all channels at one version. Used by one thread at a time.

    What is saved need not be of the newest version: the changes since then are few, and are read on top of it.
    """

    def __init__(self, store: MatchStore, on_failure: OnFailure) -> None:
        self._store = store
        self._on_failure = on_failure
        self._frequency = _Frequency(store)
        self.engine = RuleSet(on_failure=on_failure, frequency=self._frequency)
        self.version, self._stamp = -1, ""
        self.unreadable: dict[str, str] = {}  # rule id -> why, in words
        self.asking_story: set[str] = set()  # ids of the rules that ask about a document's story
        self.unsaved = 0  # rules that were read, and would have to be read again at the next start

    def hand_over(self, store: MatchStore) -> None:
        """From now on ask this store: that of the thread which goes on with it."""
        self._store = store
        self._frequency.ask(store)

    # ------------------------------------------------------------------------------------------------------- reading

    def read_all(self, pause: Callable[[], None] = lambda: None) -> None:
        """Read every rule there is. `pause` is called in between; what it raises ends the reading."""
        version = self._store.rules_version()  # what changes while we read is in `rule_changes` since then
        self.engine = RuleSet(on_failure=self._on_failure, frequency=self._frequency)
        self.unreadable, self.asking_story = {}, set()
        self.engine.add_many(self._every_rule(pause))
        self.unsaved = len(self.engine)
        self._settle(version)

    def update(self, pause: Callable[[], None] = lambda: None) -> list[str] | None:
        """Take over what changed since; ids of what did. None when all had to be read, [] when nothing changed."""
        version = self._store.rules_version()
        if version == self.version:
            return []
        known = self.version >= 0 and self._store.rules_stamp(self.version) == self._stamp
        changed = self._store.rule_changes(self.version) if known else None
        if changed is None:
            self.read_all(pause)
            return None
        self._take(changed, pause)
        self._settle(version)
        return changed

    def _settle(self, version: int) -> None:
        self.version, self._stamp = version, self._store.rules_stamp(version)

    def _every_rule(self, pause: Callable[[], None]) -> Iterator[tuple[str, Rule]]:
        last, lists = "", ListsOf(self._store)
        while some := self._store.rules_after(last, limit=AT_ONCE):
            yield from self._read(some, lists)
            last = some[-1].id
            pause()

    def _take(self, changed: list[str], pause: Callable[[], None]) -> None:
        lists, came = ListsOf(self._store), dict[str, Rule]()
        for start in range(0, len(changed), AT_ONCE):
            ids = changed[start : start + AT_ONCE]
            there = {rule.id: rule for rule in self._store.rules_by_id(ids) if rule.enabled}
            stale = [rule for rule in there.values() if not self._as_it_was(rule, lists)]
            for rule_id in {rule.id for rule in stale}.union(set(ids) - there.keys()):
                self.unsaved += 1
                self.unreadable.pop(rule_id, None)
                self.asking_story.discard(rule_id)
                self.engine.remove(rule_id)
            came.update(self._read(stale, lists))
            pause()
        self._add(came)

    def _as_it_was(self, rule: WatchRule, lists: "ListsOf") -> bool:
        """Whether the engine has it so already: another topic, or another list than its own, changes nothing."""
        known = self.engine.source(rule.id)
        if known is None or known[:2] != (rule.text, rule.lang):
            return False
        used = known[2]
        return not used or all(lists(rule.channel_id).get(name) == text for name, text in used.items())

    def _read(self, some: Iterable[WatchRule], lists: "ListsOf") -> Iterator[tuple[str, Rule]]:
        """Without those where another version's language, or a bug, stands in the way: the other rules go on."""
        for rule in some:
            if not rule.enabled:
                continue
            try:
                read = parse(rule.text, lang=rule.lang, lists=lists(rule.channel_id) if "@" in rule.text else {})
                if read.asks_story:
                    self.asking_story.add(rule.id)
                yield rule.id, read
            except RuleError as error:
                log.error("a stored rule cannot be read", rule=rule.id, text=rule.text, error=str(error))
                self.unreadable[rule.id] = f"This version cannot read it: {error.message}"
            except Exception as error:
                log.error("a stored rule broke while it was read", rule=rule.id, text=rule.text, exc_info=error)
                self.unreadable[rule.id] = f"It broke while it was read ({type(error).__name__})."

    def _add(self, came: dict[str, Rule]) -> None:
        """Few rules one by one, which is at once; many in one go, which makes matching quick."""
        if len(came) + self.engine.uncommitted > max(MOST_UNCOMMITTED, SHARE_UNCOMMITTED * len(self.engine)):
            self.engine.add_many(came.items())
            return
        for rule_id, rule in came.items():
            self.engine.add(rule_id, rule)

    # -------------------------------------------------------------------------------------------------------- saving

    def save(self, folder: Path) -> None:
        """Put all of it into `folder`. Raises OSError."""
        asking = sorted(self.asking_story)
        notes = {"version": self.version, "stamp": self._stamp, "unreadable": self.unreadable, "asking_story": asking}
        saved_index.save(folder, self.engine.save(), notes)
        self.unsaved = 0

    def load(self, folder: Path) -> bool:
        """Take what `save` put there; False when there is nothing that fits this store and this version of ours."""
        try:
            saved = saved_index.load(folder)
            if saved is None:
                return False
            version, stamp = int(saved.notes["version"]), str(saved.notes["stamp"])
            if not stamp or self._store.rules_stamp(version) != stamp:
                raise saved_index.UnusableError("it is not of this database, or too old")
            unreadable = {str(rule_id): str(why) for rule_id, why in saved.notes["unreadable"].items()}
            asking_story = {str(rule_id) for rule_id in saved.notes["asking_story"]}
            engine = RuleSet.load(saved.arrays, on_failure=self._on_failure, frequency=self._frequency)
        except saved_index.UnusableError as error:
            log.warning("the saved index of the rules is not used, all rules are read", why=str(error))
            return False
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:  # whole, and yet not ours
            log.warning("the saved index of the rules is not used, all rules are read", why=repr(error))
            return False
        self.engine, self.version, self._stamp, self.unreadable = engine, version, stamp, unreadable
        self.asking_story, self.unsaved = asking_story, 0
        return True


class ListsOf:
    """The lists of a channel, read once, and each list in them parsed once for all rules."""

    def __init__(self, store: RuleStore) -> None:
        self._store = store
        self._known: dict[str, Lists] = {}

    def __call__(self, channel_id: str) -> Lists:
        """Those of the channel."""
        if channel_id not in self._known:
            texts = {each.name: each.text for each in self._store.lists(channel_id)}
            self._known[channel_id] = Lists(texts)
        return self._known[channel_id]


class _Frequency:
    """What share of documents has a word: the archive's, where it is large enough to know."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def ask(self, archive: Archive) -> None:
        """From now on this one."""
        self._archive = archive
        vars(self).pop("_words", None)

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
