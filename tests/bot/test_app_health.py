"""What `health` says of a service whose ticks fail."""

from pathlib import Path

import pytest

from bot.app import App
from bot.config import load
from bot.errors import StoreError


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
