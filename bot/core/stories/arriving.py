"""A document while it is placed, and what it has to do with a record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.core.stories.fingerprint import NO_DATE, Fingerprint
from bot.core.stories.memory import Probe, Rows
from bot.core.stories.wording import Wording
from rules.document import Document

RECURRING = timedelta(hours=12)  # "Air raid alert in Kyiv" in the same words on the next day is another alert

_MICROSECOND = timedelta(microseconds=1)


@dataclass(slots=True)
class New:
    """A document while it is placed."""

    document: Document
    made: Fingerprint
    rows: Rows  # one
    probe: Probe
    at: datetime
    _wording: Wording | None = None

    @property
    def row(self) -> np.void:
        """Its record."""
        row: np.void = self.rows[0]
        return row

    @property
    def wording(self) -> Wording:
        """What it tells, made when first asked for."""
        if self._wording is None:
            self._wording = Wording(self.document)
        return self._wording


def same_occasion(old: np.void, new: New) -> bool:
    """Whether equal short texts are one alert: soon after, or at the same address."""
    here = new.made.address != 0 and bool(new.made.address == old["address"])
    return here or apart(old, new) <= RECURRING // _MICROSECOND


def apart(old: np.void, new: New) -> int:
    """By publication where both say it: a first visit to a feed finds weeks of entries at once. In microseconds."""
    published = int(old["published"])
    if published != NO_DATE and new.made.published != NO_DATE:
        return abs(new.made.published - published)
    return abs(int(new.row["at"]) - int(old["at"]))


def same_language(old: np.void, new: New) -> bool:
    """Whether they can be in one language."""
    return not old["lang"] or not new.made.lang or bool(old["lang"] == new.made.lang)
