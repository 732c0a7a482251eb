"""Facts of documents and stories, numbers, `min:n of` and lists: what they take, refuse and say."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import Document, RuleError, RuleSet, explain, parse
from rules.codes import country_named, country_of_host, language_named
from rules.document import StoryFacts
from rules.hosts import address_words, host_of, registrable
from rules.lists import Lists, written_out
from rules.operators.lists import read_list
from tests.waiting import costs_less_than

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def holds(rule: str, **facts: object) -> bool:
    return parse(rule).spans(Document(id="1", **facts)) is not None  # type: ignore[arg-type]


def refused(rule: str, **more: object) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(rule, **more)  # type: ignore[arg-type]
    return caught.value


# ------------------------------------------------------------------------------------------------------------- scopes


@pytest.mark.parametrize(
    ("rule", "url", "wanted"),
    [
        ("site:un.org", "https://un.org/", True),
        ("site:un.org", "https://NEWS.UN.org.:8080/x", True),
        ("site:un.org", "https://fun.org/", False),
        ("site:un.org", "https://un.org.evil.example/", False),
        ("site:un.org", "https://evil.example/un.org", False),
        ("site:un.org", "https://un.org@evil.example/", False),
        ("site:UN.org", "http://un.org", True),
        ("site:www.un.org", "https://un.org/", True),
        ("site:https://www.un.org:443/", "https://un.org/", True),
        ("site:news.com", "https://fake-news.com/", False),
        ("site:правда.укр", "https://www.xn--80aafvm.xn--j1amh/", False),
        ("site:приклад.укр", "https://xn--80aikifvh.xn--j1amh/a", True),
        ("site:xn--80aikifvh.xn--j1amh", "https://приклад.укр/a", True),
        ("site:gov.uk", "https://www.gov.uk/x", True),
        ("site:un.org", "http://[::1", False),
        ("site:un.org", "", False),
    ],
)
def test_a_site_is_whole_labels_from_the_right(rule: str, url: str, wanted: bool) -> None:
    assert holds(rule, url=url) is wanted


def test_a_site_is_the_outlets_as_well_as_the_addresss() -> None:
    assert holds("site:un.org", url="https://aggregator.example/1", site="news.un.org")
    assert not holds("site:un.org", url="https://aggregator.example/1", site="UN News")


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("url:sport", True),
        ("url:bbc.co.uk/sport", True),
        ("url:https://www.bbc.co.uk/sport", True),
        ("url:/world-cup/", True),
        ('url:"world cup"', True),
        ("url:cup-world", False),
        ("url:https", False),
        ("url:port", False),
        ("url:fußball", True),
    ],
)
def test_an_address_has_words_in_a_row(rule: str, wanted: bool) -> None:
    assert holds(rule, url="https://www.bbc.co.uk:8443/sport/world-cup/fu%C3%9Fball?x=1") is wanted


def test_names_are_words_in_a_row() -> None:
    facts = {"author": "Zoë O'Brien", "source": "The Daily Courier", "tags": ("Ukraine war", "NATO")}
    for rule in (
        "author:zoe",
        "author:O'Brien",
        "source:Daily",
        'source:"daily courier"',
        "tag:war",
        'tag:"Ukraine war"',
    ):
        assert holds(rule, **facts), rule
    for rule in ("author:Brien-Zoe", 'source:"courier daily"', 'tag:"war NATO"', "tag:wars"):
        assert not holds(rule, **facts), rule


def test_codes_are_compared_as_codes() -> None:
    assert holds("lang:pt", lang="pt-BR")
    assert holds("lang:no", lang="nb")
    assert not holds("lang:nb", lang="no")
    assert not holds("lang:en", lang="")
    assert holds("country:ua", country="UA")
    assert not holds("country:UA", country="")


@pytest.mark.parametrize(
    ("rule", "cure"),
    [
        ("lang:ukrainian troops", "lang:uk troops"),
        ("lang:UA", "lang:uk"),
        ("lang:pt-BR", "lang:pt"),
        ("country:UK", "country:GB"),
        ("country:Ukraine", "country:UA"),
        ('country:"United States"', "country:US"),
        ("site:*.un.org", "site:un.org"),
        ('site:"un org"', "site:un.org"),
        ("site:(un.org or nato.int)", "site:(un.org OR nato.int)"),
        ("site:(un.org, nato.int)", "site:(un.org OR nato.int)"),
        ("site:bbc.com/sport", "site:bbc.com"),
        ("author:~smith", "author:smith"),
        ("tag:war*", "tag:war"),
        ("source:/wire/", "source:wire"),
        ("site:un.org NEAR/3 troops", "site:un.org AND troops"),
        ("troops NEAR/3 min:1 of (lang:en, x)", "troops AND min:1 of (lang:en, x)"),
        ("site:(author:x OR un.org)", "(author:x OR un.org)"),
        ("title:site:un.org x", "site:un.org x"),
        ("words>3 NEAR/3 x", "words>3 AND x"),
        ("words>many troops", "words>200 troops"),
        ("words>200,000", "words>200"),
        ("age<6", "age<6h"),
        ("age=6h", "age<6h"),
        ("sources>=1", "sources>=2"),
        ("sources<3 troops", "NOT sources>=3 troops"),
        ("sources>=2/soon", "sources>=2/30m"),
        ("new:all", "new:only"),
        ("min:3 of (a, b)", "min:2 of (a, b)"),
        ("min:0 of (a, b)", "min:1 of (a, b)"),
        ("min:2 (a, b)", "min:2 of (a, b)"),
        ("min:2 of (a OR, b)", "min:2 of (a , b)"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_cure(rule: str, cure: str) -> None:
    error = refused(rule)
    assert error.cure == cure
    assert error.start < error.end
    assert parse(error.cure)


def test_a_group_gives_each_part_its_scope_and_writes_back() -> None:
    rule = parse("site:(un.org OR -nato.int) troops")
    assert str(rule) == "(site:un.org OR NOT site:nato.int) AND troops"
    for text in (
        'tag:"OR"',
        'url:"a,b (c)"',
        'author:"-x"',
        "url:/a/b?c=d",
        'source:"min:2 of"',
        "min:1 of (tag:a, b)",
    ):
        node = parse(text).node
        assert parse(str(parse(text))).node == node
        assert parse(parse(text).reading).node == node


def test_explanations_say_what_the_document_says() -> None:
    assert explain("site:un.org", Document(id="1", url="https://fun.org/x")).detail == "the site is “fun.org”"
    assert explain("author:x", Document(id="1")).detail == "the document names no author"
    assert "not known" in explain("age<6h", Document(id="1")).detail
    assert explain("new:only", Document(id="1")).detail == "known once the document is in a story"
    assert explain("words>9", Document(id="1", title="a b", body="c")).detail == "the document has 3 words"


# -------------------------------------------------------------------------------------------------- the rule's language


def test_lang_gives_inflected_words_their_language_and_says_so() -> None:
    rule = parse("lang:de ~Haus")
    assert rule.lang == "de"
    assert [note.message for note in rule.notes] == ["~ finds the forms of German words here, because of lang:de."]
    assert rule.spans(Document(id="1", lang="de", body="Viele Häuser.")) is not None
    assert parse(str(rule)).node == rule.node
    assert parse("~Haus lang:de").node.children[::-1] == rule.node.children
    assert parse("lang:en ~house").notes == ()
    home = parse("lang:de @home", lists={"home": "~Haus"})
    assert home.spans(Document(id="1", lang="de", body="Häuser.")) is not None


def test_a_choice_of_languages_changes_nothing() -> None:
    for text in ("lang:de OR ~house", "lang:(de OR fr) ~house", "NOT lang:de AND ~house"):
        assert parse(text).lang == "en"


def test_a_language_without_stems_is_refused_where_it_is_needed() -> None:
    assert refused("lang:ja ~Haus").cure == "lang:ja Haus"


# ------------------------------------------------------------------------------------------------- numbers and stories


def test_ages_at_their_limits() -> None:
    def aged(rule: str, age: timedelta) -> bool:
        return holds(rule, published_at=NOON - age, received_at=NOON)

    six = timedelta(hours=6)
    assert [aged(f"age{sign}6h", six) for sign in ("<", "<=", ">", ">=")] == [False, True, False, True]
    assert aged("age<1m", timedelta(hours=-3))
    assert str(parse("age<120m")) == "age<2h"
    assert not holds("age>1m", published_at=NOON)


def test_sources_within_a_window_anywhere_in_the_story() -> None:
    minutes = (0, 50, 70, 200)
    reports = tuple((f"o{at}", NOON + timedelta(minutes=at)) for at in minutes)
    story = StoryFacts(reports=reports, is_first=False)
    wanted = {"sources>=4": True, "sources>=5": False, "sources>=2/20m": True, "sources>=2/19m": False}
    wanted |= {"sources>=3/70m": True, "sources>=3/69m": False, "sources>2": True, "new:only": False}
    assert {rule: holds(rule, story=story) for rule in wanted} == wanted


# -------------------------------------------------------------------------------------------------------------- lists

LISTS = {
    "outlets": "Reuters, AP, “Al Jazeera”, New York Times",
    "troops": "~troop\nsoldier OR “armed forces”",
    "deep": "@outlets AND @troops",
    "a": "@b",
    "b": "@c, x",
    "c": "@A",
    "broken": "troops AND (",
    "many": ", ".join(f"w{number}" for number in range(900)),
}


def test_items_are_words_phrases_and_rules() -> None:
    assert read_list(LISTS["outlets"], lists=Lists(LISTS)).write() == (
        'Reuters OR AP OR "Al Jazeera" OR "New York Times"'
    )
    assert read_list(LISTS["troops"], lists=Lists(LISTS)).write() == '~troop OR soldier OR "armed forces"'
    assert parse("@Outlets NEAR/3 said", lists=LISTS).spans(Document(id="1", body="Al Jazeera said.")) is not None
    assert str(parse("@OUTLETS", lists=LISTS)) == "@outlets"
    plain = written_out(parse("@deep NOT url:a@outlets", lists=LISTS).node)
    assert plain == (
        '((Reuters OR AP OR "Al Jazeera" OR "New York Times") AND (~troop OR soldier OR "armed forces")) '
        "AND NOT url:a@outlets"
    )
    assert parse(plain)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("@a", "@a -> @b -> @c -> @a"),
        ("@outlet x", "there is no list @outlet here"),
        ("@", "there is no list @ here"),
        ("@outlets, x", "there is no list @outlets, here"),
        ("@broken x", "the list @broken cannot be read: this parenthesis is never closed"),
        ("@many @many", "1,000 terms at most"),
        ("@deep NEAR/3 x", "@deep is a rule with AND or NOT"),
        ("site:@outlets", "a list cannot stand inside site:"),
    ],
)
def test_lists_that_cannot_be_used_are_refused_where_they_stand(rule: str, message: str) -> None:
    error = refused(rule, lists=LISTS)
    assert message in error.message
    assert error.start < error.end
    assert "@" in rule[error.start : error.end]


def test_the_nearest_name_is_the_cure() -> None:
    assert refused("@outlet x", lists=LISTS).cure == "@outlets x"


def test_an_error_in_a_list_is_told_in_the_list() -> None:
    with pytest.raises(RuleError) as caught:
        read_list("Reuters,\nAP OR, x", lists=Lists({}))
    assert caught.value.text[caught.value.start : caught.value.end] == "OR"
    assert caught.value.cure == "Reuters,\nAP, x"


def test_lists_inside_lists_are_bounded() -> None:
    chain = {"d0": "x", **{f"d{n}": f"@d{n - 1}" for n in range(1, 500)}}
    double = {"e0": "x", **{f"e{n}": f"@e{n - 1}, @e{n - 1} y" for n in range(1, 500)}}
    assert "10 deep" in refused("@d499", lists=chain).message
    assert parse("@d9", lists=chain)
    for name in ("e9", "e10", "e499"):
        with costs_less_than(1):
            refused(f"@{name} @{name}", lists=double)


# ------------------------------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize(
    "text",
    [
        "min:1 of (" * 900 + "a, b" + ")" * 900,
        "min:2 of (" + "a," * 4000,
        "min:2 of (" + ", ".join(["a"] * 200) + ")",
        "site:" * 1900,
        "site:(" * 900 + "un.org" + ")" * 900,
        "site:" + "a." * 4900,
        "site:" + "ж" * 9000 + ".укр",
        "url:" + "%" * 9000,
        "@" * 9000,
        "@a " * 3000,
        "words>" + "9" * 9000,
        "age<" + "9" * 9000 + "h",
        "sources>=" + "9" * 4000 + "/" + "9" * 4000 + "m",
        "min:" + "9" * 9000 + " of (a, b)",
        'author:"' + "x " * 4900,
        "tag:(" + "a OR " * 1900 + "b)",
        "lang:" * 1900 + "uk",
    ],
)
def test_hostile_rules_are_refused_quickly(text: str) -> None:
    with costs_less_than(1):
        refused(text, lists={"a": "@b", "b": "x, y"})


def test_hostile_documents_cost_no_more_than_their_length() -> None:
    url = "https://" + "a." * 2000 + "example/" + "b/" * 2000
    document = Document(id="1", url=url, site="ж." * 5000, tags=("x " * 5000,), author="y " * 5000)
    engine = RuleSet()
    for number, rule in enumerate(("site:un.org", "url:b/b/b/b/c", 'tag:"x x x x y"', "author:z", "country:UA")):
        engine.add(str(number), rule)
    with costs_less_than(1):
        assert engine.match(document) == []


# -------------------------------------------------------------------------------------------------------------- tables


def test_names_of_languages_and_countries() -> None:
    assert (language_named("Ukrainian"), language_named("nonsense"), language_named("")) == ("uk", "", "")
    assert (country_named("UK"), country_named("Côte d'Ivoire"), country_named("Narnia")) == ("GB", "CI", "")
    hosts = ("bbc.co.uk", "pravda.com.ua", "example.com", "openai.io", "UA", "", "x.ua.")
    assert [country_of_host(host) for host in hosts] == ["GB", "UA", "", "", "", "", "UA"]


def test_hosts_and_addresses() -> None:
    assert host_of("HTTPS://user:pass@News.UN.org.:8080/x?y#z") == "news.un.org"
    assert [registrable(host) for host in ("a.b.bbc.co.uk", "news.un.org", "un.org", "x")] == [
        "bbc.co.uk",
        "un.org",
        "un.org",
        "x",
    ]
    assert address_words("https://www.x.org:80/a_b/%D0%B6?q=1") == ("x", "org", "a", "b", "ж", "q", "1")
