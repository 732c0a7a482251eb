"""Why a rule is true of a document or not, part by part."""

from dataclasses import dataclass

from rules.document import Document, Span
from rules.nodes import Node
from rules.page import Page, page_of
from rules.rule import Rule, parse


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

        >>> from rules import Document, explain
        >>> print("\\n".join(explain("~troop NOT drill", Document(id="1", body="A troop.")).lines()))
        ✓ ~troop AND NOT drill
          ✓ ~troop: 1 hit: “troop”
          ✓ NOT drill
            ✗ drill: not found
        """
        own = f"{'✓' if self.truth else '✗'} {self.text}" + (f": {self.detail}" if self.detail else "")
        return [own, *(f"  {line}" for child in self.children for line in child.lines())]


def explain(rule: Rule | str, document: Document) -> Explanation:
    """Every part of the rule against the document. Raises RuleError for text that is no rule."""
    parsed = parse(rule) if isinstance(rule, str) else rule
    return _explain(parsed.node, page_of(document), parsed.lang)


def _explain(node: Node, page: Page, lang: str) -> Explanation:
    hits = node.hits(page)
    return Explanation(
        text=node.write(),
        truth=hits is not None,
        spans=page.spans(hits or ()),
        detail=node.detail(page, lang),
        children=tuple([_explain(child, page, lang) for child in node.children]),
    )
