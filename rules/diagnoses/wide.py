"""Wildcards and fuzzy words that accept more than was probably meant."""

import sys
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from rules.conditions import Term
from rules.diagnoses.chart import Chart, leaves
from rules.diagnoses.finding import Finding, Remembered
from rules.forms import PatternForm, form
from rules.lexer import Token
from rules.nodes import Node
from rules.stems import stemmer

MOST_WORDS = 200  # of the archive, that one pattern may accept
_MOST_UNRELATED = 12  # of one that has three literal letters only: words with as many different stems
_FEW_LETTERS = 3
_EXAMPLES = 6

# Beginnings of a great many English words, for when there is no archive to count in.
_BROAD_STARTS = """
    abo acc act ade adv aff aga all ant app are arr ass att bar bas bea bel bet bla bra bro bus cal cam can cap car
    cas cha che chi cla cle cli clo col com con coo cor cou cra cre cro cur dea dec def del dem den dep der des det dev
    dif dis div dra dro eff ele emp enc end ent equ est eve exa exc exp ext fai fea fin fir fla flo for fra fre fun gen
    gra gro gui had han har hea hol hon hum ill imp inc ind inf ins int inv jus kin lab lea leg lib lim lin lit loc lon
    mag mai man mar mat mea med mem men met mid mil min mis mod mon mor mot mul nat nec neg non not obs occ off ope opp
    ord org out ove pac pai pal pan par pas pat pay pen per pho pla pol pop por pos pra pre pri pro pub pur qua que qui
    rai ran rea rec red ref reg rel rem rep req res ret rev rig rol rou sal sat sca sch sco scr sea sec see sel sen ser
    set sha she sho sig sim sin sit ski sla sli sol som sou spe spi spo sta ste sti sto str stu sub suc suf sug sum sup
    sur sus swe sym sys tak tal tea tec tel tem ten ter tes tex the thi tho thr tim tor tou tra tre tri tro try tur und
    uni unt val var ven ver vic vie vis vol war was wat wea wel whe who wil win wit wor
"""
_BROAD = frozenset(_BROAD_STARTS.split())


def wide(chart: Chart) -> list[Finding]:
    """Each pattern that accepts too much, with examples of what it accepts."""
    patterns = {(leaf, *pattern): "" for leaf in leaves(chart.rule.node) for pattern in _patterns(leaf)}
    findings = list[Finding]()
    for leaf, kind, key in patterns:
        if not chart.affords(_steps(kind, key, chart), len(findings)):
            break
        message = _too_wide(kind, key, leaf, chart)
        if message:
            token = next((token for token in chart.tokens if token.node == leaf), None)
            place = chart.token_place(token) if token else (0, len(chart.rule.text))
            cure = _narrower(chart, token, kind, key) if token else ""
            findings.append(Finding("wildcard explosion", "warning", message, *place, cure))
    return findings


def _patterns(leaf: Node) -> Iterator[tuple[PatternForm, str]]:
    terms: tuple[Term, ...] | list[Term] | None = leaf.terms()
    if terms is None:
        terms = [literal.term for group in leaf.condition(True).groups for literal in group]
    for feature in dict.fromkeys(feature for term in terms for feature in term.words):
        kind = form(feature.form)
        if isinstance(kind, PatternForm):
            yield kind, feature.key


def _too_wide(kind: PatternForm, key: str, leaf: Node, chart: Chart) -> str:
    """What is wrong with the pattern; empty when nothing is."""
    short = _is_short_beginning(kind, key)
    if chart.archive is None:
        if short and kind.literal(key) in _BROAD:
            return f"“{leaf.write()}” accepts every word that begins with “{kind.literal(key)}”, and those are many."
        return ""
    accepted = list(islice(_accepted(kind, key, chart.archive), MOST_WORDS * 5))
    if len(accepted) <= MOST_WORDS and not (short and _are_unrelated(accepted, chart.rule.lang)):
        return ""
    frequent = sorted(accepted, key=lambda word: (-chart.archive.count(word), word) if chart.archive else (0, word))
    number = f"{len(accepted)}" if len(accepted) < MOST_WORDS * 5 else f"more than {len(accepted) - 1}"
    return f"“{leaf.write()}” accepts {number} words of the archive: {', '.join(frequent[:_EXAMPLES])} …"


def _is_short_beginning(kind: PatternForm, key: str) -> bool:
    """Whether all that the pattern asks for is a beginning of few letters."""
    literal = kind.literal(key)
    return not kind.anywhere and len(literal) <= _FEW_LETTERS and key.rstrip("*") == literal and key.endswith("*")


def _are_unrelated(words: list[str], lang: str) -> bool:
    stem = stemmer(lang) or str
    return len({stem(word) for word in words}) >= _MOST_UNRELATED


def _accepted(kind: PatternForm, key: str, vocabulary: Remembered) -> Iterator[str]:
    first, end = _stretch(kind, key, vocabulary)
    literal, words = kind.literal(key), vocabulary.words()
    return (word for at in range(first, end) if literal in (word := words[at]) and kind.accepts(key, word))


def _stretch(kind: PatternForm, key: str, vocabulary: Remembered) -> tuple[int, int]:
    """Which of the sorted words to try: those that begin with the literal, or all."""
    literal, words = kind.literal(key), vocabulary.words()
    if kind.anywhere:
        return 0, len(words)
    return bisect_left(words, literal), bisect_left(words, literal + chr(sys.maxunicode))


def _steps(kind: PatternForm, key: str, chart: Chart) -> int:
    """What it takes to try a pattern: an expression on every word that begins so, or to look into each word."""
    if chart.archive is None:
        return 1
    first, end = _stretch(kind, key, chart.archive)
    return 1 + (end - first) // (4 if kind.anywhere else 1)


def _narrower(chart: Chart, token: Token, kind: PatternForm, key: str) -> str:
    """For `word*` with a beginning that is a word of the archive: the forms of that word."""
    word = kind.literal(key)
    if chart.archive is None or not key.endswith("*") or not chart.archive.count(word):
        return ""
    return chart.with_text(token.start, token.end, f"~{word}")
