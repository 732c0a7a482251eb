"""Which stored rules are true of a document."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import structlog

from bot.model import WatchRule
from bot.pipeline.standing import ListsOf, MatchStore, Standing
from rules import Document, Rule, RuleError, parse
from rules.document import HitSpans

__all__ = ["MatchStore", "Matcher"]

log = structlog.get_logger(__name__)

MOST_UNSAVED = 500  # rules read at a start: 0.15 s; when more would have to be, the index is saved
MOST_AT_ONCE = 100  # changes that the writer thread takes over itself: 30 ms
MOST_KNOWN = 20_000  # rules of which the topic, the owner and the channel are at hand
PAUSE_SECONDS = 0.002  # now and then while all rules are read, so that other threads have their turn


class Matcher:
    """All enabled rules of all channels in one engine, kept in step with the store. Lives in the writer thread.

    With a `folder` the engine is saved there, and a start loads it instead of reading the rules. `prepare` does that,
    in another thread: what it made is taken over by the next `sync`. Rules themselves stay in the store.
    """

    def __init__(self, store: MatchStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder
        self._standing: Standing | None = None
        self._prepared: Standing | None = None
        self._known: dict[str, WatchRule] = {}
        self._failed: dict[str, str] = {}
        self._wording: dict[str, str] = {}  # of the unreadable ones
        self._stopping = False

    # ----------------------------------------------------------------------------------------------- in another thread

    @property
    def ready(self) -> bool:
        """Whether `sync` is quick; until then it would read all rules itself, and whoever can wait waits."""
        return self._folder is None or self._standing is not None or self._prepared is not None

    @property
    def unsaved(self) -> bool:
        """Whether so much is not saved yet that `prepare` should be called again."""
        return self._folder is not None and self._standing is not None and self._standing.unsaved > MOST_UNSAVED

    def prepare(self, reader: MatchStore) -> None:
        """Load what is saved, or read all rules; take over what changed since, and save when that was much.

        Not in the writer thread, which goes on with what it has; not twice at a time. `reader`: the store, for this
        thread; it may be closed afterwards.
        """
        folder, began = self._folder, time.monotonic()
        if folder is None:
            return
        standing = Standing(reader, self._note_failure)
        loaded = standing.load(folder)
        standing.update(self._pause)
        if standing.unsaved > MOST_UNSAVED:
            self._save(standing, folder)
        standing.hand_over(self._store)
        self._prepared = standing
        seconds = round(time.monotonic() - began, 3)
        log.info("the rules are in force", rules=len(standing.engine), loaded=loaded, seconds=seconds)

    def _save(self, standing: Standing, folder: Path) -> None:
        try:
            standing.save(folder)
        except OSError as error:
            log.warning("the index of the rules could not be saved; the next start reads them all", error=str(error))
            standing.unsaved = 0  # tried again when as many have changed again
            return
        standing.load(folder)  # mapped from the file it takes less memory

    def stop(self) -> None:
        """Have `prepare` end soon. In any thread."""
        self._stopping = True

    def forgo(self) -> None:
        """Do without a saved index from now on. In any thread."""
        self._folder = None

    def _pause(self) -> None:
        if self._stopping:
            raise StoppedError
        time.sleep(PAUSE_SECONDS)

    # -------------------------------------------------------------------------------------------- in the writer thread

    def sync(self) -> None:
        """Take over what changed since the last call; nothing is read when nothing did."""
        prepared = self._prepared
        if prepared is not None:
            self._standing, self._prepared = prepared, None
            self._known.clear()
        if self._standing is None:
            self._standing = Standing(self._store, self._note_failure)
        changed = self._standing.update()
        if changed is None:
            self._known.clear()
        for rule_id in changed or ():
            self._known.pop(rule_id, None)
            self._wording.pop(rule_id, None)
        if prepared is not None or changed != []:
            self._note_unreadable(self._standing.unreadable)

    def lagging(self) -> bool:
        """Whether so much changed that `prepare` should take it over, not `sync`."""
        if self._folder is None or self._prepared is not None or self._standing is None:
            return False
        return self._store.rules_version() - self._standing.version > MOST_AT_ONCE

    def match_batch(self, documents: Sequence[Document]) -> list[list[str]]:
        """For each document the ids of the rules that are true of it, sorted. One call for many is quickest."""
        matched: list[list[str]] = [[] for _ in documents]
        if self._standing is not None:
            for place, rule_id, _ in self._standing.engine.match_batch(documents):
                matched[place].append(rule_id)
        return [sorted(ids) for ids in matched]

    @property
    def asks_story(self) -> bool:
        """Whether what is true of a document may change once its story is known."""
        return self._standing is not None and bool(self._standing.asking_story)

    def matching(self, documents: Iterable[Document]) -> set[str]:
        """Ids of the documents that any rule is true of."""
        asked = [*documents]
        return {document.id for document, ids in zip(asked, self.match_batch(asked), strict=True) if ids}

    def rules(self, ids: Iterable[str]) -> dict[str, WatchRule]:
        """By id, in that order: those of them that are there still, and enabled."""
        wanted = [*ids]
        missing = [rule_id for rule_id in wanted if rule_id not in self._known]
        if missing:
            if len(self._known) + len(missing) > MOST_KNOWN:
                self._known.clear()
                missing = wanted
            self._known |= {rule.id: rule for rule in self._store.rules_by_id(missing) if rule.enabled}
        return {rule_id: self._known[rule_id] for rule_id in wanted if rule_id in self._known}

    def rule(self, rule_id: str) -> WatchRule | None:
        """An enabled rule, if it is there still."""
        return self.rules([rule_id]).get(rule_id)

    def hits(self, rule_id: str, document: Document) -> HitSpans | None:
        """Where one rule hits one document, and which of the hits it prefers; None where it does not, or is gone."""
        try:
            rule = self._read(rule_id)
            return rule.hits(document) if rule is not None else None
        except RuleError:  # it is told when all rules are read
            return None
        except Exception as error:  # the alert goes out without its marks rather than not at all
            self._note_failure(rule_id, error)
            return (), ()

    def _read(self, rule_id: str) -> Rule | None:
        """From the engine; while that is being prepared, from the store: messages do not wait for all rules."""
        if self._standing is not None:
            return self._standing.engine.rule(rule_id) if rule_id in self._standing.engine else None
        stored = self.rule(rule_id)
        if stored is None:
            return None
        return parse(stored.text, lang=stored.lang, lists=ListsOf(self._store)(stored.channel_id))

    # --------------------------------------------------------------------------------------------------------- failures

    def _note_failure(self, rule_id: str, error: Exception) -> None:
        log.error("a rule failed", rule=rule_id, error=f"{type(error).__name__}: {error}", exc_info=error)
        self._failed[rule_id] = f"It broke while it was tried ({type(error).__name__})."

    def _note_unreadable(self, unreadable: dict[str, str]) -> None:
        """They are to be told, each once."""
        new = {rule_id: why for rule_id, why in unreadable.items() if self._wording.get(rule_id) != why}
        self._failed |= new
        self._wording = dict(unreadable)

    def failed(self) -> list[tuple[WatchRule, str]]:
        """The rules that failed since the last call, each with what happened, in words; the others went on."""
        failed, self._failed = self._failed, {}
        rules = self.rules(failed) if failed else {}
        return [(rules[rule_id], reason) for rule_id, reason in failed.items() if rule_id in rules]


class StoppedError(Exception):
    """The process ends; what was being prepared is not needed."""
