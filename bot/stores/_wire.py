"""How nouns travel to and from a database: frozen dataclasses as compact JSON, times as whole microseconds.

Text that no database can keep (lone surrogates) becomes U+FFFD on the way: one odd document cannot fail for ever.
"""

import re
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def _cached(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))  # building one costs 0.5-3 ms: only those that are used, each once


def dumps(kind: type[T], value: T) -> str:
    """`value` as JSON; fields that hold their default are left out."""
    adapter = _cached(cast(Hashable, kind))
    try:
        return adapter.dump_json(value, exclude_defaults=True).decode()
    except ValueError:  # pydantic refuses lone surrogates; looking for them each time would cost more than this
        return adapter.dump_json(scrub(value), exclude_defaults=True).decode()


def loads(kind: type[T], text: str) -> T:
    """What `dumps` wrote. Raises ValueError when it is something else."""
    return cast(T, _cached(cast(Hashable, kind)).validate_json(text))


def scrub(value: T) -> T:
    """The same value with U+FFFD for every lone surrogate, in strings, tuples and dataclasses at any depth."""
    return cast(T, _scrub(value))


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()  # ten times as fast as looking for them
        except UnicodeEncodeError:
            return _SURROGATE.sub("\ufffd", value)
        return value
    if isinstance(value, tuple):
        return tuple(_scrub(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: _scrub(getattr(value, field.name)) for field in fields(value)})
    return value


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970 in UTC: exact both ways, sorts as time does. Raises ValueError without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; times are aware UTC here")
    return (instant - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """The time that `micros` counted."""
    return _EPOCH + microseconds * _MICROSECOND


def micros_or_none(moment: datetime | None) -> int | None:
    """`micros`, where there is a time."""
    return None if moment is None else micros(moment)


def instant_or_none(microseconds: int | None) -> datetime | None:
    """`instant`, where there is a number."""
    return None if microseconds is None else instant(microseconds)
