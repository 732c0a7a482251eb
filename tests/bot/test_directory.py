import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.config import Settings, load
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed, Poll
from bot.ports import Kit
from bot.sources.directory import DirectorySettings, DirectorySource, connect
from bot.stores.memory import Memory
from tests.fakes import NOON, ROOM, BusyWorker, FakeWorker, text_of
from tests.house import House

ARTICLE = "<p>The bridge was opened on Monday after two years of work by three hundred people.</p>" * 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


@pytest.fixture
def source(folder: Path) -> DirectorySource:
    return connected(having(Settings(data=folder.parent / "data"), folder))


def having(settings: Settings, *folders: Path) -> Settings:
    return settings.having(DirectorySettings(folders=folders))


def connected(settings: Settings, worker: FakeWorker | None = None) -> DirectorySource:
    made = connect(Kit(settings=settings, clock=lambda: NOON, worker=worker or FakeWorker()))
    assert isinstance(made, DirectorySource)
    return made


Read = Callable[..., object]


async def poll(source: DirectorySource, folder: Path, cursor: str = "") -> Poll:
    return await source.poll(Feed(id="f", kind="directory", url=str(folder), cursor=cursor))


async def test_every_kind_of_file(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_text("A headline\n\nThe text.\n")
    (folder / "b.md").write_text("# Marked\n\nText *b*.\n")
    (folder / "c.md").write_text(
        "---\ntitle: Front\noutlet: Wire\ndate: 2026-03-01T08:00:00+01:00\nlang: de\n"
        "url: https://w.example/1\ntags: a, b\nauthor: Desk\n---\nBody.\n"
    )
    (folder / "d.html").write_text(f"<html lang=en><title>Page</title><body><article>{ARTICLE}</article></body></html>")
    lines = [{"id": "x", "title": "One", "text": "T", "date": "2026-03-01"}, {"id": "y", "title": "Two"}]
    (folder / "e.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    (folder / "README.md").write_text("left out")
    (folder / ".hidden.txt").write_text("left out")
    (folder / "sub").mkdir()
    (folder / "sub" / "f.txt").write_text("Deep\n\nIn a folder.\n")
    found = await poll(source, folder)
    by_title = {entry.title: entry for entry in found.entries}
    assert set(by_title) == {"A headline", "Marked", "Front", "Page", "One", "Two", "Deep"}
    front = by_title["Front"]
    assert (front.outlet, front.lang, front.url, front.tags, front.author) == (
        "Wire",
        "de",
        "https://w.example/1",
        ("a", "b"),
        "Desk",
    )
    assert "bridge was opened" in by_title["Page"].content
    assert found.note == ""


async def test_a_text_in_one_line_keeps_all_its_words(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_text("word " * 500 + "end")
    (entry,) = (await poll(source, folder)).entries
    assert len(entry.title) <= 300
    assert entry.content.endswith("end")


async def test_only_what_is_new_or_changed_comes_again(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_text("One\n\nText.\n")
    first = await poll(source, folder)
    again = await poll(source, folder, first.cursor)
    assert again.unchanged
    assert again.entries == ()
    os.utime(folder / "a.txt", (1, 1))
    assert (await poll(source, folder, first.cursor)).entries == ()
    (folder / "a.txt").write_text("One\n\nText, corrected.\n")
    (folder / "b.txt").write_text("Two\n\nText.\n")
    assert [entry.title for entry in (await poll(source, folder, first.cursor)).entries] == ["One", "Two"]


async def test_what_cannot_be_read_is_named_and_the_rest_is_read(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"\xff\xfe\x00not text")
    (folder / "b.jsonl").write_text('{"id": "1", "title": "Good"}\nnot json\n[]\n')
    (folder / "c.txt").write_text("")
    (folder / "out.txt").symlink_to("/etc/hostname")
    found = await poll(source, folder)
    assert [entry.title for entry in found.entries] == ["Good"]
    for name in ("a.txt", "b.jsonl", "c.txt", "out.txt"):
        assert name in found.note


async def test_a_folder_that_is_gone_may_come_back(source: DirectorySource, folder: Path) -> None:
    await asyncio.to_thread(folder.rmdir)
    with pytest.raises(TransientError, match="not there"):
        await poll(source, folder)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """`listed/` with a link out, a folder within and, hardest, the data folder inside; `other/` and `seeds/` beside."""
    for name in ("listed/data", "listed/deep", "listed/.git", "other", "seeds"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.txt").write_text(f"In {name}\n\nText.\n")
    (tmp_path / "listed" / "a.txt").write_text("In listed\n\nText.\n")
    (tmp_path / "listed" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "listed" / "secrets").symlink_to(tmp_path / "listed" / "data")
    (tmp_path / "listed" / "secret.txt").symlink_to(tmp_path / "listed" / "data" / "a.txt")
    (tmp_path / "listed" / "token.txt").write_text("123:ABC")
    (tmp_path / "listed" / "hard.txt").hardlink_to(tmp_path / "listed" / "token.txt")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    return tmp_path


@pytest.fixture
def guarded(machine: Path, monkeypatch: pytest.MonkeyPatch) -> DirectorySource:
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKEN_FILE", str(machine / "listed" / "token.txt"))
    data, seeds = machine / "listed" / "data", machine / "seeds"
    return connected(having(load(data=data, seed_dir=seeds), machine / "listed"))


NOT_LISTED = (
    "{}/other", "{}/nowhere", "{}", "{}/listed/..", "{}/listed/out", "{}/listed/data", "{}/listed/data/nowhere",
    "{}/listed/secrets", "{}/listed/../listed/data", "{}/listed/.git", "{}/seeds", "{}/round", "file://{}/other",
    "file://{}/nowhere", "/etc", "/proc/self", "/" + "x" * 300, "folder:other", "folder:nowhere", "folder:data",
    "folder:listed/../other", "folder:listed/data", "folder:listed/secrets", "folder:listed//../../etc", "folder:..",
)  # fmt: skip


@pytest.mark.parametrize("typed", NOT_LISTED)
async def test_what_is_not_listed_gets_one_answer_there_or_not(
    guarded: DirectorySource, machine: Path, typed: str
) -> None:
    assert guarded.accepts(typed.format(machine))
    with pytest.raises(UserError) as caught:
        await guarded.discover(typed.format(machine))
    assert str(caught.value) == "That folder is not among those that may be watched: listed."
    assert caught.value.cure == "The operator lists in WATCHWORD_FOLDERS which folders may be watched."


@pytest.mark.parametrize("typed", ["folder:listed", "folder:LISTED", "folder", "{}/listed", "file://{}/listed/deep/.."])
async def test_a_listed_folder_is_known_by_its_name(guarded: DirectorySource, machine: Path, typed: str) -> None:
    (found,) = await guarded.discover(typed.format(machine))
    assert (found.url, found.title) == ("folder:listed", "listed")
    assert str(machine) not in repr(found)


async def test_a_folder_below_a_listed_one(guarded: DirectorySource, machine: Path) -> None:
    for typed in ("folder:listed/deep", f"{machine}/listed/deep"):
        (found,) = await guarded.discover(typed)
        assert (found.url, found.title, found.newest_title) == ("folder:listed/deep", "listed/deep", "In listed/deep")
    with pytest.raises(UserError, match="The folder “listed/no” is not there"):
        await guarded.discover("folder:listed/no")


async def test_data_folder_and_tokens_inside_a_listed_folder_are_not_read(
    guarded: DirectorySource, machine: Path
) -> None:
    found = await guarded.poll(Feed(id="f", kind="directory", url="folder:listed"))
    assert sorted(entry.title for entry in found.entries) == ["In listed", "In listed/deep"]
    assert "data" not in found.cursor
    assert "ABC" not in repr(found)
    assert "secret.txt is a link to what is not read" in found.note


async def test_the_sample_newsroom_is_read_and_not_offered(guarded: DirectorySource, machine: Path) -> None:
    found = await guarded.poll(Feed(id="f", kind="directory", url=str(machine / "seeds")))
    assert [entry.title for entry in found.entries] == ["In seeds"]


async def test_a_feed_that_may_not_be_read_any_more_is_paused_in_words(guarded: DirectorySource, machine: Path) -> None:
    for place in ("listed/data", "other", "nowhere"):
        with capture_logs() as logged, pytest.raises(PermanentError) as caught:
            await guarded.poll(Feed(id="f", kind="directory", url=str(machine / place)))
        assert caught.value.gone
        assert str(machine) not in str(caught.value)
        assert [one["folder"] for one in logged] == [str(machine / place)]  # the operator is told where


def test_a_list_that_cannot_be_meant_is_told(tmp_path: Path) -> None:
    for folders, words in (
        ((tmp_path / "a" / "news", tmp_path / "b" / "News"), "two folders are called “News”"),
        ((tmp_path / "data" / "in",), "in is or lies in the data folder"),
        ((Path("/"),), "has no name"),
    ):
        with pytest.raises(UserError, match=words):
            connected(having(Settings(data=tmp_path / "data"), *folders))


def test_no_folder_is_listed_by_default() -> None:
    assert Settings().of(DirectorySettings).folders == ()


async def test_without_a_list_nothing_may_be_watched(tmp_path: Path) -> None:
    source = connected(Settings(data=tmp_path))
    for typed in (str(tmp_path), "/etc", "folder", "folder:x", "/nowhere"):
        with pytest.raises(UserError, match="No folder may be watched here"):
            await source.discover(typed)


async def test_no_answer_in_a_chat_names_a_path(guarded: DirectorySource, machine: Path) -> None:
    house = House(Memory(), kinds={"directory": guarded})
    told = [await house.say(f"source add {typed.format(machine)}") for typed in ("folder", "folder:listed/deep")]
    seeds = Feed(id="seeds", kind="directory", url=str(machine / "seeds"), next_poll_at=NOON)
    lost = Feed(id="lost", kind="directory", url=str(machine / "other"), next_poll_at=NOON)
    channel = house.store.subscriptions(ROOM)[0]
    for feed in (seeds, lost):
        house.store.add_feed(feed, channel.id)
    await house.settle()
    for command in (
        "sources", "source export", "doctor", "source remove 3", "source remove 1", "source resume 2",
        "watch text topic:t", "why not https://nowhere.example/x",
    ):  # fmt: skip
        told.append(await house.say(command))
    posts = [text_of(one.message) for one in house.chat.posts]
    assert any("can no longer be read" in one for one in posts)
    assert any("folder:listed/deep" in one for one in posts)
    assert [one for one in (*told, *posts) if str(machine) in one] == []


async def test_what_a_folder_holds_is_shown_when_it_is_added(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_text("One\n\nText.\n")
    (found,) = await source.discover(str(folder))
    assert (found.kind, found.entries, found.newest_title) == ("directory", 1, "One")


async def test_a_file_that_the_machine_had_no_time_for_is_read_at_the_next_visit(folder: Path) -> None:
    worker = BusyWorker(TransientError("Reading it took too long on this machine", unread=True), "main_text")
    busy = connected(having(Settings(data=folder.parent / "data"), folder), worker=worker)
    (folder / "large.html").write_text(f"<html><body>{'<p>The bridge is open.</p>' * 4000}</body></html>", "utf-8")
    first = await poll(busy, folder)
    assert not first.entries
    assert "took too long on this machine" in first.note
    worker.fault = None
    second = await poll(busy, folder, first.cursor)
    assert [entry.id for entry in second.entries] == ["large.html"]
    assert not second.note
