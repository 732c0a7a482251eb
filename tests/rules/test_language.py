"""What rules mean, trap by trap."""

import pytest

from rules import Document, Span, parse


def hits(rule: str, body: str, *, title: str = "", lang: str = "en") -> list[str] | None:
    """The texts of the hits; None when the rule is not true."""
    document = Document(id="1", title=title, body=body)
    spans = parse(rule, lang=lang).spans(document)
    fields = {"title": title, "body": body}
    return None if spans is None else [fields[span.field][span.start : span.end] for span in spans]


def test_the_first_rule_of_the_project_finds_its_article() -> None:
    marked = hits(
        '"troop deployment" AND Ukraine', "Allies could go to Ukraine.", title="A Troop Deployment Is Planned"
    )
    assert marked == ["Troop Deployment", "Ukraine"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("dating", "They are updating the site."),
        ("game", "War games began."),
        ("ai", "Training in Kyiv."),
        ("un", "Unrest in Hungary, under pressure."),
        ('"troop deployment"', "troop deployments"),
        ('"a b"', "a c b"),
    ],
)
def test_a_word_is_never_a_substring(rule: str, text: str) -> None:
    assert hits(rule, text) is None


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("naive", "A NAÏVE plan", "NAÏVE"),
        ("naïve", "a naive plan", "naive"),
        ("cafe", "a cafe\u0301!", "cafe\u0301"),
        ("strasse", "in der Straße.", "Straße"),
        ("straße", "STRASSE", "STRASSE"),
        ("finance", "the ﬁnance ministry", "ﬁnance"),
        ("nato", "ＮＡＴＯ said", "ＮＡＴＯ"),
        ("nato", "𝐍𝐀𝐓𝐎 said", "𝐍𝐀𝐓𝐎"),
        ("lodz", "in Łódź today", "Łódź"),
        ("istanbul", "in İstanbul", "İstanbul"),
        ("deployment", "a deploy\u00adment", "deploy\u00adment"),
        ("елка", "новогодняя ёлка", "ёлка"),
        ("ёлка", "новогодняя елка", "елка"),
        ("йод", "и\u0306од", "и\u0306од"),
        ("замок", "старый за\u0301мок", "за\u0301мок"),
        ("2", "10 m² of", None),
        ('"1 2"', "half: ½ cup", "½"),
    ],
)
def test_words_are_compared_folded_and_shown_as_written(rule: str, text: str, expected: str | None) -> None:
    assert hits(rule, "– " + text) == (None if expected is None else [expected])


@pytest.mark.parametrize(("rule", "text"), [("йод", "иод"), ("їжак", "іжак"), ("мои", "мой"), ("が", "か")])
def test_marks_that_make_another_letter_are_kept(rule: str, text: str) -> None:
    assert hits(rule, text) is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("Ukraine", "Ukraine’s army"),
        ("e-mail", "E-Mail"),
        ("e-mail", "e mail"),
        ('"e mail"', "e-mail"),
        ("п'ять", "пʼять п’ять"),
        ("U.S.", "U.S. troops"),
        ("AT&T", "AT&T said"),
        ("foo", "foo_bar"),
    ],
)
def test_hyphen_and_apostrophe_split_but_keep_adjacency(rule: str, text: str) -> None:
    assert hits(rule, text) is not None


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ('"北京大学"', "他在北京大学学习", "北京大学"),
        ("北京", "他在北京大学学习", "北京"),
        ('"北京大学"', "北京，大学", None),
        ('"北京 大学"', "北京，大学", "北京，大学"),
        ('"ทหาร"', "ส่งทหารไปยูเครน", "ทหาร"),
        ('"ทำงาน"', "เขาทำงานหนัก", "ทำงาน"),
        ("우크라이나", "우크라이나에 파병", "우크라이나"),
        ('"ウクライナ"', "ｳｸﾗｲﾅへ派兵", "ｳｸﾗｲﾅ"),
        ('"ガ"', "ｶﾞ", "ｶﾞ"),
    ],
)
def test_without_spaces_a_phrase_is_a_substring(rule: str, text: str, expected: str | None) -> None:
    assert hits(rule, text) == (None if expected is None else [expected])


@pytest.mark.parametrize(
    ("lang", "rule", "text"),
    [
        ("en", "~deploy", "deployments"),
        ("en", "~deployment", "deployed"),
        ("en-GB", "~troop", "Troops’"),
        ("uk", "~військо", "військами"),
        ("uk", "~ракета", "ракет"),
        ("ru", "~война", "войны"),
        ("de", "~einsatz", "Einsätze"),
        ("fr", "~déployer", "DÉPLOYÉ"),
    ],
)
def test_a_tilde_finds_every_form(lang: str, rule: str, text: str) -> None:
    assert hits(rule, text, lang=lang) is not None
    assert hits(rule.removeprefix("~"), text, lang=lang) is None or text == "Troops’"


def test_title_and_body_are_apart() -> None:
    assert hits('"peace deal"', "deal", title="peace") is None
    assert hits("peacedeal", "deal", title="peace") is None
    assert hits("peace NEAR/100 deal", "deal", title="peace") is None
    assert hits("peace NEAR/100 deal NEAR/100 reached", "was reached", title="peace deal") is None
    assert parse("peace AND deal").spans(Document(id="1", title="peace", body="deal")) == (
        Span("title", 0, 5),
        Span("body", 0, 4),
    )


def test_spans_are_those_that_made_it_true() -> None:
    assert hits("war NOT drill", "War, war.") == ["War", "war"]
    assert hits("war OR peace OR drill", "War and peace.") == ["War", "peace"]
    assert hits("war OR (peace AND deal)", "War and peace.") == ["War"]
    assert hits("a NEAR/1 b", "a x b x x x a") == ["a", "b"]
    assert hits("a NEAR/0 (b OR c)", "c a b x b") == ["c", "a", "b"]
    assert hits("new OR (new york)", "new york") == ["new", "york"]
    assert hits("a NOT (b NOT c)", "a b c") == ["a"]


@pytest.mark.parametrize(
    ("rule", "text", "matches"),
    [
        ("a NEAR/1 b", "a x b", True),
        ("a NEAR/1 b", "b x a", True),
        ("a NEAR/1 b", "a x x b", False),
        ("a NEAR b", "a 1 2 3 4 5 6 7 8 9 10 b", True),
        ("a NEAR b", "a 1 2 3 4 5 6 7 8 9 10 11 b", False),
        ('"a b" NEAR/1 "c d"', "a b x c d", True),
        ('"a b" NEAR/0 "c d"', "a b x c d", False),
        ("a NEAR/3 a", "a x y", False),
        ("a NEAR/3 a", "a x a", True),
        ('"a b" NEAR/3 b', "a b", False),
        ("(a OR b) NEAR/0 c", "b c", True),
        ("(a AND b) NEAR/1 c", "a c b", True),
        ("(a AND b) NEAR/1 c", "a c x x b", False),
        ("a NEAR/0 b NEAR/0 c", "a b c", True),
        ("a NEAR/0 b NEAR/0 c", "b a c", True),
        ("a NEAR/1 b NEAR/0 c", "a c b", True),  # inside the stretch is near it
        ("a NEAR/0 b NEAR/0 c", "a b x c", False),
        ("a NEAR/0 (b NEAR/0 c)", "b c a", True),
        ("a NEAR/2 b NEAR/2 a", "a b", False),
        ("a NEAR/2 b NEAR/2 a", "a b a", True),
        ("x a NEAR/0 b OR c", "x a b", True),  # NEAR before AND before OR
        ("x a NEAR/0 b OR c", "a b", False),
    ],
)
def test_near(rule: str, text: str, matches: bool) -> None:
    assert (hits(rule, text) is not None) is matches


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("“troop deployment” AND Ukraine", '"troop deployment" AND Ukraine'),
        ("„troop deployment“ Ukraine", '"troop deployment" AND Ukraine'),
        ("«troop deployment»", '"troop deployment"'),
        ("（troops　ＯＲ　soldiers）\u00a0Ukraine", "(troops OR soldiers) AND Ukraine"),
        ("troops –drill", "troops AND NOT drill"),
        ("AT&amp;T troops", '"AT&T" AND troops'),
        ("&quot;troop deployment&quot;", '"troop deployment"'),
        ("<https://un.org|un.org> troops", '"un org" AND troops'),
        ("<http://un.org>", '"http://un.org"'),
        ("troops\nUkraine\t", "troops AND Ukraine"),
        ("\ufefftroops\u200bUkraine", "troops AND Ukraine"),
    ],
)
def test_what_phones_and_slack_send_is_read_as_meant(typed: str, plain: str) -> None:
    assert str(parse(typed)) == plain


def test_precedence_and_the_note_on_mixing() -> None:
    rule = parse("troops Ukraine OR soldiers")
    assert rule.reading == "(troops AND Ukraine) OR soldiers"
    (note,) = rule.notes
    assert note.other == "troops AND (Ukraine OR soldiers)"
    assert parse("(troops Ukraine) OR soldiers").notes == ()
    assert parse("a NEAR/3 b OR c").notes == ()


def test_lower_case_operators_are_words_with_a_question() -> None:
    rule = parse("troops and Ukraine")
    assert rule.reading == "troops AND and AND Ukraine"
    (note,) = rule.notes
    assert (note.start, note.end, note.other) == (7, 10, "troops AND Ukraine")
    assert "did you mean AND?" in note.message
    assert [each.other for each in parse("earthquake not drill").notes] == ["earthquake AND NOT drill"]
    assert parse('"war and peace"').notes == ()


def test_operators_in_quotes_are_words() -> None:
    assert str(parse('"AND" "NEAR"')) == '"AND" AND "NEAR"'
    assert hits('"OR"', "in Portland, OR") == ["OR"]
