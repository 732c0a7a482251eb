"""What two texts that are alike to some degree are to each other, and how a refusal is put in words."""

from dataclasses import dataclass
from typing import Literal

from bot.core.stories.fingerprint import SHORT
from bot.core.stories.likeness import Likeness
from bot.core.stories.wording import Wording

COPY_SHORTER, COPY_NEW, COPY_OLD = 0.85, 0.6, 0.5  # least share of each text that the other one has
WORDS_PER_EDIT = 80  # in a short notice one replaced word, as fraud for arson, is another case
VERSION_SHORTER = 0.7
KEPT_PER_CHANGE = 3  # slots that stay for each figure that another version corrects; a template changes most

Relation = Literal["new", "copy", "version", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a document belongs. `like` is the document that it joined by, empty for a new story, and where evidence
    joined a "report" of its own to a story.

    `near` is, of a new story, the story that it probably is; `related` one that it has much to do with.
    `failed` is an error that grouping it met, which makes it a story of its own that nothing joins; else empty.
    """

    story_id: str
    relation: Relation
    like: str = ""
    near: str = ""
    related: str = ""
    why: str
    failed: str = ""


def may_be_copy(old: int, new: int) -> bool:
    """Whether texts of that many words can share enough."""
    most = min(old, new)
    return most / max(1, new) >= COPY_NEW and most / max(1, old) >= COPY_OLD


def is_copy(like: Likeness) -> bool:
    """Whether they are copies, cut and lightly edited."""
    shares = like.of_shorter >= COPY_SHORTER and like.of_new >= COPY_NEW and like.of_old >= COPY_OLD
    return shares and few_edits(like)


def few_edits(like: Likeness) -> bool:
    """Whether hardly an ordinary word was replaced."""
    return like.edits <= min(like.old, like.new) // WORDS_PER_EDIT


def unconflicted(like: Likeness) -> bool:
    """Whether what changed is no name, number or date, and little else."""
    return not like.conflicts and few_edits(like)


def changed_little(like: Likeness) -> bool:
    """Whether only figures changed, and most stayed."""
    return like.only_figures and len(like.conflicts) * KEPT_PER_CHANGE <= like.kept


def is_version(like: Likeness) -> bool:
    """Whether the text is a changed one rather than another. A flash grows into a report under its own headline."""
    if min(like.old, like.new) >= SHORT:
        return like.of_shorter >= VERSION_SHORTER
    return like.shared > 0 and like.of_shorter >= COPY_SHORTER and not like.edits and not like.conflicts


def tells_why(wording: Wording, like: Likeness) -> str:
    """Why a document that is so much `like` another one did not join its story, in words."""
    other = f"“{wording.title[:80]}”" if wording.title else f"document {wording.id}"
    if like.conflicts:
        old, new = like.conflicts[0]
        return f"much like {other}, but it has {new.raw} where that has {old.raw}"
    return f"much like {other}, but {'the headlines' if few_edits(like) else 'some words'} tell another story"


def percent(like: Likeness) -> str:
    """How much of the shorter text the longer one has, in words."""
    return f"{round(100 * like.of_shorter)} %"
