"""The leaf of rules: words in a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rules.conditions import UNKNOWN, Condition, Term, has, inexact, lacks
from rules.document import Span
from rules.forms import Feature
from rules.grammar import grammar
from rules.joined import close, is_joined, spelled
from rules.nodes import Node, walk
from rules.signs import has_signs
from rules.stems import language, stemmer
from rules.tokenized import Forms, Hit, Hits, Tokenized
from rules.words import fold, words

WRITTEN = "written"  # the form of operators/exact_case.py: each word as it is written
_MOST = 3  # spellings that `detail` shows


@dataclass(frozen=True, slots=True)
class Run(Node):
    """Words in a row: one word or a phrase. `lang` names their form (rules/forms.py).

    "" is the folded word; with a language its `words` are stems, and any inflected form is a hit; with `WRITTEN` their
    case and diacritics count.

    `glued[i]` says that nothing may stand before word i: so phrases in scripts without spaces are substrings.
    `signs` are those that have to stand around and between the words (rules/signs.py); empty for none.
    `shown` is the spelling as typed, `quoted` says that it needs quotes; they do not count when nodes are compared.
    """

    words: tuple[str, ...]
    lang: str = ""
    glued: tuple[bool, ...] = ()
    shown: tuple[str, ...] = field(default=(), compare=False)
    quoted: bool = field(default=False, compare=False)
    signs: tuple[str, ...] = ()

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Every place of the run, overlapping ones included."""
        forms, size = tokens.forms(self.lang), len(self.words)
        if not forms.keys.issuperset(self.words):
            return None
        starts = _find(self.words, forms) if size > 1 else forms.places(self.words[0])
        if self._looks_closer:
            starts = [at for at in starts if self._is_whole(tokens, at)]
        hits: list[Hit] = [(at, at + size - 1, ()) for at in starts]
        return hits or None

    def _is_whole(self, tokens: Tokenized, at: int) -> bool:
        if not all(tokens.touch(at + place) for place, glued in enumerate(self.glued) if glued):
            return False
        places = [tokens.offsets(at + place) for place in range(len(self.words))] if self.signs else []
        return not self.signs or has_signs(self.signs, tokens.text(at), places)

    @property
    def _looks_closer(self) -> bool:
        """Whether the text between the words counts, at which the index does not look."""
        return bool(self.signs) or any(self.glued)

    @property
    def plain(self) -> str:
        """The words as typed, with the signs that count."""
        if self.signs:
            pairs = zip(self.signs, (*self.glued, False), (*self.shown, ""), strict=True)
            return close("".join(f"{'' if glued and sign == ' ' else sign}{word}" for sign, glued, word in pairs))
        parts = [self.shown[0]]
        for word, glued in zip(self.shown[1:], self.glued[1:], strict=True):
            parts += [word] if glued else [" ", word]
        return close("".join(parts))

    def write(self, full: bool = False) -> str:
        """A word bare where it can be, a phrase in quotes."""
        text = self.plain
        if self.lang == WRITTEN:
            return f"{{{text}}}"
        if self.lang:
            return f"~{text}" if len(self.words) == 1 and not is_joined(text) else f'"{text}"~'
        return f'"{text}"' if self.quoted else text

    def terms(self) -> tuple[Term, ...] | None:
        """Itself; None where gaps count, which the index does not look at."""
        return None if self._looks_closer else (self._term,)

    def condition(self, wanted: bool) -> Condition:
        """Its words in a row."""
        if not self._looks_closer:
            return has([self._term]) if wanted else lacks([self._term])
        return inexact(has([self._term])) if wanted else UNKNOWN

    @property
    def _term(self) -> Term:
        return Term(tuple(Feature(self.lang, word) for word in self.words))

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """The spellings found, or what came near."""
        hits = self.hits(tokens)
        if hits is not None:
            return hit_texts(hits, tokens)
        looser = self.looser(lang)
        others = looser.hits(tokens) if looser else None
        if looser and others:
            first, last, _ = others[0]
            return f"found “{tokens.quote(tokens.span(first, last))}”; write {looser.write()}"
        if self.signs and (bare := replace(self, signs=()).hits(tokens)):
            return f"found “{tokens.quote(tokens.span(bare[0][0], bare[0][1]))}” without the signs of “{self.plain}”"
        return self._missing_words(tokens) if len(self.words) > 1 else self._inside(tokens)

    def looser(self, lang: str) -> "Run | None":
        """The next more generous reading: of exact case any case, of a word as typed its inflected forms."""
        if self.lang == WRITTEN:
            quoted = len(self.words) > 1 or self.shown[0] in grammar().names
            return Run(tuple(map(fold, self.shown)), "", self.glued, self.shown, quoted, self.signs)
        return None if self.lang else self.inflected(lang)

    def inflected(self, lang: str) -> "Run | None":
        """The run with each word in any form; None when the language has no stems."""
        code = language(lang)
        stem = stemmer(code)
        return Run(tuple(map(stem, self.shown)), code, self.glued, self.shown, signs=self.signs) if stem else None

    def _missing_words(self, tokens: Tokenized) -> str:
        keys = tokens.forms(self.lang).keys
        missing = [shown for word, shown in zip(self.words, self.shown, strict=True) if word not in keys]
        if missing:
            return f"not found: {', '.join(dict.fromkeys(missing[:_MOST]))}"
        return "its words are there, but not in a row"

    def _inside(self, tokens: Tokenized) -> str:
        """A longer word that holds it: the reader may wonder why that did not count."""
        longer = tokens.forms(self.lang).holding(self.words[0])
        return f"only inside “{longer[:40]}”, which is another word" if longer else "not found"


def signed_runs(node: Node) -> tuple[Run, ...]:
    """Those of the node that have signs around their words."""
    return tuple(part for part in walk(node) if isinstance(part, Run) and part.signs)


def widened(signed: Sequence[Run], tokens: Tokenized, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of hits, with the signs that `signed` have around their words: all of C++, not the C alone."""
    wider = {tokens.span(first, last): part for part in signed for first, last, _ in part.hits(tokens) or ()}
    return tuple(_with_signs(span, wider[span].signs) if span in wider else span for span in spans)


def _with_signs(span: Span, signs: Sequence[str]) -> Span:
    return Span(span.field, span.start - len(signs[0].strip()), span.end + len(signs[-1].strip()))


def plain_run(text: str, quoted: bool) -> Run:
    """The run of ASCII words with single spaces between them: what `run_of` makes of it, quicker."""
    shown = tuple(text.split(" "))
    size = len(shown)
    return Run(tuple(text.lower().split(" ")), "", (False,) * size, shown, size > 1 or (quoted and text.isupper()))


def hit_texts(hits: Hits, tokens: Tokenized) -> str:
    """How many hits, and their spellings, for `detail`."""
    texts = [tokens.quote(tokens.span(first, last)) for first, last, _ in hits[:50]]
    spellings = list(dict.fromkeys(spelled(words(text)) for text in texts))
    shown = ", ".join(f"“{text}”" for text in spellings[:_MOST])
    more = ", …" if len(spellings) > _MOST else ""
    return f"{len(hits)} hit{'s' * (len(hits) != 1)}: {shown}{more}"


def _find(words: Sequence[str], forms: Forms) -> list[int]:
    """Where `words` stand in the row, in time linear in the row even for a text of one word a million times."""
    rarest = min(range(len(words)), key=lambda place: len(forms.places(words[place])))
    places = forms.places(words[rarest])
    if len(places) * len(words) > 4 * len(forms.row):
        return _find_all(words, forms.row)
    row, size, wanted = forms.row, len(words), list(words)
    starts = (at - rarest for at in places)
    return [at for at in starts if at >= 0 and row[at : at + size] == wanted]


def _find_all(words: Sequence[str], row: Sequence[str]) -> list[int]:
    """Knuth, Morris and Pratt's search."""
    fall = [0] * len(words)
    length = 0
    for place in range(1, len(words)):
        while length and words[place] != words[length]:
            length = fall[length - 1]
        length += words[place] == words[length]
        fall[place] = length
    starts, length = [], 0
    for at, word in enumerate(row):
        while length and (length == len(words) or word != words[length]):
            length = fall[length - 1]
        length += word == words[length]
        if length == len(words):
            starts.append(at - length + 1)
    return starts
