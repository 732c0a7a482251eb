"""Finds adapters: every module in a package whose name does not begin with "_", and installed entry points.

A new source, chat, store or command is one new file in its folder, or a package that declares an entry point in the
group "watchword.sources", "watchword.chats", "watchword.stores" or "watchword.commands".
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TypeVar

Sort = TypeVar("Sort")


def modules(package: str) -> Iterator[tuple[str, ModuleType]]:
    """(name, module) of each adapter in `package` ("bot.sources"), by name. Import errors are the caller's to see."""
    for name in names(package):
        yield name, module(package, name)


def names(package: str) -> list[str]:
    """Names of the adapters in `package`, without importing them."""
    home = importlib.import_module(package)
    modules = {info.name for info in pkgutil.iter_modules(home.__path__) if not info.name.startswith("_")}
    return sorted(modules | {point.name for point in _points(_group(package))})


def module(package: str, name: str) -> ModuleType:
    """The adapter called `name`. Raises KeyError when there is none."""
    for point in _points(_group(package)):
        if point.name == name:
            loaded = point.load()
            assert isinstance(loaded, ModuleType), f"entry point {point.name} must name a module"
            return loaded
    if name not in names(package):
        raise KeyError(name)
    return importlib.import_module(f"{package}.{name}")


def defined(package: str, base: type[Sort]) -> list[type[Sort]]:
    """The classes below `base` that the adapters in `package` have, each once, in the adapters' order."""
    values = [value for _, adapter in modules(package) for value in vars(adapter).values()]
    kinds = [value for value in values if isinstance(value, type) and issubclass(value, base) and value is not base]
    return list(dict.fromkeys(kinds))


@cache
def _points(group: str) -> tuple[EntryPoint, ...]:
    """What is installed does not change while we run, and looking takes 12 ms."""
    return tuple(entry_points(group=group))


def _group(package: str) -> str:
    return "watchword." + package.rpartition(".")[2]
