"""The examples in docstrings run, wherever there are some."""

import doctest
import importlib
import re

import pytest

from tests.conftest import ROOT

_EXAMPLE = re.compile(r"^\s*>>> ", re.MULTILINE)


def modules_with_examples() -> list[str]:
    paths = (path for folder in ("bot", "rules") for path in sorted((ROOT / folder).rglob("*.py")))
    shown = [path for path in paths if _EXAMPLE.search(path.read_text(encoding="utf-8"))]
    named = [path.relative_to(ROOT).with_suffix("") for path in shown]
    return [".".join(name.parts).removesuffix(".__init__") for name in named]


@pytest.mark.parametrize("name", modules_with_examples())
def test_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert (result.failed, result.attempted > 0) == (0, True)
