"""What tells two events of a kind apart whatever the score says: forms filled in otherwise, heads that name others."""

import numpy as np
from rapidfuzz.distance import Levenshtein

from bot.core.stories.evidence.features import Report
from bot.core.stories.evidence.model import Evidence
from bot.core.stories.evidence.pairs import Pairs, Records

FORM, FORM_HEAD = 0.12, 0.25  # reports of one event share wording only if their heads share names and numbers too
COPIED, COPY = 0.6, 0.3  # share of the wording from which one replaced word tells another event; from which to look
REFILLED = 3  # places; in nearly the same text one is enough
SHORT_PLACE = 3  # words: longer replacements are other sentences
MASS = 1.9  # log of the least weight that both must have, or one name and one number would do
STRANGERS, STRANGERS_SHORT = 0.4, 0.25  # most that each may name of its own, in a long text and in a short one
HEADS, HEADS_SHORT = 0.5, 0.2  # the same for the names and numbers of the heads
SHORT, LONGER = 30.0, 40.0  # words: where a text stops being short, and how soon


def veto(new: Report, others: Records, pairs: Pairs, evidence: Evidence) -> str:
    """Why the report cannot tell this story, in words; empty when nothing forbids it."""
    if evidence.bare:
        return "a headline alone says too little"
    ramp = min(1.0, max(0.0, (evidence["words"] - SHORT) / LONGER))
    if evidence["least other_names"] >= STRANGERS_SHORT + (STRANGERS - STRANGERS_SHORT) * ramp:
        return "each names others"
    if evidence["least other_head"] > HEADS_SHORT + (HEADS - HEADS_SHORT) * ramp:
        return "the headlines and first words name others"
    if evidence["most mass"] < MASS:
        return "they have too little in common"
    return _form(new, others, pairs, evidence.form)


def _form(new: Report, others: Records, pairs: Pairs, other: int) -> str:
    """Why the report is the other's form filled in for another event."""
    wording = float(pairs["wording"][other])
    if wording >= FORM and pairs["other_head"][other] > FORM_HEAD:
        return "the same form names others here"
    if wording >= COPY:
        places = refilled(new, others, other, every=wording >= COPIED)
        if places >= (1 if wording >= COPIED else REFILLED):
            return f"the same text is filled in otherwise in {places} places"
    return ""


def refilled(new: Report, others: Records, other: int, *, every: bool) -> int:
    """In how many places a few words of one wording were replaced: a name, number or day, or `every` word."""
    mine, theirs = new["sequence"], others["sequence"][other]
    here, there = np.unpackbits(new["slots"]), np.unpackbits(others["slots"][other])
    count = 0
    for step in Levenshtein.opcodes(mine[mine != 0].tolist(), theirs[theirs != 0].tolist()):
        short = step.src_end - step.src_start <= SHORT_PLACE and step.dest_end - step.dest_start <= SHORT_PLACE
        if step.tag == "replace" and short:
            slots = here[step.src_start : step.src_end].any() and there[step.dest_start : step.dest_end].any()
            count += bool(every or slots)
    return count
