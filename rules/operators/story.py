"""Facts of the story.

`sources>=3` matches once three independent outlets have reported the story; `sources>=2/30m` when two did within half
an hour (`m`, `h`, `d`). It becomes true with the report that makes up the number. Copies of one text are one source,
whoever prints them, and so are outlets of one known owner. `new:only` takes only the report that opens a story. Where
no story is known, as in a text tried by hand, both are false.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rules.conditions import UNKNOWN, Condition, Term, has, inexact, lacks
from rules.document import Document, StoryFacts
from rules.errors import Fix, Refusal
from rules.fact import Fact
from rules.forms import FactForm, Feature
from rules.grammar import Call, Shape
from rules.nodes import Node
from rules.operators.numbers import NAMED, duration, minutes_of, refuse, rough_duration, split
from rules.tokenized import Tokenized

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_FOLLOW_UP = Document(
    id="1",
    title="Troops leave",
    story=StoryFacts(reports=(("a.example", _NOON), ("b.example", _NOON + timedelta(minutes=40))), is_first=False),
)
_NEW = Document(id="1", title="Troops leave", story=StoryFacts(reports=(("a.example", _NOON),), is_first=True))
EXAMPLES = (
    ("troops sources>=2", _FOLLOW_UP, True),
    ("troops sources>=2/1h", _FOLLOW_UP, True),
    ("troops sources>=2/30m", _FOLLOW_UP, False),
    ("troops sources>=2", _NEW, False),
    ("troops new:only", _NEW, True),
    ("troops new:only", _FOLLOW_UP, False),
    ("troops new:only", "Troops leave.", False),
)
FEWEST, MOST = 2, 50
LONGEST = 7 * 24 * 60  # minutes; stories are kept open for days
_FORM = "fact story"
_NOT_YET = "known once the document is in a story"


@dataclass(frozen=True, slots=True)
class Sources(Fact):
    """That many outlets reported it; with `minutes`, their first reports lie within so much time."""

    number: int
    minutes: int = 0

    @property
    def of_story(self) -> bool:
        """It is."""
        return True

    def holds(self, document: Document) -> bool:
        """Some run of that many first reports is short enough."""
        if document.story is None:
            return False
        times = sorted(at for _, at in document.story.reports)
        spans = [last - first for first, last in zip(times, times[self.number - 1 :], strict=False)]
        return any(not self.minutes or span <= timedelta(minutes=self.minutes) for span in spans)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"sources>={self.number}" + (f"/{duration(self.minutes)}" if self.minutes else "")

    def condition(self, wanted: bool) -> Condition:
        """The number of outlets is a fact of the document; the time is not."""
        term = Term((Feature(_FORM, str(self.number)),))
        if not self.minutes:
            return has([term]) if wanted else lacks([term])
        return inexact(has([term])) if wanted else UNKNOWN

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How many there are."""
        story = tokens.document.story
        if story is None:
            return _NOT_YET
        times = sorted(at for _, at in story.reports)
        count = f"{len(times)} independent source{'s' * (len(times) != 1)} so far"
        if len(times) < 2:
            return count
        return f"{count}, within {rough_duration((times[-1] - times[0]) // timedelta(minutes=1))}"


@dataclass(frozen=True, slots=True)
class NewOnly(Fact):
    """The document opened its story."""

    @property
    def of_story(self) -> bool:
        """It is."""
        return True

    def holds(self, document: Document) -> bool:
        """Whether it did."""
        return document.story is not None and document.story.is_first

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return "new:only"

    def condition(self, wanted: bool) -> Condition:
        """A fact of the document."""
        term = Term((Feature(_FORM, "first"),))
        return has([term]) if wanted else lacks([term])

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """Whether there were reports before."""
        story = tokens.document.story
        if story is None:
            return _NOT_YET
        return "the first report of its story" if story.is_first else "its story was reported before"


def _keys(document: Document) -> list[str]:
    story = document.story
    if story is None:
        return []
    numbers = [str(number) for number in range(FEWEST, min(len(story.reports), MOST) + 1)]
    return [*numbers, "first"] if story.is_first else numbers


def _sources(text: str, call: Call) -> Node:
    _, sign, value = split(text)
    typed, slash, window = value.partition("/")
    digits = typed.isascii() and typed.isdigit() and len(typed) <= 6
    number = int(typed) + (sign == ">") if digits else 0
    cured = min(max(number, FEWEST), MOST)
    minutes = minutes_of(window, LONGEST) if slash else 0
    if sign not in (">=", ">"):
        cure = (Fix(call.start, call.end, f"NOT sources>={cured}"),)
        again = (Fix(call.start, call.end, f"sources>={cured}"),)
        message = "outlets are counted upwards: write sources>=2, or NOT sources>=2 for fewer"
        raise Refusal(message, call.start, call.end, expected=("sources>=n",), cures=(cure, again))
    if not FEWEST <= number <= MOST:
        message = f"sources>= takes a whole number from {FEWEST} to {MOST}, as in sources>=2/30m"
        raise refuse(message, call, f"sources>={cured}" + (f"/{duration(minutes)}" if minutes else ""))
    if minutes is None:
        message = "after the slash stands a time with m, h or d (minutes, hours, days), at most a week"
        raise refuse(message, call, f"sources>={number}/30m")
    return Sources(number, minutes)


def _new(text: str, call: Call) -> Node:
    if text.lower().replace(" ", "") != "new:only":
        raise refuse("new: takes one value, only: the report that opens a story", call, "new:only")
    return NewOnly()


FORMS = (FactForm(name=_FORM, keys=_keys),)
SHAPES = (
    Shape(name="sources", pattern=re.compile(NAMED.format("sources")), read=_sources, rank=3),
    Shape(name="fact", pattern=re.compile(r"(?i:new):\s*[^\s()\",]*"), read=_new, rank=3),
)
