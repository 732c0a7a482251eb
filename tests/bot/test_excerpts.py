from hypothesis import given
from hypothesis import strategies as st

from bot.writing.excerpts import LONGEST, excerpts, marked_title
from rules import Document, Span
from tests.fakes import document


def spans_of(text: str, *words: str, field: str = "body") -> list[Span]:
    spans = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            spans.append(Span(field, at, at + len(word)))
            at = text.find(word, at + 1)
    return sorted(spans)


def marked(doc: Document, *words: str, most: int = 3) -> list[str]:
    lines = []
    for one in excerpts(doc, spans_of(doc.body, *words), most=most):
        text = one.text
        for start, end in reversed(one.highlights):
            text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
        lines.append(text)
    return lines


def test_the_sentences_with_the_most_different_hits_come_in_reading_order() -> None:
    doc = document(1, body="A troop came. Nothing here. The troop met Ukraine there. Ukraine agreed. Peace followed.")
    assert marked(doc, "troop", "Ukraine", "Peace", most=2) == [
        "The [troop] met [Ukraine] there.",
        "[Peace] followed.",
    ]


def test_a_sentence_that_shows_nothing_new_is_left_out() -> None:
    doc = document(1, body="Troops marched. Troops marched. Troops marched.")
    assert marked(doc, "Troops") == ["[Troops] marched."]


def test_without_a_hit_in_the_body_its_first_sentence_gives_the_context() -> None:
    doc = document(1, title="Troops", body="First one. Second one.")
    (only,) = excerpts(doc, [Span("title", 0, 6)])
    assert (only.text, only.highlights) == ("First one.", ())
    assert marked_title(doc, [Span("title", 0, 6), Span("title", 3, 6)]) == ((0, 6),)


def test_nothing_to_quote_in_an_empty_body() -> None:
    assert excerpts(document(1, title="Troops"), [Span("title", 0, 6)]) == ()
    assert excerpts(document(1, body=" \n "), []) == ()


def test_a_long_sentence_is_cut_around_its_hit_between_words() -> None:
    body = "word " * 200 + "the troop deployment " + "word " * 200
    (only,) = excerpts(document(1, body=body), spans_of(body, "troop deployment"))
    assert only.cut_before
    assert only.cut_after
    assert len(only.text) <= LONGEST + 20
    assert only.text.startswith("word")
    assert only.text.endswith("word")
    start, end = only.highlights[0]
    assert only.text[start:end] == "troop deployment"


def test_a_hit_across_a_sentence_end_keeps_both_sentences_together() -> None:
    body = "They met Gen. Petrov at dawn. All was calm."
    assert marked(document(1, body=body), "Gen. Petrov") == ["They met [Gen. Petrov] at dawn."]


def test_text_without_spaces() -> None:
    body = "部隊" * 400 + "派遣" + "部隊" * 400
    (only,) = excerpts(document(1, body=body), spans_of(body, "派遣"))
    start, end = only.highlights[0]
    assert only.text[start:end] == "派遣"
    assert len(only.text) <= LONGEST + 20


def test_sentences_with_preferred_hits_go_before_those_with_more_hits() -> None:
    doc = document(1, body="The troop met Ukraine there. Ukraine agreed. Peace followed. Nothing more.")
    spans = spans_of(doc.body, "troop", "Ukraine", "Peace")
    (only,) = excerpts(doc, spans, preferred=spans_of(doc.body, "Peace"), most=1)
    assert only.text == "Peace followed."
    found = excerpts(doc, spans, preferred=spans_of(doc.body, "Peace"))
    assert [one.text for one in found] == ["The troop met Ukraine there.", "Peace followed."]


def test_a_long_sentence_is_cut_around_its_preferred_hit() -> None:
    body = "troop " + "word " * 200 + "Ukraine " + "word " * 200
    (only,) = excerpts(document(1, body=body), spans_of(body, "troop", "Ukraine"), preferred=spans_of(body, "Ukraine"))
    assert [only.text[start:end] for start, end in only.highlights] == ["Ukraine"]
    assert only.cut_before


def test_a_preferred_hit_in_the_title_changes_nothing() -> None:
    doc = document(1, title="Peace", body="The troop came. Ukraine agreed.")
    spans = [Span("title", 0, 5), *spans_of(doc.body, "troop", "Ukraine")]
    assert excerpts(doc, spans, preferred=[Span("title", 0, 5)]) == excerpts(doc, spans)


def test_an_abbreviation_or_a_wrapped_line_ends_no_sentence() -> None:
    body = "On Monday Dr. Marlow said that the\nlighthouse would burn again. All was calm."
    assert marked(document(1, body=body), "lighthouse") == [
        "On Monday Dr. Marlow said that the\n[lighthouse] would burn again."
    ]


def test_a_quotation_is_kept_whole() -> None:
    body = "Nothing yet. “We left the port. Then the mast broke,” she said. All was calm."
    assert marked(document(1, body=body), "mast") == ["“We left the port. Then the [mast] broke,” she said."]
    long = f"{'word ' * 60}«we saw the troop on the bridge and ran away at once» {'word ' * 60}"
    (only,) = excerpts(document(1, body=long), spans_of(long, "troop"))
    assert "«we saw the troop on the bridge and ran away at once»" in only.text


def test_a_headline_that_the_text_repeats_is_not_quoted_again() -> None:
    doc = document(1, title="Troops leave Ukraine", body="TROOPS leave Ukraine!\nThe first troops left at dawn.")
    assert marked(doc, "TROOPS", "troops") == ["The first [troops] left at dawn."]
    assert marked(doc, "TROOPS") == ["The first troops left at dawn."]


def test_a_long_sentence_is_cut_where_most_hits_are() -> None:
    body = "troop " + "word " * 100 + "Ukraine sent a troop to Peace " + "word " * 100
    (only,) = excerpts(document(1, body=body), spans_of(body, "troop", "Ukraine", "Peace"))
    assert [only.text[start:end] for start, end in only.highlights] == ["Ukraine", "troop", "Peace"]


def test_each_rule_has_its_best_sentence() -> None:
    body = "A troop met Ukraine. A troop met Russia and Peace. The harbour of Kiel was closed."
    doc = document(1, body=body)
    many, few = spans_of(body, "troop", "Ukraine", "Russia", "Peace"), spans_of(body, "harbour")
    assert [one.text for one in excerpts(doc, [*many, *few], rules=[many, few], most=2)] == [
        "A troop met Russia and Peace.",
        "The harbour of Kiel was closed.",
    ]


@given(
    st.lists(
        st.sampled_from(["word", "troop", "été", "“Yes.", "No”", "Dr.", "end.", "\n", "👩🏽‍🚒", "e\u0301"]),
        max_size=300,
    )
)
def test_no_word_is_ever_cut(words: list[str]) -> None:
    body = " ".join(words)
    for one in excerpts(document(1, body=body), spans_of(body, "troop")):
        end = one.start + len(one.text)
        assert not one.start or body[one.start - 1].isspace() or not body[one.start - 1].isalnum()
        assert end == len(body) or body[end].isspace()


@given(
    st.text("ab .!?\n語", max_size=800),
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 300)), max_size=12),
)
def test_every_excerpt_is_the_sources_own_text_and_marks_hits_only(body: str, raw: list[tuple[int, int]]) -> None:
    spans = sorted({Span("body", start, min(start + length, len(body))) for start, length in raw if start < len(body)})
    doc = document(1, body=body)
    found = excerpts(doc, spans)
    assert len(found) <= 3
    hit_places = {place for span in spans for place in range(span.start, span.end)}
    for one in found:
        assert body[one.start : one.start + len(one.text)] == one.text
        last = 0
        for start, end in one.highlights:
            assert last <= start < end <= len(one.text)
            assert all(one.start + place in hit_places for place in range(start, end))
            last = end
