"""The samples of pages, sitemaps and GDELT answers, held against what must come of them."""

import json
from datetime import timedelta
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
SAMPLES = [path for kind in ("page", "sitemap", "gdelt") for path in sorted((HOME / kind).glob("*.json"))]


def served(path: Path, sample: dict[str, Any]) -> PageWeb:
    """The web of a sample; what has only a status is not there."""
    web = PageWeb()
    for url, name in sample["serves"].items():
        if isinstance(name, str):
            web.pages[url] = (path.parent / name).read_bytes()
    return web


async def read(path: Path, sample: dict[str, Any]) -> dict[str, Any]:
    """What a first visit to the sample gives, in the sample's own form."""
    web = served(path, sample)
    kit = Kit(settings=Settings(), clock=lambda: NOON, http=web, worker=FakeWorker())
    source = registry.module("bot.sources", path.parent.name).connect(kit)
    assert source.least_interval >= timedelta(seconds=1)
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


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 6


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_sample_gives_what_stands_beside_it(path: Path) -> None:
    sample = json.loads(path.read_bytes())  # noqa: ASYNC240 - a small file
    assert await read(path, sample) == sample
