"""Rules written for other tools: a file or a paste cut into rules, and what became of each, told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from rules import RuleError
from rules.dialects import OWN, Part, Translation, Verdict, dialect, translate
from rules.grammar import NO_LISTS

MOST_JOINED = 50  # lines that one rule may run over
_OPEN = re.compile(r"\"[^\"]*\"|[()]")
_GOES_ON = re.compile(r"(?:\b(?:AND|OR|NOT)|\b(?:O?NEAR|PRE)/\d+f?)\s*$")
_WENT_ON = re.compile(r"\s*(?:AND|OR|NOT|O?NEAR/\d+f?)\b")
_NAMED = re.compile(r"([^\t\"()]{1,80})\t\s*(.*)", re.DOTALL)
_LINE_BY_LINE = ("miniflux", OWN)  # where a line is a rule, whatever it looks like


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One rule of another tool. `translation` is None when it cannot be read: `error` says why."""

    line: int
    name: str
    source: str
    translation: Translation | None = None
    error: RuleError | None = None

    @property
    def rule(self) -> str:
        """Our rule; empty when there is none."""
        return self.translation.text if self.translation else ""

    @property
    def verdict(self) -> Verdict:
        """The worst of its parts."""
        return self.translation.verdict if self.translation else "lost"


def read(text: str, tool: str, lists: Mapping[str, str] = NO_LISTS) -> list[Imported]:
    """The rules of a text, one a line; a line may begin with a name and a tab, and a rule may run over lines."""
    return [_imported(line, rule, tool, lists) for line, rule in _rules(text, joined=tool not in _LINE_BY_LINE)]


def _imported(line: int, source: str, tool: str, lists: Mapping[str, str]) -> Imported:
    named = _NAMED.fullmatch(source)
    name, rule = (named[1].strip(), named[2]) if named else ("", source)
    try:
        return Imported(line=line, name=name, source=rule, translation=translate(rule, tool, lists=lists))
    except RuleError as error:
        return Imported(line=line, name=name, source=rule, error=error)


def _rules(text: str, *, joined: bool) -> Iterator[tuple[int, str]]:
    """(line number, rule), the lines of one rule joined."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        count = _span(lines, at) if joined else 1
        rule = " ".join(line.strip() for line in lines[at : at + count]) if count > 1 else lines[at].strip()
        if rule:
            yield at + 1, rule
        at += count


def _span(lines: list[str], at: int) -> int:
    """Over how many lines the rule at `at` runs; one, when its parentheses never close."""
    depth, whole = 0, 1
    for number, line in enumerate(lines[at : at + MOST_JOINED]):
        if not line.strip():
            break
        if number and depth <= 0 and not _GOES_ON.search(lines[at + number - 1]) and not _WENT_ON.match(line):
            break
        depth += sum({"(": 1, ")": -1}.get(piece, 0) for piece in _OPEN.findall(line))
        if depth <= 0:
            whole = number + 1
    return whole


# ------------------------------------------------------------------------------------------------------------- report


def verdict_lines(translation: Translation) -> Iterator[tuple[Verdict, str]]:
    """What became of its parts, a line for each verdict and reason: what was lost first."""
    for verdict in ("lost", "changed", "kept"):
        parts = [part for part in translation.parts if part.verdict == verdict and _deserves_a_line(part)]
        for why, alike in _by_reason(parts, verdict):
            shown = ", ".join(dict.fromkeys(_change(part) for part in alike))
            yield verdict, f"{shown.rstrip(':')}: {why}" if why else shown


def _deserves_a_line(part: Part) -> bool:
    return part.verdict != "kept" or part.text not in ("(", ")", "[", "]")


def _by_reason(parts: list[Part], verdict: Verdict) -> Iterable[tuple[str, list[Part]]]:
    if verdict == "kept":
        return [("", parts)] if parts else []
    ordered = sorted(parts, key=lambda part: part.why)
    return [(why, list(alike)) for why, alike in groupby(ordered, key=lambda part: part.why)]


def _change(part: Part) -> str:
    source = part.text or "(no operator)"
    return source if part.into in ("", part.text) else f"{source} → {part.into}"


def report(imported: Iterable[Imported], tool: str) -> Iterator[str]:
    """The whole report as lines of text."""
    rules = list(imported)
    for each in rules:
        label = f" {each.name}" if each.name else ""
        yield f"{each.line}:{label} {each.source}"
        yield from _lines(each)
        yield ""
    yield summary(rules, tool)


def _lines(each: Imported) -> Iterator[str]:
    if each.error is not None:
        yield f"  cannot be read: {each.error.message}"
        yield from ("    " + line for line in each.error.caret().splitlines())
        if each.error.cure:
            yield f"  try: {each.error.cure}"
        return
    assert each.translation is not None
    yield f"  rule     {each.rule}" if each.rule else f"  no rule  {each.translation.problem}"
    for verdict, line in verdict_lines(each.translation):
        yield f"  {verdict:8} {line}"


def summary(imported: Iterable[Imported], tool: str) -> str:
    """`3 rules of LexisNexis: 1 kept, 1 changed, 1 not made`."""
    rules = list(imported)
    title = dialect(tool).TITLE
    made = [each for each in rules if each.rule]
    counts = [
        (sum(each.verdict == "kept" for each in made), "kept"),
        (sum(each.verdict == "changed" for each in made), "changed"),
        (sum(each.verdict == "lost" for each in made), "with something lost"),
        (len(rules) - len(made), "not made"),
    ]
    shown = ", ".join(f"{number} {what}" for number, what in counts if number)
    return f"{len(rules)} rule{'s' * (len(rules) != 1)} of {title}: {shown or 'none'}"
