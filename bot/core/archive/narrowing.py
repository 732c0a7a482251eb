"""Rules that ask for more than a given one: what to offer when it would alert too often."""

from collections.abc import Callable, Iterable

from rules import Rule, RuleError
from rules.fact import placeless
from rules.nodes import AND, ATOM, PROXIMITY, Node, bracketed
from rules.operators.boolean import And, Not

Read = Callable[[str], Rule]


def narrower(rule: Rule, read: Read) -> list[Rule]:
    """The rule with its words closer together, in the title or the beginning, or more often; each that can be read."""
    rules: dict[str, Rule] = {}
    for text in _texts(rule.node):
        try:
            made = read(text)
        except RuleError:  # NEAR takes no NOT inside, and whatever else an operator refuses
            continue
        rules.setdefault(str(made), made)
    rules.pop(str(rule), None)
    return list(rules.values())


def _texts(node: Node) -> Iterable[str]:
    wanted, rest = _split(node)
    if not wanted:
        return
    if len(wanted) > 1:
        for infix in ("NEAR/10", "SENT"):
            yield _joined([f" {infix} ".join(_tight(part) for part in wanted)], rest)
    for prefix in ("title:", "lead:", "ATLEAST/3 "):
        yield _joined([prefix + _operand(part) for part in wanted], rest)


def _split(node: Node) -> tuple[list[Node], list[Node]]:
    """The parts that must be somewhere in the text, and the others, which stay as they are."""
    parts = node.parts if isinstance(node, And) else (node,)
    wanted = [part for part in parts if not isinstance(part, Not) and not placeless(part)]
    return wanted, [part for part in parts if part not in wanted]


def _operand(node: Node) -> str:
    return node.write() if node.level == ATOM else f"({node.write()})"


def _tight(node: Node) -> str:
    return bracketed(node, PROXIMITY, False)


def _joined(texts: list[str], rest: list[Node]) -> str:
    return " AND ".join([*texts, *(bracketed(part, AND, False) for part in rest)])
