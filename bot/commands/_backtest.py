"""What a rule would have sent, asked of the store: the index sifts, the engine decides."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from bot.core.archive import backtest
from bot.core.archive.backtest import DAYS, Forecast
from bot.core.archive.sieve import Glance, sieve
from bot.core.stories.facts import recalled
from bot.model import StoredDocument
from bot.ports import Archive
from rules import Document, Rule, RuleSet
from rules.nodes import Node
from rules.operators.story import NewOnly, Sources

PATIENCE_SECONDS = 1.5  # for deciding what the index cannot; who asked waits meanwhile
_CHUNK = 250
_NAME = "the rule"


def forecast(
    store: Archive,
    rule: Rule,
    channel_ids: Sequence[str] | None,
    *,
    now: datetime,
    days: int = DAYS,
    patience: float = PATIENCE_SECONDS,
) -> Forecast:
    """What the rule would have sent to a chat that is subscribed to these channels; all feeds when none are given."""
    glances, cut = hits(store, rule, channel_ids, patience=patience)
    stories = backtest.first_of_each_story(glances)
    counts = backtest.daily(stories, now, days)
    samples = store.archived([hit.seq for hit in backtest.spread(stories)])
    return Forecast(
        days=days,
        counts=counts,
        documents=store.count_channel_documents(channel_ids, since=now - timedelta(days=days)),
        before=len(stories) - sum(counts),
        samples=tuple(samples),
        cut=cut,
    )


def hits(
    store: Archive,
    rule: Rule,
    channel_ids: Sequence[str] | None,
    *,
    since: datetime | None = None,
    patience: float = PATIENCE_SECONDS,
) -> tuple[list[Glance], int]:
    """The archived documents, told since then, that the rule is true of, the latest arrival first.

    What the index is sure of is not tried. The second number is how many were tried when `patience` (seconds) ended
    before all were; else 0.
    """
    wanted = sieve(rule.node.condition(True), store.vocabulary())
    passed = store.sift(wanted, channel_ids, since=since)
    decided = [glance for glance in passed if wanted.exact and glance.sifted]
    doubtful = iter([glance for glance in passed if not (wanted.exact and glance.sifted)])
    ends, tried = time.perf_counter() + patience, 0
    engine = RuleSet()
    engine.add(_NAME, rule)
    while chunk := list(islice(doubtful, _CHUNK)):
        if tried and time.perf_counter() > ends:
            return sorted(decided, key=lambda hit: -hit.seq), tried
        decided += _decided(store, engine, rule, chunk)
        tried += len(chunk)
    return sorted(decided, key=lambda hit: -hit.seq), 0


def _decided(store: Archive, engine: RuleSet, rule: Rule, glances: Sequence[Glance]) -> Iterator[Glance]:
    """Those of the documents that the engine says yes to."""
    by_seq = {glance.seq: glance for glance in glances}
    stored = store.archived([*by_seq])
    places = {place for place, _, _ in engine.match_batch(as_matched(store, [rule], stored))}
    return (by_seq[stored[place].seq] for place in places)


def as_matched(store: Archive, rules: Sequence[Rule], stored: Sequence[StoredDocument]) -> list[Document]:
    """The documents as they were matched when they came: with what was known of their stories, if a rule asks."""
    if not any(_asks_of_stories(rule.node) for rule in rules):
        return [archived.document for archived in stored]
    stories = {story_id: store.story_documents(story_id) for story_id in {archived.story_id for archived in stored}}
    return [recalled(archived, stories[archived.story_id]) for archived in stored]


def _asks_of_stories(node: Node) -> bool:
    return isinstance(node, Sources | NewOnly) or any(_asks_of_stories(child) for child in node.children)


def sample(
    store: Archive, rules: Sequence[Rule], stories: Sequence[Glance], *, most: int = 300
) -> list[tuple[Rule, float]]:
    """Each rule with the share of these stories that it is true of, told from some of them, evenly chosen."""
    engine = RuleSet()
    for place, rule in enumerate(rules):
        engine.add(str(place), rule)
    stored = store.archived([hit.seq for hit in backtest.spread(stories, most)])
    counts = Counter(name for _, name, _ in engine.match_batch(as_matched(store, rules, stored)))
    return [(rule, counts[str(place)] / len(stored)) for place, rule in enumerate(rules)]
