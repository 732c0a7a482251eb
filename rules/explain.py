"""Why a rule is true of a document or not, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rules.document import Document, Span
from rules.nodes import Node
from rules.rule import Rule, parse
from rules.tokenized import Tokenized, tokenize

MOST_LINES = 40  # what a phone shows before nobody reads on
MOST_PARTS = 6  # of one AND or OR
LONGEST_LINE = 80  # characters of a part's text


@dataclass(frozen=True, slots=True)
class Explanation:
    """One part of a rule: its text, truth, hits, a remark (of a miss: how near it was), its own parts."""

    text: str
    truth: bool
    spans: tuple[Span, ...]
    detail: str = ""
    children: tuple["Explanation", ...] = ()

    def lines(self) -> list[str]:
        """For people: a line for each part, parts indented below what they belong to.

        Of many parts the true ones come first, then those false ones that came near; the rest is counted.

        >>> from rules import Document, explain
        >>> print("\\n".join(explain("~troop NOT drill", Document(id="1", body="A troop.")).lines()))
        ✓ ~troop AND NOT drill
          ✓ ~troop: 1 hit: “troop”
          ✓ NOT drill
            ✗ drill: not found
        """
        first_lines = list(islice(_lines(self), MOST_LINES + 1))
        return first_lines if len(first_lines) <= MOST_LINES else [*first_lines[: MOST_LINES - 1], "… and more parts"]


def _lines(explanation: Explanation) -> Iterator[str]:
    text = explanation.text if len(explanation.text) <= LONGEST_LINE else explanation.text[: LONGEST_LINE - 1] + "…"
    yield f"{'✓' if explanation.truth else '✗'} {text}" + (f": {explanation.detail}" if explanation.detail else "")
    shown = _shown(explanation)
    for child in shown:
        yield from (f"  {line}" for line in _lines(child))
    there = sum(child.truth for child in explanation.children) - sum(child.truth for child in shown)
    missing = len(explanation.children) - len(shown) - there
    rest = [f"{there} more found"] * bool(there) + [f"{missing} more not found"] * bool(missing)
    if rest:
        yield f"  … and {', '.join(rest)}"


def _shown(explanation: Explanation) -> list[Explanation]:
    """All parts, or the few that decide: true ones, and where the whole is false those that made it so."""
    if len(explanation.children) <= MOST_PARTS:
        return list(explanation.children)
    true = [child for child in explanation.children if child.truth]
    false = sorted((child for child in explanation.children if not child.truth), key=_is_far)
    room = MOST_PARTS if explanation.truth else MOST_PARTS // 2
    chosen = true[: max(room, MOST_PARTS - len(false))]
    return chosen + false[: MOST_PARTS - len(chosen)]


def _is_far(explanation: Explanation) -> bool:
    """Whether a miss has nothing to tell: not even a part of it was found."""
    return explanation.detail.startswith("not found") and not any(child.truth for child in explanation.children)


def explain(rule: Rule | str, document: Document) -> Explanation:
    """Every part of the rule against the document. Raises RuleError for text that is no rule."""
    parsed = parse(rule) if isinstance(rule, str) else rule
    return _explain(parsed.node, tokenize(document), parsed.lang)


def _explain(node: Node, tokens: Tokenized, lang: str) -> Explanation:
    hits = node.hits(tokens)
    return Explanation(
        text=node.write(),
        truth=hits is not None,
        spans=tokens.spans(hits or ()),
        detail=node.detail(tokens, lang),
        children=tuple([_explain(child, tokens, lang) for child in node.children]),
    )
