"""Every sample in tests/data/sources whose answers come over HTTP, held against what must come of it, unasked."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import registry
from bot.config import Settings
from bot.model import Feed
from bot.ports import Kit
from tests.bot.pageweb import PageWeb
from tests.conftest import ROOT
from tests.fakes import NOON, FakeWorker

HOME = ROOT / "tests" / "data" / "sources"
FOUND = [(path, json.loads(path.read_bytes())) for path in sorted(HOME.glob("*/*.json"))]
SAMPLES = [(path, sample) for path, sample in FOUND if "serves" in sample]


async def read(path: Path, sample: dict[str, Any]) -> dict[str, Any]:
    """What a first visit gives, in the sample's own form; an address that has only a status is not there."""
    served = {url: (path.parent / name).read_bytes() for url, name in sample["serves"].items() if isinstance(name, str)}
    kit = Kit(settings=Settings(), clock=lambda: NOON, http=PageWeb(pages={**served}), worker=FakeWorker())
    source = registry.module("bot.sources", path.parent.name).connect(kit)
    poll = await source.poll(Feed(id="f", kind=source.kind, url=sample["url"]))
    entries = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "published_at": entry.published_at.isoformat() if entry.published_at else None,
            "content": entry.content[:200],
        }
        for entry in poll.entries
    ]
    return {**sample, "entries": entries, "note": poll.note}


@pytest.mark.parametrize(("path", "sample"), SAMPLES, ids=[f"{path.parent.name}/{path.stem}" for path, _ in SAMPLES])
async def test_a_sample_gives_what_stands_beside_it(path: Path, sample: dict[str, Any]) -> None:
    assert await read(path, sample) == sample
