"""The rule engine: text in, matches out, no I/O.

>>> from rules import Document, RuleSet, parse
>>> engine = RuleSet()
>>> engine.add("troops", '"troop deployment" AND Ukraine')
>>> article = Document(id="1", title="Troop deployment agreed", body="It begins in Ukraine.")
>>> [match.rule_id for match in engine.match(article)]
['troops']
>>> parse("(troops OR soldiers) AND").text
Traceback (most recent call last):
    ...
rules.errors.RuleError: AND needs a term after it
"""

from rules.document import Document, Match, Span
from rules.errors import RuleError
from rules.explain import Explanation, explain
from rules.rule import Note, Rule, parse
from rules.ruleset import RuleSet

__all__ = ["Document", "Explanation", "Match", "Note", "Rule", "RuleError", "RuleSet", "Span", "explain", "parse"]
