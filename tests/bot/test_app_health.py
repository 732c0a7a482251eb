"""What `health` says of a service whose ticks fail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import say
from bot.app import App, clock
from bot.config import load
from bot.errors import StoreError
from bot.model import Delivery, Feed
from bot.vault import new_key


async def test_health_says_why_there_is_no_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = App(load(data=tmp_path / "data"), say=print, only_local=True)

    async def broken() -> None:
        raise StoreError("the disk is full")

    try:
        await app._tick()
        assert (await app.health())[1][0] == "ticking"
        monkeypatch.setattr(app.pipeline, "tick", broken)
        with pytest.raises(StoreError):
            await app._tick()
        assert "the last tick failed: the disk is full" in (await app.health())[1]
        monkeypatch.undo()
        await app._tick()
        assert not any("failed" in line for line in (await app.health())[1])
    finally:
        await app.stop()


async def test_health_says_a_backlog_silent_sources_and_a_platform_that_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = App(load(data=tmp_path / "data"), say=print, only_local=True)
    now, here = clock(), app.local.here
    try:
        assert (await app.health())[0]
        for number in range(4):
            feed = Feed(id=f"f{number}", kind="feed", url=f"https://f{number}.example/", next_poll_at=now)
            app.store.add_feed(feed, "c")
            app.store.save_feed(replace(feed, failures=1))
        ok, lines = await app.health()
        assert ok, "a restart does not mend a network"
        assert "sources: all 4 are failing; the network of this machine is probably down" in lines

        queued = Delivery(id="d", destination=here, message=say.message(), created_at=now - timedelta(minutes=7))
        app.store.put(queued)
        ok, lines = await app.health()
        assert not ok
        assert "local: a backlog; messages for 1 chat could be sent and are not, the oldest for 7 minutes" in lines
        assert b'watchword_outbox{state="pending"} 1.0' in await app.figures(), "the figures show it too"

        for _ in range(3):
            assert app.store.claim(now, limit=1, lease=timedelta(minutes=1), platforms=["local"])
            app.store.retry("d", not_before=now, error="no answer.", close_lane=False)
        app.store.retry("d", not_before=now + timedelta(hours=1), error="no answer.", close_lane=True)
        ok, lines = await app.health()
        assert ok
        assert any(line.startswith("local: seems to be down; the one chat") for line in lines)
    finally:
        await app.stop()


async def test_the_start_says_what_slack_in_many_workspaces_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SIGNING_SECRET"):
        monkeypatch.setenv(f"WATCHWORD_SLACK_{name}", "1.2")
    app = App(load(data=tmp_path / "data"), say=print)
    await app.stop()
    assert "`watchword make-key FILE` makes one" in app.off["slack"]
    monkeypatch.setenv("WATCHWORD_SECRET_KEY", new_key())
    app = App(load(data=tmp_path / "data"), say=print)
    await app.stop()
    assert "slack" in app.chats
