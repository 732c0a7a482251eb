"""Time zones as people write them after a time: offsets, abbreviations, names of regions."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_WIDEST = timedelta(hours=16)  # the widest real ones are -12 and +14; some feeds say more and mean it
# Minutes east of Greenwich. Of names that several zones share the one most used in feeds; those where that cannot be
# said are left out: a time with them is none.
_TABLE = """
-600 hst hast
-540 akst hadt hdt
-480 pst akdt
-420 mst pdt
-360 cst mdt
-300 est cdt pet
-240 ast edt clt vet bot
-210 nst
-180 brt art clst adt uyt
-150 ndt
0 z ut utc gmt wet uct zulu greenwich
60 cet met bst west mez wat
120 cest mest eet mesz sast cat
180 eest msk eat trt
210 irst
240 msd gst samt azt get
270 irdt aft
300 pkt uzt yekt
330 ist
345 npt
360 omst almt
390 mmt
420 ict wib novt krat
480 hkt sgt awst myt wita pht irkt
540 jst kst wit yakt
570 acst
600 aest vlat chst
630 acdt
660 aedt sbt magt
720 nzst fjt pett
780 nzdt
"""
_MINUTES = {name: int(minutes) for minutes, *names in map(str.split, _TABLE.strip().splitlines()) for name in names}
# Names that mean summer time in summer.
_REGIONS = {
    "at": "America/Halifax", "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "eastern": "America/New_York", "central": "America/Chicago",
    "mountain": "America/Denver", "pacific": "America/Los_Angeles", "мск": "Europe/Moscow",
}  # fmt: skip
# Those who use these write the month first.
AMERICAN = frozenset(
    ["et", "ct", "mt", "pt", *(zone + time for zone in ("e", "c", "m", "p", "ak") for time in ("st", "dt"))]
)
OFFSET = re.compile(r"[+-]{1,2}\s?(\d{1,2})(?::?(\d\d)(?::?\d\d)?)?(?!\d)")
_REGION = re.compile(r"[A-Z][A-Za-z]+(?:/[A-Za-z][A-Za-z_+-]*\d{0,2}){1,2}")


def offset_zone(match: re.Match[str]) -> tzinfo | None:
    """What `OFFSET` found; None when no place on Earth has it."""
    hours, minutes = int(match[1]), int(match[2] or 0)
    away = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or away > _WIDEST:
        return None
    return timezone(-away if match[0][0] == "-" and match[0][1] != "+" else away)


@lru_cache(maxsize=512)
def named_zone(name: str) -> tzinfo | None:
    """By abbreviation (folded) or as the zone database writes it (Europe/Kyiv); None when it is not known."""
    minutes = _MINUTES.get(name)
    if minutes is not None:
        return timezone(timedelta(minutes=minutes)) if minutes else UTC
    region = _REGIONS.get(name, name)
    if _REGION.fullmatch(region):
        try:
            return ZoneInfo(region)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            return None
    return None


def region_in(text: str) -> re.Match[str] | None:
    """Where a region of the zone database is named."""
    return _REGION.search(text)
