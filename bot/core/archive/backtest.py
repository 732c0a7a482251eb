"""What a rule would have sent: its hits in the archive, a story once, told a day at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import say
from bot.core.archive.sieve import Glance
from bot.model import Block, Run, StoredDocument

DAYS = 7
SAMPLES = 3
FLOOD = 50  # alerts a day that nobody reads: asked about before the rule is saved
_DAY = timedelta(days=1)
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the rule would have sent in the last `days`, days of 24 hours that end now.

    `counts` are the alerts of each day, the oldest first. `documents` were in the archive in that time, from the
    chat's feeds. `before`: further stories in the archive before it. `samples` are documents of different stories,
    the newest first. `cut`: of what the index could not decide, only so many of the newest documents were tried.
    """

    days: int
    counts: tuple[int, ...]
    documents: int
    before: int = 0
    samples: tuple[StoredDocument, ...] = ()
    cut: int = 0

    @property
    def stories(self) -> int:
        """Alerts in those days: a story is one."""
        return sum(self.counts)

    @property
    def per_day(self) -> float:
        """Alerts a day."""
        return self.stories / self.days

    @property
    def floods(self) -> bool:
        """Whether it would send more than anybody reads."""
        return self.per_day > FLOOD


def first_of_each_story(hits: Sequence[Glance]) -> list[Glance]:
    """The first hit of each story, which is what alerts; newest first. `hits` come newest first."""
    first = {hit.story_id: hit for hit in hits}
    return sorted(first.values(), key=lambda hit: -hit.seq)


def daily(stories: Sequence[Glance], now: datetime, days: int = DAYS) -> tuple[int, ...]:
    """How many of these first hits fell into each of the last `days` days before `now`, the oldest day first."""
    counts = [0] * days
    for hit in stories:
        ago = max((now - hit.at) // _DAY, 0)
        if ago < days:
            counts[days - 1 - ago] += 1
    return tuple(counts)


def spread(stories: Sequence[Glance], most: int = SAMPLES) -> list[Glance]:
    """At most so many of them, the newest, the oldest, and others evenly between."""
    if len(stories) <= most:
        return list(stories)
    return [stories[place * (len(stories) - 1) // (most - 1)] for place in range(most)]


def sparkline(counts: Sequence[int]) -> str:
    """A bar for each count, as high as its share of the highest.

    >>> sparkline([0, 0, 1, 4, 0, 0, 2])
    '▁▁▃█▁▁▅'
    """
    highest = max(counts, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // highest)] for count in counts)


def headline(forecast: Forecast) -> str:
    """In one line.

    >>> headline(Forecast(days=7, counts=(0, 0, 1, 2, 0, 0, 1), documents=900))
    'would have alerted 4 times in 7 days: ▁▁▅█▁▁▅'
    """
    if not forecast.stories:
        arrived = f"{say.count(forecast.documents, 'document')} read" if forecast.documents else "nothing arrived"
        return f"would not have alerted in {forecast.days} days ({arrived})"
    times = say.count(forecast.stories, "time")
    return f"would have alerted {times} in {forecast.days} days: {sparkline(forecast.counts)}"


def remarks(forecast: Forecast) -> list[str]:
    """What belongs to the headline: earlier stories, and what was not looked at."""
    lines = []
    if forecast.before:
        match = "matches" if forecast.before == 1 else "match"
        lines.append(f"Of what came earlier, {say.count(forecast.before, 'story', 'stories')} {match}.")
    if forecast.cut:
        lines.append(f"The index cannot decide on this rule: only the newest {forecast.cut:,} documents were tried.")
    return lines


def blocks(forecast: Forecast) -> list[Block]:
    """The forecast as a part of an answer."""
    line = headline(forecast)
    lines = [say.text(line[0].upper() + line[1:] + ("" if forecast.stories else "."))]
    lines += [say.meta(remark) for remark in remarks(forecast)]
    if forecast.samples:
        lines.append(say.meta("For example (not sent again):"))
    for stored in forecast.samples:
        document = stored.document
        when = stored.seen_at if document.published_at is None else document.published_at
        site = f"{document.site}, " if document.site else ""
        title = Run(text=document.title or "Untitled", url=document.url)
        lines.append(say.item(title, f" - {site}", say.moment(when)))
    return lines
