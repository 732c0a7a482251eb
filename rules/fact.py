"""Facts: parts of a rule that are true of a document as a whole, and so have no place in its text."""

from dataclasses import dataclass

from rules import nodes
from rules.document import Document
from rules.nodes import Node
from rules.tokenized import Hits, Tokenized


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A fact of the document or of its story. What it derives decides in `holds`."""

    @property
    def language(self) -> str:
        """The code of the language that it asks for, if that is what it does."""
        return ""

    @property
    def of_story(self) -> bool:
        """Whether it is known only once the document is in a story."""
        return False

    def holds(self, document: Document) -> bool:
        """Whether it is so."""
        raise NotImplementedError

    def hits(self, tokens: Tokenized) -> Hits | None:
        """True without a place."""
        return [] if self.holds(tokens.document) else None


def placeless(node: Node) -> str:
    """Why nothing can be near it, in words; empty when it has places."""
    fact = next((part for part in nodes.walk(node) if isinstance(part, Fact)), None)
    return f"{fact.write()} is true of the whole document and has no place in it" if fact else ""


def asks_story(node: Node) -> bool:
    """Whether any part asks for what is known only once the document is in a story."""
    return any(isinstance(part, Fact) and part.of_story for part in nodes.walk(node))


def own_language(node: Node) -> str:
    """The one language that a rule asks of the whole document; empty when there is none, or a choice."""
    parts = node.children if node.level == nodes.AND else (node,)
    languages = {part.language for part in parts if isinstance(part, Fact)} - {""}
    return languages.pop() if len(languages) == 1 else ""
