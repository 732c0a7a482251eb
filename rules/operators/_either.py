"""What the options share that take a term in several spellings."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rules import nodes
from rules.errors import Fix, Refusal
from rules.fact import Fact
from rules.grammar import Call, Operand, grammar
from rules.lexer import Lexer
from rules.lists import Named
from rules.nodes import MOST_TERMS, Node, bracketed, rebuilt
from rules.operators.boolean import AnyPart
from rules.operators.preferred import Preferred
from rules.operators.regex import Regex

Spell = Callable[[str], tuple[str, ...]]  # a term's text, then its other spellings


@dataclass(frozen=True, slots=True)
class Either(AnyPart):
    """One term as typed, then the same in other spellings; `option` asked for them."""

    option: str  # umlauts: or hanzi:, or several of them
    own: None = field(default=None, init=False, compare=False)  # nobody else may put other parts in (nodes.rebuilt)

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PREFIX

    def write(self, full: bool = False) -> str:
        """As rule text: as typed, behind the option."""
        return f"{self.option}{bracketed(self.parts[0], nodes.PREFIX, full)}"


def spelled(operand: Operand, call: Call, spell: Spell) -> Node:
    """The operand with every term in it in all spellings. Raises Refusal for lists, which are written elsewhere."""
    option = call.name.strip().lower()
    named = next((part for part in nodes.walk(operand.node) if isinstance(part, Named)), None)
    if named is not None:
        message = f"{option} does not reach into @{named.name}; write {option} into the list"
        cures = ((Fix(call.start, call.end, " "),),)
        raise Refusal(message, operand.start, operand.end, expected=("a term or a group",), cures=cures)
    node = _spelled(operand.node, option, spell, call)
    if nodes.count_terms(node) > MOST_TERMS:
        message = f"with their other spellings these are more than {MOST_TERMS:,} terms; make two rules of it"
        raise Refusal(message, operand.start, operand.end)
    return node


def _spelled(node: Node, option: str, spell: Spell, call: Call) -> Node:
    if isinstance(node, Fact | Regex):
        return node
    if isinstance(node, Either | Preferred) or not node.children:
        return _either(node, option, spell, call)
    parts = [_spelled(part, option, spell, call) for part in node.children]
    return (rebuilt(node, parts) if parts else None) or node


def _either(node: Node, option: str, spell: Spell, call: Call) -> Node:
    """The term and its other spellings; the term alone when there are none. Options may stand before one another."""
    typed, options = (node.parts, node.option) if isinstance(node, Either) else ((node,), "")
    if option in options:
        return node
    others = [_read(text, call) for each in typed for text in spell(each.write())[1:]]
    parts = tuple(dict.fromkeys([*typed, *(each for each in others if each is not None)]))
    return Either(parts, option + options) if len(parts) > len(typed) else node


def _read(text: str, call: Call) -> Node | None:
    """The term that the text is; None where it is none, such as a wildcard with too few letters of its own."""
    try:
        tokens = list(Lexer(text, call.lang, grammar(), call.lists))
    except Refusal:
        return None
    return tokens[0].node if len(tokens) == 1 else None
