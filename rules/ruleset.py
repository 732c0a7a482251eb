"""Many rules, a stream of documents: which rules are true of each."""

from collections.abc import Callable, Iterable

from rules.conditions import Group, Term
from rules.document import Document, Match
from rules.forms import Feature, KeyForm, form
from rules.page import Page, page_of
from rules.rule import Rule, parse

OnFailure = Callable[[str, Exception], None]

# Words that most documents have; the rest is told by length. Bad guesses cost time, never a match.
_COMMON = """
a about after all also an and are as at be been but by can could for from had has have he her his if in into is it its
more new no not of on one or other our out over said say she so some than that the their them there they this to two up
was we were what when which who will with would you year people first time government president
der die das und in den von zu mit ist im für auf nicht ein eine dem des sich la le les et un une que en el los de
и в не на что с по как это из за у о к от для та що не на і з до
"""
_COMMON_WORDS = frozenset(_COMMON.split())


def _commonness(word: str) -> float:
    return 1.0 if word in _COMMON_WORDS or len(word) < 3 else 0.7 ** min(len(word), 12)


class RuleSet:
    """Stored rules, each listed under its rarest needed words: a document meets only the rules that it could match.

    A rule that fails on a document is reported to `on_failure` and kept in `failures` (rule id -> what happened);
    the others go on.
    """

    def __init__(self, *, on_failure: OnFailure | None = None) -> None:
        self.failures: dict[str, str] = {}
        self._on_failure = on_failure
        self._rules: dict[str, Rule] = {}
        self._anchors: dict[str, frozenset[Feature]] = {}
        self._listed: dict[str, dict[str, set[str]]] = {}  # language or "" -> stem or word -> rule ids
        self._unlisted: set[str] = set()  # rules that need nothing in particular: tried on every document

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def add(self, rule_id: str, rule: Rule | str) -> None:
        """Add a rule, or replace the one of that id. Raises RuleError for text that is no rule."""
        parsed = parse(rule) if isinstance(rule, str) else rule
        self.remove(rule_id)
        self._rules[rule_id] = parsed
        anchor = self._anchor(parsed)
        if anchor is None:
            self._unlisted.add(rule_id)
            return
        self._anchors[rule_id] = anchor
        for feature in anchor:
            self._listed.setdefault(feature.form, {}).setdefault(feature.key, set()).add(rule_id)

    def _anchor(self, rule: Rule) -> frozenset[Feature] | None:
        """Features of which a document must have one; None when there are no such."""
        groups = [self._features(group) for group in rule.node.condition(True).groups]
        found = [features for features in groups if features is not None]
        return min(found, key=lambda features: sum(map(self._cost, features)), default=None)

    def _features(self, group: Group) -> frozenset[Feature] | None:
        if not all(literal.present and isinstance(form(literal.term.words[0].form), KeyForm) for literal in group):
            return None
        return frozenset(self._rarest(literal.term) for literal in group)

    def _rarest(self, term: Term) -> Feature:
        return min(term.words, key=self._cost)

    def _cost(self, feature: Feature) -> float:
        """How many rules a document is expected to meet for this feature's sake: commonness, and what it lists."""
        listed = self._listed.get(feature.form, {}).get(feature.key, ())
        return _commonness(feature.key) * (1 + len(listed))

    def remove(self, rule_id: str) -> bool:
        """False when there was none."""
        if self._rules.pop(rule_id, None) is None:
            return False
        self._unlisted.discard(rule_id)
        self.failures.pop(rule_id, None)
        for feature in self._anchors.pop(rule_id, ()):
            table = self._listed[feature.form]
            table[feature.key].discard(rule_id)
            if not table[feature.key]:
                del table[feature.key]
            if not table:
                del self._listed[feature.form]
        return True

    def match(self, document: Document) -> list[Match]:
        """The rules that are true of the document, by rule id, each with its hits in reading order."""
        page = page_of(document)
        found = set(self._unlisted)
        for lang, table in self._listed.items():
            for key in page.forms(lang).keys & table.keys():
                found |= table[key]
        return self._try(sorted(found), document, page)

    def match_all(self, document: Document) -> list[Match]:
        """The same by trying every rule: slow, obviously right, the oracle of the index."""
        return self._try(sorted(self._rules), document, page_of(document))

    def _try(self, rule_ids: Iterable[str], document: Document, page: Page) -> list[Match]:
        matches = []
        for rule_id in rule_ids:
            try:
                hits = self._rules[rule_id].node.hits(page)
                if hits is not None:
                    spans = page.spans(hits)
                    matches.append(Match(rule_id=rule_id, document_id=document.id, spans=spans))
            except Exception as error:  # an operator's bug must not cost the other rules their alert
                self.failures[rule_id] = f"{type(error).__name__}: {error}"
                if self._on_failure is not None:
                    self._on_failure(rule_id, error)
        return matches
