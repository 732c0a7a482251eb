"""Rules written for other tools, in our language, part by part: kept, changed or lost.

One file a tool, found by its name. It has a docstring (the tool, then how it is read and from which documentation),
`TITLE`, `EXAMPLES` ((source, our rule, verdict): its tests and its table in docs/import.md), and
`translate(text) -> Translation`.

>>> from rules.dialects import translate
>>> translate("merger or acquisition near5 hd=(bank*)", "factiva").text
'merger OR (acquisition NEAR/4 (title:bank*))'
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType

from rules.dialects._common import Part, Translation, Verdict
from rules.grammar import NO_LISTS

OWN = "watchword"  # our own rules

__all__ = ["OWN", "Part", "Translation", "Verdict", "dialect", "dialects", "translate"]


@lru_cache(maxsize=1)
def dialects() -> tuple[str, ...]:
    """The names of the tools whose rules can be read."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")))


def dialect(name: str) -> ModuleType:
    """The module of that tool. Raises KeyError."""
    if name not in dialects():
        raise KeyError(name)
    return importlib.import_module(f"rules.dialects.{name}")


def translate(text: str, name: str, *, lists: Mapping[str, str] = NO_LISTS) -> Translation:
    """One rule of that tool in our language, `lists` being what its `@name` stand for, where it is ours already.

    Raises RuleError where it cannot be read, KeyError for another name.
    """
    module = dialect(name)
    result = module.translate(text, lists) if name == OWN else module.translate(text)
    assert isinstance(result, Translation)
    return result
