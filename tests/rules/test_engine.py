"""The index's own promises: words as the tree sees them, equal rules once, odd texts, rules that come and go."""

import random
import string
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Document, RuleSet
from rules.engine.dictionary import Dictionary
from rules.engine.features import Features
from rules.engine.tokens import BIG, Tokenizer
from rules.forms import Feature, KeyForm, form
from rules.ruleset import commonness
from rules.tokenized import Tokenized

_ODD = "aZéßøæИй北京ทหの가½²ﬁ·'’-–_.,!\n\t \u00ad\u200d\u0301\u0308\ud800\U0001f600\U00020000\U0001d400"
_PIECES = st.sampled_from([*_ODD, "word", "Kyiv", "1,5"])
texts = st.one_of(st.lists(_PIECES, max_size=30).map("".join), st.text(max_size=30))


_KEY_FORMS = ["", "en", "de", "ru", "romanised", "written"]
_LETTERS = string.ascii_letters + "éüßИя'"


def _document(title: str, body: str) -> Document:
    return Document(id="d", title=title, body=body)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_the_index_sees_the_words_of_the_page_at_their_positions(many: list[tuple[str, str]]) -> None:
    documents = [_document(title, body) for title, body in many]
    features = Features(commonness)
    dictionary = Dictionary(features)
    tokenizer = Tokenizer(dictionary, features.hashing)
    for _ in range(2):  # words met for the first time, and words known
        tokens = tokenizer.split(documents)
        pairs = zip(tokens.places.tolist(), tokens.words.tolist(), strict=True)
        number_at = {divmod(place, BIG): word for place, word in pairs}
        wanted = {}
        for number, document in enumerate(documents):
            row = Tokenized(document).forms("").row
            wanted.update({(number, position): word for position, word in enumerate(row) if word})
        assert number_at.keys() == wanted.keys()
        spelled: dict[int, str] = {}
        for place, word in number_at.items():  # one number stands for one folded word
            assert spelled.setdefault(word, wanted[place]) == wanted[place]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(_LETTERS, max_size=80), max_size=8), st.sampled_from(_KEY_FORMS))
def test_many_keys_at_once_are_the_keys_one_by_one(words: list[str], name: str) -> None:
    kind = form(name)
    assert isinstance(kind, KeyForm)
    assert kind.keys(words) == [kind.key(word) for word in words]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8), st.sampled_from(["", "en", "wildcard"]))
def test_a_hash_is_the_same_however_it_is_found(words: list[str], name: str) -> None:
    hashing = Features(commonness, seed=7).hashing
    assert hashing.words(words, name).tolist() == [hashing.word(word, name) for word in words]
    assert len({hashing.word("war", ""), hashing.word("war", "en"), hashing.word("raw", "")}) == 3


def _count_rows(engine: RuleSet) -> int:
    return len(engine.save()["tree"])


def test_equal_rules_of_many_people_are_decided_once() -> None:
    engine = RuleSet()
    engine.add_many((f"{person}", "troops AND (Ukraine OR Poland)") for person in range(50))
    engine.add("other", "(poland OR UKRAINE) troops")
    engine.commit()
    engine.remove("7")
    assert _count_rows(engine) == 2  # one for the fifty, one for what came by itself
    matches = engine.match(Document(id="d", body="Troops leave Ukraine."))
    assert len(matches) == 50
    assert {match.spans for match in matches} == {matches[0].spans}


def test_rules_that_come_and_go_count_from_the_next_document_on() -> None:
    engine, oracle = RuleSet(), {}
    draw = random.Random(5)
    words = ["war", "peace", "Kyiv", "troops", "deploy", "grain", "ÉTÉ", "北京"]
    for step in range(400):
        rule_id = str(draw.randrange(40))
        if draw.random() < 0.3:
            engine.remove(rule_id)
            oracle.pop(rule_id, None)
        else:
            pair = draw.sample(words, 2)
            shape = draw.choice(["{} AND {}", "{} NEAR/2 {}", '"{} {}"', "~{} NOT {}", "{} OR {}"])
            oracle[rule_id] = shape.format(*pair)
            engine.add(rule_id, oracle[rule_id])
        if draw.random() < 0.05:
            engine.commit()
        if draw.random() < 0.02:
            engine = RuleSet.load(engine.save())
        body = " ".join(draw.choices([*words, "und", "."], k=12))
        document = Document(id=str(step), title=draw.choice(words), body=body)
        fresh = RuleSet()
        for known, text in oracle.items():
            fresh.add(known, text)
        assert engine.match(document) == fresh.match_all(document)
        assert len(engine) == len(oracle)


def test_a_saved_set_does_not_write_to_its_arrays() -> None:
    engine = RuleSet()
    engine.add_many([("a", "war"), ("b", '"grain deal" NEAR/3 Odesa')])
    arrays = engine.save()
    for array in arrays.values():
        array.setflags(write=False)
    loaded = RuleSet.load(arrays)
    loaded.add("c", "peace AND ~deploy")
    loaded.remove("a")
    document = Document(id="d", body="War and peace: deployed. The grain deal of Odesa.")
    assert [match.rule_id for match in loaded.match(document)] == ["b", "c"]
    loaded.commit()
    assert [match.rule_id for match in loaded.match(document)] == ["b", "c"]


def test_a_text_that_is_no_rule_leaves_the_set_as_it_was() -> None:
    engine = RuleSet()
    engine.add_many([("a", "war")])

    def rules() -> Iterator[tuple[str, str]]:
        yield "a", "peace"
        yield "b", "peace AND"

    with pytest.raises(Exception, match="needs a term"):
        engine.add_many(rules())
    assert [match.rule_id for match in engine.match(Document(id="d", body="war"))] == ["a"]


def test_more_documents_than_a_batch_holds_keep_their_places() -> None:
    engine = RuleSet()
    engine.add_many([("even", "even"), ("odd", "odd NEAR/1 number")])
    documents = [Document(id=str(n), title="", body=["even", "odd number"][n % 2]) for n in range(200)]
    matches = engine.match_many(documents)
    assert [[match.rule_id for match in each] for each in matches] == [[["even"], ["odd"]][n % 2] for n in range(200)]
    assert [match.document_id for each in matches for match in each] == [document.id for document in documents]


def test_words_without_end_are_forgotten_and_learned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.engine.dictionary.MOST_WORDS", 50)
    engine = RuleSet()
    engine.add_many([("a", "w7"), ("b", "w9 NEAR/2 w10")])
    for start in range(0, 300, 10):
        body = " ".join(f"w{n}" for n in range(start, start + 20))
        engine.match(Document(id="x", body=body))
    matches = engine.match(Document(id="d", body="w7 w9 and w10"))
    assert [match.rule_id for match in matches] == ["a", "b"]


def test_no_documents_and_no_rules() -> None:
    engine = RuleSet()
    assert engine.match_many([]) == []
    assert engine.match(Document(id="d", body="war")) == []
    engine.commit()
    assert engine.match(Document(id="d", body="war")) == []
    assert engine.match(Document(id="e")) == []
    assert len(RuleSet.load(engine.save())) == 0


def test_frequencies_steer_the_anchor_and_change_no_answer() -> None:
    def backwards(feature: Feature) -> float:
        return 1.0 - min(commonness(feature), 1.0)

    texts = ["the AND Zelensky", "Kyiv (war OR peace) NOT drill", '"the war" NEAR/4 Kyiv', "a b c"]
    bodies = ("The war in Kyiv; Zelensky spoke.", "a b c", "Kyiv: peace drill")
    documents = [Document(id="d", body=body) for body in bodies]
    answers = []
    for frequency in (commonness, backwards, lambda feature: 0.0):
        engine = RuleSet(frequency=frequency)
        engine.add_many((str(number), text) for number, text in enumerate(texts))
        answers.append([[match.rule_id for match in each] for each in engine.match_many(documents)])
    assert answers[0] == answers[1] == answers[2] == [["0", "1", "2"], ["3"], []]


def test_arrays_are_plain_numpy() -> None:
    engine = RuleSet()
    engine.add("a", "war")
    assert all(type(array) is np.ndarray and array.dtype != object for array in engine.save().values())
