"""From the tree of a source rule to a rule of ours, part by part."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.codes import country_named, language_named
from rules.dialects._common import Token, Verdict, refusal, spoken
from rules.dialects._parser import Tree
from rules.nodes import AND, ATOM, OR, PREFIX, PROXIMITY

_VALUES = ("source:", "author:", "tag:", "site:", "url:", "lang:", "country:")  # facts, searched as they are written
_ADDRESS = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*")
_SCHEME = re.compile(r"(?i)https?://(?:www\.)?")
_INVERTED = "without it the rule would find what it should leave out"
_BROAD = "what is left says nothing of the text, so that nearly everything would match"
_NARROW = "what is left would leave out nearly everything"


class Stretch(NamedTuple):
    """A part of several tokens, or of one whose verdict depends on where it stands."""

    start: int
    end: int
    verdict: Verdict
    into: str
    why: str


class Made(NamedTuple):
    """A part of the new rule, and how tightly it binds."""

    text: str
    level: int
    plain: str = ""
    inflect: bool = False
    weak: bool = False  # says nothing of the text: facts and numbers


class Place(NamedTuple):
    """Where a part stands: under an even number of NOTs (`wanted`), and in which scope, if any."""

    wanted: bool = True
    scope: str = ""


class Unsafe(Exception):  # noqa: N818 - not an error of the source
    """A rule without what cannot be said would find the opposite."""


@dataclass(slots=True)
class Writer:
    """Writes a tree, and notes what became of its parts."""

    text: str
    merged: list[Stretch] = field(default_factory=list)
    joins: dict[int, str] = field(default_factory=dict)  # start of an operator that joined what is lost -> why
    absent: set[int] = field(default_factory=set)  # starts of the tokens under NOT, where more of them is less of all

    def write(self, tree: Tree, place: Place) -> Made | None:
        """The part as our text; None when nothing is left of it."""
        if not place.wanted:
            self.absent.add(tree.token.start)
        act = _ACTS.get(tree.token.op, Writer._term)
        return act(self, tree, place)

    # ------------------------------------------------------------------------------------------------ what was lost

    def lose(self, tree: Tree, effect: str) -> None:
        """Report the whole part as lost."""
        reasons = [each.why for each in _tokens(tree) if each.verdict == "lost"]
        reasons += [each.why for each in self._inside(tree) if each.verdict == "lost"]
        reason = next((why.partition(";")[0] for why in reasons if why), "")
        inner = self._inside(tree)
        self.merged = [each for each in self.merged if each not in inner]
        why = f"{reason}; {effect}" if reason else effect
        self.merged.append(Stretch(tree.start, tree.end, "lost", "", why))

    def _inside(self, tree: Tree) -> list[Stretch]:
        return [each for each in self.merged if tree.start <= each.start and each.end <= tree.end]

    def _effect(self, more: bool) -> str:
        return "without it the rule finds " + ("more" if more else "less")

    def _refuse(self, tree: Tree, reason: str) -> Unsafe:
        self.lose(tree, "no rule is made: " + reason)
        return Unsafe(f"“{short(self.text[tree.start : tree.end])}” cannot be said: {reason}")

    # ---------------------------------------------------------------------------------------------------- the parts

    def _term(self, tree: Tree, place: Place) -> Made | None:
        token = tree.token
        if token.verdict == "lost":
            return None
        if place.scope in _VALUES:
            return self._value(token, place.scope)
        return Made(token.into, ATOM, token.plain, token.inflect, weak=not token.plain and token.into[:1].isalpha())

    def _value(self, token: Token, scope: str) -> Made | None:
        """What a fact is compared with: plain words, an address or a code."""
        names = [token.plain] if token.plain else list(token.choices)
        said = [_said(name, scope) for name in names]
        wrong = next((reason for each in said if (reason := refusal(f"{scope}{each}"))), "")
        if not said or wrong:
            why = wrong or f"{scope} takes plain words alone"
            self.merged.append(Stretch(token.start, token.end, "lost", "", why))
            return None
        into = " OR ".join(said)
        verdict: Verdict = "kept" if token.inflect else token.verdict  # there are no forms of a name
        why = "" if token.inflect else token.why
        if token.choices:
            verdict, why = "changed", "its words, each whole and in any case, not parts of them: may find less"
        self.merged.append(Stretch(token.start, token.end, verdict, into, why))
        return Made(into, ATOM if len(said) == 1 else OR, token.plain, weak=True)

    def _and(self, tree: Tree, place: Place) -> Made | None:
        texts: list[Made] = []
        gone: list[int] = []
        for number, child in enumerate(tree.children):
            absent = number > 0 and tree.joins[number - 1].op == "andnot"
            made = self.write(child, place._replace(wanted=place.wanted != absent))
            if made is None and absent:
                raise self._refuse(child, _INVERTED)
            if made is None:
                gone.append(number)
            else:
                texts.append(Made("NOT " + _under(made, PREFIX), PREFIX, weak=True) if absent else made)
        if gone and texts and all(made.weak for made in texts):
            raise self._refuse(tree.children[gone[0]], _BROAD if place.wanted else _NARROW)
        for number in gone:
            self._drop(tree, number, more=place.wanted)
        return _joined(texts, " AND ", AND)

    def _or(self, tree: Tree, place: Place) -> Made | None:
        texts: list[Made] = []
        for number, child in enumerate(tree.children):
            made = self.write(child, place)
            if made is None:
                self._drop(tree, number, more=not place.wanted)
            else:
                texts.append(made)
        return _joined(texts, " OR ", OR)

    def _drop(self, tree: Tree, number: int, *, more: bool) -> None:
        self.lose(tree.children[number], self._effect(more))
        join = tree.joins[max(0, number - 1)]
        if join.op != "andnot":  # which still says what must be absent
            self.joins[join.start] = "it joined what is lost"

    def _not(self, tree: Tree, place: Place) -> Made | None:
        made = self.write(tree.children[0], place._replace(wanted=not place.wanted))
        if made is None:
            raise self._refuse(tree.children[0], _INVERTED)
        return Made("NOT " + _under(made, PREFIX), PREFIX, weak=True)

    def _near(self, tree: Tree, place: Place) -> Made | None:
        absent = tree.token.op.startswith("not")
        beside = place._replace(wanted=place.wanted != absent)
        left, right = self.write(tree.children[0], place), self.write(tree.children[1], beside)
        if absent and left is None:
            return None
        if absent and right is None:
            raise self._refuse(tree.children[1], _INVERTED)
        for number, made in enumerate((left, right)):
            if made is None:
                self._drop(tree, number, more=place.wanted)
        if left is None or right is None:
            return left or right
        between = f" {tree.token.into} "
        return Made(_under(left, PREFIX) + between + _under(right, PREFIX), PROXIMITY)

    def _phrase(self, tree: Tree, place: Place) -> Made | None:
        """Words side by side: a phrase, or, where one is no plain word, a chain of PRE/0."""
        if place.scope in _VALUES:
            return self._named(tree, place.scope)
        texts: list[Made] = []
        for number, child in enumerate(tree.children):
            made = self.write(child, place)
            if made is None:
                self._drop(tree, number, more=place.wanted)
            else:
                texts.append(made)
        if not texts:
            return None
        alike = len({made.inflect for made in texts}) == 1 and all(made.plain for made in texts)
        if alike and len(texts) == len(tree.children):
            plain, inflect = " ".join(made.plain for made in texts), texts[0].inflect
            into = spoken(plain, inflect=inflect)
            self._merge(tree, into)
            return Made(into, ATOM, plain, inflect)
        return _joined(texts, " PRE/0 ", PROXIMITY)

    def _named(self, tree: Tree, scope: str) -> Made | None:
        """A value of several words, such as an outlet's name."""
        words = [child.token.plain for child in tree.children]
        plain = " ".join(words) if all(words) else ""
        return self._value(Token(kind="term", start=tree.start, end=tree.end, plain=plain), scope)

    def _merge(self, tree: Tree, into: str) -> None:
        """One part for the whole phrase."""
        inner = self._inside(tree)
        said = [(each.verdict, each.why) for each in inner]
        said += [(each.verdict, each.why) for each in _tokens(tree) if each.end > each.start and not inner]
        changed = [why for verdict, why in said if verdict == "changed"]
        self.merged = [each for each in self.merged if each not in inner]
        why = changed[0] if changed else next((why for _, why in said if why), "")
        self.merged.append(Stretch(tree.start, tree.end, "changed" if changed else "kept", into, why))

    def _scope(self, tree: Tree, place: Place) -> Made | None:
        made = self.write(tree.children[0], place._replace(scope=tree.token.into))
        weak = tree.token.into in _VALUES
        return None if made is None else Made(tree.token.into + _under(made, PREFIX), PREFIX, weak=weak)

    def _counted(self, tree: Tree, place: Place) -> Made | None:
        made = self.write(tree.children[0], place)
        return None if made is None else Made(f"{tree.token.into} {_under(made, PREFIX)}", PREFIX)

    def _after(self, tree: Tree, place: Place) -> Made | None:
        """`^` after what it marks."""
        made = self.write(tree.children[0], place)
        if made is None or not made.plain:
            why = "only a word or a phrase can be preferred; what is found stays the same"
            self.merged.append(Stretch(tree.token.start, tree.token.end, "changed", "", why))
            return made
        return Made(made.text + tree.token.into, ATOM)

    def _slop(self, tree: Tree, place: Place) -> Made | None:
        """`~n` after a group: its ANDs within n words."""
        inner, mark = tree.children[0], tree.token
        if inner.token.op != "and" or any(join.op != "and" for join in inner.joins):
            why = "only words joined by AND can be near each other; without it the rule finds more"
            self.merged.append(Stretch(mark.start, mark.end, "lost", "", why))
            return self.write(inner, place)
        made = [self.write(child, place) for child in inner.children]
        for number, each in enumerate(made):
            if each is None:
                self._drop(inner, number, more=place.wanted)
        return _joined([each for each in made if each is not None], f" NEAR/{mark.number} ", PROXIMITY)

    def _unsaid(self, tree: Tree, place: Place) -> Made | None:
        return None


_ACTS: dict[str, Callable[[Writer, Tree, Place], Made | None]] = {
    "and": Writer._and,
    "andnot": Writer._and,
    "or": Writer._or,
    "not": Writer._not,
    "phrase": Writer._phrase,
    "scope": Writer._scope,
    "atleast": Writer._counted,
    "first": Writer._counted,
    "prefer": Writer._after,
    "slop": Writer._slop,
    "unsaid": Writer._unsaid,
    **dict.fromkeys(("near", "pre", "sent", "para", "notnear", "notsent", "notpara"), Writer._near),
}


def _said(name: str, scope: str) -> str:
    """A value as its scope takes it: names of languages and countries become codes."""
    if scope == "lang:":
        return language_named(name) or spoken(name)
    if scope == "country:":
        return country_named(name) or spoken(name)
    bare = _SCHEME.sub("", name).strip("/") if scope in ("url:", "site:") else name
    return bare if _ADDRESS.fullmatch(bare) else spoken(bare)


def _joined(made: Sequence[Made], between: str, level: int) -> Made | None:
    if len(made) < 2:
        return made[0] if made else None
    weak = any(each.weak for each in made) if level == OR else all(each.weak for each in made)
    return Made(between.join(_under(each, level) for each in made), level, weak=weak)


def _under(made: Made, level: int) -> str:
    """In parentheses unless it is a term, or a NOT or a scope beside AND and OR."""
    if made.level == ATOM or (made.level == PREFIX and level < PROXIMITY):
        return made.text
    return f"({made.text})"


def _tokens(tree: Tree) -> Iterable[Token]:
    """All tokens of a tree but its parentheses, in no order that counts."""
    rest = [tree]
    while rest:
        each = rest.pop()
        yield each.token
        yield from each.joins
        rest.extend(reversed(each.children))


def short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
