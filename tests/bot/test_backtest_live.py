"""A backtest's set is the live engine's: the same documents, as they came one after the other, with their stories."""

import sqlite3
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import _backtest
from bot.core.archive import narrowing, sieve
from bot.core.archive.backtest import first_of_each_story
from bot.core.stories.facts import with_story
from bot.model import Arrival
from bot.ports import Store
from bot.stores.sqlite import Sqlite
from rules import Document, Rule, RuleSet, parse
from rules.words import fold, words
from tests.contracts.made import feed
from tests.fakes import NOON
from tests.house import open_store
from tests.rules import everything
from tests.rules.everything import LISTS

CHANNELS = ["c"]
HOSTS = ("courier.example", "nordwire.example", "news.un.org")

arrivals = st.lists(
    st.tuples(
        everything.documents,
        st.integers(0, 2),
        st.sampled_from([0, 20, 50]),
        st.sampled_from(["", "copy", "version", "report"]),
    ),
    min_size=1,
    max_size=7,
)  # (document, its story, minutes after the one before, how it came into the story)


def arrived(stores: list[Store], many: list[tuple[Document, int, int, str]]) -> list[Document]:
    """Archive them in their order; as the live engine saw them, each with what was known of its story by then."""
    seen: list[Document] = []
    at = NOON
    for each in stores:
        each.add_feed(feed(1), "c")
    for number, (document, story, minutes, relation) in enumerate(many):
        at += timedelta(minutes=minutes)
        named = replace(document, id=f"d{number}")
        seen.append(with_story(named, at, stores[0].story_documents(f"s{story}"), relation=relation))
        arrival = Arrival(document=named, feed_id="f1", story_id=f"s{story}", seen_at=at, relation=relation)
        for each in stores:
            each.add_documents([arrival])
    return seen


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(request.param, tmp_path)
    yield opened
    opened.close()


@settings(max_examples=60, deadline=None)
@given(arrivals, st.lists(everything.every_rule, min_size=4, max_size=10))
def test_it_finds_what_the_live_engine_matched(
    tmp_path_factory: pytest.TempPathFactory, many: list[tuple[Document, int, int, str]], asked: list[Rule]
) -> None:
    stores = [open_store(name, tmp_path_factory.mktemp("archive")) for name in ("sqlite", "memory")]
    try:
        seen = arrived(stores, many)
        live = RuleSet()
        by_id = {str(number): rule for number, rule in enumerate(asked)}
        live.add_many(by_id.items())
        matched = {document.id: {match.rule_id for match in live.match(document)} for document in seen}
        for rule_id, rule in by_id.items():
            wanted = {name for name, rule_ids in matched.items() if rule_id in rule_ids}
            for each in stores:
                hits, cut = _backtest.hits(each, rule, CHANNELS)
                assert ({hit.document_id for hit in hits}, cut) == (wanted, 0), (rule.text, type(each).__name__)
    finally:
        for each in stores:
            each.close()


@settings(max_examples=40, deadline=None)
@given(arrivals, everything.every_rule)
def test_a_narrower_rule_s_share_is_what_a_backtest_of_it_finds(
    tmp_path_factory: pytest.TempPathFactory, many: list[tuple[Document, int, int, str]], rule: Rule
) -> None:
    store = open_store("memory", tmp_path_factory.mktemp("archive"))
    arrived([store], many)
    hits, _ = _backtest.hits(store, rule, CHANNELS)
    stories = first_of_each_story(hits)
    versions = narrowing.narrower(rule, lambda text: parse(text, lists=LISTS))
    if stories:
        shown = {hit.document_id for hit in stories}
        for version, share in _backtest.sample(store, versions, stories):
            found = {hit.document_id for hit in _backtest.hits(store, version, CHANNELS)[0]}
            assert share == pytest.approx(len(found & shown) / len(shown)), str(version)
    for version in versions:
        assert {hit.document_id for hit in _backtest.hits(store, version, CHANNELS)[0]} <= {
            hit.document_id for hit in hits
        }, (rule.text, str(version))
    store.close()


def test_what_is_true_of_a_whole_document_stays_beside_a_narrower_rule(store: Store) -> None:
    arrived([store], [(Document(id="", title="troops", body=f"Kyiv {at}", site=at), 0, 1, "") for at in HOSTS])
    rule = parse("troops AND Kyiv AND sources>=2 AND NOT new:only")
    versions = narrowing.narrower(rule, parse)
    assert "title:troops AND title:Kyiv AND sources>=2 AND NOT new:only" in map(str, versions)
    assert "troops NEAR/10 Kyiv AND sources>=2 AND NOT new:only" in map(str, versions)
    stories = first_of_each_story(_backtest.hits(store, rule, CHANNELS)[0])
    shares = {str(one): share for one, share in _backtest.sample(store, [parse("title:troops sources>=2")], stories)}
    assert shares == {"title:troops AND sources>=2": 1.0}
    assert narrowing.narrower(parse("new:only"), parse) == []


# ----------------------------------------------------------------------------------------------- one folding for both


def test_the_index_folds_every_character_as_rules_do() -> None:
    """Each character of Unicode that stands in words, alone and between letters: FTS5 has the tokens of the engine."""
    letters = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "LMN"]
    found = {fold(word) for word in words(" ".join(f"{each} a{each}z" for each in letters))}
    assert len(found) > 150_000
    tokens = sorted({sieve.token(word) for word in found})
    with closing(sqlite3.connect(":memory:")) as database:
        schema = Path(_backtest.__file__).parents[1] / "stores" / "schema" / "003_archive_search.sql"
        made = next(line for line in schema.read_text("utf-8").split(";") if "using fts5(" in line)
        database.executescript(made[made.index("create") :])
        database.execute("create virtual table terms using fts5vocab(archive_index, 'row')")
        database.executemany(
            "insert into archive_index (rowid, title, body) values (?, '', ?)",
            enumerate(" ".join(tokens[at : at + 1000]) for at in range(0, len(tokens), 1000)),
        )
        assert {term for (term,) in database.execute("select term from terms")} == set(tokens)


# ------------------------------------------------------------------------------------- an index that is cut off halfway


class KilledError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("lived", range(0, 12, 3))
def test_an_index_that_is_cut_off_halfway_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lived: int
) -> None:
    store = open_store("sqlite", tmp_path)
    assert isinstance(store, Sqlite)
    arrived([store], [(Document(id="", title=f"troops {at}", body="Kyiv"), at % 3, 1, "") for at in range(10)])
    with store.atomic():
        store.run("update counters set value = 0 where name = 'archive folding'")  # as if words were folded otherwise
    store.close()
    asked = [parse(text) for text in ("troops NOT 3", "new:only AND troops", "{Kyiv} NOT 4")]
    steps, entered = iter(range(2 * lived)), sieve.entered  # title and body of each document

    def until_killed(text: str) -> sieve.Entered:
        if next(steps, None) is None:
            raise KilledError
        return entered(text)

    opened = open_store("sqlite", tmp_path)
    with monkeypatch.context() as patched, suppress(KilledError):
        patched.setattr(sieve, "entered", until_killed)
        while opened.index_archive(limit=4):
            pass
    opened.close()
    again = open_store("sqlite", tmp_path)
    waiting = sum(not glance.sifted for glance in again.sift(sieve.OPEN, CHANNELS))
    assert waiting == {0: 10, 3: 10, 6: 6, 9: 2}[lived]
    while True:
        assert [len(_backtest.hits(again, rule, CHANNELS)[0]) for rule in asked] == [9, 3, 9]
        if not again.index_archive(limit=4):
            break
    assert again.vocabulary().count("troops") == 10
    assert all(glance.sifted for glance in again.sift(sieve.OPEN, CHANNELS))
    again.close()
