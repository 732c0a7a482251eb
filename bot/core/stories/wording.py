"""A text that a new document is compared with word by word, and whether two headlines can stand over one story.

Texts are not remembered: this is made of a document when one of its look-alikes comes, which is rare.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property

from bot.core.stories.fingerprint import LONG, bare_body, bare_title
from bot.core.stories.likeness import Likeness, likeness
from bot.core.stories.words import NAME, NUMBER, ORDINARY, Word, norms, words
from rules.document import Document

CONTAINED = 4  # words: a headline that long, whole within another, is the same with "Nordwire:" before it
SPECIFIC = 8  # equal names, numbers and dates: a body that has them is about one event whatever its headline


class Wording:
    """What a document tells: its title and body, both without what outlets wrap around them.

    Most look-alikes are found out by which norms they have (`counts`); the words, ten times as dear, wait to be asked.
    """

    def __init__(self, document: Document) -> None:
        self.id = document.id
        self.title = bare_title(document.title, document.site)
        self._body = bare_body(document.body, self.title)
        all_norms = norms(self._body)[:LONG]
        self.length = len(all_norms)
        self.counts = Counter(all_norms)

    @cached_property
    def words(self) -> Sequence[Word]:
        """Those of the body that are compared."""
        return words(self._body)[:LONG]


def shared_at_most(old: Wording, new: Wording) -> float:
    """Of the shorter text, the share that stands in the longer one whatever the order: never below the likeness."""
    shared = (old.counts & new.counts).total()
    return shared / max(1, min(old.length, new.length))


def compare(old: Wording, new: Wording) -> Likeness:
    """How alike the bodies are."""
    return likeness(old.words, new.words)


def headlines_agree(old: Wording, new: Wording, like: Likeness) -> bool:
    """Whether the headlines can stand over one story, given that the bodies are `like`.

    Bodies may be the same only because they are advice, a paywall or a template; then the headlines tell the stories.
    """
    named = {word.norm for wording in (old, new) for word in wording.words if word.kind == NAME}
    above_old, above_new = (_headline_words(wording.title, named) for wording in (old, new))
    if not above_old or not above_new or [w.norm for w in above_old] == [w.norm for w in above_new]:
        return True
    heads = likeness(above_old, above_new)
    if heads.of_shorter >= 0.5 and heads.conflicts:
        return False
    if heads.shared == min(heads.old, heads.new) >= CONTAINED:
        return True
    body = {norm[:5] for wording in (old, new) for norm in wording.counts}
    if like.kept >= SPECIFIC and _share(above_old, body) >= 0.5 and _share(above_new, body) >= 0.5:
        return True
    common = {word.norm for word in above_old} & {word.norm for word in above_new}
    return all(_share([w for w in head if w.norm not in common], body) >= 0.5 for head in (above_old, above_new))


def _headline_words(title: str, named: Collection[str]) -> list[Word]:
    """Where Every Word Has A Capital, only the body knows which of them are names."""
    all_words = words(title)
    long = [word for word in all_words if word.kind != NUMBER and len(word.raw) > 3]
    if sum(not word.raw.islower() for word in long) * 4 < len(long) * 3:
        return all_words
    return [w._replace(kind=ORDINARY) if w.kind == NAME and w.norm not in named else w for w in all_words]


def _share(head: Sequence[Word], body: Collection[str]) -> float:
    """The share of a headline's longer words and names that the body has; `body` holds the beginnings of its words."""
    content = [word for word in head if len(word.norm) > 3 or word.kind]
    return sum(word.norm[:5] in body for word in content) / len(content) if content else 1.0
