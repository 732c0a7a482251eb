"""What lies in the data folder is its owner's alone, and the page is nobody else's either."""

import os
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.alone import keep_private
from bot.config import load
from bot.errors import UserError
from bot.stores.sqlite import Sqlite
from tests.talk import Talk

TOKEN = "a token of sixteen or more"

needs_modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


def open_to_others(folder: Path) -> list[str]:
    return [each.name for each in (folder, *folder.rglob("*")) if stat.S_IMODE(each.stat().st_mode) & 0o077]


@needs_modes
def test_a_data_folder_is_taken_from_others(tmp_path: Path) -> None:
    folder, outside = tmp_path / "data", tmp_path / "outside"
    (folder / "rules-index").mkdir(parents=True, mode=0o755)
    (folder / "push.key").write_text("x")
    outside.write_text("x")
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    folder.chmod(0o755)
    keep_private(folder)
    assert open_to_others(folder) == ["link"]  # what it leads to is not ours
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


@needs_modes
def test_a_working_directory_stays_open_and_what_lies_in_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "watchword.db").write_text("x")
    monkeypatch.chdir(tmp_path)
    keep_private(Path())
    assert open_to_others(tmp_path) == [tmp_path.name]


@needs_modes
def test_a_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        store = Sqlite(tmp_path / "watchword.db")
        store.migrate()
        with store.atomic():
            store.count("x")
        tmp_path.chmod(0o700)
        assert open_to_others(tmp_path) == []
        assert (tmp_path / "watchword.db-wal").exists()
        store.close()
    finally:
        os.umask(before)


# ---------------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "watch.example"])
def test_an_address_that_others_reach_needs_a_token(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WATCHWORD_HTTP_HOST", host)
    with pytest.raises(UserError) as caught:
        load()
    assert "WATCHWORD_HTTP_HOST: whoever reaches" in str(caught.value)
    assert "WATCHWORD_HTTP_TOKEN_FILE" in str(caught.value)
    monkeypatch.setenv("WATCHWORD_HTTP_TOKEN", "short")
    with pytest.raises(UserError, match="WATCHWORD_HTTP_TOKEN"):
        load()
    monkeypatch.setenv("WATCHWORD_HTTP_TOKEN", TOKEN)
    assert load().http_host == host
    assert load().secrets() == [TOKEN]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_loopback_needs_none(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WATCHWORD_HTTP_HOST", host)
    assert load().http_token is None


def login(password: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth("anybody", password)}


async def test_with_a_token_every_part_of_the_page_asks_for_it() -> None:
    right, wrong = login(TOKEN), login(TOKEN + "!")
    async with Talk().page(token=TOKEN) as address, aiohttp.ClientSession() as http:
        for path in ("/", "/health", "/events", "/static/page.js", "/nowhere"):
            for headers in (None, wrong):
                async with http.get(address + path, headers=headers) as answer:
                    assert (answer.status, path) == (401, path)
                    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        async with http.post(f"{address}/say", json={"text": "help"}) as answer:
            assert answer.status == 401
        async with http.post(f"{address}/say", json={"text": "help"}, headers=right) as answer:
            assert answer.status == 202
        for header in ("Bearer x", "Basic", "Basic ???", "Basic é"):
            async with http.get(address, headers={"Authorization": header}) as answer:
                assert answer.status == 401
