"""The adapters under test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import registry
from bot.ports import Store
from tests.house import open_store


@pytest.fixture(params=registry.names("bot.stores"))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(request.param, tmp_path)
    yield opened
    opened.close()
