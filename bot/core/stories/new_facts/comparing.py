"""What a later report of a story says that no earlier report of it said: a figure, a name, a quotation.

In doubt a report says nothing new: each fact makes a message. What is new is looked for in the headline and the first
words of the body, and must be in no earlier report as far as these are read: the story's first two and its newest
thirty, of each the first 30,000 letters. So the time is bounded whatever a story or a text has grown to.
"""

import re
from collections.abc import Iterator, Sequence

from bot.core.stories.new_facts.figures import MAGNITUDE, MONEY, SHARE, Figure, figures, numbers
from bot.core.stories.new_facts.names import Mentions, names
from bot.core.stories.new_facts.reading import Reading
from bot.model import FactKind, NewFact
from rules.document import Document

MOST = 3  # facts of a report
LONGEST = 80  # characters of a fact
FIRST, NEWEST = 2, 30  # reports that a report is compared with
READ = 30_000  # letters of each
LEAST_QUOTED = 5  # words of a quotation: fewer are a phrase that somebody is reported to have used
_ALIKE = 0.5  # share of a quotation's runs of three words that make it a known one

_STRENGTH: tuple[FactKind, ...] = ("changed figure", "figure", "quotation", "name")
_OPENS = r"(?<![^\s(\[–—-])"  # a mark that opens as it closes: only before a word, not behind it
_MARKS = (
    ("“", "”"),
    ("„", '“”"'),
    ("«", "»"),
    ("»", "«"),
    (rf'{_OPENS}"(?=\S)', '"'),
    (rf"{_OPENS}”(?=\S)", "”"),
    ("「", "」"),
)
_QUOTED = re.compile("|".join(rf"{start}([^“”„«»\"「」\n]{{12,600}})[{ends}]" for start, ends in _MARKS))
_WORD = re.compile(r"[^\W_]+")


def new_facts(document: Document, earlier: Sequence[Document]) -> list[NewFact]:
    """The strongest facts that `document` has and no report in `earlier`, oldest first, has; none if there is none."""
    compared = [*earlier[:FIRST], *earlier[FIRST:][-NEWEST:]]
    if not compared:
        return []
    reading = Reading(document)
    before = [Reading(report) for report in compared]
    facts = [*_figures(reading, before), *_quotations(reading, before), *_names(reading, compared)]
    facts.sort(key=lambda fact: (_STRENGTH.index(fact.kind), fact.field == "body", fact.start))
    kept: list[NewFact] = []
    for fact in facts:
        if not any(fact.field == other.field and fact.start < other.end and other.start < fact.end for other in kept):
            kept.append(fact)
    return kept[:MOST]


def _fact(reading: Reading, kind: FactKind, field: str, start: int, end: int, was: str = "") -> NewFact:
    text = reading.text(field, start, end)
    if len(text) > LONGEST:
        text = text[: LONGEST + 1]
        blank = max(text.rfind(" "), text.rfind("\u00a0"), text.rfind("\n"))
        text = text[: blank if blank > 0 else LONGEST].rstrip(" \u00a0\n,;:–—-")
    return NewFact(kind=kind, text=text, field=field, start=start, end=start + len(text), was=was)


# ---------------------------------------------------------------------------------------------------------- figures


def _figures(reading: Reading, before: Sequence[Reading]) -> Iterator[NewFact]:
    mine = [figure for words in (reading.title, reading.lead) for figure in figures(reading, words)]
    if not mine:
        return
    known = {
        number.value
        for report in before
        for field in ("title", "body")
        for number in numbers(report.words(field, 0, READ), report.lang)
    }
    counted = [
        (report, [figure for words in (report.title, report.lead) for figure in figures(report, words)])
        for report in reversed(before)
    ]
    named: set[tuple[str, float]] = set()
    settled: set[str] = set()  # what this report counts as an earlier one did, or has told as changed
    for figure in mine:
        if figure.value in known:
            settled |= set() if figure.grew_from else {figure.what}
            continue
        if any(figure.value == value for _, value in named):
            continue
        named.add((figure.what, figure.value))
        was = "" if figure.what in settled else _was(figure, counted)
        settled.add(figure.what)
        kind: FactKind = "changed figure" if was else "figure"
        yield _fact(reading, kind, figure.field, figure.start, figure.end, was)


def _was(figure: Figure, counted: Sequence[tuple[Reading, list[Figure]]]) -> str:
    """What the newest earlier report says of the same thing, in its words; empty where that is not sure.

    Of pirates or houses a report may count several; who died or was hurt is one number that grows.
    """
    if not figure.what or figure.what in (MONEY, SHARE):
        return ""
    same = [(report, other) for report, many in counted for other in many if other.what == figure.what]
    if not same:
        return ""
    sure = not figure.what.isdigit() or figure.what == MAGNITUDE or len({other.value for _, other in same}) == 1
    report, newest = same[0]
    return _fact(report, "figure", newest.field, newest.start, newest.end).text if sure else ""


# ------------------------------------------------------------------------------------------------------- quotations


def _quotations(reading: Reading, before: Sequence[Reading]) -> Iterator[NewFact]:
    """What stands within quote marks. A quotation of another language may be a known one translated."""
    same = [each for each in before if not each.lang or not reading.lang or each.lang == reading.lang]
    quotations = [*_quoted(reading)] if same else []
    if not quotations:
        return
    texts = [_plain(f"{each.document.title[:READ]} {each.document.body[:READ]}") for each in same]
    for field, start, end in quotations:
        quoted = _plain(reading.text(field, start, end))
        if quoted.count(" ") - 1 >= LEAST_QUOTED and not any(_is_known(quoted, text) for text in texts):
            texts.append(quoted)
            yield _fact(reading, "quotation", field, start, end)


def _quoted(reading: Reading) -> Iterator[tuple[str, int, int]]:
    body = reading.document.body[reading.begins : reading.begins + READ]
    last = reading.lead[-1].end if reading.lead else 0
    for field, text, shift in (("title", reading.document.title[:READ], 0), ("body", body, reading.begins)):
        for match in _QUOTED.finditer(text):
            if field == "body" and shift + match.start() > last:
                break  # what people say further down is colour: every outlet asks others
            inside = next(number for number, group in enumerate(match.groups(), 1) if group is not None)
            start = match.start(inside)
            blanks = len(match[inside]) - len(match[inside].lstrip())
            yield field, shift + start + blanks, shift + start + len(match[inside].rstrip())


def _plain(text: str) -> str:
    """Its words in small letters, a blank around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _is_known(quoted: str, text: str) -> bool:
    if quoted in text:
        return True
    words = quoted.split()
    runs = [f" {' '.join(words[at : at + 3])} " for at in range(len(words) - 2)]
    return sum(run in text for run in runs) >= _ALIKE * len(runs)


# ------------------------------------------------------------------------------------------------------------- names


def _names(reading: Reading, compared: Sequence[Document]) -> Iterator[NewFact]:
    named = [*names(reading, READ)]
    if not named:
        return
    mentions = Mentions([f"{each.title} {each.body}" for each in compared], READ)
    seen: set[str] = set()
    for name in named:
        if name.last not in seen and not mentions.have(name):
            seen.add(name.last)
            yield _fact(reading, "name", name.field, name.start, name.end)
