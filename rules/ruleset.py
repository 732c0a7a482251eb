"""Many rules, a stream of documents: which rules are true of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter

from rules.document import Document, HitSpans, Match
from rules.engine.arrays import Array
from rules.engine.features import Features, Frequency
from rules.engine.index import Index, ReadRule
from rules.engine.matches import Matches
from rules.forms import Feature
from rules.rule import Rule, parse
from rules.tokenized import Tokenized, tokenize

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


def commonness(feature: Feature) -> float:
    """A guess at the share of documents that have a feature, for want of anything better."""
    return 1.0 if feature.key in _COMMON_WORDS or len(feature.key) < 3 else 0.7 ** min(len(feature.key), 12)


class RuleSet:
    """Stored rules by id. A document meets only those that it could make true; see rules/engine/index.py.

    `frequency` says what share of documents has a feature: known frequencies make it quicker, wrong ones only slower.
    A rule that fails on a document does not match it; `failures` has what happened (rule id -> words), `on_failure` is
    told once for each rule, and the others go on.
    """

    def __init__(self, *, on_failure: OnFailure | None = None, frequency: Frequency = commonness) -> None:
        self.failures: dict[str, str] = {}
        self._on_failure = on_failure
        self._index = Index(Features(frequency), self._holds)

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, rule_id: object) -> bool:
        return isinstance(rule_id, str) and rule_id in self._index

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError when it is not there, RuleError when its text is no rule any more."""
        return self._index.rule(rule_id)

    def source(self, rule_id: str) -> tuple[str, str, Mapping[str, str]] | None:
        """What a rule was read from, without reading it: text, language, the lists it uses; None when it is not there.

        The language is the one that the rule asks for itself, if it does.
        """
        return self._index.source(rule_id)

    def add(self, rule_id: str, rule: Rule | str) -> None:
        """Add a rule, or replace the one of that id. Raises RuleError for text that is no rule."""
        parsed = parse(rule) if isinstance(rule, str) else rule
        self.remove(rule_id)
        self._index.add(rule_id, parsed)

    def add_many(self, rules: Iterable[tuple[str, Rule | str]]) -> None:
        """Add or replace many rules, each id once, and put all rules in the order that is quickest to match.

        Raises RuleError at the first text that is no rule; then no rule was added.
        """
        self._index.commit((rule_id, parse(rule) if isinstance(rule, str) else rule) for rule_id, rule in rules)

    def remove(self, rule_id: str) -> bool:
        """False when there was none."""
        self.failures.pop(rule_id, None)
        return self._index.remove(rule_id)

    def commit(self) -> None:
        """Put rules that came one by one with the others: takes time now (about 2 s for a million), saves it later."""
        self._index.commit()

    @property
    def uncommitted(self) -> int:
        """How many rules came or went since the last `commit` or `add_many`."""
        return self._index.uncommitted

    @property
    def known_words(self) -> int:
        """How many different words the documents so far had; new ones cost most."""
        return self._index.known_words

    def save(self) -> dict[str, Array]:
        """The whole set as named arrays."""
        return self._index.arrays()

    @classmethod
    def load(
        cls, arrays: Mapping[str, Array], *, on_failure: OnFailure | None = None, frequency: Frequency = commonness
    ) -> "RuleSet":
        """The set that was saved; the arrays may be mapped from a file and are not written to."""
        rules = cls(on_failure=on_failure, frequency=frequency)
        rules._index = Index.loaded(arrays, frequency, rules._holds)
        return rules

    def match(self, document: Document) -> list[Match]:
        """The rules that are true of the document, by rule id; the hits of each are looked up when asked for."""
        return self.match_many([document])[0]

    def match_many(self, documents: Sequence[Document]) -> list[list[Match]]:
        """The same for many documents at once, which is quicker."""
        matches = self.match_batch(documents)
        by_document: list[list[Match]] = [[] for _ in documents]
        for place, rule_id, number in matches:
            by_document[place].append(self._match(rule_id, documents[place], partial(matches.rule, number)))
        return [sorted(each, key=attrgetter("rule_id")) for each in by_document]

    def match_batch(self, documents: Sequence[Document]) -> Matches:
        """Which rules are true of which documents, and no more than that: the quickest."""
        return self._index.match(documents)

    def match_all(self, document: Document) -> list[Match]:
        """The same as `match` by trying every rule: slow, obviously right, the oracle of the index."""
        tokens = tokenize(document)
        matches = []
        for rule_id in sorted(self._index.ids()):
            read = partial(self._index.rule, rule_id)
            if self._holds(rule_id, read, tokens):
                matches.append(self._match(rule_id, document, read))
        return matches

    def _match(self, rule_id: str, document: Document, read: ReadRule) -> Match:
        return Match(rule_id=rule_id, document_id=document.id, find=partial(self._hits, rule_id, read, document))

    def _hits(self, rule_id: str, read: ReadRule, document: Document) -> HitSpans:
        try:
            return read().hits(document) or ((), ())
        except Exception as error:  # the match stands, its places are not known
            self._failed(rule_id, error)
            return (), ()

    def _holds(self, rule_id: str, read: ReadRule, tokens: Tokenized) -> bool:
        try:
            return read().node.true_of(tokens)
        except Exception as error:  # a bug, or a text that is no rule any more, must not cost the others their alert
            self._failed(rule_id, error)
            return False

    def _failed(self, rule_id: str, error: Exception) -> None:
        known = rule_id in self.failures
        self.failures[rule_id] = f"{type(error).__name__}: {error}"
        if self._on_failure is not None and not known:
            self._on_failure(rule_id, error)
