import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import PermanentError, TransientError, UserError
from bot.model import Feed, Poll
from bot.ports import Kit
from bot.sources.directory import DirectorySource, connect
from tests.fakes import NOON, FakeWorker

ARTICLE = "<p>The bridge was opened on Monday after two years of work by three hundred people.</p>" * 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


@pytest.fixture
def source(folder: Path) -> DirectorySource:
    settings = Settings(seed_dir=folder, data=folder.parent / "data")
    made = connect(Kit(settings=settings, clock=lambda: NOON, worker=FakeWorker()))
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


async def test_chat_users_cannot_read_the_rest_of_the_machine(source: DirectorySource, folder: Path) -> None:
    (folder / "link").symlink_to("/etc")
    for place in ("/etc", "file:///etc", str(folder / ".." / ".."), str(folder / "link"), "/proc/self"):
        if source.accepts(place):
            with pytest.raises(UserError):
                await source.discover(place)
    with pytest.raises(PermanentError):
        await source.poll(replace(Feed(id="f", kind="directory", url="/etc"), cursor=""))
    assert not source.accepts("https://a.example/")
    assert not source.accepts("relative/path")


async def test_what_a_folder_holds_is_shown_when_it_is_added(source: DirectorySource, folder: Path) -> None:
    (folder / "a.txt").write_text("One\n\nText.\n")
    (found,) = await source.discover(str(folder))
    assert (found.kind, found.entries, found.newest_title) == ("directory", 1, "One")
