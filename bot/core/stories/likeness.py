"""How alike two texts are, and what would have to be the same for them to be one report.

The words are aligned; where the texts part, the slots (see `_words`) that stand in the same frame are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import OSA, Indel, Levenshtein

from bot.core.stories.words import LETTERS, NAME, NUMBER, OPENER, ORDINARY, SEX, TERM, Word, fold

ISLAND = 2  # ordinary words shared between two differences: too few to make them two frames
_SLOTS = frozenset({NAME, NUMBER, TERM, LETTERS})
_NOTHING = Word("no such word", "", ORDINARY)
_STRICT = frozenset({NUMBER, SEX, LETTERS})  # no slip of the pen is forgiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """`shared` words of `old` and `new` (both counts of words) stand in both, in order.

    `kept` slots are the same in both; each of `conflicts` is what the old and the new text have in one frame.
    `edits` counts ordinary words that were replaced by others that are not spelled alike.
    """

    old: int
    new: int
    shared: int
    kept: int
    conflicts: tuple[tuple[Word, Word], ...]
    edits: int

    @property
    def of_shorter(self) -> float:
        """Share of the shorter text that stands in the longer one too, 0.0-1.0."""
        return self.shared / max(1, min(self.old, self.new))

    @property
    def only_figures(self) -> bool:
        """Whether nothing but numbers is in conflict."""
        return all(old.kind == new.kind == NUMBER for old, new in self.conflicts)

    @property
    def of_new(self) -> float:
        """Share of the new text that the old one tells, 0.0-1.0."""
        return self.shared / max(1, self.new)

    @property
    def of_old(self) -> float:
        """Share of the old text that the new one keeps, 0.0-1.0."""
        return self.shared / max(1, self.old)


def likeness(old: Sequence[Word], new: Sequence[Word]) -> Likeness:
    """Align two texts word by word. Quadratic in bit-parallel steps: callers cap the length."""
    numbers: dict[str, int] = {}
    left = [numbers.setdefault(word.norm, len(numbers)) for word in old]
    right = [numbers.setdefault(word.norm, len(numbers)) for word in new]
    lower = {word.norm for text in (old, new) for word in text if word.kind == ORDINARY} | OPENERS
    shared = kept = edits = 0
    conflicts: list[tuple[Word, Word]] = []
    frame_old: list[Word] = []
    frame_new: list[Word] = []
    for step in Levenshtein.opcodes(left, right):
        here_old, here_new = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if step.tag != "equal":
            frame_old += here_old
            frame_new += here_new
            edits += sum(not _alike(a, b) for a, b in zip(here_old, here_new, strict=False))
            continue
        slots = sum(word.kind in _SLOTS for word in here_old)
        shared += len(here_old)
        kept += slots
        if slots or len(here_old) > ISLAND:
            conflicts += _conflicts(frame_old, frame_new, lower)
            frame_old, frame_new = [], []
    conflicts += _conflicts(frame_old, frame_new, lower)
    return Likeness(old=len(old), new=len(new), shared=shared, kept=kept, conflicts=tuple(conflicts), edits=edits)


def _conflicts(old: Sequence[Word], new: Sequence[Word], lower: set[str]) -> list[tuple[Word, Word]]:
    """What differs on both sides of one frame. A slot that only one side has is no conflict: it was cut or added.

    A lone "not", "South" or "million" is: it turns the words around it into others.
    """
    lone = [*old, *new]
    if len(lone) == 1 and lone[0].kind == TERM:
        return [(lone[0], _NOTHING) if old else (_NOTHING, lone[0])]
    conflicts = []
    for kinds in (_SLOTS - {NUMBER}, _SLOTS, {SEX}):  # names first: a changed figure must not cover a changed name
        left = [word for word in old if _is_slot(word, kinds, lower)]
        right = [word for word in new if _is_slot(word, kinds, lower)]
        if _stands_for(left, right) or _stands_for(right, left):
            continue
        if not _within(left, right) and not _within(right, left):
            conflicts.append(_difference(left, right))
    return conflicts[:1]


def _is_slot(word: Word, kinds: frozenset[str] | set[str], lower: set[str]) -> bool:
    if word.kind == OPENER:
        return NAME in kinds and word.norm not in lower
    return word.kind in kinds


def _within(few: Sequence[Word], many: Sequence[Word]) -> bool:
    """Whether `few` stands in `many`, in order."""
    rest = iter(many)
    return all(any(_alike(word, other) for other in rest) for word in few)


def _stands_for(short: Sequence[Word], long: Sequence[Word]) -> bool:
    """US for United States, EU for Europäische Union."""
    return len(short) == 1 and len(long) > 1 and short[0].norm == "".join(word.norm[0] for word in long)


def _difference(left: Sequence[Word], right: Sequence[Word]) -> tuple[Word, Word]:
    pairs = ((a or left[-1], b or right[-1]) for a, b in zip_longest(left, right))
    return next((a, b) for a, b in pairs if not _alike(a, b))


def _alike(a: Word, b: Word) -> bool:
    """The same word, or one of the two with a slip of the pen."""
    if a.norm == b.norm:
        return True
    short, long = sorted((len(a.norm), len(b.norm)))
    if {a.kind, b.kind} & _STRICT or a.norm[0] != b.norm[0] or short < 4 or long > 40:
        return False
    distance = OSA.distance(a.norm, b.norm, score_cutoff=2)
    if ORDINARY in (a.kind, b.kind) and TERM not in (a.kind, b.kind):
        return distance <= (2 if short >= 8 else 1)
    # Names: Hansen is not Hanson and Niger is not Nigeria, so only letters swapped, or one dropped or doubled inside.
    if sorted(a.norm) == sorted(b.norm):
        return distance == 1
    dropped = Indel.distance(a.norm, b.norm) == 1 and a.norm[-1] == b.norm[-1]
    return dropped and short >= 5 and TERM not in (a.kind, b.kind)


# Capitalised at the start of a sentence, these are never names.
_OPENERS = """
    a an the this that these those it its they their we our you your he she his her i in on at by for from of to with
    but and or if as so yet no not when while after before since until although though however meanwhile moreover
    earlier later also according officials authorities police there here what who why how some many most several all
    both each more other another
    der die das ein eine einer im in am an auf bei mit nach vor und oder aber doch wenn als wie es er sie wir ich man
    dies diese dieser auch so zu zum zur von vom für laut dabei damit danach zuvor jedoch nun noch
    у в на з із зі до за від по про під над при для та і й а але або це ця цей ці він вона воно вони ми як що коли якщо
    також утім однак тим раніше пізніше
    с со к от о об над это эта этот эти он она оно они мы что когда если также однако но или после до раньше позже
    """
OPENERS = frozenset(fold(word) for word in _OPENERS.split())
