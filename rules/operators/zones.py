"""Parts of the text.

`title:X`, `body:X` and `lead:X` look for X in the title, in the body, and in the title with the first two paragraphs;
`FIRST/n X` looks in the first n words of the body, n from 1 to 10000. X is a word, a phrase or a group, in which
everything has to stand there: `title:(troops NEAR/3 Ukraine)`.
"""

from itertools import islice

from rules.document import Document
from rules.grammar import Number
from rules.operators._zones import prefix
from rules.passages import each_paragraph
from rules.words import words
from rules.zones import Layout, Zone

_NEWS = Document(id="1", title="Troops for Ukraine", body="Talks go on.\n\nNATO waits.\n\nThe weather is fine.")
EXAMPLES = (
    ("title:troops", _NEWS, True),
    ("title:talks", _NEWS, False),
    ("body:(talks AND NATO)", _NEWS, True),
    ("body:troops", _NEWS, False),
    ('lead:"NATO waits"', _NEWS, True),
    ("lead:weather", _NEWS, False),
    ("FIRST/3 talks", _NEWS, True),
    ("FIRST/3 NATO", _NEWS, False),
    ("troops NOT title:peace", _NEWS, True),
)
LEAD_PARAGRAPHS = 2


def _title(layout: Layout, number: int) -> tuple[int, int]:
    return 0, layout.title_end


def _body(layout: Layout, number: int) -> tuple[int, int]:
    return layout.body_start, layout.end


def _lead(layout: Layout, number: int) -> tuple[int, int]:
    body = layout.document.body
    end = next(islice(each_paragraph(body), LEAD_PARAGRAPHS, None), len(body))
    return 0, layout.body_start + len(words(body[:end]))


def _first(layout: Layout, number: int) -> tuple[int, int]:
    return layout.body_start, layout.body_start + number


ZONES = (
    Zone(name="title", noun="the title", window=_title, inside=("lead",)),
    Zone(name="body", noun="the body", window=_body),
    Zone(name="lead", noun="the title and the first two paragraphs", window=_lead),
    Zone(
        name="first",
        noun="the first {n} words of the body",
        window=_first,
        number=Number(low=1, high=10_000),
        inside=("body",),
    ),
)
PREFIX = tuple(map(prefix, ZONES))
