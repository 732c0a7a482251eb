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
    URL FAQ CEO CFO AGENCY REUTERS WSJ NYT USA NATO NFL NBA MLB NHL AFC NFC FIFA UEFA IOC
"""
_PLAIN_WORDS = """
    republican republicans democrat democrats representative attorney district university college school church street
    avenue road peninsula ocean sea corp inc ltd gmbh thanksgiving christmas universität schule kirche straße
    république université école rue iglesia universidad calle
"""  # parts of what is no person and of places that are no news
_PARTICLES, _CREDITS = frozenset(_PARTICLE_WORDS.split()), frozenset(_CREDIT_WORDS.split())
_ROLES, _PLAIN = (frozenset(map(fold, each.split())) for each in (_ROLE_WORDS, _PLAIN_WORDS))
_POSSESSIVES = ("'s", "’s")
_HEADLINE = 6  # words of a headline within a body, or more: fewer may be a name and what somebody does
_OFTEN = 2  # times that a report says a name which it is about
_SURNAME = 5  # letters by which a surname is looked for in whole texts: endings follow


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands; `last` is the word by which earlier reports are asked for it."""

    last: str
    acronym: bool
    field: str
    start: int
    end: int


def names(reading: Reading, read: int) -> Iterator[Name]:
    """Those of the headline and the first words of the body that the report is about, in their order.

    It has them in its headline, comes back to them in its first `read` letters, or says their office: streets, teams,
    films and friends that are named in passing are news to nobody.
    """
    own = set(re.findall(r"\w+", fold(f"{reading.document.author} {reading.document.source} {reading.document.site}")))
    small = {word.folded for word in (*reading.title, *reading.lead) if word.raw.islower()}
    text = reading.document.body[reading.begins : reading.begins + read]
    folded = text.casefold()
    for words in map(_said_in_sentences, (reading.title, reading.lead)):
        for run, has_office in _runs(words):
            name = _named(run, small, own)
            if name is not None and (has_office or name.field == "title" or _is_often(name.last[:_SURNAME], folded)):
                yield name
        yield from (name for name in _acronyms(words, own, small) if _is_often(name.last, text))


def _is_often(name: str, text: str) -> bool:
    return text.count(name) >= _OFTEN


def _said_in_sentences(words: Sequence[Word]) -> Sequence[Word]:
    """Without headlines in Capitals, within a body, too."""
    if not words or _is_in_capitals(words, 4 if words[0].field == "title" else 1):
        return []
    starts = [place for place, word in enumerate(words) if word.opens or not place]
    sentences = [words[start:stop] for start, stop in zip(starts, [*starts[1:], len(words)], strict=True)]
    return [word for each in sentences if len(each) < _HEADLINE or not _is_in_capitals(each, 1) for word in each]


def _is_in_capitals(words: Sequence[Word], least: int) -> bool:
    """A headline in Capitals, or ALL CAPITALS, says of no word that it is a name. Words of `least` letters count."""
    long = [word for word in words if len(word.raw) >= least and word.raw[0].isalpha()]
    capital = sum(not word.raw.islower() for word in long)
    return not long or capital * 4 >= len(long) * 3


def _runs(words: Sequence[Word]) -> Iterator[tuple[list[Word], bool]]:
    """Words with a capital that stand together, particles between them, and whether an office stands before or in them.

    "Premier", "the prime minister, ..."
    """
    run: list[Word] = []
    before = -1  # where the run begins
    for place, word in enumerate(words):
        goes_on = bool(run) and word.joined and not word.opens and not run[-1].raw.endswith(_POSSESSIVES)
        if goes_on and (_is_capital(word) or word.raw in _PARTICLES):
            run.append(word)
            continue
        if run:
            yield run, any(map(_is_office, (*words[max(0, before - 1) : before], *run)))
        run, before = ([word] if _is_capital(word) else []), place
    if run:
        yield run, any(map(_is_office, (*words[max(0, before - 1) : before], *run)))


def _is_office(word: Word) -> bool:
    return word.is_title or word.folded in _ROLES


def _is_capital(word: Word) -> bool:
    return word.raw[0].isupper() and any(map(str.islower, word.raw))


def _named(run: list[Word], small: set[str], own: set[str]) -> Name | None:
    """The name in a run of capitals, without titles before it; None where it is no person or place for sure."""
    if run[0].opens and run[0].folded in small and not _is_no_name(run[0]):
        return None  # Internet Service Providers: a capital only because a sentence begins
    while run and _is_no_name(run[0]) and not _is_new_place(run):
        run = run[1:]
    while run and not _is_capital(run[-1]):
        run = run[:-1]
    capitals = [word for word in run if _is_capital(word)]
    if not 2 <= len(capitals) <= _MOST or any(map(_is_no_name, capitals[1:])):
        return None
    if any(word.folded in own for word in capitals) or len(capitals[-1].raw) < 3:
        return None
    last = run[-1]
    end = last.end - 2 if last.raw.endswith(_POSSESSIVES) else last.end
    return Name(last.folded, False, run[0].field, run[0].start, end)


def _is_new_place(run: Sequence[Word]) -> bool:
    """New York, New Delhi: a word of grammar elsewhere."""
    return len(run) > 1 and run[0].raw == "New" and not run[0].opens


def _is_no_name(word: Word) -> bool:
    folded = word.folded
    if word.is_small or word.is_title or folded in _ROLES or folded in _PLAIN or kind_of(word.raw) == NUMBER:
        return True
    return bool(
        amounts.power(folded) or amounts.happened(folded) or amounts.is_month(folded) or amounts.is_money(folded)
    )


def _acronyms(words: Sequence[Word], own: set[str], small: set[str]) -> Iterator[Name]:
    """Words of three to six capitals, none that is an ordinary word or stands among others in capitals."""
    for place, word in enumerate(words):
        short = 3 <= len(word.raw) <= 6 and word.raw.isalpha() and word.raw.isupper()
        if not short or word.raw in _CREDITS or word.folded in own or word.folded in small or _is_no_name(word):
            continue
        beside = (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])
        if word.raw.lower() != word.raw and not any(each.raw.isupper() and len(each.raw) > 1 for each in beside):
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
