"""The examples in the engine's docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import rules

MODULES = ["rules", *(info.name for info in pkgutil.walk_packages(rules.__path__, "rules."))]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_there_are_examples() -> None:
    assert doctest.testmod(rules).attempted > 0
