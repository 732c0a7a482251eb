"""From the text of a rule to the rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from rules import cures
from rules.codes import LANGUAGES
from rules.commas import commas_read_over
from rules.document import Document, HitSpans, Span
from rules.errors import Refusal, RuleError
from rules.fact import asks_story, own_language
from rules.grammar import NO_LISTS, grammar
from rules.lexer import Lexer, Token, alone
from rules.lists import Lists, mentioned, used
from rules.nodes import Node, walk
from rules.operators.preferred import preferred_hits
from rules.parser import MOST_LEVELS, Reading, read
from rules.row import Row
from rules.run import Run, signed_runs, widened
from rules.stems import language
from rules.tokenized import tokenize
from rules.typed import Typed, read_typed

LONGEST_RULE = 10_000  # characters
_LONGEST_OTHER = 2000  # of longer rules nobody would read another reading, and it costs a second parse
_FEW_TOKENS, _SHORT = 8, 500  # so little cannot grow too long when it is written out
_MOST_NOTES = 3
_SIGN = re.compile(r"[^\w\s\"'(){}\[\].,;:!?*~^/@|\\\-…·\u0300-\u036f\u00a0-\u00ad\u200b-\u2027\u3000-\uffff]")
_SLIPS = frozenset({"and", "or", "not", "near"})


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on how a rule was read; `start` and `end` are its place as typed, `other` another reading, as a rule."""

    message: str
    start: int
    end: int
    other: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read. `str(rule)` is its plain form, which reads back to the same tree."""

    text: str
    node: Node
    lang: str = "en"
    notes: tuple[Note, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)  # those that it uses, and those that they use
    signed: tuple[Run, ...] = field(init=False, compare=False, repr=False)  # words with signs: hits show these, too

    def __post_init__(self) -> None:
        """Seek them once, not at every hit."""
        object.__setattr__(self, "signed", signed_runs(self.node))

    def __str__(self) -> str:
        return self.node.write()

    @property
    def reading(self) -> str:
        """How it was understood, with every parenthesis.

        >>> from rules import parse
        >>> parse("troops NEAR/5 Kyiv NOT drill").reading
        '(troops NEAR/5 Kyiv) AND (NOT drill)'
        """
        return self.node.write(full=True)

    @property
    def asks_story(self) -> bool:
        """Whether it asks about the document's story, itself or in a list.

        >>> from rules import parse
        >>> parse("troops NOT sources>=3").asks_story, parse("troops").asks_story
        (True, False)
        """
        return asks_story(self.node)

    def spans(self, document: Document) -> tuple[Span, ...] | None:
        """The hits that make it true of the document, in reading order; None when it is not.

        >>> from rules import Document, parse
        >>> parse('"troop deployment"').spans(Document(id="1", title="A troop deployment"))
        (Span(field='title', start=2, end=18),)
        """
        hits = self.hits(document)
        return None if hits is None else hits[0]

    def hits(self, document: Document) -> HitSpans | None:
        """`spans`, and those of them that the rule marks with `^`, to be shown first."""
        tokens = tokenize(document)
        hits = self.node.hits(tokens)
        if hits is None:
            return None
        preferred = preferred_hits(self.node, tokens, hits) if "^" in self.text or self.lists else ()
        spans, shown_first = tokens.spans(hits), tokens.spans(preferred)
        if not self.signed:
            return spans, shown_first
        return widened(self.signed, tokens, spans), widened(self.signed, tokens, shown_first)


class _Context(NamedTuple):
    """What a rule is read with: the language of its `~`, and what its `@lists` stand for."""

    lang: str
    lists: Mapping[str, str]


def parse(text: str, *, lang: str = "en", lists: Mapping[str, str] = NO_LISTS) -> Rule:
    """The rule that `text` says, its `~` in the language `lang`, its `@name` from `lists` (name -> rule text).

    Raises RuleError, and nothing else.

    >>> str(parse("troops AND (Ukraine or Poland)"))
    'troops AND Ukraine AND or AND Poland'
    >>> parse("a OR b c").reading
    'a OR (b AND c)'
    """
    if len(text) > LONGEST_RULE:
        message = f"a rule can have {LONGEST_RULE:,} characters at most, this has {len(text):,}; make two rules of it"
        raise RuleError(message, start=LONGEST_RULE, end=len(text), text=text)
    node = alone(text)
    if node is not None:
        return Rule(text, node, lang, (), NO_LISTS)
    typed, context = read_typed(text), _Context(lang, lists if isinstance(lists, Lists) or not lists else Lists(lists))
    try:
        reading = _read(typed.plain, context)
        _check_written(reading, context, len(typed.plain))
    except Refusal as refusal:
        raise _error(typed, context, refusal) from None
    own = own_language(reading.node) if ":" in typed.plain else ""
    notes = (
        *_mixed(typed, reading, context),
        *_slips(typed, reading, context),
        *_read_over(typed, reading, context),
        *_language_note(typed, reading, own, lang),
        *_lost_signs(typed, reading),
    )
    of_tree = used(reading.node, lists) if lists and "@" in text else NO_LISTS
    return Rule(text, reading.node, own or lang, notes, of_tree)


def lists_used(text: str, *, lang: str = "en", lists: Mapping[str, str]) -> set[str]:
    """The lists that a rule uses, directly or through another one, as names are compared.

    A text that cannot be read, because a list of its is gone perhaps, may use every one that it mentions.
    """
    if "@" not in text:
        return set()
    try:
        return {name.casefold() for name in parse(text, lang=lang, lists=lists).lists}
    except RuleError:
        known, names, rest = Lists(lists), set[str](), mentioned(text)
        while rest:
            name = rest.pop()
            if name not in names:
                names.add(name)
                rest |= mentioned(known.get(name, ""))
        return names


def _read(plain: str, context: _Context, *, swap: bool = False) -> Reading:
    """The tree. When the rule asks for one language, its `~` is read in that one, and its lists' too."""
    reading = _read_in(context, plain, swap=swap)
    own = own_language(reading.node) if "~" in plain or "@" in plain else ""
    if own in ("", language(context.lang)):
        return reading
    return _read_in(context._replace(lang=own), plain, swap=swap)


def _read_in(context: _Context, plain: str, *, swap: bool) -> Reading:
    table = grammar()
    lexer = Lexer(plain, context.lang, table, context.lists)
    return read(lexer, grammar=table, lang=context.lang, length=len(plain), swap=swap)


def _check_written(reading: Reading, context: _Context, length: int) -> None:
    """The plain form has to be a rule as well, and writing adds parentheses and quotes. Raises Refusal."""
    if len(reading.tokens) <= _FEW_TOKENS and length <= _SHORT:
        return
    written = reading.node.write()
    try:
        if len(written) > LONGEST_RULE:
            raise Refusal("too long", 0, length)
        if reading.depth > MOST_LEVELS // 2 - 5:  # at most doubled by parentheses around AND inside OR
            _read(written, context)
    except Refusal:
        raise Refusal(
            "with all its quotes and parentheses the rule is too long or nested too deep", 0, length
        ) from None


def _error(typed: Typed, context: _Context, refusal: Refusal) -> RuleError:
    def attempt(plain: str) -> None:
        _read(read_typed(plain).plain, context)

    start, end = typed.place(refusal.start, refusal.end)
    return RuleError(
        refusal.message,
        start=start,
        end=end,
        text=typed.text,
        expected=refusal.expected,
        cure=cures.cure(typed.plain, refusal, attempt),
    )


def _mixed(typed: Typed, reading: Reading, context: _Context) -> tuple[Note, ...]:
    """AND and OR side by side: tell which won, and offer the other reading."""
    if reading.mixed is None:
        return ()
    other = _other(typed.plain, reading.node, context, swap=True)
    start, end = typed.place(*reading.mixed)
    return (Note("AND binds more tightly than OR; parentheses say it for certain.", start, end, other),)


def _slips(typed: Typed, reading: Reading, context: _Context) -> list[Note]:
    """Lower-case operators between terms: they were read as words."""
    slips = [each for each, follower in pairwise(reading.tokens) if _is_slip(each, follower)]
    plain = typed.plain
    for token in slips:  # the capitals are as long
        plain = plain[: token.start] + token.text.upper() + plain[token.end :]
    other = _other(plain, reading.node, context) if slips else ""
    notes = []
    for token in slips[:_MOST_NOTES]:
        message = f"“{token.text}” was read as a word: did you mean {token.text.upper()}?"
        notes.append(Note(message, *typed.place(token.start, token.end), other))
    return notes


def _read_over(typed: Typed, reading: Reading, context: _Context) -> list[Note]:
    """Tell of what was passed over: markup, and commas, which say neither AND nor OR."""
    notes = [Note(f"the markup {typed.text[slice(*typed.markup)]} was dropped.", *typed.markup)] if typed.markup else []
    commas = commas_read_over(typed.plain, reading.tokens)
    if commas is not None:
        other = _other(commas.either, reading.node, context) if commas.either else ""
        notes.append(Note(commas.message, *typed.place(*commas.place), other))
    return notes


def _language_note(typed: Typed, reading: Reading, own: str, lang: str) -> list[Note]:
    """Tell that `~` does not mean the usual language."""
    if not own or own == language(lang) or "~" not in typed.plain:
        return []
    token = next(token for token in reading.tokens if token.text.lower().strip() == "lang:")
    message = f"~ finds the forms of {LANGUAGES[own].title()} words here, because of lang:{own}."
    return [Note(message, *typed.place(token.start, token.end))]


def _lost_signs(typed: Typed, reading: Reading) -> list[Note]:
    """Tell of signs that are not searched for: 5% finds any 5."""
    notes: list[Note] = []
    for token in reading.tokens if _SIGN.search(typed.plain) else ():
        signs = dict.fromkeys(_SIGN.findall(token.text)) if token.node else {}
        words = next((part for part in walk(token.node) if isinstance(part, Run | Row)), None) if token.node else None
        if not signs or words is None or len(notes) >= _MOST_NOTES:
            continue
        written = words.write()
        lost = "".join(sign for sign in signs if sign not in written)
        if lost:
            message = f"“{lost[:_MOST_NOTES]}” is not searched for; this finds {written[:_SHORT]}."
            notes.append(Note(message, *typed.place(token.start, token.end)))
    return notes


def _is_slip(token: Token, follower: Token) -> bool:
    name = token.text.partition("/")[0].lower()
    return token.kind == "term" and name in _SLIPS and (name == "not" or token.start > 0) and follower.kind != ")"


def _other(plain: str, node: Node, context: _Context, *, swap: bool = False) -> str:
    """Another reading as rule text; empty when it is none, or says the same."""
    if len(plain) > _LONGEST_OTHER:
        return ""
    try:
        other = _read(plain, context, swap=swap).node
    except Refusal:
        return ""
    return "" if other == node else other.write()
