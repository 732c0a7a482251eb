"""The operator families: the modules of `rules/operators/`, found by name."""

import importlib
import pkgutil
from functools import lru_cache
from types import ModuleType


def families() -> list[tuple[str, ModuleType]]:
    """(name, module) of each operator family, by name."""
    package = importlib.import_module("rules.operators")
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))
    return [(name, importlib.import_module(f"rules.operators.{name}")) for name in names]


@lru_cache(maxsize=8)
def declared(attribute: str) -> tuple[object, ...]:
    """What all families together declare under that name, such as `SHAPES`."""
    return tuple(item for _, module in families() for item in getattr(module, attribute, ()))
