"""The saved index of the rules: loaded where it fits, never trusted where it does not, never fatal."""

import asyncio
import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog.testing

from bot import registry
from bot.model import WatchRule, WordList
from bot.pipeline import match, saved_index, standing
from bot.pipeline.match import Matcher
from bot.pipeline.rulebook import Rulebook
from bot.ports import Store
from tests.fakes import ANNA, NOON, ROOM, FakeClock, document, entry, text_of
from tests.house import House, open_store, write_here

NEWS = [document(1, "Troops"), document(2, "Tanks and wheat"), document(3, "Rain"), document(4, "Grain, tanks")]
TEXTS = ("troops", "tanks", "@goods", "rain AND NOT wheat", "tanks NEAR/3 wheat", "@goods OR @war", "troops (")
TEXTS += ("rain new:only",)


@pytest.fixture(autouse=True)
def _saved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "MOST_UNSAVED", 0)


@pytest.fixture(params=registry.names("bot.stores"))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


def _rule(name: str, text: str, **more: object) -> WatchRule:
    rule = WatchRule(id=name, number=0, channel_id="c", owner=ANNA, topic=name, text=text, created_at=NOON)
    return replace(rule, **more)  # type: ignore[arg-type]


def _prepared(store: Store, folder: Path) -> Matcher:
    matcher = Matcher(store, folder)
    assert not matcher.ready
    reader = store.reader()
    matcher.prepare(reader)
    reader.close()
    assert matcher.ready
    matcher.sync()
    return matcher


def _plain(store: Store) -> list[list[str]]:
    """What a matcher finds that reads all rules."""
    matcher = Matcher(store)
    matcher.sync()
    return matcher.match_batch(NEWS)


def _count_reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are read from now on."""
    texts: list[str] = []
    parse = standing.parse

    def noted(text: str, **more: object) -> object:
        texts.append(text)
        return parse(text, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(standing, "parse", noted)
    return texts


def _fill(store: Store) -> None:
    store.save_list(WordList(channel_id="c", name="goods", text="wheat, grain"))
    for name, text in zip("abcde", TEXTS, strict=False):
        store.add_rule(_rule(name, text))


def test_a_start_loads_what_was_saved_and_reads_only_what_changed_since(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)
    before = _prepared(store, tmp_path / "index")
    assert before.match_batch(NEWS) == [["a"], ["b", "c", "e"], ["d"], ["b", "c"]]
    assert before.rules(["b"])["b"].topic == "b"
    texts = _count_reading(monkeypatch)
    assert _prepared(store, tmp_path / "index").match_batch(NEWS) == before.match_batch(NEWS)
    assert texts == []
    store.remove_rule("a")
    store.add_rule(_rule("f", "troops OR rain"))
    store.save_rule(_rule("b", "tanks", topic="armour"))
    store.save_list(WordList(channel_id="c", name="goods", text="wheat, rain"))
    store.save_list(WordList(channel_id="other", name="goods", text="troops"))
    after = _prepared(store, tmp_path / "index")
    assert sorted(texts) == ["@goods", "troops OR rain"]
    assert after.match_batch(NEWS) == [["f"], ["b", "c", "e"], ["c", "d", "f"], ["b"]]
    assert after.rules(["b"])["b"].topic == "armour"
    before.sync()
    assert before.match_batch(NEWS) == after.match_batch(NEWS)
    assert before.rules(["b"])["b"].topic == "armour"
    assert after.hits("c", NEWS[1])
    assert before.hits("c", NEWS[1]) == after.hits("c", NEWS[1])


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changes_in_whatever_order_it_matches_like_one_that_reads_all(
    store: Store, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)
    matcher, folder = Matcher(store, tmp_path / "index"), tmp_path / "index"
    monkeypatch.setattr(standing, "MOST_UNCOMMITTED", 3)
    monkeypatch.setattr(match, "MOST_UNSAVED", draw.choice([0, 2, 6]))
    for _ in range(30):
        name, channel = draw.choice("abcdefg"), draw.choice("cd")
        rule = _rule(name, draw.choice(TEXTS), channel_id=channel, enabled=draw.random() < 0.8)
        act = draw.randrange(7)
        if act < 3:
            (store.save_rule if store.rule(name) else store.add_rule)(rule)
        elif act == 3:
            store.remove_rule(name)
        elif act == 4:
            name = draw.choice(["goods", "Goods", "war"])
            store.save_list(
                WordList(channel_id=channel, name=name, text=draw.choice(["grain", "troops, @war", "rain"]))
            )
        elif act == 5:
            store.remove_list(channel, draw.choice(["goods", "war"]))
        elif draw.random() < 0.5:
            matcher.prepare(store.reader())
        else:
            matcher = _prepared(store, folder)
        if draw.random() < 0.7:
            matcher.sync()
            assert matcher.match_batch(NEWS) == _plain(store)
            assert matcher.asks_story == any("new:only" in rule.text for rule in store.rules() if rule.enabled)
            assert {rule.id for rule, _ in matcher.failed()} <= {rule.id for rule in store.rules()}


def _damages(path: Path) -> Iterator[bytes]:
    whole = path.read_bytes()
    yield b""
    yield whole[: len(whole) // 2]
    yield whole[:-1]
    yield whole + b"\0"
    yield whole.replace(b"watchword rules", b"watchword rulez", 1)
    yield whole[:18] + b"\xff" * 12 + whole[30:]
    draw = random.Random(5)
    for at in [*draw.sample(range(1200), 40), *draw.sample(range(len(whole)), 30)]:
        yield whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :]


def test_a_damaged_index_is_told_in_one_line_and_all_rules_are_read(store: Store, tmp_path: Path) -> None:
    _fill(store)
    folder = tmp_path / "index"
    _prepared(store, folder)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for damaged in _damages(path):
        shutil.rmtree(folder)
        folder.mkdir()
        path.write_bytes(damaged)
        with structlog.testing.capture_logs() as lines:
            matcher = _prepared(store, folder)
        warnings = [line for line in lines if line["log_level"] != "info"]
        padding = damaged[30:].replace(b"\0", b"") == whole[30:].replace(b"\0", b"") and len(damaged) == len(whole)
        assert len(warnings) == 1 or (padding and not warnings)
        assert matcher.match_batch(NEWS) == [["a"], ["b", "c", "e"], ["d"], ["b", "c"]]
        with structlog.testing.capture_logs() as lines:
            _prepared(store, folder)
        assert not [line for line in lines if line["log_level"] != "info"], "it was saved anew"


def test_an_index_of_another_language_or_database_is_not_used(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)
    _prepared(store, tmp_path / "index")
    other = open_store("memory", tmp_path / "other")
    for each in store.rules():
        other.add_rule(replace(each, text="grain"))
    other.save_list(WordList(channel_id="c", name="war", text="troops"))
    assert other.rules_version() == store.rules_version()
    shutil.copytree(tmp_path / "index", tmp_path / "copied")
    assert _prepared(other, tmp_path / "copied").match_batch(NEWS) == [[], [], [], [*"abcde"]]
    texts = _count_reading(monkeypatch)
    monkeypatch.setattr(saved_index, "language", lambda: "a newer one")
    _prepared(store, tmp_path / "index")
    assert len(texts) == 5
    _prepared(store, tmp_path / "index")
    assert len(texts) == 5, "saved for the newer one"


def test_an_index_from_before_a_backup_was_put_back_is_not_used(tmp_path: Path) -> None:
    store = open_store("sqlite", tmp_path)
    _fill(store)
    store.close()
    shutil.copytree(tmp_path, tmp_path / "backup")
    store = open_store("sqlite", tmp_path)
    store.add_rule(_rule("f", "rain"))
    assert _prepared(store, tmp_path / "index").match_batch(NEWS)[2] == ["d", "f"]
    store.close()
    for path in tmp_path.glob("watchword.db*"):
        path.unlink()
    for path in (tmp_path / "backup").glob("watchword.db*"):
        shutil.copy(path, tmp_path)
    store = open_store("sqlite", tmp_path)
    assert _prepared(store, tmp_path / "index").match_batch(NEWS)[2] == ["d"]
    _prepared(store, tmp_path / "index")
    store.save_rule(_rule("a", "rain"))
    assert _prepared(store, tmp_path / "index").match_batch(NEWS)[2] == ["a", "d"]
    store.close()


def test_a_full_disk_costs_the_saving_and_nothing_else(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(saved_index.os, "fsync", full)
    with structlog.testing.capture_logs() as lines:
        matcher = _prepared(store, tmp_path / "index")
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == [
        "the index of the rules could not be saved; the next start reads them all"
    ]
    assert matcher.match_batch(NEWS)[0] == ["a"]
    assert not matcher.unsaved
    assert list((tmp_path / "index").iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away(store: Store, tmp_path: Path) -> None:
    _fill(store)
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "000000000007.99.new").write_bytes(b"half")
    _prepared(store, folder)
    store.add_rule(_rule("f", "rain"))
    _prepared(store, folder)
    assert [path.name for path in folder.iterdir()] == ["000000000002.index"]


def test_of_many_rules_ten_are_unreadable_and_each_is_told_once(store: Store, tmp_path: Path) -> None:
    for number in range(300):
        store.add_rule(_rule(f"r{number:03}", "troops (" if number % 30 == 7 else "troops"))
    matcher = _prepared(store, tmp_path / "index")
    told = matcher.failed()
    assert [rule.id for rule, _ in told] == [f"r{number:03}" for number in range(7, 300, 30)]
    assert all(why.startswith("This version cannot read it: ") for _, why in told)
    assert len(matcher.match_batch(NEWS)[0]) == 290
    for name in ("r008", "r009"):
        store.save_rule(_rule(name, "tanks"))
        matcher.sync()
        matcher.prepare(store.reader())
        matcher.sync()
    assert matcher.failed() == []
    store.save_rule(_rule("r007", "troops (("))
    matcher.sync()
    assert [rule.id for rule, _ in matcher.failed()] == ["r007"]
    again = [rule.id for rule, _ in _prepared(store, tmp_path / "index").failed()]
    assert len(again) == 10, "a process that died before it told must not be the end of it; the store keeps them once"
    store.save_rule(_rule("r007", "troops"))
    _prepared(store, tmp_path / "index")
    still = {rule.id for rule, _ in _prepared(store, tmp_path / "index").failed()}
    assert still == {*again} - {"r007"}, "what can be read by now is not told"


def test_a_message_is_written_while_the_rules_are_prepared(store: Store, tmp_path: Path) -> None:
    _fill(store)
    matcher = Matcher(store, tmp_path / "index")
    spans, _ = matcher.hits("c", NEWS[1]) or ((), ())
    assert [(span.start, span.end) for span in spans] == [(10, 15)]
    assert not matcher.ready
    assert matcher.hits("none", NEWS[1]) is None


async def test_documents_wait_for_the_rules_and_commands_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store("sqlite", tmp_path)
    house = House(store)
    await house.add_feed()
    await house.say("watch troops")
    gate = asyncio.Event()

    async def held(prepare: Callable[[Store], None], reader: Store) -> None:
        await gate.wait()
        prepare(reader)

    monkeypatch.setattr("bot.pipeline.rulebook.asyncio.to_thread", held)
    house.rules_folder = tmp_path / "index"
    house.restart()
    house.source.entries["fake:news"] = [entry(1, "News", "Some troops deployed.")]
    house.clock.forward(hours=2)
    await house.pipeline.tick()
    command = house.typists[ANNA.key, ROOM.key]("rules")
    await house.pipeline.answer.receive(command)
    await house.pipeline.answer.slots.idle()
    house.clock.forward(seconds=5)
    await house.pipeline.deliver.slots.idle()
    assert "troops" in text_of(house.chat.posts[-1].message)
    await house.pipeline.tick()
    await house.pipeline.collect.slots.idle()
    assert store.count_documents() == 0
    gate.set()
    await house.settle()
    assert store.count_documents() == 1
    assert [post for post in house.chat.posts if post.alert_key]
    await house.pipeline.stop()
    store.close()


async def test_rules_that_cannot_be_prepared_are_read_the_slow_way(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)
    matcher = Matcher(store, tmp_path / "index")
    rulebook = Rulebook(store, matcher, write_here, FakeClock())

    def fail(self: Matcher, reader: Store) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Matcher, "prepare", fail)
    await rulebook.wait()
    matcher.sync()
    assert matcher.match_batch(NEWS)[0] == ["a"]
    await rulebook.stop()


async def test_a_crowd_of_new_rules_is_read_beside_the_writer_thread(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(match, "MOST_UNSAVED", 10)
    _fill(store)
    clock = FakeClock()
    matcher = Matcher(store, tmp_path / "index")
    rulebook = Rulebook(store, matcher, write_here, clock)
    await rulebook.wait()
    matcher.sync()
    assert not (tmp_path / "index").exists()
    for number in range(11):
        store.add_rule(_rule(f"n{number}", "rain"))
    await rulebook.wait()
    texts = _count_reading(monkeypatch)
    matcher.sync()
    assert texts == []
    assert len(matcher.match_batch(NEWS)[2]) == 12
    assert len(list((tmp_path / "index").iterdir())) == 1
    for number in range(11):  # one by one they are taken over at once, and saved a minute later
        store.add_rule(_rule(f"m{number}", "rain"))
        matcher.sync()
    before = list((tmp_path / "index").iterdir())
    rulebook.tick()
    assert rulebook._preparing is not None
    await rulebook._preparing
    assert list((tmp_path / "index").iterdir()) == before
    clock.forward(seconds=61)
    rulebook.tick()
    await rulebook._preparing
    assert list((tmp_path / "index").iterdir()) != before
    matcher.sync()
    assert not matcher.unsaved
    assert len(matcher.match_batch(NEWS)[2]) == 23
    await rulebook.stop()


async def test_an_end_does_not_wait_for_a_million_rules(store: Store, tmp_path: Path) -> None:
    for number in range(500):
        store.add_rule(_rule(f"n{number}", "rain"))
    matcher = Matcher(store, tmp_path / "index")
    rulebook = Rulebook(store, matcher, write_here, FakeClock())
    waiting = asyncio.create_task(rulebook.wait())
    await asyncio.sleep(0)
    await rulebook.stop()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not matcher.ready


def test_what_was_prepared_asks_the_reader_no_more(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "LEAST_ARCHIVE", 1)
    store.add_document(NEWS[0], feed_id="f", story_id="s", seen_at=NOON)
    _fill(store)
    matcher, reader = Matcher(store, tmp_path / "index"), store.reader()
    matcher.prepare(reader)
    reader.close()
    for method in ("vocabulary", "count_documents", "rule_changes", "rules_by_id", "rules_version", "lists", "rows"):
        monkeypatch.setattr(reader, method, None, raising=False)
    store.add_rule(_rule("f", "rain OR hail OR @goods"))
    matcher.sync()
    assert matcher.match_batch(NEWS)[2] == ["d", "f"]
