"""Words in a row, each asked for in a form of its own: what wildcards and their phrases are made of."""

from dataclasses import dataclass, field

from rules.conditions import UNKNOWN, Condition, Term, has, inexact, lacks
from rules.forms import Feature, KeyForm, PatternForm, form
from rules.joined import close
from rules.nodes import Node
from rules.run import hit_texts
from rules.tokenized import Hit, Hits, Tokenized


def places(tokens: Tokenized, feature: Feature) -> list[int]:
    """Where words of the text have the feature, ascending."""
    kind = form(feature.form)
    if isinstance(kind, KeyForm):
        return list(tokens.forms(feature.form).places(feature.key))
    assert isinstance(kind, PatternForm), f"{feature.form!r} says nothing of words"
    return sorted(place for word in accepted(tokens, feature) for place in tokens.forms().places(word))


def accepted(tokens: Tokenized, feature: Feature) -> list[str]:
    """The folded words of the text that a pattern accepts."""
    kind = form(feature.form)
    assert isinstance(kind, PatternForm), f"{feature.form!r} is no pattern"
    literal = kind.literal(feature.key)
    words = tokens.forms().keys
    near = (word for word in words if (literal in word if kind.anywhere else word.startswith(literal)))
    return [word for word in near if kind.accepts(feature.key, word)]


@dataclass(frozen=True, slots=True)
class Row(Node):
    """The features of words that stand in a row; `glued` and `shown` as in rules/run.py."""

    features: tuple[Feature, ...]
    glued: tuple[bool, ...] = ()
    shown: tuple[str, ...] = field(default=(), compare=False)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Every place of the row, overlapping ones included."""
        starts: set[int] | None = None
        for offset, feature in enumerate(self.features):
            here = {place - offset for place in places(tokens, feature)}
            starts = here if starts is None else starts & here
            if not starts:
                return None
        size = len(self.features)
        hits: list[Hit] = [(at, at + size - 1, ()) for at in sorted(starts or ()) if self._is_whole(tokens, at)]
        return hits or None

    def _is_whole(self, tokens: Tokenized, at: int) -> bool:
        return all(tokens.touch(at + place) for place, glued in enumerate(self.glued) if glued)

    def write(self, full: bool = False) -> str:
        """A word bare, a phrase in quotes."""
        text = self.shown[0] + "".join(
            word if glued else f" {word}" for word, glued in zip(self.shown[1:], self.glued[1:], strict=True)
        )
        return f'"{close(text)}"' if len(self.shown) > 1 else text

    def terms(self) -> tuple[Term, ...] | None:
        """Itself; None where gaps count, which the index does not look at."""
        return None if any(self.glued) else (Term(self.features),)

    def condition(self, wanted: bool) -> Condition:
        """Its words in a row."""
        term = Term(self.features)
        if not any(self.glued):
            return has([term]) if wanted else lacks([term])
        return inexact(has([term])) if wanted else UNKNOWN

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """The spellings found, or which of its words the text lacks."""
        hits = self.hits(tokens)
        if hits is not None:
            return hit_texts(hits, tokens)
        pairs = zip(self.features, self.shown, strict=True)
        missing = [shown for feature, shown in pairs if not places(tokens, feature)]
        return f"no word is like {', '.join(missing[:3])}" if missing else "its words are there, but not in a row"
