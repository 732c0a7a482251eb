"""What a report counts: "23 pirates", "$4 million", "15 people were killed", "6.3 magnitude", "12 per cent"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.stories.new_facts import amounts
from bot.core.stories.new_facts.reading import Reading, Word

MONEY, SHARE, MAGNITUDE = "money", "share", "magnitude"
_AWAY = 4  # words between a number and what happened to those it counts
_YEARS = (1900.0, 2100.0)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: words `first` to `end` (half-open) of it."""

    value: float
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted. `what` is the same where two reports count the same thing; empty where that is unsure."""

    value: float
    what: str
    field: str
    start: int
    end: int
    grew_from: bool  # "from 12": what it was before, not what it is


def numbers(words: Sequence[Word], lang: str) -> Iterator[Number]:
    """Those that words say, each with what multiplies it."""
    at = 0
    while at < len(words):
        value = amounts.number(words[at].raw, words[at].folded, lang)
        if value is None:
            at += 1
            continue
        first = at
        at += 1
        while at < len(words) and _follows(words, at):
            word = words[at]
            by = amounts.power(word.folded) if len(word.raw) > 1 or word.start == words[at - 1].end else 0  # 4 m
            more = amounts.number(word.raw, word.folded, lang)
            if by:
                value *= by
            elif _is_group(words[at - 1], word):  # 1 200
                value = value * 1_000 + float(word.raw)
            elif more is not None and more < 10 <= value < 100 and value % 10 == 0 and not word.raw[0].isdigit():
                value += more  # twenty-three
            else:
                break
            at += 1
        yield Number(round(value, 6), first, at)


def _follows(words: Sequence[Word], at: int) -> bool:
    """Whether a word stands directly behind the one before it, or after a blank or hyphen."""
    return not words[at].opens and words[at].start - words[at - 1].end <= 1


def _is_group(before: Word, word: Word) -> bool:
    return word.joined and len(word.raw) == 3 and word.raw.isdigit() and before.raw.isdigit() and len(before.raw) <= 3


def figures(reading: Reading, words: Sequence[Word]) -> list[Figure]:
    """What is counted among words of one field, in their order."""
    all_numbers = [*numbers(words, reading.lang)]
    made = []
    for place, number in enumerate(all_numbers):
        before = all_numbers[place - 1].end if place else 0
        after = all_numbers[place + 1].first if place + 1 < len(all_numbers) else len(words)
        figure = _figure(reading, words, number, before, after)
        if figure is not None:
            made.append(figure)
    return made


def _figure(reading: Reading, words: Sequence[Word], number: Number, before: int, after: int) -> Figure | None:
    """The number with what it counts; None where it counts nothing. Other numbers stand at `before` and `after`."""
    first, last = words[number.first], words[number.end - 1]
    behind = words[number.end : after]
    if number.value < 2 or _is_part_of_a_name(reading, words, number) or _is_no_amount(words, number, behind):
        return None
    ahead = words[before : number.first]
    grew_from = bool(ahead) and ahead[-1].folded in ("from", "von", "de", "desde", "з", "із", "с")
    unit = _unit(reading, first, last, ahead, behind)
    if unit is not None:
        what, start, end = unit
    else:
        if number.end - number.first == 1 and first.raw.isdigit() and _YEARS[0] <= number.value < _YEARS[1]:
            return None
        counted = _happened(words, number, ahead, behind) or _noun(reading, number, words, behind)
        if counted is None:
            return None
        what, start, end = counted
    return Figure(number.value, what, first.field, start, end, grew_from)


def _is_part_of_a_name(reading: Reading, words: Sequence[Word], number: Number) -> bool:
    """F-16, COVID-19, A320, 42nd, 23-member, Article 5."""
    first, last = words[number.first], words[number.end - 1]
    beside = reading.text(first.field, max(0, first.start - 1), first.start) + " "
    behind = reading.text(last.field, last.end, last.end + 2)
    if beside[0].isalpha() or beside[0] in "-–#/.,:" or (behind[:1].isalpha() or behind[:1] in "/-'’°"):
        return True
    if behind[:1] in ".:" and behind[1:].strip():
        return True
    return number.first > 0 and first.joined and amounts.is_numbered(words[number.first - 1].folded)


def _is_no_amount(words: Sequence[Word], number: Number, behind: Sequence[Word]) -> bool:
    """A date, a time, an age, a length of time, a distance, a counter of the page."""
    near = [word.folded for word in behind[:2]]
    if (behind and amounts.is_away(near[0])) or any(amounts.is_time(word) or amounts.is_counter(word) for word in near):
        return True
    beside = [*behind[:1], *words[max(0, number.first - 1) : number.first]]
    return any(word.is_date for word in beside) or any(amounts.is_month(word.folded) for word in (*beside, *behind[:2]))


def _unit(
    reading: Reading, first: Word, last: Word, ahead: Sequence[Word], behind: Sequence[Word]
) -> tuple[str, int, int] | None:
    """(what, start, end) of money, shares and magnitudes."""
    sign = reading.text(first.field, max(0, first.start - 2), first.start).rstrip()[-1:]
    trailing = reading.text(last.field, last.end, last.end + 2)
    if sign in amounts.MONEY_SIGNS and sign:
        return MONEY, first.start - 1 if first.start else 0, last.end
    if trailing.strip()[:1] in amounts.MONEY_SIGNS and trailing.strip():
        return MONEY, first.start, last.end + trailing.index(trailing.strip()[0]) + 1
    if trailing.strip().startswith("%"):
        return SHARE, first.start, last.end + trailing.index("%") + 1
    near = [word for word in behind[:2] if not word.opens]
    said = amounts.per_cent([word.folded for word in near])
    if said:
        return SHARE, first.start, near[said - 1].end
    if near and amounts.is_money(near[0].folded):
        return MONEY, first.start, near[0].end
    if len(near) > 1 and amounts.is_money(near[1].folded) and near[1].joined:
        return MONEY, first.start, near[1].end
    if near and amounts.is_magnitude(near[0].folded):
        return MAGNITUDE, first.start, near[0].end
    for word in reversed(ahead[-2:]):
        if amounts.is_magnitude(word.folded):
            return MAGNITUDE, word.start, last.end
    return None


def _happened(
    words: Sequence[Word], number: Number, ahead: Sequence[Word], behind: Sequence[Word]
) -> tuple[str, int, int] | None:
    """(what, start, end) of people who died, were hurt, are missing: "15 people were killed", "killed at least 15"."""
    first, last = words[number.first], words[number.end - 1]
    end = last.end
    for word in behind[:_AWAY]:
        if not word.joined or amounts.is_joint(word.folded):
            break
        what = amounts.happened(word.folded)
        if what:
            return what, first.start, word.end
        if end == last.end and amounts.is_person(word.folded):
            end = word.end
    if end == last.end and behind and behind[0].joined and not behind[0].is_small:
        return None  # it counts something else: "killed by 3 drones"
    after = first
    for word in reversed(ahead[-_AWAY:]):
        if not after.joined or amounts.is_joint(word.folded):
            break
        what = amounts.happened(word.folded)
        if what:
            return what, word.start, end
        after = word
    return None


def _noun(
    reading: Reading, number: Number, words: Sequence[Word], behind: Sequence[Word]
) -> tuple[str, int, int] | None:
    """(what, start, end) of another counted thing: the one or two words after the number that are no grammar."""
    first = words[number.first]
    capitals = reading.lang == "de"
    if number.first and first.joined and words[number.first - 1].raw[0].isupper() and not capitals:
        return None  # Boeing 737
    run: list[Word] = []
    for word in behind[:2]:
        if not word.joined or word.is_small or len(word.raw) < 3 or not word.raw[0].isalpha():
            break
        run.append(word)
        if capitals and word.raw[0].isupper():
            break
    if not run or (run[-1].raw[0].isupper() and not capitals) or (capitals and not run[-1].raw[0].isupper()):
        return None
    noun = run[-1] if capitals or run[0].raw[0].isupper() else run[0]
    what = "" if amounts.is_person(noun.folded) else str(noun.stem)
    return what, first.start, run[-1].end
