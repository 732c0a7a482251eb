"""Every family's examples hold, are told in docs/rules.md, and a family is one file."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from rules import Document, RuleSet, parse
from rules.families import families
from tests.rules.operator_docs import DOCS, section
from tests.waiting import LONG

EXAMPLES = [(name, *example) for name, module in families() for example in module.EXAMPLES]
LISTS = {name: text for _, module in families() for name, text in getattr(module, "LISTS", {}).items()}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("family", "rule", "text", "matches"), EXAMPLES)
def test_example(family: str, rule: str, text: str | Document, matches: bool) -> None:
    document = Document(id="1", body=text) if isinstance(text, str) else text
    engine, parsed = RuleSet(), parse(rule, lists=LISTS)
    engine.add("it", parsed)
    assert (parsed.spans(document) is not None) is matches
    assert parse(str(parsed), lists=LISTS).node == parse(parsed.reading, lists=LISTS).node == parsed.node
    assert bool(engine.match(document)) is matches


def test_every_family_has_examples_of_both_kinds() -> None:
    for name, module in families():
        outcomes = {matches for _, _, matches in module.EXAMPLES}
        assert outcomes == {True, False}, name
        assert module.__doc__, name


def test_the_documentation_tells_every_family_and_example() -> None:
    assert section() in DOCS.read_text("utf-8"), "run: python -m tests.rules.operator_docs"


COUNT = '''
"""At least so often.

`TWICE/n X` matches when X has n hits or more.
"""
from dataclasses import dataclass

from rules import nodes
from rules.grammar import Infix, Number, Prefix, Shape
from rules.nodes import Node, bracketed
from rules.operators.words import run_of
import re

EXAMPLES = (("TWICE/2 war", "War and war.", True), ("TWICE/2 war", "War.", False))


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    part: Node
    number: int

    level = nodes.PREFIX

    @property
    def children(self):
        return (self.part,)

    def hits(self, tokens):
        hits = self.part.hits(tokens)
        return hits if hits is not None and len(hits) >= self.number else None

    def write(self, full=False):
        return f"TWICE/{self.number} " + bracketed(self.part, nodes.PREFIX, full)


@dataclass(frozen=True, slots=True)
class Headline(AtLeast):
    def hits(self, tokens):
        hits = [hit for hit in self.part.hits(tokens) or () if tokens.field(hit[0]) == "title"]
        return hits or None

    def write(self, full=False):
        return "head:" + bracketed(self.part, nodes.PREFIX, full)


@dataclass(frozen=True, slots=True)
class Before(Node):
    left: Node
    right: Node

    level = nodes.PROXIMITY

    @property
    def children(self):
        return (self.left, self.right)

    def hits(self, tokens):
        left, right = self.left.hits(tokens), self.right.hits(tokens)
        return sorted({*left, *right}) if left and right and left[0] < right[-1] else None

    def write(self, full=False):
        return f"{bracketed(self.left, nodes.AND, full)} AFTER/1 {bracketed(self.right, nodes.PROXIMITY, full)}"


PREFIX = (
    Prefix(name="TWICE", make=lambda operand, call: AtLeast(operand.node, call.number), number=Number(low=1, high=9)),
    Prefix(name="head:", make=lambda operand, call: Headline(operand.node, 1)),
)
INFIX = (
    Infix(name="AFTER", make=lambda left, right, call: Before(left.node, right.node), number=Number(low=0, high=9)),
)
SHAPES = (Shape(name="dollar", pattern=re.compile("[$][a-z]+"), read=lambda text, call: run_of("listed", call)),)
'''

PROGRAM = """
import sys
import rules.operators
rules.operators.__path__.append(sys.argv[1])
from rules import Document, RuleError, RuleSet, parse

for rule, title, body, wanted in (
    ("TWICE/2 (war OR wars) NOT drill", "", "War and wars.", True),
    ("TWICE/2 (war OR wars) NOT drill", "", "War.", False),
    ("NOT TWICE/2 war AND peace", "", "War, peace.", True),
    ("head:war peace", "War", "Peace.", True),
    ("head:war peace", "Peace", "War.", False),
    ("war AFTER/1 peace AND $all", "", "War, then peace, listed.", True),
    ("war AFTER/1 peace", "", "Peace, then war.", False),
):
    engine, document = RuleSet(), Document(id="1", title=title, body=body)
    engine.add("it", rule)
    assert bool(engine.match(document)) is wanted is bool(engine.match_all(document)), rule
    assert parse(str(parse(rule))).node == parse(rule).node, rule
try:
    parse("TWICE/99 war")
except RuleError as error:
    assert error.cure == "TWICE/9 war", error.cure
print("fine")
"""

BEHIND = '''
"""Behind.

`A BEHIND/n B` matches when B stands before A with at most n words between.
"""
from dataclasses import dataclass

from rules.checks import CheckKind, wider
from rules.grammar import Infix, Number
from rules.operators._proximity import Linked, join_in_order, linked

EXAMPLES = (("war BEHIND/1 peace", "Peace, then war.", True), ("war BEHIND/1 peace", "War, then peace.", False))


@dataclass(frozen=True, slots=True)
class Behind(Linked):
    name = "BEHIND"
    check = "behind"

    def hits(self, tokens):
        left, right = self.left.hits(tokens), self.right.hits(tokens)
        return join_in_order(right, left, self.words) or None if left and right else None


def _behind(left, right, call):
    return linked(left, right, call, lambda left, right: Behind(left, right, call.number))


CHECKS = (
    CheckKind(
        name="behind",
        holds=lambda sides: sides.some(sides.preceded()),
        weaker={"behind": wider, "near": wider},
    ),
)
INFIX = (Infix(name="BEHIND", make=_behind, number=Number(low=0, high=9)),)
'''

BEHIND_PROGRAM = """
import sys
import rules.operators
rules.operators.__path__.append(sys.argv[1])
from rules import Document, RuleSet, parse
from rules.doctor import examine

rule = parse("war BEHIND/1 peace")
needed = rule.node.condition(True)
assert needed.exact and needed.checks, needed
engine = RuleSet()
engine.add("it", rule)
engine.add("other", "war PRE/1 peace")
engine.commit()  # what is committed has its checks done by the arrays
for each in (engine, RuleSet.load(engine.save())):
    each._index._decide = lambda *asked: 1 / 0  # the tree is not needed
    for body, wanted in (("Peace, then war.", ["it"]), ("War, then peace.", ["other"]), ("Peace is far from war.", [])):
        assert [match.rule_id for match in each.match(Document(id="1", body=body))] == wanted, body
(finding,) = examine(rule, others=[("2", parse("peace NEAR/3 war"))])
assert finding.kind == "subsumed", finding
assert examine(rule, others=[("2", parse("war NEAR/0 peace"))]) == []
print("fine")
"""


def test_a_check_of_positions_is_one_file(tmp_path: Path) -> None:
    """The arrays do it, it is saved and loaded, and the doctor knows what follows from it."""
    (tmp_path / "behind.py").write_text(BEHIND, "utf-8")
    program = [sys.executable, "-c", BEHIND_PROGRAM, str(tmp_path)]
    run = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False, timeout=LONG)
    assert (run.stdout.strip(), run.stderr) == ("fine", "")


def test_a_family_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "counted.py").write_text(textwrap.dedent(COUNT), "utf-8")
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    run = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False, timeout=LONG)
    assert (run.stdout.strip(), run.stderr) == ("fine", "")
