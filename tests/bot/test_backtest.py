"""Backtest: what it finds in the archive is what the live engine would have matched, and how it is told."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import pipeline
from bot.__main__ import main
from bot.commands import _backtest
from bot.core.archive import backtest, narrowing, sieve
from bot.core.archive.backtest import Forecast
from bot.core.archive.sieve import Glance
from bot.ports import Store
from bot.stores.sqlite import Sqlite
from rules import Document, Rule, RuleError, parse
from rules.forms import KeyForm, form
from rules.words import fold, words
from tests.contracts.made import feed
from tests.fakes import NOON
from tests.house import House, open_store
from tests.rules import strategies

CHANNELS = ["c"]
ODD = [
    "naïve", "naive", "NAÏVES", "naives", "İstanbul", "ﷺ", "⑴", "½", "x" * 70, "x" * 64 + "y", "Ünï", "é" * 33,
    "ёж", "еж", "й", "और", "ประเทศไทย", "한국어", "a\u0301" * 3, "\u200bzero\u200d", "‘’", '"', "NEAR(", "col:umn", "*",
    "OR", "AND", "NOT", "{", "^", "+", "-", "\x00", "\ud800", "NATO", "Nato", "nato", "deploying", "deploys", "K\u212a",
]  # fmt: skip
pieces = st.sampled_from([*strategies.TEXT_PIECES, *ODD])
texts = st.lists(st.one_of(pieces, pieces, st.text(max_size=6)), max_size=20).map(" ".join)
documents = st.lists(st.tuples(texts, texts), min_size=1, max_size=8).map(
    lambda each: [Document(id=f"d{number}", title=one, body=two) for number, (one, two) in enumerate(each)]
)
odd_leaves = st.sampled_from(
    [
        "naive", "~naive", "{NATO}", "~nato", '"naive nato"~', "ёж", "İstanbul", '"한국"', "x" * 70, '"ประเทศ"', "1",
        "deploy*", "na?ve", "naive~1", "title:troops", 'body:"troop deploy"~', "{Nato} NEAR/2 ~deploy", '"½ naive"',
        "é" * 33, "title:(troops NEAR/2 ~deploy)", "ATLEAST/2 troops", "lead:naive", "/na.ve/", "site:un.org",
        "troops PRE/2 (deploy OR deployed)", "words>3", "naive NOT NEAR/2 troops",
    ]
)  # fmt: skip
joined = st.lists(st.one_of(strategies.rules, odd_leaves), min_size=1, max_size=3)
glues = st.sampled_from([" AND ", " OR ", " AND NOT "])
texts_of_rules = st.builds(lambda parts, glue: glue.join(f"({part})" for part in parts), joined, glues)


def archive(store: Store, found: list[Document]) -> None:
    store.add_feed(feed(1), "c")
    for number, one in enumerate(found):
        store.add_document(one, feed_id="f1", story_id=f"s{number}", seen_at=NOON + timedelta(seconds=number))


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(request.param, tmp_path)
    yield opened
    opened.close()


# ------------------------------------------------------------------------------------- the same as the engine would say


@settings(max_examples=60, deadline=None)
@given(documents, st.lists(texts_of_rules, min_size=4, max_size=8))
def test_it_finds_what_the_engine_matches_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, found: list[Document], asked: list[str]
) -> None:
    stores = [open_store(name, tmp_path_factory.mktemp("archive")) for name in ("sqlite", "memory")]
    try:
        for each in stores:
            archive(each, found)
        for rule in filter(None, map(read, asked)):
            wanted = {one.document.id for one in stores[0].documents() if rule.spans(one.document) is not None}
            for each in stores:
                hits, cut = _backtest.hits(each, rule, CHANNELS)
                assert {hit.document_id for hit in hits} == wanted, (rule.text, type(each).__name__)
                assert cut == 0
            made = sieve.sieve(rule.node.condition(True), stores[0].vocabulary())
            passed = [{glance.document_id for glance in each.sift(made, CHANNELS)} for each in stores]
            assert passed[0] == passed[1], (rule.text, made)
            assert wanted <= passed[0]
    finally:
        for each in stores:
            each.close()


def read(text: str) -> Rule | None:
    try:
        return parse(text)
    except RuleError:
        return None


@pytest.mark.parametrize(
    "text",
    ["troops", "troops AND Ukraine NOT drill", '"troop deployment"', "~deploy OR kyiv", "troops NEAR/3 ~deploy",
     "(troops OR soldiers) AND NOT (drill OR ~exercise)"],
)  # fmt: skip
def test_of_words_phrases_stems_and_nearness_the_index_is_sure(store: Store, text: str) -> None:
    archive(store, [Document(id="1", title="Troops", body="They were deployed.")])
    assert sieve.sieve(parse(text).node.condition(True), store.vocabulary()).exact


def test_a_stem_that_depends_on_accents_is_left_to_the_engine(store: Store) -> None:
    archive(store, [Document(id="a", title="NATO"), Document(id="b", title="Nato")])
    made = sieve.sieve(parse("{NATO}").node.condition(True), store.vocabulary())
    assert (made.groups, made.exact) == (((sieve.Phrase(("nato",)),),), False)
    assert [hit.document_id for hit in _backtest.hits(store, parse("{NATO}"), CHANNELS)[0]] == ["a"]


@pytest.mark.parametrize("text", ["drill NOT troops", "site:un.org NOT troops", "words>1"])
def test_what_no_index_helps_with_is_tried_as_long_as_patience_lasts(store: Store, text: str) -> None:
    rule = parse(text)
    archive(store, [Document(id=f"d{number}", body="drill on and on", site="un.org") for number in range(300)])
    assert len(_backtest.hits(store, rule, CHANNELS)[0]) == 300
    told = _backtest.forecast(store, rule, CHANNELS, now=NOON, patience=-1)
    sure = sieve.sieve(rule.node.condition(True), store.vocabulary()).exact
    assert (told.stories, told.cut) == ((300, 0) if sure else (250, 250))


def test_facts_of_a_story_are_those_of_the_day(store: Store) -> None:
    store.add_feed(feed(1), "c")
    for number, site in enumerate(["a.example", "b.example", "c.example"]):
        one = Document(id=f"d{number}", title="troops", site=site)
        store.add_document(one, feed_id="f1", story_id="s", seen_at=NOON + timedelta(minutes=number))
    assert [hit.document_id for hit in _backtest.hits(store, parse("troops sources>=2"), CHANNELS)[0]] == ["d2", "d1"]
    assert [hit.document_id for hit in _backtest.hits(store, parse("troops new:only"), CHANNELS)[0]] == ["d0"]


letters = st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=12)


european = st.from_regex(r"[a-zà-ÿ]{1,14}", fullmatch=True)


@given(st.sampled_from(sorted(sieve.SUFFIXES_ONLY)), st.one_of(letters, european))
def test_the_stemmers_that_are_trusted_keep_the_first_letter(lang: str, text: str) -> None:
    kind = form(lang)
    assert isinstance(kind, KeyForm)
    for word in words(text):
        assert sieve.token(kind.key(word))[:1] in ("", sieve.token(fold(word))[:1]), word


@given(
    st.text()
    | st.text(st.characters(max_codepoint=0x17F) | st.sampled_from("aB1 “—\u0301中ǅ"))
    | st.text("aZé-", min_size=60, max_size=140)
)
def test_a_token_is_one_word_for_any_index(text: str) -> None:
    found = words(text)
    entered = sieve.entered(text)
    assert entered.tokens.split() == [sieve.token(fold(word)) for word in found]
    assert entered.written == set(found)
    assert not re.search(r"[\x00-\x1f!-/:-@A-Z\[-`{-\x7f]", entered.tokens)


def test_only_what_the_chat_hears_counts(store: Store) -> None:
    archive(store, [Document(id="heard", title="troops")])
    store.add_feed(feed(2), "other")
    store.add_document(Document(id="not", title="troops"), feed_id="f2", story_id="s", seen_at=NOON)
    for rule in (parse("troops"), parse("{troops}")):
        assert [hit.document_id for hit in _backtest.hits(store, rule, CHANNELS)[0]] == ["heard"]
    assert _backtest.forecast(store, parse("troops"), [], now=NOON).stories == 0


# ------------------------------------------------------------------------------------------------------------ in words


def test_a_story_counts_once_on_the_day_of_its_first_report(store: Store) -> None:
    store.add_feed(feed(1), "c")
    days_ago = {"a": 6, "b": 6, "c": 2, "d": 0, "e": 20}
    for name, days in sorted(days_ago.items(), key=lambda pair: -pair[1]):
        for copy in ("1", "2"):
            at = NOON - timedelta(days=days, hours=1)
            one = Document(id=name + copy, title=f"Troops {name}{copy}", published_at=at)
            seen = NOON - timedelta(minutes=1)  # a new source: all of it was read just now
            store.add_document(one, feed_id="f1", story_id=name, seen_at=seen)
    told = _backtest.forecast(store, parse("troops"), CHANNELS, now=NOON)
    assert told.counts == (2, 0, 0, 0, 1, 0, 1)
    assert (told.stories, told.before, told.documents) == (4, 1, 8)
    assert [one.document.id for one in told.samples] == ["d1", "b1", "e1"]
    assert backtest.headline(told) == "would have alerted 4 times in 7 days: █▁▁▁▅▁▅"
    assert backtest.remarks(told) == ["Of what came earlier, 1 story matches."]
    assert not told.floods


def test_the_examples_are_the_newest_the_oldest_and_one_between() -> None:
    stories = [Glance(seq, f"d{seq}", f"s{seq}", NOON, True) for seq in range(9, 0, -1)]
    assert [one.seq for one in backtest.spread(stories)] == [9, 5, 1]
    assert backtest.spread(stories[:2]) == stories[:2]


def test_a_rule_without_hits_and_one_that_was_cut_are_told() -> None:
    assert backtest.headline(Forecast(days=7, counts=(0,) * 7, documents=1200)) == (
        "would not have alerted in 7 days (1,200 documents read)"
    )
    assert "newest 20,000" in backtest.remarks(Forecast(days=7, counts=(1,), documents=9, cut=20_000))[0]
    assert Forecast(days=7, counts=(51 * 7,), documents=9).floods


@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_a_sparkline_has_a_bar_a_day_and_grows_with_the_count(counts: list[int]) -> None:
    line = backtest.sparkline(counts)
    assert len(line) == len(counts)
    for one, other in pairwise(sorted(zip(counts, line, strict=True))):
        assert one[1] <= other[1]
    assert all((bar == "▁") == (count == 0) for count, bar in zip(counts, line, strict=True))


def test_narrower_rules_are_rules_and_ask_for_more() -> None:
    found = {str(one) for one in narrowing.narrower(parse("troops AND Ukraine NOT drill"), parse)}
    assert "troops NEAR/10 Ukraine AND NOT drill" in found
    assert all("NOT drill" in one for one in found)


# ------------------------------------------------------------------------------------------------ the index keeps step


async def test_the_hourly_tidying_takes_in_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "INDEXED_AT_ONCE", 4)
    store = open_store("sqlite", tmp_path)
    archive(store, [Document(id=f"d{number}", title=f"troops {number}") for number in range(10)])
    assert isinstance(store, Sqlite)
    with store.atomic():
        store.run("update counters set value = 0 where name = 'archive folding'")
    again = open_store("sqlite", tmp_path)
    assert not any(glance.sifted for glance in again.sift(sieve.OPEN, CHANNELS))
    await House(again).pipeline.tidy()
    assert [glance.sifted for glance in again.sift(sieve.OPEN, CHANNELS)] == [True] * 10
    again.close()
    store.close()


def test_what_was_archived_before_there_was_an_index_is_found_and_taken_in(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path)
    archive(store, [Document(id=f"d{number}", title=f"troops {number}") for number in range(10)])
    assert isinstance(store, Sqlite)
    with store.atomic():
        store.run("update counters set value = 0 where name = 'archive folding'")  # as if words were folded otherwise
    again = open_store("sqlite", tmp_path)
    rule = parse("troops NOT 3")
    for left in (6, 2, 0, 0):
        assert len(_backtest.hits(again, rule, CHANNELS)[0]) == 9
        assert again.index_archive(limit=4) == left
    assert all(glance.sifted for glance in again.sift(sieve.OPEN, CHANNELS))
    with store.atomic():
        store.run("update counters set value = 0 where name = 'archive folding'")
    archive(again, [Document(id="new", title="troops")])
    waiting = [glance.document_id for glance in again.sift(sieve.OPEN, CHANNELS) if not glance.sifted]
    assert waiting == ["d6", "d5", "d4", "d3", "d2", "d1", "d0"], "a new document takes four with it"
    assert again.vocabulary().count("troops") == 4
    again.close()
    store.close()


def test_words_that_were_undone_are_written_again(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path)
    store.add_feed(feed(1), "c")
    with suppress(ZeroDivisionError), store.atomic():
        store.add_document(Document(id="a", title="deployments"), feed_id="f1", story_id="s", seen_at=NOON)
        raise ZeroDivisionError
    archive(store, [Document(id="b", title="deployments")])
    assert [hit.document_id for hit in _backtest.hits(store, parse("~deploy"), CHANNELS)[0]] == ["b"]
    store.close()


def test_the_command_line_tells_the_same_of_every_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_DATA", str(tmp_path))
    store = open_store("sqlite", tmp_path)
    archive(store, [Document(id="a", title="Troops march", site="Courier", published_at=NOON - timedelta(days=400))])
    store.close()
    said = CliRunner().invoke(main, ["backtest", "troops"], catch_exceptions=False)
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "would not have alerted in 7 days (nothing arrived)",
        "Of what came earlier, 1 story matches.",
        "  2025-01-26 12:00  Troops march (Courier)",
    ]
    assert CliRunner().invoke(main, ["backtest", "troops AND"]).exit_code == 2
