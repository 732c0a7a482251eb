"""The time zones that people choose, by name."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_RENAMED = {  # names that the zone database keeps for old programs, and those that took their place
    "Europe/Kiev": "Europe/Kyiv",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Dacca": "Asia/Dhaka",
}


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo:
    """The zone of that IANA name; UTC for none, and for one that this machine does not know any more."""
    if not name or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zones_like(words: str) -> list[str]:
    """IANA names that somebody can mean who types a city, "kyiv", "new york", "Kolkata", or a name; best first."""
    wanted = "_".join(words.replace("/", " / ").split()).replace("_/_", "/").casefold()
    if not wanted:
        return []
    names = sorted(_names())
    exact = [name for name in names if name.casefold() == wanted]
    city = [name for name in names if name.casefold().rpartition("/")[2] == wanted]
    within = [name for name in names if wanted in name.casefold()]
    return list(dict.fromkeys(_RENAMED.get(name, name) for name in exact or city or within))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Regions and cities; without the names that are there for old programs only."""
    skipped = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")
    return frozenset(
        name for name in available_timezones() if name == "UTC" or ("/" in name and not name.startswith(skipped))
    )
