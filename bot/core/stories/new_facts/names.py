"""Whom and what the beginning of a report names: persons and places of two words or more, and acronyms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.stories.evidence.language.names import skeleton
from bot.core.stories.new_facts import amounts
from bot.core.stories.new_facts.reading import Reading, Word, kind_of
from bot.core.stories.words import NUMBER, fold

_MOST = 4  # words of a name: a longer run of capitals is a headline
_PARTICLE_WORDS = "de del della der di da dos du van von bin ibn al el la le ten ter"
_ROLE_WORDS = """
    prime minister ministry president secretary foreign department court supreme police government parliament council
    committee office agency party union general chief chairman spokesman spokeswoman spokesperson director professor
    captain colonel chancellor mayor pope prince princess premier senate congress house state states defence defense
    interior news press media post times journal herald reuters associated agence france-presse agentur deutsche
    bundeskanzler kanzler ministerin präsident präsidentin polizei regierung bundestag sprecher sprecherin uhr euro
    ministre président gouvernement presidente ministro ministra gobierno policía
    президент міністр министр прем'єр премьер уряд правительство
"""
_CREDIT_WORDS = """
    AP AFP DPA EFE ANSA PA UPI TASS RIA UNIAN BBC CNN NBC CBS ABC FOX NPR ARD ZDF RTL GMT UTC CET CEST EST EDT PST PDT
    USD EUR GBP CHF UAH RUB LIVE VIDEO UPDATE BREAKING WATCH EXCLUSIVE NEWS EIL UPD ВИДЕО ФОТО ВІДЕО СМИ ЗМІ PDF HTML
    URL FAQ CEO CFO AGENCY REUTERS
"""
_PARTICLES, _CREDITS = frozenset(_PARTICLE_WORDS.split()), frozenset(_CREDIT_WORDS.split())
_ROLES = frozenset(map(fold, _ROLE_WORDS.split()))
_SURNAME = 5  # letters by which a surname is looked for in whole texts: endings follow


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands; `last` is the word by which earlier reports are asked for it."""

    last: str
    acronym: bool
    field: str
    start: int
    end: int


def names(reading: Reading) -> Iterator[Name]:
    """Those of the headline and the first words of the body, in their order."""
    own = set(re.findall(r"\w+", fold(f"{reading.document.author} {reading.document.source} {reading.document.site}")))
    small = {word.folded for word in (*reading.title, *reading.lead) if word.raw.islower()}
    for words, least in ((reading.title, 4), (reading.lead, 1)):
        if _is_in_capitals(words, least):
            continue
        for run in _runs(words):
            name = _named(run, small, own)
            if name is not None:
                yield name
        yield from _acronyms(words, own)


def _is_in_capitals(words: Sequence[Word], least: int) -> bool:
    """A headline in Capitals, or ALL CAPITALS, says of no word that it is a name. Words of `least` letters count."""
    long = [word for word in words if len(word.raw) >= least and word.raw[0].isalpha()]
    capital = sum(not word.raw.islower() for word in long)
    return not long or capital * 4 >= len(long) * 3


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words with a capital that stand together, particles between them."""
    run: list[Word] = []
    for word in words:
        if run and word.joined and not word.opens and (_is_capital(word) or word.raw in _PARTICLES):
            run.append(word)
            continue
        if run:
            yield run
        run = [word] if _is_capital(word) else []
    if run:
        yield run


def _is_capital(word: Word) -> bool:
    return word.raw[0].isupper() and any(map(str.islower, word.raw))


def _named(run: list[Word], small: set[str], own: set[str]) -> Name | None:
    """The name in a run of capitals, without titles before it; None where it is no person or place for sure."""
    while run and (_is_no_name(run[0]) or (run[0].opens and run[0].folded in small)):
        run = run[1:]
    while run and not _is_capital(run[-1]):
        run = run[:-1]
    capitals = [word for word in run if _is_capital(word)]
    if not 2 <= len(capitals) <= _MOST or any(map(_is_no_name, capitals)):
        return None
    if any(word.folded in own for word in capitals) or len(capitals[-1].raw) < 3:
        return None
    return Name(capitals[-1].folded, False, run[0].field, run[0].start, run[-1].end)


def _is_no_name(word: Word) -> bool:
    folded = word.folded
    if word.is_small or word.is_title or folded in _ROLES or kind_of(word.raw) == NUMBER:
        return True
    return bool(
        amounts.power(folded) or amounts.happened(folded) or amounts.is_month(folded) or amounts.is_money(folded)
    )


def _acronyms(words: Sequence[Word], own: set[str]) -> Iterator[Name]:
    for word in words:
        short = 3 <= len(word.raw) <= 6 and word.raw.isalpha() and word.raw.isupper()
        if short and word.raw not in _CREDITS and word.folded not in own and word.raw.lower() != word.raw:
            yield Name(word.raw, True, word.field, word.start, word.end)


class Mentions:
    """What earlier reports mention, to be asked for names."""

    def __init__(self, texts: Sequence[str], read: int) -> None:
        self._texts = texts
        self._folded = [text.casefold() for text in texts]
        distinct = {word for text in self._folded for word in set(re.findall(r"[^\W\d_]{3,40}", text[:read]))}
        self._bones = {skeleton(fold(word)) for word in distinct}

    def have(self, name: Name) -> bool:
        """Whether any of them has the surname, whatever its ending, script and spelling, or the acronym."""
        if name.acronym:
            return any(name.last in text for text in self._texts) or name.last.casefold() in self._bones
        start = name.last[:_SURNAME]
        return any(start in text for text in self._folded) or skeleton(name.last) in self._bones
